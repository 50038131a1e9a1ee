import { fail, unknown, type ExpectedVerdict, type ExpectedVerdicts, type Story } from '../story'

/** Stories about name service out of order, and about what the mail host itself says. */

/** Every check that asks DNS for a name of the domain. */
const allDns = (verdict: ExpectedVerdict): Partial<ExpectedVerdicts> => ({
  cert_le: verdict,
  dns_mx: verdict,
  dns_spf: verdict,
  dns_dkim: verdict,
  dns_dmarc: verdict,
  webmail_http: verdict,
})

export const RESOLUTION: Story[] = [
  {
    domain: 'saorafael.pt',
    tenant: 'sao-rafael',
    mailHost: 'lisboa',
    story: 'The name servers of the zone do not answer',
    dns: { fault: 'timeout', serverFault: 'timeout' },
    expect: allDns(unknown('dns-timeout')),
  },
  {
    domain: 'rafaellab.pt',
    tenant: 'sao-rafael',
    mailHost: 'lisboa',
    story: 'Both resolvers say SERVFAIL for a zone whose own servers are well',
    dns: { fault: 'servfail' },
    expect: allDns(unknown('dns-servfail')),
  },
  {
    domain: 'fjellhytter.no',
    tenant: 'fjordbank',
    mailHost: 'lisboa',
    story: 'The zone has expired on its own servers, which say SERVFAIL',
    dns: { fault: 'servfail', serverFault: 'servfail' },
    expect: allDns(fail('zone-broken')),
  },
  {
    domain: 'casalusa-quintas.pt',
    tenant: 'casa-lusa',
    mailHost: 'lisboa',
    story: 'The servers to which the zone is delegated no longer serve it and refuse',
    dns: { fault: 'servfail', serverFault: 'refused' },
    expect: allDns(fail('zone-broken')),
  },
  {
    domain: 'nordlys-events.dk',
    tenant: 'nordlys',
    mailHost: 'lisboa',
    story: 'The resolver refuses the zone',
    dns: { fault: 'refused' },
    expect: allDns(unknown('dns-refused')),
  },
  {
    domain: 'initech-mail.example',
    tenant: 'initech',
    mailHost: 'lisboa',
    story: 'Answers do not fit UDP and TCP is blocked',
    dns: { fault: 'truncated' },
    expect: allDns(unknown('dns-truncated')),
  },
  {
    domain: 'wayneprint-expo.example',
    tenant: 'wayne-print',
    mailHost: 'lisboa',
    story: 'The domain does not exist any more',
    dns: { absent: true },
    expect: {
      cert_le: fail('unresolved'),
      dns_mx: fail('nxdomain'),
      dns_spf: fail('missing'),
      dns_dkim: fail('missing'),
      dns_dmarc: fail('missing'),
      webmail_http: fail('unresolved'),
    },
  },
]

export const CARBONIO: Story[] = [
  {
    domain: 'quintadovale-turismo.pt',
    tenant: 'quinta-do-vale',
    mailHost: 'lisboa',
    story: 'The mail host has suspended the domain',
    carbonio: 'suspended',
    expect: { carbonio: fail('domain-suspended') },
  },
  {
    domain: 'stark-academy.example',
    tenant: 'stark-tools',
    mailHost: 'lisboa',
    story: 'The mail host does not know the domain',
    carbonio: 'missing',
    expect: { carbonio: fail('domain-missing') },
  },
  hostDown('aarhusbryghus.dk', 'nordlys'),
  hostDown('midtjyskmobler.dk', 'nordlys'),
  hostDown('fjordbank-pension.dk', 'fjordbank'),
  {
    domain: 'bergenregnskap.no',
    tenant: 'fjordbank',
    mailHost: 'bergen',
    story: 'The mail host no longer takes our password',
    expect: { carbonio: unknown('credentials-refused') },
  },
]

/** One cause that hits every domain of a host. */
function hostDown(domain: string, tenant: Story['tenant']): Story {
  return {
    domain,
    tenant,
    mailHost: 'aarhus',
    story: 'The mail host says that it is not well',
    expect: { carbonio: fail('host-down') },
  }
}
