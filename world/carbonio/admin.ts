import { randomBytes } from 'node:crypto'
import { ADMIN_PASSWORD, ADMIN_USER, MAIL_HOST_KEYS, type MailHostKey } from '../provider'
import { STORIES } from '../stories'
import { SYNTHETIC_HOST, type SyntheticDomains } from '../synthetic'
import type { AdminDomain, AdminState } from './soap'

/** What the admin service of each mail host knows. */
export function adminStates(synthetic: SyntheticDomains): (key: MailHostKey) => AdminState {
  const token = `0_${randomBytes(24).toString('hex')}`
  const known = (key: MailHostKey) =>
    new Map(
      STORIES.filter((story) => story.mailHost === key && story.carbonio !== 'missing').map(({ domain, carbonio }) => [
        domain,
        { name: domain, status: carbonio === 'suspended' ? 'suspended' : 'active' } satisfies AdminDomain,
      ]),
    )
  const domains = new Map(MAIL_HOST_KEYS.map((key) => [key, known(key)]))
  return (key) => {
    const own = domains.get(key) ?? new Map<string, AdminDomain>()
    const made = key === SYNTHETIC_HOST ? synthetic.count : 0
    const syntheticDomain = (index: number): AdminDomain => ({ name: synthetic.story(index).domain, status: 'active' })
    return {
      user: ADMIN_USER,
      password: ADMIN_PASSWORD,
      token,
      find(name) {
        const index = synthetic.indexOf(name)
        return (
          own.get(name) ??
          (index !== null && index < made && synthetic.story(index).domain === name ? syntheticDomain(index) : undefined)
        )
      },
      all: () => [...own.values(), ...Array.from({ length: made }, (_, index) => syntheticDomain(index))],
    }
  }
}
