import { describe, expect, it } from 'vitest'
import { CATEGORIES, SEVERITIES, SOURCE_IDS } from '#shared/audit-words'
import { ACTIONS, COMMON_DATA, kindOf, sourceAction, SOURCES } from '.'
import { classificationOf } from './classification'
import type { ActionKind } from './contract'

const all: [string, ActionKind][] = [
  ...Object.entries(ACTIONS),
  ...SOURCE_IDS.flatMap((id) => [
    ...Object.entries(SOURCES[id].known),
    ...Object.entries(SOURCES[id].families).map(([beginning, kind]): [string, ActionKind] => [beginning || `${id}.`, kind]),
  ]),
]

/** What a sentence may name that is no key of data. */
const FIELDS = ['actor', 'resource', 'tenant', 'action']

describe('the catalogue of actions', () => {
  it.each(all)('%s is a dotted verb of a known category and severity', (action, { category, severity }) => {
    expect(action).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z0-9._-]*$/)
    expect(CATEGORIES).toContain(category)
    expect(SEVERITIES).toContain(severity)
  })

  it.each(all)('the sentence of %s names only what the event holds', (_, kind) => {
    const known = [...FIELDS, ...Object.keys({ ...COMMON_DATA, ...kind.data, ...kind.personal })]
    for (const sentence of [kind.sentence, kind.failed ?? kind.sentence])
      expect(known).toEqual(expect.arrayContaining([...sentence.matchAll(/\{(.*?)\}/g)].map(([, name]) => name)))
  })

  it.each(all)('%s holds no key twice, and none that sounds like a secret', (_, { data = {}, personal = {} }) => {
    const keys = [...Object.keys(data), ...Object.keys(personal), ...Object.keys(COMMON_DATA)]
    expect(new Set(keys).size).toBe(keys.length)
    for (const key of keys) expect(key).not.toMatch(/^(.*(token|secret|credential|privatekey|body|subject|content)|password)$/i)
  })

  it('has every category that something is recorded in', () => {
    const used = new Set(all.map(([, { category }]) => category))
    expect(CATEGORIES.filter((category) => !used.has(category))).toEqual(['flags'])
  })
})

describe('what a source says', () => {
  it.each([
    ['authentik', 'login', 'authentik.login'],
    ['stalwart', 'auth.too-many-attempts', 'stalwart.auth.too-many-attempts'],
    ['generic', 'Order Placed!', 'generic.order_placed_'],
    ['authentik', 'custom_Größe\u0000 “x”', 'authentik.custom_gr_e_x_'],
    ['ocis', '', 'ocis.unknown'],
    ['ocis', '🗂', 'ocis.unknown'],
    ['generic', '../../etc/passwd', 'generic..._.._etc_passwd'],
    ['generic', 'x'.repeat(500), `generic.${'x'.repeat(80)}`],
  ] as const)('%s %j is %s', (source, raw, action) => {
    expect(sourceAction(source, raw)).toBe(action)
  })

  it.each([
    ['authentik.login', 'authentication', 'low'],
    ['authentik.custom_backup', 'identity', 'low'],
    ['authentik.holodeck', 'identity', 'medium'],
    ['stalwart.security.scan-ban', 'access', 'high'],
    ['stalwart.security.new-ban', 'access', 'high'],
    ['stalwart.dkim.signature-retired', 'configuration', 'medium'],
    ['stalwart.dkim.pass', 'mail', 'low'],
    ['ocis.file_viewed', 'files', 'low'],
    ['generic.organization_created', 'tenant', 'medium'],
    ['generic.anything', 'system', 'low'],
  ])('%s is of %s, %s', (action, category, severity) => {
    expect(kindOf(action)).toMatchObject({ category, severity })
  })

  it.each(['tenant.exploded', 'authentikx.login', 'constructor'])('but %s is nothing', (action) => {
    expect(kindOf(action)).toBeUndefined()
  })

  // Requirement A3: the types that senders may use.
  it.each([
    ...['create', 'update', 'delete', 'login', 'logout', 'password_change', 'permission_grant', 'permission_revoke'],
    ...['permission_update', 'role_change', 'system_config_change', 'bulk_operation'],
    ...['asset_upload', 'organization_create', 'media_share', 'chat_message', 'booking_cancel'],
  ])('%s of any sender has a kind of its own', (type) => {
    expect(kindOf(sourceAction('generic', type))).not.toBe(SOURCES.generic.families[''])
  })
})

describe('classification', () => {
  it.each([
    ['user.signed_in', { personalData: true, regulations: ['LGPD', 'GDPR', 'ISO 27001'], retention: 'security' }],
    ['tenant.updated', { personalData: false, regulations: ['ISO 27001'], retention: 'change' }],
    ['check.changed', { personalData: false, regulations: [], retention: 'operation' }],
    ['stalwart.auth.failed', { personalData: true, regulations: ['LGPD', 'GDPR', 'ISO 27001'], retention: 'security' }],
    ['audit.verified', { personalData: false, regulations: ['ISO 27001'], retention: 'evidence' }],
  ] as const)('%s', (action, classification) => {
    expect(classificationOf(kindOf(action))).toEqual(classification)
  })
})
