import { ApiError, type ApiToken } from './api'

export interface ErrorText {
  title: string
  /** What it means and what to do, one or two sentences. */
  advice: string
}

const TEXTS: Record<ApiToken, ErrorText> = {
  NETWORK: { title: 'Vigia cannot be reached', advice: 'Check your connection; the page keeps what it has and tries again.' },
  BAD_ANSWER: { title: 'The answer could not be read', advice: 'This page may be older than the server. Reload it.' },
  BAD_REQUEST: { title: 'The request was not understood', advice: 'Reload the page and try again.' },
  VALIDATION: { title: 'Something is not filled in as it should be', advice: 'Look at the marked fields.' },
  UNAUTHENTICATED: { title: 'Your session has ended', advice: 'Sign in again to go on.' },
  FORBIDDEN: { title: 'You may not do this', advice: 'Ask a master operator if you need it.' },
  CROSS_ORIGIN: { title: 'The request came from another site', advice: 'Open Vigia under its own address and try again.' },
  NOT_FOUND: { title: 'This does not exist', advice: 'It may have been removed, or the address is mistyped.' },
  METHOD_NOT_ALLOWED: { title: 'This cannot be done here', advice: 'This page may be older than the server. Reload it.' },
  CONFLICT: {
    title: 'This cannot be done as things stand',
    advice: 'Something else is in the way: choose another name, or open the one that exists.',
  },
  STALE_VERSION: { title: 'Someone else saved first', advice: 'Compare their change with yours, then save again.' },
  PAYLOAD_TOO_LARGE: { title: 'This is too much at once', advice: 'Send it in smaller parts.' },
  MISDIRECTED: { title: 'Wrong address', advice: 'Open Vigia under the address it was set up with.' },
  RATE_LIMIT: { title: 'Too many requests', advice: 'Wait a moment, then try again.' },
  INTERNAL: { title: 'Something went wrong in Vigia', advice: 'Try again. The request id finds the cause in the log.' },
  UPSTREAM_UNAVAILABLE: { title: 'A system behind Vigia does not answer', advice: 'Try again in a moment.' },
  BACKPRESSURE: { title: 'Vigia is busy', advice: 'Wait a moment, then try again.' },
  STORAGE_UNAVAILABLE: { title: 'The database does not answer', advice: 'Nothing was changed. Try again in a moment.' },
}

/** The server's own sentence says more than ours when the fault lies in what was asked. */
const SERVER_KNOWS_BEST: readonly ApiToken[] = ['CONFLICT', 'NOT_FOUND', 'BAD_REQUEST', 'FORBIDDEN', 'PAYLOAD_TOO_LARGE']

/** The page's words for a failure of any kind. */
export function errorText(error: unknown): ErrorText {
  if (!(error instanceof ApiError)) return { title: 'Something went wrong on this page', advice: 'Reload it and try again.' }
  const text = TEXTS[error.token]
  const said = SERVER_KNOWS_BEST.includes(error.token) ? sentence(error.message) : ''
  return said ? { title: text.title, advice: said } : text
}

const sentence = (text: string) => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`)
