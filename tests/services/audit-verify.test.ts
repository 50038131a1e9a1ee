import { copyFileSync } from 'node:fs'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#drizzle/client'
import { contentHash } from '#server/services/audit/canonical'
import { rememberAll } from '#server/services/audit/remember'
import { sequence } from '#server/services/audit/sequence'
import { verifyLogs } from '#server/services/audit/verify'
import { rangesOf } from '#server/services/audit/verify/read-leaves'
import { GUARD_NAMES } from '#server/services/audit/verify/read-tables'
import { createTaskWorld } from '#server/services/audit/verify/task-world'
import { TASKS } from '#server/services/audit/verify/tasks'
import { mixedLog, writeLog } from '../helpers/audit-log'
import { firstFault, tamper } from '../helpers/audit-tamper'
import { databaseWith, testContext, type TestContext } from '../helpers/context'

let written: Buffer
beforeAll(async () => void (written = await databaseWith(mixedLog)))

let ctx: TestContext
beforeEach(async () => {
  ctx = testContext({ database: written })
  await rememberAll(ctx)
})
afterEach(() => ctx.close())

/** Leaves of the platform's log: 0–299 are Anna's, 300–302 an erased person's, 303–305 were received, 306 is the erasure, 307 Anna's again. */
const SIZE = 308
const leaf = (index: number) => `(select event_seq from audit_leaves where log_id = 1 and leaf_index = ${index})`
const idOf = (index: number) => `(select id from audit_events where seq = ${leaf(index)})`
const drop = (index: number) => `
  delete from audit_personal where event_id = ${idOf(index)}; delete from audit_dedup where event_id = ${idOf(index)};
  delete from audit_events where seq = ${leaf(index)}; delete from audit_leaves where log_id = 1 and leaf_index = ${index};`

describe('verification', () => {
  it('finds an untouched log intact, on threads of its own, and tells how far it is', async () => {
    const progress: number[] = []
    const report = await verifyLogs(ctx, ({ done }) => void progress.push(done))
    expect(report).toMatchObject({ verdict: 'intact', events: SIZE + 20, unsequenced: 2, faults: [] })
    expect(report.logs.map(({ log, size, verdict, erased }) => [log, size, verdict, erased])).toEqual([
      ['p_norte', 20, 'intact', 0],
      ['platform', SIZE, 'intact', 3],
    ])
    expect(progress.at(-1)).toBe(SIZE + 20)
  })

  it('knows every guard that the migrations set', () => {
    const held = ctx.database.raw
      .prepare("select name from sqlite_master where type = 'trigger' and name like 'audit%'")
      .pluck()
      .all()
    expect(GUARD_NAMES).toEqual(expect.arrayContaining(held))
  })

  it('misses a guard that was taken away', async () => {
    ctx.database.raw.exec('drop trigger audit_events_no_update')
    expect(await firstFault(ctx)).toBe('missing at null')
  })
})

/** What a changed value in each column shows as. Rows: event 5, received event 303, Anna's key, the first tile. */
const FLIPS: [table: string, column: string, row: string, shows: string][] = [
  ...['id', 'at', 'received_at', 'scope', 'source', 'external_id', 'action', 'category', 'severity', 'outcome', 'actor_type'].map(
    (column): [string, string, string, string] => ['audit_events', column, `seq = ${leaf(5)}`, 'platform: modified at 5'],
  ),
  ...['actor_id', 'resource_type', 'resource_id', 'tenant_id', 'partner_id', 'content', 'content_hash'].map(
    (column): [string, string, string, string] => ['audit_events', column, `seq = ${leaf(5)}`, 'platform: modified at 5'],
  ),
  ['audit_events', 'seq', `seq = ${leaf(5)}`, 'platform: missing at 5'],
  ['audit_dedup', 'source', `event_id = ${idOf(304)}`, 'platform: missing at 304'],
  ['audit_dedup', 'external_id', `event_id = ${idOf(304)}`, 'platform: missing at 304'],
  ['audit_dedup', 'event_id', `event_id = ${idOf(304)}`, 'platform: modified at 304'],
  ['audit_subjects', 'id', `id = 'u_anna'`, 'platform: missing at 0'],
  ['audit_subjects', 'key_box', `id = 'u_anna'`, 'platform: modified at 0'],
  ['audit_subjects', 'email_tag', `id = 'u_anna'`, 'platform: modified at 0'],
  ['audit_subjects', 'created_at', `id = 'u_anna'`, 'platform: modified at 0'],
  ['audit_personal', 'event_id', `event_id = ${idOf(7)}`, 'platform: missing at 7'],
  ['audit_personal', 'subject_id', `event_id = ${idOf(7)}`, 'platform: missing at 7'],
  ['audit_personal', 'salt', `event_id = ${idOf(7)}`, 'platform: modified at 7'],
  ['audit_personal', 'box', `event_id = ${idOf(7)}`, 'platform: modified at 7'],
  ['audit_personal', 'ip_tag', `event_id = ${idOf(7)}`, 'platform: modified at 7'],
  ['audit_leaves', 'event_seq', `event_seq = ${leaf(5)}`, 'platform: missing at 5'],
  ['audit_leaves', 'log_id', `event_seq = ${leaf(5)}`, 'platform: missing at 5'],
  ['audit_leaves', 'leaf_index', `event_seq = ${leaf(5)}`, 'platform: missing at 5'],
  ['audit_leaves', 'hash', `event_seq = ${leaf(5)}`, 'platform: modified at 5'],
  ['audit_tiles', 'log_id', 'true', 'platform: missing at 0'],
  ['audit_tiles', 'level', 'true', 'platform: missing at 0'],
  ['audit_tiles', 'tile_index', 'true', 'platform: missing at 0'],
  ['audit_tiles', 'root', 'true', 'platform: modified at 0'],
  ['audit_tiles', 'hashes', 'true', 'platform: modified at 0'],
  ['audit_logs', 'id', `scope = 'platform'`, 'platform: missing at 0'],
  ['audit_logs', 'scope', `scope = 'platform'`, 'platxorm: modified at 0'],
  ['audit_logs', 'generation', `scope = 'platform'`, 'missing at 0'],
  ['audit_unsequenced', 'event_seq', 'event_seq = (select min(event_seq) from audit_unsequenced)', 'missing at null'],
]

