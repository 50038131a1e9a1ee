import type { CheckId } from '#shared/schemas/checks'
import type { ReasonTable } from './contract'
import { dnsDkimTable } from './dns-dkim'
import { dnsDmarcTable } from './dns-dmarc'
import { dnsMxTable } from './dns-mx'
import { dnsSpfTable } from './dns-spf'

/** The table of each check: a new check is a file and a line here. */
export const REASON_TABLES: Partial<Record<CheckId, ReasonTable>> = {
  dns_mx: dnsMxTable,
  dns_spf: dnsSpfTable,
  dns_dkim: dnsDkimTable,
  dns_dmarc: dnsDmarcTable,
}

/** Checks that have no table yet; the list may only get shorter. */
export const WITHOUT_TABLE: readonly CheckId[] = ['carbonio', 'nginx_vhost', 'cert_le', 'webmail_http']

/** Shared reasons that no table shows yet, or never can: the engine gives them by itself (see engine.test.ts). */
export const SHARED_ELSEWHERE: readonly string[] = [
  'no-mail-host',
  'budget',
  'internal-fault',
  'monitor-fault',
  'blocked-address',
]
