import type { ExtendedId } from '#shared/schemas/extended'
import { SHARED_REASONS } from '../../reasons'
import type { Reason } from '../../reasons/contract'
import { bimiReasons } from './bimi'
import { caaReasons } from './caa'
import { daneReasons } from './dane'
import { delegationReasons } from './delegation'
import { dnssecReasons } from './dnssec'
import { domainExpiryReasons } from './domain-expiry'
import { mtaStsReasons } from './mta-sts'
import { autoconfigReasons } from './autoconfig'
import { blockListsReasons } from './block-lists'
import { clientPortsReasons } from './client-ports'
import { fcrdnsReasons } from './fcrdns'
import { smtpTlsReasons } from './smtp-tls'
import { tlsRptReasons } from './tls-rpt'
import { webHeadersReasons } from './web-headers'

/** What each extended check may say; the shared reasons come on top. */
export const EXTENDED_REASONS: Record<ExtendedId, Record<string, Reason>> = {
  mta_sts: mtaStsReasons,
  tls_rpt: tlsRptReasons,
  dane: daneReasons,
  dnssec: dnssecReasons,
  caa: caaReasons,
  delegation: delegationReasons,
  domain_expiry: domainExpiryReasons,
  bimi: bimiReasons,
  fcrdns: fcrdnsReasons,
  smtp_tls: smtpTlsReasons,
  client_ports: clientPortsReasons,
  autoconfig: autoconfigReasons,
  web_headers: webHeadersReasons,
  block_lists: blockListsReasons,
}

/** How a code is told. A code that is not in the catalogue was stored by another version: it is shown as it is. */
export function extendedReasonFor(id: ExtendedId, code: string): Reason {
  const catalogue = [EXTENDED_REASONS[id], SHARED_REASONS].find((one) => Object.hasOwn(one, code))
  return catalogue?.[code] ?? { message: () => `This version does not know the reason "${code}".`, rule: null }
}
