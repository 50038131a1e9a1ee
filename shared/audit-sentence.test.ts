import { describe, expect, it } from 'vitest'
import { sentenceOf, sentencePartsOf, type TellableEvent } from './audit-sentence'

const suspended: TellableEvent = {
  template: '{actor} suspended tenant {resource}',
  action: 'tenant.suspended',
  actorType: 'user',
  actorId: 'u_anna',
  actorEmail: 'anna@example.org',
  resourceType: 'tenant',
  resourceId: 't_1',
  resourceName: 'Acme',
}

describe('the sentence of an event', () => {
  it.each<[string, Partial<TellableEvent>, string]>([
    ['by the names of both', {}, 'anna@ suspended tenant Acme'],
    ['by the person’s name without an address', { actorEmail: null, actorName: 'Anna Lima' }, 'Anna Lima suspended tenant Acme'],
    ['by an id when the person was erased', { actorEmail: null }, 'u_anna suspended tenant Acme'],
    ['by the portal', { actorEmail: null, actorType: 'system', actorId: 'system' }, 'The portal suspended tenant Acme'],
    ['by nobody known', { actorEmail: null, actorType: 'service', actorId: 'anonymous' }, 'Somebody suspended tenant Acme'],
    [
      'of what is gone, by its name then',
      { resourceName: null, metadata: { name: 'Acme GmbH' } },
      'anna@ suspended tenant Acme GmbH',
    ],
    [
      'of a renamed thing, by its new name',
      { resourceName: null, metadata: { 'name.before': 'A', 'name.after': 'B' } },
      'anna@ suspended tenant B',
    ],
    ['of a thing without a name, by its id', { resourceName: null }, 'anna@ suspended tenant t_1'],
    ['with what is known', { template: '{actor} did it[ to {tenant}]', tenantSlug: 'acme' }, 'anna@ did it to acme'],
    ['without what is not', { template: '{actor} did it[ to {tenant}][ in vain]' }, 'anna@ did it in vain'],
    ['with numbers and flags', { template: '{n} of {on}', metadata: { n: 0, on: false } }, '0 of false'],
    ['with a mark where a value had to be', { template: '{actor} did {what}' }, 'anna@ did ?'],
    ['with a check by its name', { template: '{checkId} fails', metadata: { checkId: 'webmail_http' } }, 'Webmail fails'],
    ['with a check of another version by its id', { template: '{checkId} fails', metadata: { checkId: 'x_1' } }, 'x_1 fails'],
    ['by its action', { template: '{action} happened' }, 'tenant.suspended happened'],
    ['never by what every object has', { template: '{actor}[ {constructor}]', metadata: {} }, 'anna@'],
    ['with braces of a name as they are', { resourceName: '{actor} [x]' }, 'anna@ suspended tenant {actor} [x]'],
    ['with markup of a name as it is', { resourceName: '<b>' }, 'anna@ suspended tenant <b>'],
  ])('%s', (_, change, sentence) => {
    expect(sentenceOf({ ...suspended, ...change })).toBe(sentence)
  })

  it('comes in pieces for a page', () => {
    expect(sentencePartsOf(suspended)).toEqual([
      { kind: 'actor', text: 'anna@' },
      { kind: 'words', text: ' suspended tenant ' },
      { kind: 'resource', text: 'Acme' },
    ])
  })
})
