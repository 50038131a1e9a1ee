import type { Reason } from '../../reasons/contract'
import { listed, step } from '../../reasons/words'

const sendHsts = step(
  'Send the header with half a year or more.',
  'add_header Strict-Transport-Security "max-age=31536000" always;',
  'Leave out includeSubDomains and preload until every name below has TLS: they cannot be taken back quickly.',
)

/** How the verdicts of `web_headers` are told. */
export const webHeadersReasons = {
  ok: { message: () => 'The webmail asks browsers to stay on TLS, and sends the usual headers.', rule: 'RFC 6797 §6.1' },
  'no-hsts': {
    message: (p) => `The login page ${p.url} does not ask browsers to stay on TLS.`,
    rule: 'RFC 6797 §6.1',
    fix: sendHsts,
  },
  'short-hsts': {
    message: (p) => `The login page asks browsers to stay on TLS for ${p.maxAgeSec} seconds only; ${p.leastSec} is half a year.`,
    rule: 'RFC 6797 §6.1.1',
    fix: sendHsts,
  },
  'missing-headers': {
    message: (p) => `The login page does not send ${listed(p.missing)}.`,
    rule: null,
    fix: step('Send the headers, once the webmail was tried with them.'),
  },
  'no-page': {
    message: (p) => `The login page ${p.url} could not be had (${p.detail}); see the webmail check.`,
    rule: null,
    fix: step('Mend what the webmail check says first.'),
  },
} satisfies Record<string, Reason>

export type WebHeadersReason = keyof typeof webHeadersReasons
