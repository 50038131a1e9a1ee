import type { ExtendedId } from '#shared/schemas/extended'
import type { ExtendedCheck } from './contract'
import { bimi } from './bimi'
import { caa } from './caa'
import { dane } from './dane'
import { delegation } from './delegation'
import { dnssec } from './dnssec'
import { domainExpiry } from './domain-expiry'
import { mtaSts } from './mta-sts'
import { autoconfig } from './autoconfig'
import { blockLists } from './block-lists'
import { clientPorts } from './client-ports'
import { fcrdns } from './fcrdns'
import { smtpTls } from './smtp-tls'
import { tlsRpt } from './tls-rpt'
import { webHeaders } from './web-headers'

/** Every check beyond the eight, by its id. A new check is a file and a line here, and the same in `./reasons`. */
export const EXTENDED_CHECKS = {
  mta_sts: mtaSts,
  tls_rpt: tlsRpt,
  dane,
  dnssec,
  caa,
  delegation,
  domain_expiry: domainExpiry,
  bimi,
  fcrdns,
  smtp_tls: smtpTls,
  client_ports: clientPorts,
  autoconfig,
  web_headers: webHeaders,
  block_lists: blockLists,
} satisfies Record<ExtendedId, unknown>

/** The check of an id, as the frame runs it: what it observes is its own affair. */
export function extendedCheck(id: ExtendedId): ExtendedCheck {
  return EXTENDED_CHECKS[id] as ExtendedCheck
}
