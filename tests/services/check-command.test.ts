import { execFile, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CheckDocument, CheckReport } from '#shared/schemas/check-report'
import { CHECK_IDS } from '#shared/schemas/checks'
import { main } from '../../scripts/check/main'
import { startWorld, type World } from '../../world'
import { compileProgram } from '../helpers/compiled-process'

const root = fileURLToPath(new URL('../..', import.meta.url))
let world: World
let folder: string
let command: Awaited<ReturnType<typeof compileProgram>>
beforeAll(async () => {
  command = await compileProgram('scripts/check.ts')
  folder = await mkdtemp(join(tmpdir(), 'vigia-check-'))
  world = await startWorld({ caFile: join(folder, 'ca.pem') })
})
afterAll(async () => {
  await world.close()
  command.remove()
  await rm(folder, { recursive: true })
})

interface Ended {
  status: number
  out: string
  error: string
}

/** Starts the command in a process of its own, in the settings of the sample world; without a folder for a database. */
function start(args: string[], resolvers: readonly string[] = world.resolvers): ChildProcess {
  const env = { PATH: process.env.PATH, VIGIA_ALLOW_NETS: world.allowNets.join(','), NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }
  const asking = resolvers.flatMap((resolver) => ['--resolver', resolver])
  return execFile(process.execPath, [command.file, ...args, ...asking], {
    cwd: root,
    env,
    maxBuffer: 1 << 26,
  })
}

