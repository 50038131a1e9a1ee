import type { RecordKind } from './contract'
import { dkim } from './dkim'
import { dmarc } from './dmarc'
import { mx } from './mx'
import { spf } from './spf'
import { webmail } from './webmail'

/** The records that a domain should have, in the order in which they are shown. */
export const RECORD_KINDS = { mx, spf, dkim, dmarc, webmail } satisfies Record<string, RecordKind>