/** Another value of the same kind: a byte flipped, a number far away, something where nothing was. */
function flipped(value: unknown): unknown {
  if (Buffer.isBuffer(value)) {
    const bytes = Buffer.from(value)
    bytes[0]! ^= 1
    return bytes
  }
  if (typeof value === 'number') return value + 1_000
  if (typeof value !== 'string') return 'x'
  const at = value.length >> 1
  return `${value.slice(0, at)}${value[at] === 'x' ? 'y' : 'x'}${value.slice(at + 1)}`
}

describe('a value changed behind the back of the portal', () => {
  it('is tried in every column of every table of the log', () => {
    const columns = ctx.database.raw
      .prepare(
        `select m.name || '.' || c.name from sqlite_master m join pragma_table_info(m.name) c
         where m.type = 'table' and m.name in (select distinct substr(name, 1, instr(name, '_no_update') - 1) from sqlite_master
           where type = 'trigger' and name like 'audit%')`,
      )
      .pluck()
      .all()
    expect(FLIPS.map(([table, column]) => `${table}.${column}`).sort()).toEqual(columns.sort())
  })

  it.each(FLIPS)('%s.%s', async (table, column, row, shows) => {
    tamper(ctx, (raw) => {
      const { id, value } = raw.prepare(`select rowid as id, ${column} as value from ${table} where ${row}`).get() as {
        id: number
        value: unknown
      }
      raw.prepare(`update ${table} set ${column} = ? where rowid = ?`).run(flipped(value), id)
    })
    expect(await firstFault(ctx)).toBe(shows)
  })
})

