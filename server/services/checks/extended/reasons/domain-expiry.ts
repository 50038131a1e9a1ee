import type { Reason } from '../../reasons/contract'
import { step } from '../../reasons/words'

const renew = step('Renew the domain at its registrar.', 'See that automatic renewal is on and that the payment works.')
const askRegistrar = step(
  'Ask the registrar why, and what it needs to lift it.',
  'Often: unpaid, or the holder’s mail address was not confirmed.',
)

/** How the verdicts of `domain_expiry` are told. */
export const domainExpiryReasons = {
  ok: { message: (p) => `${p.domain} is registered until ${p.date}.`, rule: 'RFC 9083 §4.5' },
  'not-available': {
    message: (p) => `The registry does not tell until when ${p.domain} is registered.`,
    rule: 'RFC 9224 §4',
    fix: step('Nothing to do: look at the registrar’s own page for the date.'),
  },
  'expires-soon': { message: (p) => `The registration of ${p.domain} ends on ${p.date}.`, rule: 'RFC 9083 §4.5', fix: renew },
  'expires-now': {
    message: (p) => `The registration of ${p.domain} ends on ${p.date}, in less than a week.`,
    rule: 'RFC 9083 §4.5',
    fix: renew,
  },
  expired: { message: (p) => `The registration of ${p.domain} ended on ${p.date}.`, rule: 'RFC 9083 §4.5', fix: renew },
  'on-hold': {
    message: (p) => `The registry does not publish ${p.domain} (${p.status}): the domain is not in DNS.`,
    rule: 'RFC 8056 §2',
    fix: askRegistrar,
  },
  redemption: {
    message: (p) => `${p.domain} was deleted and can only be restored for a while (${p.status}).`,
    rule: 'RFC 8056 §2',
    fix: step('Restore the domain at its registrar now; it costs more each day, and ends.'),
  },
  'pending-delete': {
    message: (p) => `${p.domain} is about to be deleted (${p.status}).`,
    rule: 'RFC 8056 §2',
    fix: step('Call the registrar; most registries restore nothing in this state.'),
  },
  'not-found': {
    message: (p) => `The registry does not know ${p.domain}.`,
    rule: 'RFC 7480 §5.3',
    fix: step('See at the registrar whether the domain is still registered.'),
  },
  'rate-limited': {
    message: () => 'The registry asks us to slow down (HTTP 429); the date is asked for again later.',
    rule: 'RFC 7480 §5.5',
    fix: step('Nothing to do: what was known stays.'),
  },
  'registry-unreachable': {
    message: (p) => `The registration cannot be asked for at ${p.url} (${p.detail}).`,
    rule: null,
    fix: step('See that this machine may reach the registry over HTTPS.'),
  },
} satisfies Record<string, Reason>

export type DomainExpiryReason = keyof typeof domainExpiryReasons
