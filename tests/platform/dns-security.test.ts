import { afterEach, describe, expect, it } from 'vitest'
import { createDnsClient } from '#server/platform/dns/client'
import { describeExtendedError, saysBogus } from '#server/platform/dns/extended-error'
import { record, startDnsServer, type Zone } from '../helpers/dns-server'

const closers: Array<() => Promise<unknown>> = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function clientOf(...zones: Zone[]) {
  const servers = await Promise.all(zones.map((zone) => startDnsServer(zone)))
  closers.push(...servers.map((server) => server.close))
  const client = createDnsClient({ servers: servers.map((server) => server.address), now: () => 0, queryTimeoutMs: 2_000 })
  return { client, servers }
}

/** An RRSIG over A records that ends on 2024-01-01. */
const RRSIG = Buffer.from('00010d020000003c659200806591a4001234076578616d706c650000ff', 'hex')
const signed: Zone = ({ name }) => ({ ad: 1, answers: [record.a(name, '192.0.2.1'), record.raw(name, 46, RRSIG)] })

describe('extended errors (RFC 8914)', () => {
  it('are told with the answer: each resolver its own, and each error once for all', async () => {
    const { client } = await clientOf(
      () => ({
        rcode: 2,
        ede: [
          [6, 'no valid signature'],
          [22, ''],
        ],
      }),
      () => ({ rcode: 2, ede: [[22, '']] }),
    )
    const answer = await client.query('host.example', 'A')
    expect(answer.replies.map((reply) => reply.ede.map((error) => error.code))).toEqual([[6, 22], [22]])
    expect(answer.ede.map(describeExtendedError)).toEqual(['6 DNSSEC BOGUS: no valid signature', '22 NO REACHABLE AUTHORITY'])
  })

  it('come with answers too, and change nothing about them', async () => {
    const { client } = await clientOf(() => ({ answers: [record.a('host.example', '192.0.2.1')], ede: [[3, 'stale']] }))
    expect(await client.query('host.example', 'A')).toMatchObject({ outcome: 'answer', ede: [{ code: 3, text: 'stale' }] })
  })

  it('are bounded, whatever the server writes', async () => {
    const { client } = await clientOf(() => ({ rcode: 5, ede: Array.from({ length: 20 }, (_, n) => [n, 'x'.repeat(1_000)]) }))
    const { ede } = await client.query('host.example', 'A')
    expect(ede).toHaveLength(8)
    expect(ede[0]!.text).toHaveLength(300)
  })

  it.each([
    [6, true],
    [7, true],
    [9, true],
    [10, true],
    [12, true],
    [5, false],
    [13, false],
    [18, false],
    [22, false],
    [4_711, false],
  ])('of code %i say that the signatures are wrong: %s', (code, bogus) => {
    expect(
      saysBogus([
        { code: 0, text: '' },
        { code, text: '' },
      ]),
    ).toBe(bogus)
  })
})

describe('a question about security', () => {
  it('carries DO and CD only when asked for, and always recursion', async () => {
    const asked: unknown[] = []
    const { client } = await clientOf(({ request }) => {
      const [opt] = request.additionals as Array<{ doFlag?: boolean }>
      asked.push({ dnssec: opt?.doFlag, cd: (request.header as { cd?: number }).cd, rd: request.header.rd })
      return { answers: [record.a('host.example', '192.0.2.1')] }
    })
    await client.query('host.example', 'A')
    await client.query('host.example', 'A', { dnssec: true })
    await client.query('host.example', 'A', { checkingDisabled: true })
    expect(asked).toEqual([
      { dnssec: false, cd: 0, rd: 1 },
      { dnssec: true, cd: 0, rd: 1 },
      { dnssec: false, cd: 1, rd: 1 },
    ])
  })

  it('brings AD and the signatures that cover the records, with their end', async () => {
    const { client } = await clientOf(signed)
    const answer = await client.query('host.example', 'A', { dnssec: true })
    expect(answer).toMatchObject({
      outcome: 'answer',
      ad: true,
      signatures: [{ type: 'RRSIG', expiresAt: Date.UTC(2024, 0, 1) }],
    })
    expect(answer.records.map((found) => found.type)).toEqual(['A'])
  })

  it('does not bring the signatures of other types', async () => {
    const { client } = await clientOf(({ name }) => ({ answers: [record.txt(name, ['x']), record.raw(name, 46, RRSIG)] }))
    expect(await client.query('host.example', 'TXT', { dnssec: true })).toMatchObject({ ad: false, signatures: [] })
  })

  it('is not answered from what the cache knows without it', async () => {
    const { client, servers } = await clientOf(signed)
    for (const options of [{}, { dnssec: true }, { checkingDisabled: true }, { dnssec: true, checkingDisabled: true }]) {
      expect((await client.query('host.example', 'A', options)).cached).toBe(false)
      expect((await client.query('host.example', 'A', options)).cached).toBe(true)
    }
    expect(servers[0]!.asked).toHaveLength(4)
  })

  it('holds a chain for authentic only when all its parts are', async () => {
    const { client } = await clientOf(({ name }) =>
      name === 'www.example' ? { ad: 1, answers: [record.cname(name, 'a.example')] } : { answers: [record.a(name, '192.0.2.1')] },
    )
    expect(await client.query('www.example', 'A', { dnssec: true })).toMatchObject({ outcome: 'answer', ad: false })
  })
})
