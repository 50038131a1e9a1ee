import type { z } from 'zod'
import type { MailHost, MailHostInput, MailHostPatch } from '#shared/schemas/tenants'
import { changesOnly } from '../form-merge'

/** Lists are text with one entry a line, numbers are text: what fields hold while they are typed in. */
export interface MailHostFormValues {
  name: string
  healthUrl: string
  adminUrl: string
  adminUser: string
  /** Empty keeps what is stored. */
  adminPassword: string
  removePassword: boolean
  mx: string
  sendingAddresses: string
  frontends: string
  hostPattern: string
  port: string
  httpPort: string
  loginPath: string
  marker: string
  version: number
}

export const NEW_MAIL_HOST: MailHostFormValues = {
  name: '',
  healthUrl: '',
  adminUrl: '',
  adminUser: '',
  adminPassword: '',
  removePassword: false,
  mx: '',
  sendingAddresses: '',
  frontends: '',
  hostPattern: 'mail.{domain}',
  port: '443',
  httpPort: '80',
  loginPath: '/static/login/',
  marker: '',
  version: 0,
}

export const MAIL_HOST_LABELS: Record<string, string> = {
  name: 'Name',
  healthUrl: 'Health address',
  adminUrl: 'Admin address',
  adminUser: 'Admin user',
  mx: 'MX names',
  sendingAddresses: 'Sending addresses',
  frontends: 'Front ends',
  hostPattern: 'Webmail host',
  port: 'HTTPS port',
  httpPort: 'HTTP port',
  loginPath: 'Login path',
  marker: 'Marker',
}

/** A mail host as the fields of its form hold it. The password never comes back. */
export const mailHostValues = (host: MailHost): MailHostFormValues => ({
  name: host.name,
  healthUrl: host.healthUrl,
  adminUrl: host.adminUrl ?? '',
  adminUser: host.adminUser ?? '',
  adminPassword: '',
  removePassword: false,
  mx: host.mx.join('\n'),
  sendingAddresses: host.sendingAddresses.join('\n'),
  frontends: host.frontends.join('\n'),
  hostPattern: host.webmail.hostPattern,
  port: String(host.webmail.port),
  httpPort: String(host.webmail.httpPort),
  loginPath: host.webmail.loginPath,
  marker: host.webmail.marker,
  version: host.version,
})

const lines = (text: string) => text.split(/[\s,;]+/).filter((entry) => entry !== '')

const webmail = (values: MailHostFormValues) => ({
  hostPattern: values.hostPattern,
  port: Number(values.port),
  httpPort: Number(values.httpPort),
  loginPath: values.loginPath,
  marker: values.marker,
})

/** The body that makes a mail host. */
export const mailHostInput = (values: MailHostFormValues): z.input<typeof MailHostInput> => ({
  name: values.name,
  kind: 'carbonio',
  healthUrl: values.healthUrl.trim(),
  ...(values.adminUrl.trim() && { adminUrl: values.adminUrl.trim() }),
  ...(values.adminUser.trim() && { adminUser: values.adminUser.trim() }),
  ...(values.adminPassword && { adminPassword: values.adminPassword }),
  mx: lines(values.mx),
  sendingAddresses: lines(values.sendingAddresses),
  frontends: lines(values.frontends),
  webmail: webmail(values),
})

/** The body that changes a mail host: only what was changed, an emptied optional field as null. */
export function mailHostPatch(values: MailHostFormValues, base: MailHostFormValues): z.input<typeof MailHostPatch> {
  const changed = changesOnly(values, base)
  const patch: z.input<typeof MailHostPatch> = { version: values.version }
  if (changed.name !== undefined) patch.name = changed.name
  if (changed.healthUrl !== undefined) patch.healthUrl = changed.healthUrl.trim()
  if (changed.adminUrl !== undefined) patch.adminUrl = changed.adminUrl.trim() || null
  if (changed.adminUser !== undefined) patch.adminUser = changed.adminUser.trim() || null
  if (values.removePassword) patch.adminPassword = null
  else if (values.adminPassword !== '') patch.adminPassword = values.adminPassword
  for (const list of ['mx', 'sendingAddresses', 'frontends'] as const)
    if (changed[list] !== undefined) patch[list] = lines(changed[list])
  const { hostPattern, port, httpPort, loginPath, marker } = changed
  if ([hostPattern, port, httpPort, loginPath, marker].some((field) => field !== undefined)) patch.webmail = webmail(values)
  return patch
}
