import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditEvents, operatorAccounts, sessions, users } from '#drizzle/schema/sqlite'
import {
  activeUser,
  addOperator,
  createAttemptLimits,
  createFirstOperator,
  type Identity,
  listOperators,
  listUsers,
  portalSessions,
  resetOperator,
  setUserActive,
  signIn,
  signOut,
  verifyPassword,
} from '#server/services/access'
import { toldIn } from '../helpers/audit'
import { testContext, type TestContext } from '../helpers/context'

const GROUP = 'vigia-operators'
const MARTA: Identity = {
  issuer: 'https://id.example/application/o/vigia/',
  subject: 'marta',
  email: 'marta@example.org',
  name: 'Marta Reis',
  groups: [GROUP, 'staff'],
}

let ctx: TestContext
beforeEach(() => {
  ctx = testContext()
})
afterEach(() => ctx.close())

const events = async () =>
  (await ctx.db.select().from(auditEvents)).map((event) => ({
    ...event,
    content: { ...(JSON.parse(event.content) as { actor: { id: string } }), data: toldIn(event.content) },
  }))
const actions = async () => (await events()).map((event) => event.action)

describe('signing in', () => {
  it('makes an active master of an operator on the first visit and records it', async () => {
    const user = await signIn(ctx, MARTA)
    expect(user).toMatchObject({ email: 'marta@example.org', name: 'Marta Reis', role: 'master', active: true, version: 1 })
    const [event] = await events()
    expect(event).toMatchObject({ action: 'user.signed_in', actorId: user.id, resourceId: user.id, outcome: 'success' })
    expect(event!.content.data).toEqual({ provider: 'id.example' })
  })

  it('knows the person again by issuer and subject, and takes over a new name', async () => {
    const first = await signIn(ctx, MARTA)
    ctx.setNow(ctx.now() + 1_000)
    const second = await signIn(ctx, { ...MARTA, name: 'Marta Lima', email: null })
    expect(second).toMatchObject({ id: first.id, name: 'Marta Lima', email: null })
    expect(second.lastSignInAt).not.toBe(first.lastSignInAt)
    expect(await listUsers(ctx)).toHaveLength(1)
  })

  it('takes the same subject of another issuer for another person', async () => {
    await signIn(ctx, MARTA)
    await signIn(ctx, { ...MARTA, issuer: 'https://other.example/' })
    expect(await listUsers(ctx)).toHaveLength(2)
  })

  it('makes one user of two first visits at the same time', async () => {
    const [a, b] = await Promise.all([signIn(ctx, MARTA), signIn(ctx, MARTA)])
    expect(a.id).toBe(b.id)
    expect(await ctx.db.select().from(users)).toHaveLength(1)
  })

  it.each([
    ['no group at all', []],
    ['other groups', ['staff']],
    ['a group of a longer name', [`${GROUP}-old`]],
  ])('refuses somebody with %s, keeps no user, and records it without the subject', async (_, groups) => {
    await expect(signIn(ctx, { ...MARTA, groups })).rejects.toMatchObject({ token: 'FORBIDDEN' })
    expect(await ctx.db.select().from(users)).toHaveLength(0)
    const [event] = await events()
    expect(event).toMatchObject({ action: 'user.refused', outcome: 'failure' })
    expect(event!.content.data).toEqual({ reason: 'group' })
    expect(JSON.stringify(event!.content)).not.toContain('marta')
  })

  it('refuses a user who was switched off, and records why', async () => {
    const user = await signIn(ctx, MARTA)
    await signIn(ctx, { ...MARTA, subject: 'other' })
    await setUserActive(ctx, user.id, { active: false })
    await expect(signIn(ctx, MARTA)).rejects.toMatchObject({ token: 'FORBIDDEN' })
    const last = (await events()).at(-1)!
    expect(last).toMatchObject({ action: 'user.refused', actorId: user.id })
    expect(last.content.data).toEqual({ reason: 'inactive' })
  })

  it('records a sign-out', async () => {
    await signOut(ctx)
    expect(await events()).toMatchObject([{ action: 'user.signed_out', actorId: 'u_anna' }])
  })
})