describe('an event taken out, moved or slipped in', () => {
  const swapEvents = `create temp table two as select * from audit_leaves where leaf_index in (10, 20) and log_id = 1;
    delete from audit_leaves where event_seq in (select event_seq from two);
    insert into audit_leaves select (select event_seq from two o where o.leaf_index <> two.leaf_index), log_id, leaf_index, hash from two;`
  const swapLeaves = `create temp table two as select * from audit_leaves where leaf_index in (10, 20) and log_id = 1;
    delete from audit_leaves where event_seq in (select event_seq from two);
    insert into audit_leaves select event_seq, log_id, 30 - leaf_index, hash from two;`
  const moveUp = `update audit_leaves set leaf_index = -leaf_index where log_id = 1 and leaf_index > 12;
    update audit_leaves set leaf_index = -leaf_index - 1 where log_id = 1 and leaf_index < 0;`
  const copyOf = (
    index: number,
  ) => `insert into audit_events select 9000, 'copy', at, received_at, scope, source, external_id, action,
    category, severity, outcome, actor_type, actor_id, resource_type, resource_id, tenant_id, partner_id, content, content_hash
    from audit_events where seq = ${leaf(index)};`

  it.each([
    ['the first one', drop(0), 'platform: missing at 0'],
    ['one in the middle', drop(12), 'platform: missing at 12'],
    ['the last one', drop(SIZE - 1), `platform: missing at ${SIZE - 1}`],
    ['an event without its leaf', `delete from audit_events where seq = ${leaf(12)}`, 'platform: missing at 12'],
    ['one in the middle, and the rest moved up', drop(12) + moveUp, 'platform: missing at 12'],
    ['two events under one another’s leaves', swapEvents, 'platform: reordered at 10'],
    ['two leaves', swapLeaves, 'platform: reordered at 10'],
    [
      'a second leaf at an index',
      `drop index audit_leaves_index; ${copyOf(12)} insert into audit_leaves values (9000, 1, 12, zeroblob(32))`,
      'platform: forked at 12',
    ],
    [
      'a copy at the end',
      `${copyOf(12)} insert into audit_leaves values (9000, 1, ${SIZE}, zeroblob(32))`,
      `platform: modified at ${SIZE}`,
    ],
    ['a whole log', `delete from audit_leaves where log_id = 2; delete from audit_logs where id = 2`, 'missing at null'],
    ['a waiting event', 'delete from audit_unsequenced', 'missing at null'],
    ['a disclosure', `delete from audit_personal where event_id = ${idOf(7)}`, 'platform: missing at 7'],
    [
      'an event whose row of what was received stayed',
      `insert into audit_dedup values ('authentik', 'x9', 'gone')`,
      'missing at null',
    ],
    [
      'the row of what was received of a waiting event',
      `update audit_events set source = 'authentik', external_id = 'w' where seq = (select min(event_seq) from audit_unsequenced)`,
      'missing at null',
    ],
    [
      'an event and its leaf, to a number that is too large for the portal',
      `update audit_events set seq = ${2n ** 62n} where seq = ${leaf(303)}; update audit_leaves set event_seq = ${2n ** 62n} where event_seq = ${leaf(303)}`,
      'modified at null',
    ],
    [
      'a leaf before the first one',
      `${copyOf(12)} insert into audit_leaves values (9000, 1, -1, zeroblob(32))`,
      'platform: modified at -1',
    ],
    [
      'the bytes of a hash, to text',
      `update audit_leaves set hash = cast(hash as text) where event_seq = ${leaf(5)}`,
      'platform: modified at 5',
    ],
    [
      'a leaf to an index far away',
      `update audit_leaves set leaf_index = ${2 ** 40} where event_seq = ${leaf(12)}`,
      'platform: missing at 12',
    ],
    [
      'a leaf to an index that is no number',
      `update audit_leaves set leaf_index = 'x' where event_seq = ${leaf(12)}`,
      'platform: missing at 12',
    ],
    [
      'a leaf at an index between two others',
      `${copyOf(12)} insert into audit_leaves values (9000, 1, 12.5, zeroblob(32))`,
      'platform: forked at 12',
    ],
    ['the bytes of a tile, to text', 'update audit_tiles set hashes = lower(hex(hashes))', 'platform: modified at 0'],
    ['the root of a tile, to a number', 'update audit_tiles set root = 5', 'platform: modified at 0'],
    [
      'a hash that no tile holds yet, to a number',
      `update audit_leaves set hash = 5 where event_seq = ${leaf(SIZE - 1)}`,
      'platform: forked at 0',
    ],
    [
      'a tile of leaves that are not there',
      'insert into audit_tiles select log_id, level, 7, root, hashes from audit_tiles',
      'missing at null',
    ],
    ["a person's key", `delete from audit_subjects where id = 'u_anna'`, 'platform: missing at 0'],
  ])('%s', async (_, sql, shows) => {
    tamper(ctx, (raw) => raw.exec(sql))
    expect(await firstFault(ctx)).toBe(shows)
  })
})

describe('the stretches that threads share', () => {
  it('hold every leaf once, and each is held against the one before it wherever that lies', () => {
    const world = createTaskWorld(ctx.database.read, ctx.secrets)
    const ranges = [...rangesOf(ctx.database.read, 100)]
    const logs = [
      { id: 1, scope: 'platform', size: SIZE },
      { id: 2, scope: 'p_norte', size: 20 },
    ]
    const results = ranges.map((range) => TASKS.stretch(world, { range, logs }))
    expect(results.map(({ leaves }) => leaves)).toEqual([100, 100, 100, 28])
    expect(
      results.flatMap((result) => [...result.logs.values()].flatMap(({ faults, broken }) => [...faults, ...broken])),
    ).toEqual([])
  })
})

describe('another history under the same name', () => {
  it('is forked where it was written anew, by the heads that were remembered', async () => {
    await writeLog(ctx, 10)
    await rememberAll(ctx)
    tamper(ctx, (raw) => {
      const later = `select event_seq from audit_leaves where log_id = 1 and leaf_index >= ${SIZE}`
      const rows = raw.prepare(`select seq, content from audit_events where seq in (${later})`).all() as {
        seq: number
        content: string
      }[]
      const rewrite = raw.prepare(`update audit_events set content = ?, content_hash = ?, action = 'domain.lost!' where seq = ?`)
      for (const { seq, content } of rows) {
        const changed = content.replace('domain.added', 'domain.lost!')
        rewrite.run(changed, contentHash(changed), seq)
      }
      raw.exec(`insert into audit_unsequenced ${later}; delete from audit_leaves where log_id = 1 and leaf_index >= ${SIZE}`)
    })
    await sequence(ctx)
    expect(await firstFault(ctx)).toBe(`platform: forked at ${SIZE}`)
  })

  it('is missing what came after a backup that was put back in silence', async () => {
    const copy = `${ctx.config.databaseFile}.copy`
    await ctx.database.raw.backup(copy)
    await writeLog(ctx, 10)
    await rememberAll(ctx)
    const older = testContext()
    copyFileSync(`${ctx.config.dataDir}/audit-heads.json`, `${older.config.dataDir}/audit-heads.json`)
    await older.database.close()
    copyFileSync(copy, older.config.databaseFile)
    const database = openDatabase(older.config.databaseFile)
    const back = { ...older, database, db: database.read }
    expect(await firstFault(back)).toBe(`platform: missing at ${SIZE}`)
    await database.close()
    await older.close()
  })
})
