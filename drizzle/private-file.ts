import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes an empty file that only its owner may read, when it is not there, and its folder likewise. SQLite gives its log the same mode.
 * One that is there is never opened: to close it again would take away all locks that connections of this process have on it (POSIX), by
 * which SQLite tells other processes that the database is in use.
 */
export function makePrivateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  if (existsSync(file)) accessSync(file, constants.W_OK)
  else closeSync(openSync(file, 'a', 0o600))
}
