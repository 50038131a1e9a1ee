import { appendFile, copyFile, readdir, rename, truncate } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** The audit service of OCIS, as far as a reader of its file sees it: opens, appends one line, closes, for every event. */
export class OcisAuditLog {
  constructor(readonly path: string) {}

  /** Fields that an action does not have are left out; what the service never fills is there, and empty. */
  async write(fields: { Action: string; Message: string } & Record<string, unknown>): Promise<void> {
    const base = { RemoteAddr: '', User: '', URL: '', Method: '', UserAgent: '', Time: '', App: 'admin_audit' }
    await this.writeRaw(`${goJson({ ...base, CLI: false, Level: 1, ...fields })}\n`)
  }

  /** Whatever else may come to stand in the file: half a line, a line of another service. */
  async writeRaw(text: string | Buffer): Promise<void> {
    await appendFile(this.path, text, { mode: 0o644 })
  }

  /** Rotates as logrotate does, the older files moving up by one: `create` renames, `copytruncate` copies and empties. */
  async rotate(how: 'create' | 'copytruncate'): Promise<void> {
    for (const number of await this.rotated()) await rename(`${this.path}.${number}`, `${this.path}.${number + 1}`)
    if (how === 'create') return rename(this.path, `${this.path}.1`)
    await copyFile(this.path, `${this.path}.1`)
    await truncate(this.path, 0)
  }

  /** The numbers of the files that rotation left, the oldest first. */
  private async rotated(): Promise<number[]> {
    const names = await readdir(dirname(this.path))
    const prefix = `${basename(join(this.path))}.`
    return names
      .filter((name) => name.startsWith(prefix))
      .map((name) => Number(name.slice(prefix.length)))
      .filter(Number.isInteger)
      .sort((a, b) => b - a)
  }
}

/** Go's `encoding/json` writes these as escapes. */
const goJson = (value: unknown) =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
