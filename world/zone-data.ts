import { reverseLabels, reverseName } from '#server/services/checks/extended/reverse-name'
import { SELECTOR, type DkimKeys } from './dkim-keys'
import type { NameServersOptions } from './dns/servers'
import type { RecordSet, ZoneData, Zones } from './dns/zones'
import {
  BLOCK_LIST,
  MAIL_HOST_KEYS,
  NAME_SERVERS,
  OTHER_PROVIDER,
  PLACES,
  PROVIDER_ZONE,
  REPORTS_MAILTO,
  ROOT_SERVER,
  hostName,
  mailHost,
  mxNames,
  reverseNameOf,
  type WorldMailHost,
} from './provider'
import { STORIES } from './stories'
import { EXTRA_RECORDS, WITH_AUTOCONFIG } from './stories/hosts'
import { POLICY_RECORDS } from './stories/policies'
import { isHostedElsewhere, webmailName, type DkimKind, type Story } from './story'

/** Named in PTR records, but not there. */
const NOWHERE = mailHost('aarhus').reverse
const DKIM_ALIAS = `${SELECTOR}.dkim.${PROVIDER_ZONE}`
const key = (p: string) => `v=DKIM1; k=rsa; p=${p}`

const DKIM_RECORDS: Record<DkimKind, (keys: DkimKeys) => RecordSet> = {
  ours: (keys) => ({ TXT: [key(keys.ours)] }),
  cname: () => ({ CNAME: [DKIM_ALIAS] }),
  revoked: () => ({ TXT: [key('')] }),
  'other-key': (keys) => ({ TXT: [key(keys.other)] }),
  absent: () => ({}),
  'rsa-1024': (keys) => ({ TXT: [key(keys.rsa1024)] }),
  'rsa-768': (keys) => ({ TXT: [key(keys.rsa768)] }),
  testing: (keys) => ({ TXT: [`v=DKIM1; k=rsa; t=y; p=${keys.ours}`] }),
  'two-keys': (keys) => ({ TXT: [key(keys.ours), key(keys.other)] }),
  none: () => ({}),
}

/** The key that the mail host signs with, as the portal is told. */
export const signingKey = (kind: DkimKind, keys: DkimKeys) =>
  kind === 'rsa-1024' ? keys.rsa1024 : kind === 'rsa-768' ? keys.rsa768 : keys.ours

/** Fills the placeholders of a story's texts from its mail host. */
function fill(text: string, host: WorldMailHost | null): string {
  const values: Record<string, string> = { '{rua}': REPORTS_MAILTO }
  if (host) {
    const [ipv4, ipv6] = host.sendingAddresses
    const [mx1 = '', mx2 = ''] = mxNames(host)
    Object.assign(values, {
      '{mx1}': mx1,
      '{mx2}': mx2,
      '{ours}': `include:_spf.${hostName(host)}`,
      '{ip4}': ipv4,
      '{ip6}': ipv6,
    })
  }
  return text.replace(/\{\w+\}/g, (placeholder) => values[placeholder] ?? placeholder)
}

function webAddresses(story: Story, host: WorldMailHost): RecordSet {
  const at = story.web?.at
  if (at) return { A: [PLACES[at]] }
  if (story.web?.families === 'ipv6') return { AAAA: [PLACES.ipv6] }
  // The non-strict front end's default page is one IPv4 server's; over ::1 the strict hosts answer.
  if (story.web?.unknownToFrontend && !host.strictServerName) return { A: [host.frontend] }
  return { A: [host.frontend], AAAA: [PLACES.ipv6] }
}

/** Records with an empty list are no records. */
const present = (records: Record<string, string[]>): RecordSet =>
  Object.fromEntries(Object.entries(records).filter(([, values]) => values.length > 0))

/** The zone of one sample domain. */
export function zoneOfStory(story: Story, keys: DkimKeys): ZoneData {
  const host = story.mailHost ? mailHost(story.mailHost) : null
  const texts = (values: string[]) => values.map((text) => fill(text, host))
  const mx = story.dns?.mx ?? (host ? mxNames(host).map((name, i) => `${(i + 1) * 10} ${name}`) : [])
  const data: ZoneData = {
    '@': present({
      A: story.dns?.address ? [story.dns.address] : [],
      MX: texts(mx),
      TXT: texts(story.dns?.txt ?? ['v=spf1 {ours} -all']),
    }),
  }
  const dmarc = texts(story.dns?.dmarc ?? ['v=DMARC1; p=reject; rua={rua}'])
  if (dmarc.length > 0) data._dmarc = { TXT: dmarc }
  const dkim = DKIM_RECORDS[story.dkim ?? 'ours'](keys)
  if (Object.keys(dkim).length > 0) data[`${SELECTOR}._domainkey`] = dkim
  if (host) data[webmailName(story).slice(0, -story.domain.length - 1)] = webAddresses(story, host)
  else if (isHostedElsewhere(story)) data.mx = { A: [PLACES.exchangerElsewhere] }
  if (host && WITH_AUTOCONFIG.includes(story.domain)) data.autoconfig = webAddresses(story, host)
  for (const [name, records] of Object.entries({ ...POLICY_RECORDS[story.domain] })) data[name] = { ...data[name], ...records }
  return { ...data, ...EXTRA_RECORDS[story.domain] }
}

