import { describe, expect, it } from 'vitest'
import { NOW } from '../../../../../tests/helpers/check-facts'
import { extendedTargetOf, zoneWorld } from '../../../../../tests/helpers/extended'
import { LIST, ZONE } from '../../../../../tests/reasons/extended/domain-expiry'
import { domainExpiry } from '../domain-expiry'
import { parseBootstrap, serviceFor } from './rdap'

describe('domain_expiry', () => {
  it('says nothing about a registry whose host has no address that is known', async () => {
    const http = { request: () => Promise.resolve(LIST) }
    const target = extendedTargetOf()
    const world = zoneWorld({ ...ZONE, 'A rdap.example': 'servfail' }, { http })
    expect(domainExpiry.evaluate(await domainExpiry.collect(world, target), target, NOW)).toMatchObject({
      reason: 'dns-servfail',
    })
  })

  it('finds the service of the longest suffix', () => {
    const services = parseBootstrap(
      JSON.stringify({
        services: [
          [['UK'], ['https://a.example/']],
          [['co.uk'], ['https://b.example/']],
        ],
      }),
    )!
    expect(serviceFor(services, 'example.co.uk')).toBe('https://b.example/')
    expect(serviceFor(services, 'example.org.uk')).toBe('https://a.example/')
    expect(serviceFor(services, 'uk')).toBeNull()
  })
})
