import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ACTIONS } from '#server/services/audit/actions'

const ROOT = fileURLToPath(new URL('../../server/', import.meta.url))
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('services/audit/actions/'))
  .map((name) => ({ name, text: readFileSync(ROOT + name, 'utf8') }))

/** Writes that leave no event of the log, and why. */
const WITHOUT_EVENT: Record<string, string> = {
  'http/identity/embedded/adapter.ts': 'grants of the embedded provider: the sign-in itself is the event',
  'http/identity/embedded/signing-key.ts': 'the first key of the embedded provider, made by itself',
  'platform/lease.ts': 'who does a job at this moment',
  'services/access/portal-sessions.ts': 'sessions: sign-in and sign-out are the events',
  'services/audit/declare-restore.ts': 'appends its own event',
  'services/audit/happening.ts': 'appends what it records',
  'services/audit/mutate.ts': 'the one way to change something',
  'services/audit/risk/assess.ts': 'made from events',
  'services/audit/sequence.ts': 'made from events',
  'services/checks/extended/store/claims.ts': 'who looks at a domain at this moment',
  'services/checks/store/claims.ts': 'who looks at a domain at this moment',
  'services/checks/store/cycle.ts': 'how far the cycle is',
  'services/checks/store/history.ts': 'old history makes room',
  'services/ingest/append-ingested.ts': 'appends what a source told, with how far the source is',
  'services/ingest/bulk/worker.ts': 'the same, many of them',
  'services/ingest/note-tick.ts': 'how a source fared',
  'services/checks/store/runs.ts': 'how far a run is: that it was asked for is the event',
}

describe('the actions of the portal', () => {
  it.each(Object.keys(ACTIONS))('%s is recorded somewhere', (action) => {
    expect(files.some(({ text }) => text.includes(`'${action}'`))).toBe(true)
  })
})

describe('what opens a transaction beside the one way to change something', () => {
  it('is named here with its reason', () => {
    const found = files
      .filter(({ text }) => /\btransaction\(|\.write\(async|database\.write\(/.test(text))
      .map(({ name }) => name)
    expect(found.sort()).toEqual(Object.keys(WITHOUT_EVENT).sort())
  })
})
