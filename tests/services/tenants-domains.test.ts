import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { auditDomains } from '#drizzle/schema/sqlite'
import {
  addDomain,
  addDomains,
  checkTargets,
  createMailHost,
  createTenant,
  getTenant,
  removeDomain,
  updateDomain,
  updateMailHost,
} from '#server/services/tenants'
import { auditTrail, recordedActions } from '../helpers/audit'
import { TEST_NOW, testContext, type TestContext } from '../helpers/context'
import { domainInput, mailHostInput } from '../helpers/tenants'

let ctx: TestContext
let aurora: string
let boreal: string
beforeEach(async () => {
  ctx = testContext()
  aurora = (await createTenant(ctx, { slug: 'aurora', name: 'Aurora Hotels' })).id
  boreal = (await createTenant(ctx, { slug: 'boreal', name: 'Boreal' })).id
})
afterEach(() => ctx.close())

const rowOf = async (domain: string) =>
  (await ctx.database.read.select().from(auditDomains).where(eq(auditDomains.domain, domain))).at(-1)!

describe('adding a domain', () => {
  it('stores its one form, due now, with its event', async () => {
    const domain = await addDomain(ctx, 'aurora', domainInput(' MÜNCHEN.Example.de. '))
    expect(domain).toMatchObject({
      domain: 'xn--mnchen-3ya.example.de',
      unicode: 'münchen.example.de',
      status: 'pending',
      source: 'manual',
      version: 1,
    })
    expect((await rowOf(domain.domain)).nextDueAt).toBe(TEST_NOW)
    expect((await auditTrail(ctx)).at(-1)).toMatchObject({
      action: 'domain.added',
      resourceId: domain.id,
      tenantId: aurora,
      data: { domain: 'xn--mnchen-3ya.example.de', source: 'manual' },
    })
  })

  it.each([
    [domainInput('localhost'), 'domain', /single label/],
    [{ ...domainInput('a.example.de'), mailHostId: 'mh_none' }, 'mailHostId', /no such mail host/],
    [{ ...domainInput('a.example.de'), dkim: [{ selector: 's1', publicKey: 'no' }] }, 'dkim.0.publicKey', /not a public key/],
  ])('refuses %j and says where and why', async (input, path, message) => {
    await expect(addDomain(ctx, 'aurora', input)).rejects.toMatchObject({
      token: 'VALIDATION',
      issues: [{ path, message: expect.stringMatching(message) }],
    })
    expect(await recordedActions(ctx)).not.toContain('domain.added')
  })

  it('refuses one that the tenant has', async () => {
    await addDomain(ctx, 'aurora', domainInput('a.example.de'))
    await expect(addDomain(ctx, 'aurora', domainInput('A.example.de.'))).rejects.toMatchObject({ token: 'CONFLICT' })
  })

  it('names another tenant that has it only to who may see that tenant', async () => {
    await addDomain(ctx, 'boreal', domainInput('a.example.de'))
    await expect(addDomain(ctx, 'aurora', domainInput('a.example.de'))).rejects.toMatchObject({
      token: 'CONFLICT',
      details: { tenant: { id: boreal, slug: 'boreal', name: 'Boreal' } },
    })
    const refusal = await addDomain(ctx.as({ scope: [aurora] }), 'aurora', domainInput('a.example.de')).catch(
      (error: unknown) => error,
    )
    expect(refusal).toMatchObject({ token: 'CONFLICT', details: undefined })
    expect(String(refusal)).not.toMatch(/boreal/i)
  })

  it('finds no tenant outside the scope', async () => {
    await expect(addDomain(ctx.as({ scope: [boreal] }), 'aurora', domainInput('a.example.de'))).rejects.toMatchObject({
      token: 'NOT_FOUND',
    })
  })
})

