import { isIP } from 'node:net'
import type { CheckTarget, Verdict } from '../collectors/contract'
import { parseFrontend } from '../collectors/look'
import { aliasTarget, isSeen, type PlannedSet, type RecordKind, type Verdicts } from './contract'

/** The look that found out the addresses of the webmail name. */
const lookOf = ({ webmail_http: page, cert_le: certificate }: Verdicts) => [page, certificate].find(isSeen)

function addressesAt(verdict: Verdict | undefined, name: string, type: 'A' | 'AAAA'): string[] {
  return verdict?.evidence.lookups.find((lookup) => lookup.name === name && lookup.type === type)?.values ?? []
}

/** One family of the webmail name: what stands there when a front end of ours is among it, else the front ends. */
function plannedAddresses(found: string[], ours: string[]): string[] {
  const kept = found.filter((address) => ours.includes(address))
  return kept.length > 0 || ours.length === 0 ? (ours.length === 0 ? found : kept) : ours
}

function planned(target: CheckTarget, name: string, verdicts: Verdicts): PlannedSet[] {
  const look = lookOf(verdicts)
  const ours = [...new Set((target.mailHost?.frontends ?? []).map((frontend) => parseFrontend(frontend).address))]
  const families = (['A', 'AAAA'] as const).map((type) => {
    const found = addressesAt(look, name, type)
    return {
      type,
      found,
      wanted: plannedAddresses(
        found,
        ours.filter((address) => isIP(address) === (type === 'A' ? 4 : 6)),
      ),
    }
  })
  const alias = aliasTarget(look, name)
  const isOurs = families.some(({ found, wanted }) => found.length > 0 && wanted.every((address) => found.includes(address)))
  if (alias && isOurs) return [{ name, type: 'CNAME', found: [`${alias}.`], wanted: [`${alias}.`], note: null }]
  const note = alias && `In the place of the alias of ${alias}, which has to go.`
  return families
    .filter(({ found, wanted }) => found.length + wanted.length > 0)
    .map(({ type, found, wanted }) => ({ name, type, found, wanted, note }))
}

export const webmail: RecordKind = {
  label: 'Webmail',
  check: 'webmail_http',
  plan(target, verdicts) {
    const { webmailHost: name, domain } = target
    // A name in another zone is not the domain's to publish.
    return name === domain || name?.endsWith(`.${domain}`) ? planned(target, name, verdicts) : []
  },
}
