import { createWriteStream, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { startPostgres } from '../lib/postgres'
import { timed } from '../lib/stats'
import { placedUpTo, rowsOfEvents } from './rows'

/** Enough to see the pace, and a file of statements that stays small. */
const MOST = 100_000
const GROUP = 500

/** The same tables and indexes. Free text has a GIN index, as one would have there; triggers are left out, to its advantage. */
const SCHEMA = `
create table audit_events (seq bigint primary key, id text not null unique, at bigint not null, received_at bigint not null, scope text not null,
  source text not null, external_id text, action text not null, category text not null, severity text not null, outcome text not null,
  actor_type text not null, actor_id text not null, resource_type text not null, resource_id text not null, tenant_id text, partner_id text,
  content text not null, content_hash bytea not null);
create index on audit_events (at, seq);
create index on audit_events (partner_id, at, seq);
create index on audit_events (tenant_id, at, seq);
create index on audit_events (actor_id, at, seq);
create table audit_dedup (source text, external_id text, event_id text not null, primary key (source, external_id));
create table audit_subjects (id text primary key, key_box text not null, email_tag text, created_at bigint not null);
create table audit_personal (event_id text primary key, subject_id text not null, salt bytea not null, box text not null, ip_tag text);
create index on audit_personal (ip_tag);
create table audit_leaves (event_seq bigint primary key, log_id bigint not null, leaf_index bigint not null, hash bytea not null,
  unique (log_id, leaf_index));
create table audit_risks (event_seq bigint primary key, score int not null, anomalous int not null, factors text not null, rules int not null);
create index on audit_risks (score, event_seq);
create table timeline_search (seq bigint primary key, words tsvector not null);
create index on timeline_search using gin (words);
create table timeline_hours (hour bigint, category text, severity text, outcome text, events bigint not null,
  primary key (hour, category, severity, outcome));
`
const HOURS = (
  first: number,
  last: number,
) => `insert into timeline_hours select at / 3600000, category, severity, outcome, count(*)
  from audit_events where seq between ${first} and ${last} group by 1, 2, 3, 4
  on conflict (hour, category, severity, outcome) do update set events = timeline_hours.events + excluded.events;\n`

export interface PostgresResult {
  version: string
  perSecond: number
}

/** The same rows into PostgreSQL, 500 events a commit, by psql from a file. Null where it is not installed. */
export async function postgresInserts(logFile: string, folder: string): Promise<PostgresResult | null> {
  const server = startPostgres()
  if (!server) return null
  try {
    const [schema, rows] = [join(folder, 'schema.sql'), join(folder, 'rows.sql')]
    writeFileSync(schema, SCHEMA)
    const count = await writeStatements(logFile, rows)
    server.run(schema)
    const ms = await timed(() => Promise.resolve(server.run(rows)))
    return { version: server.version, perSecond: (count * 1_000) / ms }
  } finally {
    await server.end()
  }
}

/** @returns how many events they insert */
async function writeStatements(logFile: string, file: string): Promise<number> {
  const log = new SQLite(logFile, { readonly: true })
  const words = log.prepare('select seq, words from timeline_words where seq between ? and ?')
  const count = Math.min(placedUpTo(log), MOST)
  const out = createWriteStream(file)
  for (let first = 1; first <= count; first += GROUP) {
    const last = Math.min(first + GROUP - 1, count)
    const tables = Object.entries(rowsOfEvents(log, first, last)).map(([table, rows]) => insertOf(table, rows))
    const search = (words.all(first, last) as { seq: number; words: string }[]).map(
      (row) => `(${row.seq},to_tsvector('simple',${literal(row.words)}))`,
    )
    const text = [
      'begin;',
      ...tables,
      `insert into timeline_search values ${search.join()};`,
      HOURS(first, last),
      'commit;',
    ].join('\n')
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  log.close()
  return count
}

function insertOf(table: string, rows: Record<string, unknown>[]): string {
  if (rows.length === 0) return ''
  const values = rows.map((row) => `(${Object.values(row).map(literal).join()})`)
  return `insert into ${table} (${Object.keys(rows[0]!).join()}) values ${values.join()} on conflict do nothing;`
}

function literal(value: unknown): string {
  if (value === null) return 'null'
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'`
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`
}
