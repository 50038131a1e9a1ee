import type { Reason } from '../../reasons/contract'
import { foundStrings, publish, step } from '../../reasons/words'

const publishRecord =
  (summary: string): NonNullable<Reason['fix']> =>
  (verdict, target) =>
    publish(summary, {
      name: `default._bimi.${target.domain}`,
      type: 'TXT',
      value: 'v=BIMI1; l=https://(the logo).svg; a=https://(its certificate).pem',
      found: foundStrings(verdict, 'records'),
    })
const renewMark = step('Renew the mark certificate and publish it under the same address.')
const DRAFT = 'draft-brand-indicators-for-message-identification'

/** How the verdicts of `bimi` are told. */
export const bimiReasons = {
  ok: { message: (p) => `The logo can be shown; its certificate lasts until ${p.date}.`, rule: `${DRAFT} §4` },
  absent: {
    message: () => 'No logo is published for this domain.',
    rule: `${DRAFT} §4.2`,
    fix: publishRecord('Publish a logo, if you want receivers to show one.'),
  },
  'info-declined': { message: () => 'The domain says that it takes no part in BIMI.', rule: `${DRAFT} §4.2` },
  multiple: {
    message: (p) => `There are ${p.count} records at ${p.name}; receivers then show no logo.`,
    rule: `${DRAFT} §7.2`,
    fix: publishRecord('Keep one record.'),
  },
  malformed: {
    message: (p) => `The record cannot be used: ${p.detail}.`,
    rule: `${DRAFT} §4.2`,
    fix: publishRecord('Correct the record.'),
  },
  'dmarc-not-enforced': {
    message: (p) =>
      `Receivers show no logo under this DMARC policy (${p.policy}): it has to be quarantine or reject, for all mail and for subdomains.`,
    rule: `${DRAFT} §7.1`,
    fix: step('Enforce DMARC first: the DMARC check says how.'),
  },
  unreachable: {
    message: (p) => `${p.url} cannot be fetched (${p.detail}).`,
    rule: `${DRAFT} §4.2`,
    fix: step('Serve the file over HTTPS with a valid certificate, or correct the record.'),
  },
  'logo-profile': {
    message: (p) => `The logo ${p.url} is no SVG of the profile Tiny PS: ${p.detail}.`,
    rule: 'draft-svg-tiny-ps-abrotman',
    fix: step('Convert the logo to SVG Tiny PS.', 'Tools: the converters of the BIMI Group.'),
  },
  'no-certificate': {
    message: () => 'The logo has no mark certificate; the largest receivers show it only with one.',
    rule: `${DRAFT} §4.2`,
    fix: step('Get a verified or common mark certificate (VMC, CMC) and name it in a=.'),
  },
  'certificate-invalid': {
    message: (p) => `The mark certificate at ${p.url} cannot be used: ${p.detail}.`,
    rule: 'RFC 5280 §6',
    fix: step('Publish the mark certificate for this domain with its whole chain, leaf first.'),
  },
  'certificate-expired': {
    message: (p) => `The mark certificate ended on ${p.date}: no logo is shown.`,
    rule: 'RFC 5280 §6.1.3',
    fix: renewMark,
  },
  'certificate-ends': { message: (p) => `The mark certificate ends on ${p.date}.`, rule: 'RFC 5280 §6.1.3', fix: renewMark },
} satisfies Record<string, Reason>

export type BimiReason = keyof typeof bimiReasons
