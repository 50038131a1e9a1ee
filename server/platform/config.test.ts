import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config'

const problemsOf = (env: Record<string, string>): string[] => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    return (error as ConfigError).problems
  }
}

describe('the settings', () => {
  it('have defaults for a single machine', () => {
    const config = readConfig({})
    expect(config).toMatchObject({ baseUrl: 'http://127.0.0.1:3000', oidc: null, auditIntervalSec: 600, bootstrapToken: null })
    expect(Object.isFrozen(config)).toBe(true)
  })

  it.each([
    ['VIGIA_TYPO', 'x'],
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['VIGIA_BASE_URL', 'ftp://portal.example'],
    ['VIGIA_DNS_SERVERS', 'resolver.example'],
    ['VIGIA_DNS_SERVERS', '192.0.2.53:99999'],
    ['VIGIA_ALLOW_NETS', '10.0.0.0'],
    ['VIGIA_TRUSTED_PROXIES', 'proxy'],
    ['VIGIA_BOOTSTRAP_TOKEN', 'too-short-a-token'],
    ['VIGIA_SECRET_KEY', 'short'],
    ['VIGIA_CANARY', 'example.org'],
    ['VIGIA_CANARY', 'example.org HINFO'],
    ['VIGIA_CANARY', 'example.org ns'],
    ['AUDIT_INTERVAL_SEC', '5'],
    ['AUDIT_INGEST_ENABLED', 'no'],
    ['AUDIT_INGEST_SECRET', 'a-long-enough-secret,tooshort'],
    ['AUTHENTIK_URL', 'https://user:pass@id.example'],
    ['OCIS_AUDIT_LOG_PATH', 'audit.log'],
  ])('stop the start when %s is %s, naming it and never its value', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(name)
    expect(problems[0]!.replace(name, '')).not.toContain(value)
  })

  it('name every problem at once', () => {
    expect(problemsOf({ PORT: 'x', VIGIA_TYPO: '1', VIGIA_SECRET_KEY: 'y' })).toHaveLength(3)
  })

  it('want a client secret with an issuer', () => {
    expect(problemsOf({ VIGIA_OIDC_ISSUER: 'https://id.example/application/o/vigia/' })[0]).toContain('VIGIA_OIDC_CLIENT_SECRET')
  })

  it('take an empty value as not set', () => {
    expect(readConfig({ VIGIA_OIDC_ISSUER: '', PORT: '' }).port).toBe(3000)
  })

  it('take the canary apart', () => {
    expect(readConfig({}).canary).toEqual({ name: '.', type: 'NS' })
    expect(readConfig({ VIGIA_CANARY: 'example.org AAAA' }).canary).toEqual({ name: 'example.org', type: 'AAAA' })
  })

  it.each(['192.0.2.53', '192.0.2.53:5353', '[2001:db8::53]:53', '2001:db8::53'])('accept the resolver %s', (server) => {
    expect(readConfig({ VIGIA_DNS_SERVERS: server }).dnsServers).toEqual([server])
  })
})