describe('adding many', () => {
  it('answers each line for itself, in order', async () => {
    await addDomain(ctx, 'boreal', domainInput('theirs.example.de'))
    await addDomain(ctx, 'aurora', domainInput('ours.example.de'))
    const { results } = await addDomains(ctx, 'aurora', {
      domains: [
        'One.example.de',
        'one.example.de.',
        '',
        'localhost',
        'theirs.example.de',
        'ours.example.de',
        { domain: 'two.example.de', sends: false },
        { domain: 'x.example.de', mailHostId: 'mh_none' },
        { domain: 'y.example.de', dkim: 'no' },
      ],
    })
    expect(results).toEqual([
      { line: 1, domain: 'one.example.de', ok: true },
      { line: 2, domain: 'one.example.de.', ok: false, token: 'CONFLICT', message: 'The same as line 1' },
      { line: 3, domain: '', ok: false, token: 'VALIDATION', message: expect.stringMatching(/too small|>=1|missing/i) },
      { line: 4, domain: 'localhost', ok: false, token: 'VALIDATION', message: expect.stringMatching(/single label/) },
      { line: 5, domain: 'theirs.example.de', ok: false, token: 'CONFLICT', message: 'The domain belongs to Boreal' },
      { line: 6, domain: 'ours.example.de', ok: false, token: 'CONFLICT', message: 'The tenant has this domain already' },
      { line: 7, domain: 'two.example.de', ok: true },
      { line: 8, domain: 'x.example.de', ok: false, token: 'VALIDATION', message: 'there is no such mail host' },
      { line: 9, domain: 'y.example.de', ok: false, token: 'VALIDATION', message: expect.any(String) },
    ])
    const { domains } = await getTenant(ctx, 'aurora')
    expect(domains.map(({ domain, sends }) => [domain, sends])).toEqual([
      ['one.example.de', true],
      ['ours.example.de', true],
      ['two.example.de', false],
    ])
    expect((await auditTrail(ctx)).filter((event) => event.action === 'domain.added').map((event) => event.data.domain)).toEqual([
      'theirs.example.de',
      'ours.example.de',
      'one.example.de',
      'two.example.de',
    ])
  })

  it('gives the mail host to every line that names none', async () => {
    const host = await createMailHost(ctx, mailHostInput())
    await addDomains(ctx, 'aurora', {
      domains: ['one.example.de', { domain: 'two.example.de', mailHostId: null }],
      mailHostId: host.id,
    })
    expect((await getTenant(ctx, 'aurora')).domains.map((domain) => domain.mailHostId)).toEqual([host.id, null])
  })

  it('takes a great many, and lets others write and read meanwhile', async () => {
    const domains = Array.from({ length: 1_000 }, (_, n) => `d${n}.example.de`)
    const bulk = addDomains(ctx, 'aurora', { domains })
    let ended = false
    void bulk.finally(() => (ended = true))
    let others = 0
    for (; !ended && others < 5; others++) await createTenant(ctx, { slug: `other-${others}`, name: 'Other' })
    expect(others).toBe(5)
    expect(ended).toBe(false)
    const { results } = await bulk
    expect(results.every((result) => result.ok)).toBe(true)
    expect(results.map((result) => result.line)).toEqual(domains.map((_, n) => n + 1))
    expect((await getTenant(ctx, 'aurora')).domains).toHaveLength(1_000)
  })
})

describe('changing a domain', () => {
  it('makes it due at once, takes the claim of a look under way, and tells what changed', async () => {
    await addDomain(ctx, 'aurora', domainInput('a.example.de'))
    await ctx.database.write(
      async (tx) =>
        void (await tx
          .update(auditDomains)
          .set({ nextDueAt: TEST_NOW + 600_000, claimToken: 'x', claimUntil: TEST_NOW + 30_000 })),
    )
    ctx.setNow(TEST_NOW + 5_000)
    const changed = await updateDomain(ctx, 'aurora', 'A.example.de', { version: 1, sends: false })
    expect(changed).toMatchObject({ sends: false, receives: true, dkim: [], version: 2 })
    expect(await rowOf('a.example.de')).toMatchObject({ nextDueAt: TEST_NOW + 5_000, claimToken: null, claimUntil: null })
    expect((await auditTrail(ctx)).at(-1)).toMatchObject({
      action: 'domain.updated',
      data: { domain: 'a.example.de', 'sends.before': true, 'sends.after': false },
    })
  })

  it('refuses a stale version with the domain as it stands', async () => {
    await addDomain(ctx, 'aurora', domainInput('a.example.de'))
    await updateDomain(ctx, 'aurora', 'a.example.de', { version: 1, sends: false })
    await expect(updateDomain(ctx, 'aurora', 'a.example.de', { version: 1, receives: false })).rejects.toMatchObject({
      token: 'STALE_VERSION',
      details: { current: { sends: false, version: 2 } },
    })
    expect((await recordedActions(ctx)).filter((action) => action === 'domain.updated')).toHaveLength(1)
  })

  it('is only under its own tenant and in scope', async () => {
    await addDomain(ctx, 'aurora', domainInput('a.example.de'))
    const patch = { version: 1, sends: false }
    await expect(updateDomain(ctx, 'boreal', 'a.example.de', patch)).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await expect(updateDomain(ctx.as({ scope: [boreal] }), 'aurora', 'a.example.de', patch)).rejects.toMatchObject({
      token: 'NOT_FOUND',
    })
    await expect(updateDomain(ctx, 'aurora', 'not a name', patch)).rejects.toMatchObject({ token: 'NOT_FOUND' })
  })
})

describe('removing a domain', () => {
  it('hides it, records it, and lets the name be added again elsewhere', async () => {
    await addDomain(ctx, 'aurora', domainInput('a.example.de'))
    await removeDomain(ctx, 'aurora', 'a.example.de')
    expect((await getTenant(ctx, 'aurora')).domains).toEqual([])
    expect((await auditTrail(ctx)).at(-1)).toMatchObject({
      action: 'domain.removed',
      tenantId: aurora,
      data: { domain: 'a.example.de' },
    })
    await expect(removeDomain(ctx, 'aurora', 'a.example.de')).rejects.toMatchObject({ token: 'NOT_FOUND' })
    expect(await addDomain(ctx, 'boreal', domainInput('a.example.de'))).toMatchObject({ version: 1 })
  })

  it('refuses a stale version, and what is out of scope', async () => {
    await addDomain(ctx, 'aurora', domainInput('a.example.de'))
    await expect(removeDomain(ctx, 'aurora', 'a.example.de', 7)).rejects.toMatchObject({ token: 'STALE_VERSION' })
    await expect(removeDomain(ctx.as({ scope: [boreal] }), 'aurora', 'a.example.de')).rejects.toMatchObject({
      token: 'NOT_FOUND',
    })
    expect((await getTenant(ctx, 'aurora')).domains).toHaveLength(1)
    await removeDomain(ctx, 'aurora', 'a.example.de', 1)
  })
})

