import type { Driver } from 'unstorage'
import type { PortalSessions } from '#server/services/access'

/** The module's storage `oidc` on our `sessions` table. */
export function sessionDriver(sessions: PortalSessions): Driver {
  return {
    name: 'vigia-sessions',
    hasItem: async (key) => (await sessions.read(key)) !== null,
    getItem: (key) => sessions.read(key),
    setItem: (key, value) => sessions.write(key, value),
    removeItem: (key) => sessions.remove(key),
    // Nobody lists sessions.
    getKeys: () => [],
  }
}
