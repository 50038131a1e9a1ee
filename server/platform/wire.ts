import { setTimeout } from 'node:timers/promises'
import { openDatabase } from '#drizzle/client'
import type { Config } from './config'
import { type Context, SYSTEM_ACTOR } from './context'
import { createDnsClient } from './dns/client'
import { systemResolvers } from './dns/system-resolvers'
import { createHttpClient } from './http/http-client'
import { createTlsClient } from './http/tls-client'
import { ulid } from './ids'
import { logger } from './log'
import { watchLoop } from './loop-watch'
import { heloName } from './mail/helo-name'
import { createMailClient } from './mail/mail-client'
import { createSecretBox, loadMasterKey } from './secrets'
import { readStandIns } from './stand-ins'

/**
 * The process's world: the one place that touches the clock, chance, the database file and the network. The database must have been migrated.
 * @throws ServiceError STORAGE_UNAVAILABLE when the database cannot be opened
 */
export function createWorld(config: Config): Context {
  const database = openDatabase(config.databaseFile)
  const now = () => Date.now()
  return {
    actor: SYSTEM_ACTOR,
    scope: 'all',
    requestId: 'system',
    config,
    database,
    db: database.read,
    secrets: createSecretBox(loadMasterKey(config.secretKey, config.dataDir)),
    ...createNetwork(config, now),
    log: logger,
    now,
    newId: (prefix) => (prefix ? `${prefix}_${ulid(now())}` : ulid(now())),
    random: Math.random,
    pause: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
    lagMs: watchLoop(),
  }
}

/** The network as checks see it; the command line uses it without a database. */
export function createNetwork(
  config: Pick<Config, 'dnsServers' | 'allowNets' | 'baseUrl' | 'demoFile'>,
  now: () => number,
): Pick<Context, 'dns' | 'http' | 'tls' | 'mail'> {
  const servers = config.dnsServers.length > 0 ? [...config.dnsServers] : systemResolvers()
  const reach = { allowNets: [...config.allowNets], portAt: readStandIns(config.demoFile) }
  return {
    dns: createDnsClient({ ...reach, servers, now }),
    http: createHttpClient(reach),
    tls: createTlsClient(reach),
    mail: createMailClient({ ...reach, helo: heloName(config.baseUrl) }),
  }
}