/** The provider's own zone: front ends, mail exchangers, SPF of each host, the mailbox for DMARC reports. */
function providerZone(keys: DkimKeys): ZoneData {
  const data: ZoneData = {
    reports: { MX: [`10 mx1.lisboa.${PROVIDER_ZONE}`] },
    // Reports are taken for every domain (RFC 9990).
    '*._report._dmarc.reports': { TXT: ['v=DMARC1'] },
    [`${SELECTOR}.dkim`]: { TXT: [key(keys.ours)] },
  }
  for (const [index, host] of NAME_SERVERS.entries())
    data[host.slice(0, -PROVIDER_ZONE.length - 1)] = { A: [PLACES.nameServers[index]!] }
  for (const host of MAIL_HOST_KEYS.map(mailHost)) {
    const [ipv4, ipv6] = host.sendingAddresses
    data[host.label] = { ...(host.ipv4Down ? {} : { A: [host.frontend] }), AAAA: [PLACES.ipv6] }
    data[`_spf.${host.label}`] = { TXT: [`v=spf1 ip4:${ipv4} ip6:${ipv6} -all`] }
    data[`mx1.${host.label}`] = { A: [host.mxAddress] }
    if (host.aliasMx) data[`mx.${host.label}`] = { CNAME: [`mx1.${hostName(host)}`] }
    else data[`mx2.${host.label}`] = { A: [host.mxAddress] }
    const name = reverseNameOf(host)
    if (name && name !== NOWHERE) data[name.slice(0, -PROVIDER_ZONE.length - 1)] = { A: [ipv4], AAAA: [ipv6] }
  }
  return data
}

/** The names of the sending addresses. */
function reverseZones(): Record<string, ZoneData> {
  const named = MAIL_HOST_KEYS.map(mailHost).flatMap((host) => {
    const name = reverseNameOf(host)
    return name ? host.sendingAddresses.map((address) => ({ address, name })) : []
  })
  const zone = (suffix: string, of: typeof named): ZoneData =>
    Object.fromEntries(of.map(({ address, name }) => [reverseName(address).slice(0, -suffix.length - 1), { PTR: [name] }]))
  const [v4, v6] = ['in-addr.arpa', 'ip6.arpa']
  return {
    [v4]: zone(
      v4,
      named.filter(({ address }) => !address.includes(':')),
    ),
    [v6]: zone(
      v6,
      named.filter(({ address }) => address.includes(':')),
    ),
  }
}

/** Has its test address (RFC 5782 §5), and one of ours. */
const blockList = (): ZoneData => ({
  '2.0.0.127': { A: ['127.0.0.2'] },
  [reverseLabels(mailHost('porto').sendingAddresses[0])]: { A: ['127.0.0.4'] },
})

/** Other people's zones that the stories lean on. */
const OUTSIDE: Record<string, ZoneData> = {
  'spf-vendor.example': Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [`s${i + 1}`, { TXT: [`v=spf1 ip4:192.0.2.${i + 1} -all`] }]),
  ),
  [OTHER_PROVIDER]: { mx: { A: [PLACES.exchangerElsewhere] } },
}

/** Loads every zone of the world, and breaks those whose story says so. */
export function loadZones(zones: Zones, faults: NameServersOptions['faults'], keys: DkimKeys) {
  zones.set(ROOT_SERVER, 'A', [PLACES.rootServer])
  zones.add(PROVIDER_ZONE, providerZone(keys))
  for (const [name, data] of Object.entries({ ...OUTSIDE, ...reverseZones(), [BLOCK_LIST]: blockList() })) zones.add(name, data)
  for (const story of STORIES) {
    if (!story.dns?.absent) zones.add(story.domain, zoneOfStory(story, keys))
    const { fault, serverFault } = story.dns ?? {}
    if (fault) faults.resolvers.set(fault, story.domain)
    if (serverFault) faults.servers.set(serverFault, story.domain)
  }
}
