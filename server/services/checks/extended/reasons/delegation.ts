import type { Reason } from '../../reasons/contract'
import { listed, step } from '../../reasons/words'

/** How the verdicts of `delegation` are told. */
export const delegationReasons = {
  ok: {
    message: (p) => `The zone above and the zone itself name the same servers (${listed(p.hosts)}), and all have the same zone.`,
    rule: 'RFC 1034 §4.2.2',
  },
  'not-a-zone': {
    message: (p) => `${p.domain} is a name within the zone above it and has no servers of its own.`,
    rule: 'RFC 1034 §4.2',
    fix: step('Nothing to do.'),
  },
  'server-unresolved': {
    message: (p) => `The zone names servers that have no address: ${listed(p.hosts)}.`,
    rule: 'RFC 1912 §2.8',
    fix: step('Publish the address of the server, or take its NS record away, here and at the registrar.'),
  },
  'nobody-answered': {
    message: (p) => `None of the servers of the zone could be asked from here (${listed(p.hosts)}).`,
    rule: null,
    fix: step('See that this machine may ask name servers outside (port 53, UDP and TCP).'),
  },
  lame: {
    message: (p) => `${p.host} is named as a server of the zone, but does not have it (${p.outcome}).`,
    rule: 'RFC 1912 §2.8',
    fix: step('Load the zone on this server, or take its NS record away, here and at the registrar.'),
  },
  silent: {
    message: (p) => `Some servers of the zone did not answer, while others did: ${listed(p.hosts)}.`,
    rule: 'RFC 2182 §3',
    fix: step('See that the server runs and that UDP and TCP port 53 are open.'),
  },
  'parent-differs': {
    message: (p) => {
      const above = listed(p.onlyAbove)
      const here = listed(p.onlyHere)
      const parts = [above && `only at the registrar: ${above}`, here && `only in the zone: ${here}`].filter(Boolean)
      return `The zone above (${p.parent}) and the zone itself name different servers (${parts.join('; ')}).`
    },
    rule: 'RFC 1034 §4.2.2',
    fix: step('Make both lists the same: enter the servers at the registrar, or correct the NS records of the zone.'),
  },
  'serials-differ': {
    message: (p) =>
      `The servers have different versions of the zone (${listed(p.serials)}): a change is on its way, or transfers fail.`,
    rule: 'RFC 1034 §4.3.5',
    fix: step('If it stays, look into the log of the older server for failed zone transfers.'),
  },
  'single-server': {
    message: (p) => `The zone has one server alone (${p.host}); when it is down, so is the domain.`,
    rule: 'RFC 2182 §5',
    fix: step('Add a second server in another network, here and at the registrar.'),
  },
} satisfies Record<string, Reason>

export type DelegationReason = keyof typeof delegationReasons
