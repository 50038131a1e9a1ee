import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readStandIns } from './stand-ins'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'vigia-stand-ins-'))))
afterAll(() => rmSync(folder, { recursive: true }))

function read(standIns: unknown) {
  const file = join(folder, 'sample.json')
  writeFileSync(file, JSON.stringify({ standIns }))
  return readStandIns(file)
}

describe('the stand-ins of the sample world', () => {
  it('take the place of one port of one address each', () => {
    const portAt = read([
      { address: '127.20.1.25', port: 25, at: 40_025 },
      { address: '::1', port: 443, at: 40_443 },
    ])
    expect(portAt('127.20.1.25', 25)).toBe(40_025)
    expect(portAt('::1', 443)).toBe(40_443)
    expect(portAt('127.20.1.26', 25)).toBe(25)
    expect(portAt('127.20.1.25', 443)).toBe(443)
    expect(portAt('8.8.8.8', 25)).toBe(25)
  })

  it('are none outside the demo, and in a sample that names none', () => {
    expect(readStandIns(null)('127.20.1.25', 25)).toBe(25)
    expect(read(undefined)('127.20.1.25', 25)).toBe(25)
  })

  it.each([['192.0.2.1'], ['10.0.0.1'], ['2001:db8::1'], ['mail.example'], ['::ffff:127.0.0.1']])(
    'are never taken for %s, which is not this machine itself',
    (address) => {
      expect(() => read([{ address, port: 25, at: 40_025 }])).toThrow('VIGIA_DEMO: the file of a sample')
    },
  )
})
