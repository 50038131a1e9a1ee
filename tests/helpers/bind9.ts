import { execFileSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireProgram, startServerProcess, type Place, type ServerPlan, type ServerProcess } from './server-process'

const NAMED = '/usr/sbin/named'

/** Records of a zone in master-file form, below its SOA and NS; the root is `.`. `tamper` changes the file that is served. */
export interface BindZone {
  records: string
  /** Makes a key and signs: from an hour ago for 30 days, or from one moment to another. */
  signed?: boolean | { from: Date; to: Date }
  /** Nobody may ask for it. */
  closed?: boolean
  tamper?: (zoneFile: string) => string
}

export interface BindServer extends ServerProcess {
  address: string
  /** `trust-anchors` lines of the signed zones. */
  anchors: string[]
}

const OPTIONS = `directory "."; pid-file none; session-keyfile none; recursing-file "recursing"; managed-keys-directory "."; allow-transfer { none; }; notify no;`

/** BIND as the zones' own server: it answers for them and refuses all else. `at` puts it beside another one. */
export async function startAuthoritative(
  zones: Record<string, BindZone>,
  at: Pick<ServerPlan, 'host' | 'port'> = {},
): Promise<BindServer> {
  const anchors: string[] = []
  const names = Object.keys(zones)
  const server = await startNamed(
    at,
    (place) => `options { ${OPTIONS} ${listenOn(place)} recursion no; allow-query-cache { none; }; };
      controls { };
      ${names.map((zone) => `zone "${zone}" { type primary; file "${fileOf(zone)}.served"; ${zones[zone]!.closed ? 'allow-query { none; };' : ''} };`).join('\n')}`,
    (dir) => {
      anchors.length = 0
      for (const zone of names) anchors.push(...writeZone(dir, zone, zones[zone]!))
    },
  )
  return { ...server, address: `${server.host}:${server.port}`, anchors }
}

/** BIND as a validating resolver that sends every question to `upstream`, another server on loopback. */
export async function startResolver(upstream: BindServer): Promise<BindServer> {
  const server = await startNamed(
    {},
    (place) => `options { ${OPTIONS} ${listenOn(place)} recursion yes; allow-recursion { any; };
        dnssec-validation yes; forward only; forwarders { ${upstream.host} port ${upstream.port}; }; };
      controls { };
      trust-anchors { ${upstream.anchors.join('\n')} };`,
  )
  return { ...server, address: `${server.host}:${server.port}`, anchors: upstream.anchors }
}

/** BIND listens on addresses of interfaces only: of the loopback ones that is 127.0.0.1 and ::1. */
function listenOn({ host, port }: Place): string {
  return host.includes(':')
    ? `listen-on { none; }; listen-on-v6 port ${port} { ${host}; };`
    : `listen-on port ${port} { ${host}; }; listen-on-v6 { none; };`
}

function startNamed(
  at: Pick<ServerPlan, 'host' | 'port'>,
  config: (place: Place) => string,
  prepare: (dir: string) => void = () => {},
): Promise<ServerProcess> {
  requireProgram(NAMED)
  return startServerProcess({
    ...at,
    // Debian's AppArmor profile goes by the program's path and keeps it out of temporary folders; a copy is free of it.
    program: './named',
    args: ({ dir }) => ['-g', '-n', '1', '-c', join(dir, 'named.conf')],
    files: (place) => ({ 'named.conf': config(place) }),
    prepare({ dir }) {
      copyFileSync(NAMED, join(dir, 'named'))
      prepare(dir)
    },
  })
}

/** Writes `<zone>.served`; answers the trust anchor of a signed zone. */
function writeZone(dir: string, zone: string, { records, signed = false, tamper = (file) => file }: BindZone): string[] {
  const plain = join(dir, `${fileOf(zone)}.zone`)
  const served = join(dir, `${fileOf(zone)}.served`)
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] })
  writeFileSync(
    plain,
    `$ORIGIN ${absolute(zone)}\n$TTL 300\n@ SOA ns hostmaster 1 7200 900 1209600 60\n@ NS ns\nns A 127.0.0.1\n${records}\n`,
  )
  if (signed) {
    run('dnssec-keygen', '-q', '-a', 'ECDSAP256SHA256', '-f', 'KSK', zone)
    run('dnssec-keygen', '-q', '-a', 'ECDSAP256SHA256', zone)
    const span = signed === true ? [] : ['-s', stampOf(signed.from), '-e', stampOf(signed.to)]
    run('dnssec-signzone', '-q', '-S', '-P', ...span, '-o', zone, '-f', served, plain)
  }
  writeFileSync(served, tamper(readFileSync(signed ? served : plain, 'utf8')))
  return signed ? anchorOf(dir, zone) : []
}

const absolute = (zone: string) => (zone === '.' ? zone : `${zone}.`)
const fileOf = (zone: string) => (zone === '.' ? 'root' : zone)
/** `YYYYMMDDHHMMSS` in UTC, as dnssec-signzone takes it. */
const stampOf = (moment: Date) => moment.toISOString().replace(/\D/g, '').slice(0, 14)

function anchorOf(dir: string, zone: string): string[] {
  const keys = readdirSync(dir).filter((file) => file.startsWith(`K${absolute(zone)}+`) && file.endsWith('.key'))
  const records = keys.map((file) => /DNSKEY 257 (\d+) (\d+) (.+)$/m.exec(readFileSync(join(dir, file), 'utf8')))
  return records.flatMap((key) => (key ? [`${absolute(zone)} static-key 257 ${key[1]} ${key[2]} "${key[3]}";`] : []))
}
