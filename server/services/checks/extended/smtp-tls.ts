import { addressesOf } from '../collectors/look'
import { defineExtended, type ExtendedTarget, type ExtendedWorld } from './contract'
import { evaluateSmtpTls, type MxLook, type SmtpTlsObservation } from './evaluate/smtp-tls'
import { isStsRecord } from './evaluate/mta-sts'
import { MAX_POLICY_BYTES, parseStsPolicy } from './evaluate/sts-policy'
import { fetchSecurely } from './fetch'
import { HOUR_SEC, mxNames } from './look'
import { lookAtMail, resolveShared } from './mail-look'

/** A zone may list hundreds of hosts, and a host hundreds of addresses. */
const MAX_HOSTS = 10
const MAX_ADDRESSES = 4

/** Whether mail reaches each address of the MX hosts over TLS, as other mail servers would send it. */
export const smtpTls = defineExtended<SmtpTlsObservation>({
  id: 'smtp_tls',
  intervalSec: 6 * HOUR_SEC,
  subject: 'host-shared',
  needsMailHost: false,
  about: 'Whether mail reaches each address of the MX hosts over TLS, with a certificate that can be verified (RFC 3207).',
  thirdParty: null,
  async collect(world, target) {
    const mx = await world.dns.query(target.domain, 'MX', { signal: world.signal })
    const hosts = target.receives ? mxNames(mx).slice(0, MAX_HOSTS) : []
    const [looks, enforced] = await Promise.all([
      Promise.all(hosts.map((host) => lookAtHost(world, target, host))),
      hosts.length > 0 ? isEnforced(world, target) : false,
    ])
    return { mx, hosts: looks, enforced }
  },
  evaluate: evaluateSmtpTls,
})

async function lookAtHost(world: ExtendedWorld, target: ExtendedTarget, host: string): Promise<MxLook> {
  const name = `_25._tcp.${host}`
  const [resolved, tlsa] = await Promise.all([
    resolveShared(world, host),
    world.shared(`tlsa ${name}`, () => world.dns.query(name, 'TLSA')),
  ])
  const places = addressesOf(resolved).slice(0, MAX_ADDRESSES)
  const looks = places.map((address) =>
    lookAtMail(world, target, { protocol: 'smtp', security: 'starttls', host, address, port: 25 }),
  )
  return { host, a: resolved.a, aaaa: resolved.aaaa, tlsa, looks: await Promise.all(looks) }
}

/** Whether senders that follow MTA-STS would hold mail back (RFC 8461 §5): a policy that can be had says `mode: enforce`. */
async function isEnforced(world: ExtendedWorld, { domain, mailHost }: ExtendedTarget): Promise<boolean> {
  const record = await world.dns.query(`_mta-sts.${domain}`, 'TXT', { signal: world.signal })
  if (!record.records.some(({ value }) => isStsRecord(value))) return false
  const url = new URL(`https://mta-sts.${domain}/.well-known/mta-sts.txt`)
  const { result } = await fetchSecurely(world, url, { maxBodyBytes: MAX_POLICY_BYTES, mailHost })
  const policy = result?.ok && result.status === 200 ? parseStsPolicy(result.body) : null
  return policy !== null && typeof policy !== 'string' && policy.mode === 'enforce'
}
