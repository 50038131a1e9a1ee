import type { z } from 'zod'
import type { TenantInput, TenantPatch } from '#shared/schemas/tenants'
import { changesOnly } from '../form-merge'

export interface TenantFormValues {
  name: string
  slug: string
  plan: string
  partnerId: string
  version: number
}

interface TenantLike {
  name: string
  slug: string
  plan: string | null
  partner: { id: string } | null
  version: number
}

export const NEW_TENANT: TenantFormValues = { name: '', slug: '', plan: '', partnerId: '', version: 0 }

export const TENANT_LABELS: Record<string, string> = { name: 'Name', slug: 'Slug', plan: 'Plan', partnerId: 'Partner' }

/** A tenant as the fields of its form hold it. */
export const tenantValues = (tenant: TenantLike): TenantFormValues => ({
  name: tenant.name,
  slug: tenant.slug,
  plan: tenant.plan ?? '',
  partnerId: tenant.partner?.id ?? '',
  version: tenant.version,
})

/** The body that makes a tenant; empty fields are left out. */
export const tenantInput = ({ name, slug, plan, partnerId }: TenantFormValues): z.input<typeof TenantInput> => ({
  name,
  slug,
  ...(plan.trim() && { plan }),
  ...(partnerId && { partnerId }),
})

/** The body that changes a tenant: only what was changed, an emptied field as null. */
export function tenantPatch(values: TenantFormValues, base: TenantFormValues): z.input<typeof TenantPatch> {
  const { name, plan, partnerId } = changesOnly(values, base)
  return {
    version: values.version,
    ...(name !== undefined && { name }),
    ...(plan !== undefined && { plan: plan.trim() || null }),
    ...(partnerId !== undefined && { partnerId: partnerId || null }),
  }
}
