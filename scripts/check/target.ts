import { z } from 'zod'
import type { CheckTarget, ExpectedMailHost } from '#server/services/checks'
import { DkimSelector, MailHostInput } from '#shared/schemas/tenants'

/** The file of `--mail-host`: a mail host as the API takes it, and the DKIM keys that it signs with. */
export const MailHostFile = MailHostInput.extend({ dkim: z.array(DkimSelector).max(20).default([]) })
export type MailHostFile = z.infer<typeof MailHostFile>

/** A mail host as checks expect it. */
export function expectedMailHost(input: MailHostInput, id = 'file'): ExpectedMailHost {
  const { adminUrl, adminUser, adminPassword, ...rest } = input
  return { id, ...rest, adminUrl: adminUrl ?? null, adminUser: adminUser ?? null, adminPassword: adminPassword ?? null }
}

/** What is checked for one domain; without a file only its DNS is judged, by itself. */
export function targetOf(domain: string, file: MailHostFile | null): CheckTarget {
  const mailHost = file ? expectedMailHost(file) : null
  return {
    domain,
    mailHost,
    dkim: file?.dkim ?? [],
    sends: true,
    receives: true,
    webmailHost: mailHost ? mailHost.webmail.hostPattern.replaceAll('{domain}', domain) : null,
  }
}
