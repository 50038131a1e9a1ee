import type { ExtendedId } from '#shared/schemas/extended'
import type { ExtendedCheck } from './contract'
import { tlsRpt } from './tls-rpt'

/** Every check beyond the eight, by its id. A new check is a file and a line here, and the same in `./reasons`. */
export const EXTENDED_CHECKS = {
  tls_rpt: tlsRpt,
} satisfies Partial<Record<ExtendedId, unknown>>

/** The check of an id; undefined where this version has none. */
export function extendedCheck(id: ExtendedId): ExtendedCheck | undefined {
  return (EXTENDED_CHECKS as Partial<Record<ExtendedId, unknown>>)[id] as ExtendedCheck | undefined
}
