import type { ExtendedId, ExtendedStatus } from '#shared/schemas/extended'
import type { ReasonTable } from '../contract'
import { autoconfigTable } from './autoconfig'
import { bimiTable } from './bimi'
import { blockListsTable } from './block-lists'
import { caaTable } from './caa'
import { clientPortsTable } from './client-ports'
import { daneTable } from './dane'
import { delegationTable } from './delegation'
import { dnssecTable } from './dnssec'
import { domainExpiryTable } from './domain-expiry'
import { fcrdnsTable } from './fcrdns'
import { mtaStsTable } from './mta-sts'
import { smtpTlsTable } from './smtp-tls'
import { tlsRptTable } from './tls-rpt'
import { webHeadersTable } from './web-headers'

/** The table of each extended check. */
export const EXTENDED_TABLES: Record<ExtendedId, ReasonTable<ExtendedStatus>> = {
  mta_sts: mtaStsTable,
  tls_rpt: tlsRptTable,
  dane: daneTable,
  dnssec: dnssecTable,
  caa: caaTable,
  delegation: delegationTable,
  domain_expiry: domainExpiryTable,
  bimi: bimiTable,
  fcrdns: fcrdnsTable,
  smtp_tls: smtpTlsTable,
  client_ports: clientPortsTable,
  autoconfig: autoconfigTable,
  web_headers: webHeadersTable,
  block_lists: blockListsTable,
}