describe('what the checks are given', () => {
  it('is all that is expected, with the password opened and the webmail name filled in', async () => {
    const host = await createMailHost(ctx, mailHostInput())
    const one = await addDomain(ctx, 'aurora', { ...domainInput('one.example.de'), mailHostId: host.id })
    const two = await addDomain(ctx, 'aurora', {
      ...domainInput('two.example.de'),
      mailHostId: host.id,
      webmailHost: 'post.example.de',
    })
    const three = await addDomain(ctx, 'aurora', domainInput('three.example.de'))
    const targets = await checkTargets(ctx, [one.id, two.id, three.id, 'd_none'])
    expect(targets.size).toBe(3)
    expect(targets.get(one.id)).toMatchObject({
      domain: 'one.example.de',
      webmailHost: 'mail.one.example.de',
      mailHost: { id: host.id, name: 'Carbonio Lisbon', adminPassword: 'correct horse battery staple' },
    })
    expect(targets.get(two.id)!.webmailHost).toBe('post.example.de')
    expect(targets.get(three.id)).toEqual({
      domain: 'three.example.de',
      mailHost: null,
      dkim: [],
      signedSubdomains: [],
      sends: true,
      receives: true,
      webmailHost: null,
    })
  })

  it('names the subdomains whose mail can only be signed with a key of the domain above', async () => {
    const above = await addDomain(ctx, 'aurora', domainInput('shop.example.de'))
    await addDomain(ctx, 'aurora', domainInput('north.shop.example.de'))
    await addDomain(ctx, 'aurora', { ...domainInput('south.shop.example.de'), dkim: [{ selector: 's1' }] })
    await addDomain(ctx, 'aurora', { ...domainInput('quiet.shop.example.de'), sends: false })
    await addDomain(ctx, 'aurora', domainInput('workshop.example.de'))
    await addDomain(ctx, 'boreal', domainInput('theirs.shop.example.de'))
    const targets = await checkTargets(ctx, [above.id])
    expect(targets.get(above.id)!.signedSubdomains).toEqual(['north.shop.example.de'])
  })

  it('is only of live domains in scope', async () => {
    const one = await addDomain(ctx, 'aurora', domainInput('one.example.de'))
    const two = await addDomain(ctx, 'boreal', domainInput('two.example.de'))
    expect([...(await checkTargets(ctx.as({ scope: [boreal] }), [one.id, two.id])).keys()]).toEqual([two.id])
    await removeDomain(ctx, 'boreal', 'two.example.de')
    expect([...(await checkTargets(ctx, [one.id, two.id])).keys()]).toEqual([one.id])
  })

  it('goes without a password that does not open, and the log says so', async () => {
    const host = await createMailHost(ctx, mailHostInput())
    const one = await addDomain(ctx, 'aurora', { ...domainInput('one.example.de'), mailHostId: host.id })
    const other = testContext()
    const targets = await checkTargets(
      {
        ...ctx,
        secrets: {
          ...other.secrets,
          open: () => {
            throw new Error('another key')
          },
        },
      },
      [one.id],
    )
    await other.close()
    expect(targets.get(one.id)!.mailHost).toMatchObject({ adminPassword: null, adminUser: 'monitor@carbonio.test' })
    expect(ctx.logged).toMatchObject([{ level: 'error', message: expect.stringMatching(/VIGIA_SECRET_KEY/) }])
  })

  it('changes at once with the mail host, and its domains are due', async () => {
    const host = await createMailHost(ctx, mailHostInput())
    const one = await addDomain(ctx, 'aurora', { ...domainInput('one.example.de'), mailHostId: host.id })
    await addDomain(ctx, 'aurora', domainInput('two.example.de'))
    await ctx.database.write(
      async (tx) => void (await tx.update(auditDomains).set({ nextDueAt: TEST_NOW + 600_000, claimToken: 'x' })),
    )
    await updateMailHost(ctx, host.id, { version: 1, mx: ['mx9.carbonio.test'] })
    expect(await rowOf('one.example.de')).toMatchObject({ nextDueAt: TEST_NOW, claimToken: null, version: 1 })
    expect(await rowOf('two.example.de')).toMatchObject({ nextDueAt: TEST_NOW + 600_000, claimToken: 'x' })
    expect((await checkTargets(ctx, [one.id])).get(one.id)!.mailHost!.mx).toEqual(['mx9.carbonio.test'])
  })
})