async function ended(child: ChildProcess): Promise<Ended> {
  const result: Ended = { status: 0, out: '', error: '' }
  child.stdout?.on('data', (data) => (result.out += String(data)))
  child.stderr?.on('data', (data) => (result.error += String(data)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { ...result, status: code ?? -1 }
}

const check = (...args: string[]) => ended(start(args))

/** The file of the mail host that a domain of the world is on, with its DKIM keys. */
async function mailHostFile(domain: string): Promise<string> {
  const found = world.domains().find((one) => one.body.domain === domain)
  const host = world.mailHosts().find((one) => one.name === found?.mailHost)
  const path = join(folder, `${domain}.json`)
  await writeFile(path, JSON.stringify({ ...host, dkim: found?.body.dkim }))
  return path
}

describe('npm run check', () => {
  it('ends with 0 for a healthy domain, and its JSON has all eight verdicts', async () => {
    const { status, out } = await check('umbrella.example', '--json', '--mail-host', await mailHostFile('umbrella.example'))
    const [report] = JSON.parse(out).domains
    expect(report).toMatchObject({ domain: 'umbrella.example', score: 8, max: 8, status: 'healthy' })
    expect(report.checks.map((one: { checkId: string }) => one.checkId)).toEqual([...CHECK_IDS])
    expect(status).toBe(0)
  })

  it('ends with 1 when a check fails, and says what to publish', async () => {
    const { status, out } = await check('Acme.Example.', '--mail-host', await mailHostFile('acme.example'))
    expect(out).toMatch(/^acme\.example {2}6\/8 {2}failing$/m)
    expect(out).toMatch(/✗ Certificate +fail +.*expired/)
    expect(out).not.toContain('\u001b[')
    expect(status).toBe(1)
  })

  it('ends with 2 when none fails but one is unknown', async () => {
    const { status, out } = await check('rafaellab.pt')
    expect(out).toContain('SERVFAIL')
    expect(status).toBe(2)
  })

  it('judges DNS alone without a mail host', async () => {
    const { status, out } = await check('casalusa.pt', '--json')
    const [report] = JSON.parse(out).domains
    expect(report).toMatchObject({ score: 3, max: 3, status: 'healthy' })
    expect(status).toBe(0)
  })

  it('takes a list from standard input, tells its progress apart, and keeps the order', async () => {
    const child = start(['--file', '-', '--json-lines', 'casalusa.pt'])
    child.stdin?.end('# customers\n\nrafaellab.pt   # down today\r\nUmbrella.Example.\ncasalusa.pt\n')
    const { status, out, error } = await ended(child)
    const reports = out
      .trim()
      .split('\n')
      .map((line) => CheckReport.strict().parse(JSON.parse(line)))
    expect(reports.map((report) => report.domain)).toEqual(['casalusa.pt', 'rafaellab.pt', 'umbrella.example'])
    expect(error).toMatch(/^1\/3 casalusa\.pt healthy\n2\/3 rafaellab\.pt unknown\n3\/3 umbrella\.example \w+\n$/)
    expect(status).toBe(2)
  })

  it('prints one document for several domains, which its schema knows', async () => {
    const list = join(folder, 'list.txt')
    await writeFile(list, 'casalusa.pt\nacme.example\n')
    const { status, out } = await check('--json', '--file', list)
    expect(CheckDocument.parse(JSON.parse(out)).domains.map((report) => report.domain)).toEqual(['casalusa.pt', 'acme.example'])
    expect(status).toBe(0)
  })

  it('stops quietly when the reader has enough', async () => {
    const child = start(['--json-lines', ...world.domains().map((one) => one.body.domain)])
    child.stdout?.once('data', () => child.stdout?.destroy())
    const { status, error } = await ended(child)
    expect(error).not.toMatch(/EPIPE|at .*\.ts/)
    expect(status).toBe(0)
  })

  it('ends at Ctrl-C although no resolver answers, and prints no half document', async () => {
    const silent = createSocket('udp4')
    await new Promise<void>((bound) => silent.bind(0, '127.0.0.1', bound))
    const child = start(['casalusa.pt', '--json'], [`127.0.0.1:${silent.address().port}`])
    silent.once('message', () => child.kill('SIGINT'))
    const { status, out } = await ended(child)
    silent.close()
    expect(out).toBe('')
    expect(status).toBe(130)
  })

  it('never prints the password of the mail host', async () => {
    const path = await mailHostFile('bergenregnskap.no')
    const { status, out, error } = await check('bergenregnskap.no', '--json', '--mail-host', path)
    expect(status).toBe(2)
    expect(out + error).not.toContain('changed-last-week')
  })
})

describe('wrong usage', () => {
  const run = async (argv: string[], env: Record<string, string> = {}): Promise<Ended> => {
    const ended = { status: 0, out: '', error: '' }
    ended.status = await main({
      argv,
      env,
      isTty: false,
      out: (text) => void (ended.out += text),
      error: (text) => void (ended.error += text),
      readList: (path) => readFile(path, 'utf8'),
      stop: new AbortController().signal,
    })
    return ended
  }

  it.each<[string, string[], RegExp]>([
    ['no domain', [], /domain is missing/],
    ['an option that is not there', ['umbrella.example', '--fast'], /--fast/],
    ['a single label', ['localhost'], /single label/],
    ['a resolver that is a name', ['umbrella.example', '--resolver', 'dns.example'], /--resolver dns\.example/],
    ['a list that is not there', ['--file', '/nowhere.txt'], /--file \/nowhere\.txt: the file cannot be read/],
    ['a list with something else in it', ['--file', 'README.md'], /--file README\.md, line \d+: /],
    ['two kinds of JSON', ['umbrella.example', '--json', '--json-lines'], /exclude each other/],
    ['a file that is not there', ['umbrella.example', '--mail-host', '/nowhere.json'], /cannot be read/],
  ])('ends with 3 and says why: %s', async (_, argv, reason) => {
    const { status, out, error } = await run(argv)
    expect(error).toMatch(reason)
    expect(error).toContain('Usage:')
    expect(out).toBe('')
    expect(status).toBe(3)
  })

  it('names the wrong field of a mail host file and not its value', async () => {
    const path = join(folder, 'wrong.json')
    await writeFile(path, JSON.stringify({ name: 'x', healthUrl: 'ftp://secret.example/', webmail: { marker: 'm' } }))
    const { status, error } = await run(['umbrella.example', '--mail-host', path])
    expect(error).toContain('healthUrl')
    expect(error).not.toContain('secret.example')
    expect(status).toBe(3)
  })

  it('stops at a setting that does not exist', async () => {
    const { status, error } = await run(['umbrella.example'], { VIGIA_RESOLVERS: '192.0.2.53' })
    expect(error).toContain('VIGIA_RESOLVERS')
    expect(status).toBe(3)
  })

  it('shows its usage when asked, and that is no error', async () => {
    expect(await run(['--help'])).toMatchObject({ status: 0, error: '' })
  })
})
