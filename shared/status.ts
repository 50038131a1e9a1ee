import { CELL_LETTERS, type CheckStatus, type DomainStatus } from './schemas/checks'

/** How a status looks: the five of a check, and `pending` for what was never looked at. */
export type Tone = CheckStatus | 'pending'

/** Extended checks also know `info`: a fact that is neither good nor bad. */
export type ExtendedTone = Tone | 'info'

/** The word of each tone, for people and screen readers. */
export const TONE_WORDS: Record<ExtendedTone, string> = {
  pass: 'Passing',
  warn: 'Warning',
  fail: 'Failing',
  unknown: 'Unknown',
  skipped: 'Skipped',
  info: 'Note',
  pending: 'Not checked yet',
}

export const DOMAIN_STATUS_WORDS: Record<DomainStatus, string> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  failing: 'Failing',
  unknown: 'Unknown',
  pending: 'Not checked yet',
}

const DOMAIN_TONES: Record<DomainStatus, Tone> = {
  healthy: 'pass',
  degraded: 'warn',
  failing: 'fail',
  unknown: 'unknown',
  pending: 'pending',
}

/** The tone in which a domain's or tenant's status is shown. */
export const domainTone = (status: DomainStatus): Tone => DOMAIN_TONES[status]

const LETTER_TONES = Object.fromEntries(Object.entries(CELL_LETTERS).map(([tone, letter]) => [letter, tone])) as Record<
  string,
  CheckStatus
>

/** The tone of one letter of `cells`, `day` or `month`, small (accepted) or not; `.` and anything foreign is `pending`. */
export const letterTone = (letter: string): Tone => LETTER_TONES[letter.toUpperCase()] ?? 'pending'

/** The letter of a check's status, small when it is accepted; `.` when it was never looked at. */
export const toneLetter = (status: CheckStatus | null, accepted = false): string =>
  status === null ? '.' : accepted ? CELL_LETTERS[status].toLowerCase() : CELL_LETTERS[status]
