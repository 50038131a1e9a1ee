import type { CheckId } from '#shared/schemas/checks'
import { carbonioTable } from './carbonio'
import { certLeTable } from './cert-le'
import type { ReasonTable } from './contract'
import { dnsDkimTable } from './dns-dkim'
import { dnsDmarcTable } from './dns-dmarc'
import { dnsMxTable } from './dns-mx'
import { dnsSpfTable } from './dns-spf'
import { nginxVhostTable } from './nginx-vhost'
import { webmailHttpTable } from './webmail-http'

/** The table of each check: a new check is a file and a line here. */
export const REASON_TABLES: Record<CheckId, ReasonTable> = {
  carbonio: carbonioTable,
  nginx_vhost: nginxVhostTable,
  cert_le: certLeTable,
  dns_mx: dnsMxTable,
  dns_spf: dnsSpfTable,
  dns_dkim: dnsDkimTable,
  dns_dmarc: dnsDmarcTable,
  webmail_http: webmailHttpTable,
}

/** Shared reasons that no check gives: the engine does, whatever the check (see engine.test.ts). */
export const GIVEN_BY_ENGINE: readonly string[] = ['no-mail-host', 'budget', 'internal-fault']
