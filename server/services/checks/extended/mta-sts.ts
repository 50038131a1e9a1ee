import { isSilence } from '../evaluate/verdict'
import { defineExtended } from './contract'
import { evaluateMtaSts, isStsRecord, type MtaStsObservation } from './evaluate/mta-sts'
import { MAX_POLICY_BYTES } from './evaluate/sts-policy'
import { fetchSecurely } from './fetch'
import { HOUR_SEC } from './look'

/** Whether senders are told to insist on TLS, and whether they could follow what they are told. */
export const mtaSts = defineExtended<MtaStsObservation>({
  id: 'mta_sts',
  intervalSec: HOUR_SEC,
  subject: 'domain',
  needsMailHost: false,
  about: 'Whether the MTA-STS policy can be fetched, is well-formed and covers every MX host (RFC 8461).',
  thirdParty: null,
  async collect(world, target) {
    const options = { signal: world.signal }
    const [record, mx] = await Promise.all([
      world.dns.query(`_mta-sts.${target.domain}`, 'TXT', options),
      world.dns.query(target.domain, 'MX', options),
    ])
    const isPublished = record.records.some(({ value }) => isStsRecord(value))
    const url = new URL(`https://mta-sts.${target.domain}/.well-known/mta-sts.txt`)
    const { mailHost } = target
    const policy = isPublished ? await fetchSecurely(world, url, { maxBodyBytes: MAX_POLICY_BYTES, mailHost }) : null
    const isSilent = policy?.result?.ok === false && isSilence(policy.result.fault)
    return { record, mx, policy, canaryOk: isSilent ? await world.canaryOk() : true }
  },
  evaluate: evaluateMtaSts,
})
