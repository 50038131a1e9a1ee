import type { MailHostInput } from '#shared/schemas/tenants'

/** What `POST /api/v1/mail-hosts` has parsed: our Carbonio in Lisbon. */
export function mailHostInput(over: Partial<MailHostInput> = {}): MailHostInput {
  return {
    name: 'Carbonio Lisbon',
    kind: 'carbonio',
    healthUrl: 'https://mx1.carbonio.test/service/health',
    adminUrl: 'https://mx1.carbonio.test:7071/service/admin/soap',
    adminUser: 'monitor@carbonio.test',
    adminPassword: 'correct horse battery staple',
    mx: ['mx1.carbonio.test', 'mx2.carbonio.test'],
    sendingAddresses: ['192.0.2.25', '2001:db8::25'],
    frontends: ['192.0.2.80'],
    webmail: { hostPattern: 'mail.{domain}', port: 443, httpPort: 80, loginPath: '/static/login/', marker: 'Carbonio Lisbon' },
    ...over,
  }
}

/** A domain's body with its defaults. */
export function domainInput(domain: string) {
  return { domain, dkim: [], sends: true, receives: true }
}
