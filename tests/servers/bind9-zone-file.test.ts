import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckTarget } from '#server/services/checks/collectors/contract'
import { RECORD_KINDS } from '#server/services/checks/records'
import { zoneFile } from '#server/services/checks/records/zone-file'
import { DOMAIN, targetOf } from '../helpers/check-facts'

/** Longer than the 255 octets that one string may have. */
const KEY = generateKeyPairSync('rsa', { modulusLength: 4096 })
  .publicKey.export({ type: 'spki', format: 'der' })
  .toString('base64')
const LONG: CheckTarget = targetOf({ dkim: [{ selector: 's2026', publicKey: KEY }] })
const extra = (text: string) => ({ name: `extra.${DOMAIN}`, type: 'TXT', wanted: [text] })

describe('a zone file of ours', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vigia-zone-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each<[string, { name: string; type: string; wanted: string[] }[]]>([
    ['all records of a domain', Object.values(RECORD_KINDS).flatMap((kind) => kind.plan(LONG, {}))],
    ['a key of several strings', [extra(`v=DKIM1; k=rsa; p=${KEY}`)]],
    ['quotes, backslashes, semicolons and octets that are no ASCII', [extra('n="a\\b"; é \u0000 \t;')]],
    ['an empty text', [extra('')]],
  ])('is loaded by BIND: %s', (_, sets) => {
    const file = join(folder, 'zone')
    const head = `$ORIGIN ${DOMAIN}.\n$TTL 60\n@ IN SOA ns.other.test. h.other.test. 1 2 3 4 5\n@ IN NS ns.other.test.\n`
    writeFileSync(file, head + zoneFile(DOMAIN, sets, ['a remark']))
    const { status, stdout } = spawnSync('/usr/bin/named-checkzone', ['-D', '-i', 'none', DOMAIN, file], { encoding: 'utf8' })
    expect(status, stdout).toBe(0)
    for (const { name } of sets) expect(stdout).toContain(`${name}.`)
  })
})
