import { normaliseDomain } from '#server/services/tenants'

/** The form in which a domain is stored; what cannot be one stays as it is and is found nowhere. */
export function storedForm(domain: string): string {
  const normalised = normaliseDomain(domain)
  return normalised.ok ? normalised.domain : domain
}
