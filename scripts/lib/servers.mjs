// The real servers that tests/servers runs: installed from Debian where this is root, otherwise told which tests are left out.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** The tests of a server are the files whose names begin with its package's. */
const SERVERS = [
  { package: 'bind9', program: '/usr/sbin/named' },
  { package: 'nginx', program: '/usr/sbin/nginx' },
  { package: 'postfix', program: '/usr/sbin/postfix' },
]
const POLICY = '/usr/sbin/policy-rc.d'

const missing = () => SERVERS.filter((server) => !existsSync(server.program))

/** Installs what is missing, when that can be done here. Answers the path prefixes of the tests that can run, and the packages left out. */
export function prepareServers() {
  if (missing().length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) install(missing())
  const leftOut = missing().map((server) => server.package)
  const present = SERVERS.filter((server) => !leftOut.includes(server.package))
  return { paths: present.map((server) => `tests/servers/${server.package}`), leftOut }
}

function install(servers) {
  const packages = servers.map((server) => server.package)
  console.log(`Installing ${packages.join(', ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env })
  // The tests bring their own settings; the machine's mail is not ours to set up.
  const answers = 'postfix postfix/main_mailer_type select No configuration\n'
  if (packages.includes('postfix')) spawnSync('debconf-set-selections', { input: answers, env })
  withoutStarting(() => {
    const options = ['install', '-y', '--no-install-recommends', ...packages]
    if (apt(...options).status === 0) return
    apt('update')
    apt(...options)
  })
}

/** Debian starts what it installs unless a policy forbids it (invoke-rc.d(8)). */
function withoutStarting(work) {
  if (existsSync(POLICY)) return work()
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    work()
  } finally {
    rmSync(POLICY)
  }
}
