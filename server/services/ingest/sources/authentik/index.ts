import { defineSource } from '../../contract'
import { pageOf } from './pages'
import { type Cursor, poll } from './poll'
import { AuthentikSettings } from './settings'

/** Polled, since its own webhook carries neither an id nor a time; see `poll`. */
export const authentik = defineSource<typeof AuthentikSettings, Cursor>({
  ...{ id: 'authentik', vocabulary: 'authentik', kind: 'poll', everyMs: 60_000 },
  about: 'Authentik’s events, asked for every minute.',
  settings: AuthentikSettings,
  secrets: ['token'],
  cursorOf: ['url'],
  secretGoesTo: { secret: 'token', address: 'url' },
  environment: {
    url: { name: 'AUTHENTIK_URL', of: ({ ingest }) => ingest.authentikUrl },
    token: { name: 'AUTHENTIK_API_TOKEN', of: ({ ingest }) => ingest.authentikToken },
  },
  isConfigured: ({ url, token }) => url !== undefined && token !== undefined,
  tick: poll,
  test: async (asking) => void (await pageOf(asking, { order: 'newest-first', since: null, page: 1 }, 1)),
})
