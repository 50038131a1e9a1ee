import { pass, type Story } from '../story'

export const HEALTHY: Story[] = [
  { domain: 'umbrella.example', tenant: 'umbrella-foods', mailHost: 'lisboa', story: 'All is well' },
  {
    domain: 'wayneprint.example',
    tenant: 'wayne-print',
    mailHost: 'porto',
    story: 'All is well on a host that answers to any name',
  },
  {
    domain: 'starktools.example',
    tenant: 'stark-tools',
    mailHost: 'lisboa',
    story: 'SPF ends in ~all, which is fine under an enforcing DMARC policy',
    dns: { txt: ['v=spf1 {ours} ~all'] },
  },
  {
    domain: 'padariacentral.pt',
    tenant: 'padaria-central',
    mailHost: 'lisboa',
    story: 'The DKIM selector is an alias of the key that the mail host publishes',
    dkim: 'cname',
  },
  {
    domain: 'fjordbank.dk',
    tenant: 'fjordbank',
    mailHost: 'porto',
    story: 'The webmail has a name of its own',
    web: { host: 'post.fjordbank.dk' },
  },
  {
    // pastelaria-são-joão.pt
    domain: 'xn--pastelaria-so-joo-jqbe.pt',
    tenant: 'padaria-central',
    mailHost: 'lisboa',
    story: 'All is well with an internationalised name',
  },
  {
    domain: 'loja.quintadovale.pt',
    tenant: 'quinta-do-vale',
    mailHost: 'lisboa',
    story: 'A subdomain that inherits the DMARC policy of its parent',
    dns: { dmarc: [] },
    expect: { dns_dmarc: pass('inherited') },
  },
  {
    domain: 'casalusa.pt',
    tenant: 'casa-lusa',
    mailHost: null,
    story: 'Mail is hosted by somebody else: only DNS is judged, by itself',
    dns: { mx: ['10 mx.casalusa.pt'], txt: ['v=spf1 mx -all'] },
    dkim: 'none',
  },
  {
    domain: 'casalusa-eventos.pt',
    tenant: 'casa-lusa',
    mailHost: null,
    story: 'Declared to have no mail at all, and DNS says so',
    dns: { mx: ['0 .'], txt: ['v=spf1 -all'] },
    dkim: 'none',
    sends: false,
    receives: false,
    expect: { dns_mx: pass('null-mx-ok'), dns_spf: pass('not-sending-ok') },
  },
]
