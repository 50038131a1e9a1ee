import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mailHosts } from '#drizzle/schema/sqlite'
import {
  addDomain,
  createMailHost,
  createTenant,
  getMailHost,
  listMailHosts,
  removeDomain,
  removeMailHost,
  updateMailHost,
} from '#server/services/tenants'
import { MailHostInput } from '#shared/schemas/tenants'
import { auditTrail, recordedActions } from '../helpers/audit'
import { testContext, type TestContext } from '../helpers/context'
import { domainInput, mailHostInput } from '../helpers/tenants'

const PASSWORD = 'correct horse battery staple'

let ctx: TestContext
beforeEach(() => (ctx = testContext()))
afterEach(() => ctx.close())

describe('creating a mail host', () => {
  it('keeps its password sealed: no answer, row or event shows it', async () => {
    const host = await createMailHost(ctx, mailHostInput())
    expect(host).toMatchObject({
      name: 'Carbonio Lisbon',
      hasAdminPassword: true,
      adminUser: 'monitor@carbonio.test',
      domains: 0,
      version: 1,
    })
    const rows = await ctx.database.read.select().from(mailHosts)
    const trail = await auditTrail(ctx)
    expect(trail).toMatchObject([
      { action: 'mail_host.created', resourceId: host.id, data: { name: 'Carbonio Lisbon', kind: 'carbonio' } },
    ])
    expect(JSON.stringify([host, await listMailHosts(ctx), rows, trail])).not.toContain(PASSWORD)
  })

  it('takes an admin address over TLS only: a password goes there', () => {
    const issues = MailHostInput.safeParse({ ...mailHostInput(), adminUrl: 'http://mx1.carbonio.test:7071/' }).error?.issues
    expect(issues).toMatchObject([{ path: ['adminUrl'], message: 'an https address' }])
  })

  it('refuses a name that a live host has', async () => {
    await createMailHost(ctx, mailHostInput())
    await expect(createMailHost(ctx, mailHostInput())).rejects.toMatchObject({ token: 'CONFLICT' })
    expect(await recordedActions(ctx)).toEqual(['mail_host.created'])
  })
})

describe('changing a mail host', () => {
  it('leaves alone what is not named, and of credentials tells only that they changed', async () => {
    const { id } = await createMailHost(ctx, mailHostInput())
    const changed = await updateMailHost(ctx, id, {
      version: 1,
      adminUser: 'other@carbonio.test',
      adminPassword: 'a new secret',
      webmail: { port: 8443 },
    })
    expect(changed).toMatchObject({
      mx: ['mx1.carbonio.test', 'mx2.carbonio.test'],
      webmail: { hostPattern: 'mail.{domain}', port: 8443, marker: 'Carbonio Lisbon' },
      version: 2,
    })
    const event = (await auditTrail(ctx)).at(-1)!
    expect(event).toMatchObject({ action: 'mail_host.updated', data: { adminUserChanged: true, adminPasswordChanged: true } })
    expect(event.content).not.toMatch(/other@carbonio|a new secret/)
  })

  it('refuses a stale version with the host as it stands, without its password', async () => {
    const { id } = await createMailHost(ctx, mailHostInput())
    await updateMailHost(ctx, id, { version: 1, name: 'Second' })
    const refusal = await updateMailHost(ctx, id, { version: 1, name: 'Third' }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      token: 'STALE_VERSION',
      details: { current: { name: 'Second', version: 2, hasAdminPassword: true } },
    })
    expect(JSON.stringify(refusal)).not.toContain('Box')
  })

  it('does not send a stored password to another address', async () => {
    const { id } = await createMailHost(ctx, mailHostInput())
    await expect(updateMailHost(ctx, id, { version: 1, adminUrl: 'https://elsewhere.test:7071/' })).rejects.toMatchObject({
      token: 'VALIDATION',
      issues: [{ path: 'adminPassword' }],
    })
    expect(await updateMailHost(ctx, id, { version: 1, adminUrl: 'https://mx1.carbonio.test:7071/other' })).toMatchObject({
      version: 2,
    })
    expect(
      await updateMailHost(ctx, id, { version: 2, adminUrl: 'https://elsewhere.test/', adminPassword: 'known' }),
    ).toMatchObject({ version: 3 })
    expect(await updateMailHost(ctx, id, { version: 3, adminPassword: null })).toMatchObject({ hasAdminPassword: false })
  })

  it('refuses the name of another host, and writes nothing when nothing differs', async () => {
    const { id } = await createMailHost(ctx, mailHostInput())
    await createMailHost(ctx, mailHostInput({ name: 'Porto' }))
    await expect(updateMailHost(ctx, id, { version: 1, name: 'Porto' })).rejects.toMatchObject({ token: 'CONFLICT' })
    expect(
      await updateMailHost(ctx, id, { version: 1, name: 'Carbonio Lisbon', mx: ['mx1.carbonio.test', 'mx2.carbonio.test'] }),
    ).toMatchObject({ version: 1 })
    expect(await recordedActions(ctx)).toEqual(['mail_host.created', 'mail_host.created'])
  })
})