describe('switching users off and on', () => {
  it('shows in the next look at the user, and writes an event with before and after', async () => {
    const user = await signIn(ctx, MARTA)
    await signIn(ctx, { ...MARTA, subject: 'other' })
    const off = await setUserActive(ctx, user.id, { active: false, version: 1 })
    expect(off).toMatchObject({ active: false, version: 2 })
    expect(await activeUser(ctx, user.id)).toBeNull()
    expect((await events()).at(-1)!.content.data).toEqual({ 'active.before': true, 'active.after': false })
    await setUserActive(ctx, user.id, { active: true })
    expect(await activeUser(ctx, user.id)).toMatchObject({ id: user.id })
    expect(await actions()).toEqual(['user.signed_in', 'user.signed_in', 'user.deactivated', 'user.activated'])
  })

  it('refuses the last active master', async () => {
    const user = await signIn(ctx, MARTA)
    await expect(setUserActive(ctx, user.id, { active: false })).rejects.toMatchObject({ token: 'CONFLICT' })
    expect(await activeUser(ctx, user.id)).not.toBeNull()
  })

  it('leaves one master when the last two are switched off at the same time', async () => {
    const a = await signIn(ctx, MARTA)
    const b = await signIn(ctx, { ...MARTA, subject: 'other' })
    const results = await Promise.allSettled([a, b].map(({ id }) => setUserActive(ctx, id, { active: false })))
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('answers a stale version with the user as it stands', async () => {
    const user = await signIn(ctx, MARTA)
    await signIn(ctx, { ...MARTA, subject: 'other' })
    await setUserActive(ctx, user.id, { active: false })
    await expect(setUserActive(ctx, user.id, { active: true, version: 1 })).rejects.toMatchObject({
      token: 'STALE_VERSION',
      details: { current: { id: user.id, active: false, version: 2 } },
    })
  })

  it('changes and records nothing when nothing would change', async () => {
    const user = await signIn(ctx, MARTA)
    expect(await setUserActive(ctx, user.id, { active: true })).toMatchObject({ version: 1 })
    expect(await actions()).toEqual(['user.signed_in'])
  })

  it('knows no user by an id that there is not, and shows none to a narrowed scope', async () => {
    const user = await signIn(ctx, MARTA)
    const narrowed = ctx.as({ scope: ['t_1'] })
    await expect(setUserActive(ctx, 'usr_none', { active: false })).rejects.toMatchObject({ token: 'NOT_FOUND' })
    await expect(setUserActive(narrowed, user.id, { active: false })).rejects.toMatchObject({ token: 'NOT_FOUND' })
    expect(await listUsers(narrowed)).toEqual([])
  })
})

describe('the embedded accounts', () => {
  it('begin with one operator, once', async () => {
    const first = await createFirstOperator(ctx)
    expect(first).toMatchObject({ username: 'operator' })
    expect(first!.password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/)
    expect(await createFirstOperator(ctx)).toBeNull()
    expect(await listOperators(ctx)).toMatchObject([{ username: 'operator', groups: [GROUP] }])
    expect(await actions()).toEqual(['operator_account.created'])
  })

  it('make one first operator when two processes start at the same time', async () => {
    const made = await Promise.all([createFirstOperator(ctx), createFirstOperator(ctx)])
    expect(made.filter((account) => account !== null)).toHaveLength(1)
    expect(await listOperators(ctx)).toHaveLength(1)
  })

  it('keep the password as scrypt with its parameters, and nowhere in clear', async () => {
    const { password } = await addOperator(ctx, { username: 'Marta', name: 'Marta', email: 'marta@example.org' })
    const [account] = await ctx.db.select().from(operatorAccounts)
    expect(account).toMatchObject({ username: 'marta' })
    expect(account!.passwordHash).toMatch(/^scrypt\$32768\$8\$3\$/)
    expect(JSON.stringify([account, await events(), ctx.logged])).not.toContain(password)
  })

  it('refuse a name that is taken, and names and addresses that are none', async () => {
    await addOperator(ctx, { username: 'marta', name: 'Marta', email: 'marta@example.org' })
    await expect(addOperator(ctx, { username: 'MARTA', name: 'M', email: 'm@example.org' })).rejects.toMatchObject({
      token: 'CONFLICT',
    })
    await expect(addOperator(ctx, { username: 'a b', name: '', email: 'nobody' })).rejects.toMatchObject({
      token: 'VALIDATION',
      issues: [{ path: 'username' }, { path: 'name' }, { path: 'email' }],
    })
  })

  it('let in with the right password only, and record each refusal', async () => {
    const limits = createAttemptLimits()
    const { username, password } = (await createFirstOperator(ctx))!
    expect(await verifyPassword(ctx, limits, { username: ' Operator ', password })).toMatchObject({ username })
    expect(await verifyPassword(ctx, limits, { username, password: `${password}x` })).toBeNull()
    expect(await verifyPassword(ctx, limits, { username, password: '' })).toBeNull()
    expect(await verifyPassword(ctx, limits, { username: 'nobody', password })).toBeNull()
    expect((await events()).slice(1).map((event) => [event.action, event.content.data])).toEqual(
      Array(3).fill(['user.refused', { reason: 'password' }]),
    )
  })

  it('stop the guessing after five wrong passwords, even for the right one', async () => {
    const limits = createAttemptLimits()
    const { username, password } = (await createFirstOperator(ctx))!
    for (let i = 0; i < 5; i++) expect(await verifyPassword(ctx, limits, { username, password: 'wrong' })).toBeNull()
    const refused = await verifyPassword(ctx, limits, { username, password }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ token: 'RATE_LIMIT' })
    expect((refused as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(0)
  })

  it('stop an address that tries many names', async () => {
    const limits = createAttemptLimits()
    for (let i = 0; i < 20; i++) await limits.take(`name${i}`, '192.0.2.7')
    await expect(limits.take('name20', '192.0.2.7')).rejects.toMatchObject({ token: 'RATE_LIMIT' })
    await limits.take('name20', '192.0.2.8')
  })

  it('are not locked by an operator who signs in again and again', async () => {
    const limits = createAttemptLimits()
    for (let i = 0; i < 25; i++) {
      await limits.take('operator', '192.0.2.7')
      await limits.giveBack('operator', '192.0.2.7')
    }
    await limits.take('operator', '192.0.2.7')
  })

  it('get a new password by a reset, which ends every session', async () => {
    const limits = createAttemptLimits()
    const old = (await createFirstOperator(ctx))!
    await portalSessions(ctx, 60_000).write('s1', '{}')
    const fresh = await resetOperator(ctx, 'operator')
    expect(fresh.password).not.toBe(old.password)
    expect(await verifyPassword(ctx, limits, old)).toBeNull()
    expect(await verifyPassword(ctx, limits, fresh)).not.toBeNull()
    expect(await portalSessions(ctx, 60_000).read('s1')).toBeNull()
    await expect(resetOperator(ctx, 'nobody')).rejects.toMatchObject({ token: 'NOT_FOUND' })
  })
})

describe('stored sessions', () => {
  it('are sealed, end by themselves, and are gone once removed', async () => {
    const store = portalSessions(ctx, 60_000)
    await store.write('s1', 'refresh-token-in-clear')
    expect(await store.read('s1')).toBe('refresh-token-in-clear')
    expect(JSON.stringify(await ctx.db.select().from(sessions))).not.toContain('refresh-token')
    ctx.setNow(ctx.now() + 60_000)
    expect(await store.read('s1')).toBeNull()
    await store.write('s2', 'x')
    await store.remove('s2')
    expect(await store.read('s2')).toBeNull()
  })
})
