import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scripts } from '../../package.json'

const ROOT = join(import.meta.dirname, '..', '..')
const FILES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs', 'docs/adr'].flatMap((path) =>
  path.endsWith('.md')
    ? [path]
    : readdirSync(join(ROOT, path)).flatMap((name) => (name.endsWith('.md') ? [join(path, name)] : [])),
)
const CODE = /(?:^|[^\w/.])((?:bench|composables|docs|drizzle|scripts|server|shared|tests|world)\/[\w./*-]+\.(?:ts|mjs|md|json))/g
const LINK = /\]\(([^):]+?)(?:#[^)]*)?\)/g
const COMMAND = /npm run (?:-s |--silent )?([\w:]+)/g

const named = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name!))]

/** A file, or with a star any file that fits. */
function exists(path: string): boolean {
  if (!path.includes('*')) return existsSync(join(ROOT, path))
  const [before, after] = basename(path).split('*')
  return readdirSync(join(ROOT, dirname(path))).some((name) => name.startsWith(before!) && name.endsWith(after!))
}

describe.each(FILES)('%s', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8')

  it('names no file that is not there', () => {
    const linked = named(text, LINK).map((path) => join(dirname(file), path))
    expect([...named(text, CODE), ...linked].filter((path) => !exists(path))).toEqual([])
  })

  it('names no command that is not there', () => {
    expect(named(text, COMMAND).filter((name) => !(name in scripts))).toEqual([])
  })
})
