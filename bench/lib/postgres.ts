import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PostgreSQL server of its own, as Debian configures it, on a socket in a folder of its own. */
export interface Postgres {
  /** `15.13`. */
  version: string
  /** Runs the statements of a file. */
  run(file: string): void
  end(): Promise<void>
}

const DEBIAN = '/usr/lib/postgresql'

/** Null where PostgreSQL is not installed. */
export function startPostgres(): Postgres | null {
  const [newest] = (existsSync(DEBIAN) ? readdirSync(DEBIAN) : []).sort((a, b) => Number(b) - Number(a))
  if (newest === undefined || !existsSync(join(DEBIAN, newest, 'bin/initdb'))) return null
  const folder = mkdtempSync(join(tmpdir(), 'vigia-postgres-'))
  const owner = ownerOf(folder)
  const callWith = (input: number | 'ignore', program: string, ...args: string[]) =>
    execFileSync(join(DEBIAN, newest, 'bin', program), args, { ...owner, cwd: folder, stdio: [input, 'pipe', 'inherit'] })
  const call = (program: string, ...args: string[]) => callWith('ignore', program, ...args)
  const data = join(folder, 'data')
  call('initdb', '-D', data, '-A', 'trust', '-U', 'bench', '--no-locale', '-E', 'UTF8')
  // Its output goes to a file: a pipe that the server inherits would never end.
  const options = `-c listen_addresses='' -c unix_socket_directories='${folder}'`
  call('pg_ctl', '-D', data, '-l', join(folder, 'log'), '-o', options, '-w', 'start')
  return {
    version: String(call('postgres', '--version')).match(/[\d.]+/)![0],
    run(file) {
      // Read here: the server's own user may not see the folder that it lies in.
      const input = openSync(file, 'r')
      callWith(input, 'psql', '-h', folder, '-U', 'bench', '-d', 'postgres', '-q', '-v', 'ON_ERROR_STOP=1')
      closeSync(input)
    },
    end() {
      call('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop')
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}

/** PostgreSQL does not run as root: then it is the user that Debian made for it. */
function ownerOf(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (option: string) => Number(execFileSync('id', [option, 'postgres']))
  const owner = { uid: id('-u'), gid: id('-g') }
  chownSync(folder, owner.uid, owner.gid)
  chmodSync(folder, 0o755)
  return owner
}
