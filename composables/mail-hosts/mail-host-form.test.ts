import { describe, expect, it } from 'vitest'
import { MailHostInput, MailHostPatch } from '#shared/schemas/tenants'
import { mailHostInput, mailHostPatch, NEW_MAIL_HOST } from './mail-host-form'

const typed = {
  ...NEW_MAIL_HOST,
  name: 'Lisbon',
  healthUrl: ' https://mail.example/health ',
  marker: 'Carbonio',
  mx: 'mx1.example\nmx2.example, ',
}

describe('the form of a mail host', () => {
  it('makes a body that the contract takes', () => {
    expect(MailHostInput.parse(mailHostInput(typed))).toEqual({
      name: 'Lisbon',
      kind: 'carbonio',
      healthUrl: 'https://mail.example/health',
      mx: ['mx1.example', 'mx2.example'],
      sendingAddresses: [],
      frontends: [],
      webmail: { hostPattern: 'mail.{domain}', port: 443, httpPort: 80, loginPath: '/static/login/', marker: 'Carbonio' },
    })
  })

  it('keeps the stored password unless a new one is typed or it is removed', () => {
    const base = { ...typed, version: 4 }
    expect(MailHostPatch.parse(mailHostPatch({ ...base, name: 'Porto' }, base))).toEqual({ version: 4, name: 'Porto' })
    expect(mailHostPatch({ ...base, adminPassword: 'new' }, base)).toEqual({ version: 4, adminPassword: 'new' })
    expect(mailHostPatch({ ...base, adminPassword: 'new', removePassword: true }, base)).toEqual({
      version: 4,
      adminPassword: null,
    })
  })

  it('sends null for an emptied optional field', () => {
    const base = { ...typed, adminUrl: 'https://admin.example', version: 1 }
    expect(mailHostPatch({ ...base, adminUrl: '' }, base)).toEqual({ version: 1, adminUrl: null })
  })
})
