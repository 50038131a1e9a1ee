import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHttpClient } from '#server/platform/http/http-client'
import type { Authentik, StandInEvent } from '../../world/authentik'
import { testContext, type TestContext, type TestOptions } from './context'

/** A recorded answer of tests/fixtures/authentik. */
export const recordedEvents = (name: string) =>
  (
    JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'authentik', `${name}.json`), 'utf8')) as {
      results: StandInEvent[]
    }
  ).results

/** A portal that polls this server by its environment. */
export function pollingContext({ url, token }: Authentik, options: TestOptions = {}): TestContext {
  const env = { AUTHENTIK_URL: url, AUTHENTIK_API_TOKEN: token, ...options.env }
  return testContext({ http: createHttpClient({ allowNets: [] }), ...options, env })
}
