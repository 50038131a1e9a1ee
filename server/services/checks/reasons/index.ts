import { CHECK_IDS, type CheckId } from '#shared/schemas/checks'
import { carbonioReasons } from './carbonio'
import { certLeReasons } from './cert-le'
import type { Reason } from './contract'
import { dnsDkimReasons } from './dns-dkim'
import { dnsDmarcReasons } from './dns-dmarc'
import { dnsMxReasons } from './dns-mx'
import { dnsSpfReasons } from './dns-spf'
import { nginxVhostReasons } from './nginx-vhost'
import { sharedReasons } from './shared'
import { webmailHttpReasons } from './webmail-http'

/** What each check may say; the shared reasons come on top. */
export const REASONS: Record<CheckId, Record<string, Reason>> = {
  carbonio: carbonioReasons,
  nginx_vhost: nginxVhostReasons,
  cert_le: certLeReasons,
  dns_mx: dnsMxReasons,
  dns_spf: dnsSpfReasons,
  dns_dkim: dnsDkimReasons,
  dns_dmarc: dnsDmarcReasons,
  webmail_http: webmailHttpReasons,
}
export const SHARED_REASONS: Record<string, Reason> = sharedReasons

/** How a code is told. A code that is not in the catalogue was stored by another version: it is shown as it is. */
export function reasonFor(checkId: CheckId, code: string): Reason {
  const catalogue = [REASONS[checkId] ?? {}, SHARED_REASONS].find((one) => Object.hasOwn(one, code))
  return catalogue?.[code] ?? { message: () => `This version does not know the reason "${code}".`, rule: null }
}

/** The reasons of each check whose trouble is the mail host's; checks without one are left out. */
export const MAIL_HOST_CAUSES: readonly { checkId: CheckId; reasons: string[] }[] = CHECK_IDS.map((checkId) => ({
  checkId,
  reasons: Object.keys(REASONS[checkId]).filter((code) => REASONS[checkId][code]?.cause === 'mail-host'),
})).filter(({ reasons }) => reasons.length > 0)
