import { describe, expect, it } from 'vitest'
import { DomainInput, DomainPatch, TenantInput, TenantPatch } from '#shared/schemas/tenants'
import { domainInput, domainPatch, domainValues, NEW_DOMAIN } from './domain-form'
import { NEW_TENANT, tenantInput, tenantPatch, tenantValues } from './tenant-form'

describe('the forms of tenants and domains', () => {
  it('leave out what was left empty', () => {
    expect(TenantInput.parse(tenantInput({ ...NEW_TENANT, name: 'Acme', slug: 'acme' }))).toEqual({ name: 'Acme', slug: 'acme' })
    const input = domainInput({ ...NEW_DOMAIN, domain: ' acme.example ', dkim: [{ selector: 's1', publicKey: ' ' }] })
    expect(DomainInput.parse(input)).toMatchObject({ domain: 'acme.example', mailHostId: null, dkim: [{ selector: 's1' }] })
  })

  it('send only what was changed, and null for what was emptied', () => {
    const tenant = tenantValues({ name: 'Acme', slug: 'acme', plan: 'pro', partner: { id: 'p' }, version: 3 })
    expect(TenantPatch.parse(tenantPatch({ ...tenant, plan: '' }, tenant))).toEqual({ plan: null, version: 3 })
    const domain = domainValues({ ...NEW_DOMAIN, domain: 'a.example', dkim: [{ selector: 's1' }], version: 2 })
    expect(DomainPatch.parse(domainPatch({ ...domain, sends: false }, domain))).toEqual({ sends: false, version: 2 })
  })
})