describe('removing a mail host', () => {
  it('is refused while domains use it, and destroys the password when it is done', async () => {
    const { id } = await createMailHost(ctx, mailHostInput())
    await createTenant(ctx, { slug: 'aurora', name: 'Aurora' })
    await addDomain(ctx, 'aurora', { ...domainInput('a.example.de'), mailHostId: id })
    await expect(removeMailHost(ctx, id)).rejects.toMatchObject({ token: 'CONFLICT', details: { domains: 1 } })
    await removeDomain(ctx, 'aurora', 'a.example.de')
    await expect(removeMailHost(ctx, id, 9)).rejects.toMatchObject({ token: 'STALE_VERSION' })
    await removeMailHost(ctx, id, 1)
    expect(await listMailHosts(ctx)).toEqual([])
    await expect(getMailHost(ctx, id)).rejects.toMatchObject({ token: 'NOT_FOUND' })
    expect((await ctx.database.read.select().from(mailHosts))[0]).toMatchObject({ adminPasswordBox: null })
    expect((await auditTrail(ctx)).at(-1)).toMatchObject({ action: 'mail_host.removed', data: { name: 'Carbonio Lisbon' } })
    await createMailHost(ctx, mailHostInput())
  })
})

describe('a caller who sees only some tenants', () => {
  it('sees the hosts that those use, counts their domains alone, and changes none', async () => {
    const [used, other] = [
      await createMailHost(ctx, mailHostInput()),
      await createMailHost(ctx, mailHostInput({ name: 'Porto' })),
    ]
    const aurora = await createTenant(ctx, { slug: 'aurora', name: 'Aurora' })
    await createTenant(ctx, { slug: 'boreal', name: 'Boreal' })
    await addDomain(ctx, 'aurora', { ...domainInput('a.example.de'), mailHostId: used.id })
    await addDomain(ctx, 'boreal', { ...domainInput('b.example.de'), mailHostId: used.id })
    const narrow = ctx.as({ scope: [aurora.id] })
    expect((await listMailHosts(ctx)).map(({ name, domains }) => [name, domains])).toEqual([
      ['Carbonio Lisbon', 2],
      ['Porto', 0],
    ])
    expect((await listMailHosts(narrow)).map(({ name, domains }) => [name, domains])).toEqual([['Carbonio Lisbon', 1]])
    await expect(getMailHost(narrow, other.id)).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await expect(createMailHost(narrow, mailHostInput({ name: 'X' }))).rejects.toMatchObject({ token: 'FORBIDDEN' })
    await expect(updateMailHost(narrow, used.id, { version: 1, name: 'X' })).rejects.toMatchObject({ token: 'FORBIDDEN' })
    await expect(removeMailHost(narrow, used.id)).rejects.toMatchObject({ token: 'FORBIDDEN' })
    const unseen = addDomain(narrow, 'aurora', { ...domainInput('c.example.de'), mailHostId: other.id })
    await expect(unseen).rejects.toMatchObject({ token: 'VALIDATION', issues: [{ path: 'mailHostId' }] })
  })
})
