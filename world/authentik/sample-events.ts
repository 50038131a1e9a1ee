import type { StandInEvent, StandInUser } from './answers'

/** People of the sample provider, with the groups that tell their tenants. */
export const SAMPLE_USERS: StandInUser[] = Array.from({ length: 20 }, (_, n) => ({
  pk: 100 + n,
  groups: [`tenant-${n % 2 === 0 ? 'acme' : 'beta'}`, 'staff'],
}))

const ACTIONS = ['login', 'login_failed', 'logout', 'user_write', 'model_updated', 'custom_backup']

/** Events that follow one another by a second and a bit, some of them in the same microsecond as the one before. */
export function sampleEvents(count: number, firstMs: number): StandInEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const user = SAMPLE_USERS[n % SAMPLE_USERS.length]!
    const atMs = firstMs + Math.floor(n / 3) * 1_250
    return {
      pk: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      user: { pk: user.pk, username: `user${user.pk}`, email: `user${user.pk}@example.org` },
      action: ACTIONS[n % ACTIONS.length]!,
      app: 'authentik.events.signals',
      context: { http_request: { path: '/', method: 'POST', args: {}, user_agent: 'Firefox', request_id: `r${n}` } },
      client_ip: `192.0.2.${n % 250}`,
      created: `${new Date(atMs).toISOString().slice(0, -1)}${String((n % 3) * 7).padStart(3, '0')}Z`,
      brand: { pk: 'ab', app: 'authentik_brands', name: 'authentik', model_name: 'brand' },
    }
  })
}
