import type { ExtendedId } from '#shared/schemas/extended'
import type { ExtendedCheck } from './contract'
import { caa } from './caa'
import { dnssec } from './dnssec'
import { mtaSts } from './mta-sts'
import { tlsRpt } from './tls-rpt'

/** Every check beyond the eight, by its id. A new check is a file and a line here, and the same in `./reasons`. */
export const EXTENDED_CHECKS = {
  mta_sts: mtaSts,
  tls_rpt: tlsRpt,
  dnssec,
  caa,
} satisfies Partial<Record<ExtendedId, unknown>>

/** The check of an id; undefined where this version has none. */
export function extendedCheck(id: ExtendedId): ExtendedCheck | undefined {
  return (EXTENDED_CHECKS as Partial<Record<ExtendedId, unknown>>)[id] as ExtendedCheck | undefined
}
