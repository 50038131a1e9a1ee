import type { IngestId } from '#shared/schemas/ingest'
import type { AnySource } from '../contract'
import { authentik } from './authentik'
import { generic } from './generic'
import { genericFile } from './generic-file'
import { ocis } from './ocis'
import { stalwart } from './stalwart'

/** Every source by its id: a source is a file, a line here and recorded payloads in its tests. */
export const SOURCES: Readonly<Record<IngestId, AnySource>> = { authentik, stalwart, ocis, generic, 'generic-file': genericFile }

export const sourceOf = (id: IngestId): AnySource => SOURCES[id]
