import type { IngestId, IngestSource } from '#shared/schemas/ingest'
import type { ExtendedTone } from '#shared/status'

export const SOURCE_STATES: Record<IngestSource['state'], { tone: ExtendedTone; word: string }> = {
  ok: { tone: 'pass', word: 'Delivering' },
  waiting: { tone: 'unknown', word: 'Waiting for its first event' },
  failing: { tone: 'fail', word: 'Failing' },
  paused: { tone: 'warn', word: 'Paused' },
  unconfigured: { tone: 'skipped', word: 'Not set up' },
  off: { tone: 'skipped', word: 'Off' },
}

export const SOURCE_TITLES: Record<IngestId, string> = {
  authentik: 'Authentik',
  stalwart: 'Stalwart',
  ocis: 'ownCloud Infinite Scale',
  generic: 'Any sender',
  'generic-file': 'Any log file',
}

/** The name under which a source's events stand in the log. */
export const loggedAs = (id: IngestId) => (id === 'generic-file' ? 'generic' : id)
