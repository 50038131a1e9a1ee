import type { CheckId } from '#shared/schemas/checks'
import { carbonio } from './carbonio'
import { certLe } from './cert-le'
import { dnsDkim } from './dns-dkim'
import { dnsDmarc } from './dns-dmarc'
import { dnsMx } from './dns-mx'
import { dnsSpf } from './dns-spf'
import { nginxVhost } from './nginx-vhost'
import { webmailHttp } from './webmail-http'

/** Every check, by its id. A new check is a file and a line here, and the same in `../reasons`. */
export const COLLECTORS = {
  carbonio,
  nginx_vhost: nginxVhost,
  cert_le: certLe,
  dns_mx: dnsMx,
  dns_spf: dnsSpf,
  dns_dkim: dnsDkim,
  dns_dmarc: dnsDmarc,
  webmail_http: webmailHttp,
} satisfies Record<CheckId, unknown>
