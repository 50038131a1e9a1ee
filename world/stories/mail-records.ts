import { fail, warn, type Story } from '../story'

/** Stories about MX, SPF, DKIM and DMARC. */

export const SPF: Story[] = [
  {
    domain: 'vinhasdodouro.pt',
    tenant: 'quinta-do-vale',
    mailHost: 'lisboa',
    story: 'SPF allows the whole world',
    dns: { txt: ['v=spf1 {ours} +all'] },
    expect: { dns_spf: fail('too-permissive') },
  },
  {
    domain: 'initech-labs.example',
    tenant: 'initech',
    mailHost: 'lisboa',
    story: 'SPF needs eleven look-ups, ten are allowed',
    dns: { txt: [`v=spf1 {ours} ${vendors(10)} -all`] },
    expect: { dns_spf: fail('too-many-lookups') },
  },
  {
    domain: 'initech.example',
    tenant: 'initech',
    mailHost: 'lisboa',
    story: 'SPF needs nine of ten look-ups',
    dns: { txt: [`v=spf1 {ours} ${vendors(8)} -all`] },
    expect: { dns_spf: warn('near-limit') },
  },
  {
    domain: 'azulejoslima.pt',
    tenant: 'casa-lusa',
    mailHost: 'lisboa',
    story: 'Two SPF records, after a migration',
    dns: { txt: ['v=spf1 {ours} -all', 'v=spf1 include:s1.spf-vendor.example ~all'] },
    expect: { dns_spf: fail('multiple') },
  },
  {
    domain: 'skovgaard.dk',
    tenant: 'nordlys',
    mailHost: 'lisboa',
    story: 'SPF names our IPv4 address and forgets the IPv6 one',
    dns: { txt: ['v=spf1 ip4:{ip4} -all'] },
    expect: { dns_spf: warn('family-missing') },
  },
  {
    domain: 'fjellhotell.no',
    tenant: 'fjordbank',
    mailHost: 'lisboa',
    story: 'SPF allows a newsletter service and not us',
    dns: { txt: ['v=spf1 include:s1.spf-vendor.example -all'] },
    expect: { dns_spf: fail('does-not-authorise-us') },
  },
  {
    domain: 'mercadoribeira.pt',
    tenant: 'umbrella-foods',
    mailHost: 'lisboa',
    story: 'No SPF record among its texts',
    dns: { txt: ['site-verification=5f2c81d0'] },
    expect: { dns_spf: fail('missing') },
  },
  {
    domain: 'tromsofisk.no',
    tenant: 'umbrella-foods',
    mailHost: 'lisboa',
    story: 'SPF ends in ?all and so says nothing about others',
    dns: { txt: ['v=spf1 {ours} ?all'] },
    expect: { dns_spf: warn('neutral-all') },
  },
  {
    domain: 'costaverde.es',
    tenant: 'umbrella-foods',
    mailHost: 'lisboa',
    story: 'A slip of the pen in SPF makes all of it void',
    dns: { txt: ['v=spf1 {ours} inlcude:s1.spf-vendor.example -all'] },
    expect: { dns_spf: fail('unknown-mechanism') },
  },
  {
    domain: 'gestoriaruiz.es',
    tenant: 'globex',
    mailHost: 'lisboa',
    story: 'SPF still names three hosts that are gone',
    dns: { txt: ['v=spf1 a:old1.gestoriaruiz.es a:old2.gestoriaruiz.es a:old3.gestoriaruiz.es {ours} -all'] },
    expect: { dns_spf: fail('void-lookups') },
  },
  {
    domain: 'globex-research.example',
    tenant: 'globex',
    mailHost: 'lisboa',
    story: 'So many texts that the answer needs TCP',
    dns: { txt: ['v=spf1 {ours} -all', ...siteVerifications(24)] },
    expect: { dns_spf: warn('large') },
  },
]

export const DKIM: Story[] = [
  {
    domain: 'quintadovale.pt',
    tenant: 'quinta-do-vale',
    mailHost: 'lisboa',
    story: 'The DKIM key was revoked',
    dns: { dmarc: ['v=DMARC1; p=reject; sp=quarantine; rua={rua}'] },
    dkim: 'revoked',
    expect: { dns_dkim: fail('revoked') },
  },
  {
    domain: 'talleresmoya.es',
    tenant: 'acme',
    mailHost: 'lisboa',
    story: 'DNS holds another DKIM key than the one that signs',
    dkim: 'other-key',
    expect: { dns_dkim: fail('key-differs') },
  },
  {
    domain: 'olivaresrey.es',
    tenant: 'umbrella-foods',
    mailHost: 'lisboa',
    story: 'The DKIM record was never published',
    dkim: 'absent',
    expect: { dns_dkim: fail('missing') },
  },
  {
    domain: 'hansenbyg.dk',
    tenant: 'nordlys',
    mailHost: 'lisboa',
    story: 'A DKIM key of 1024 bits',
    dkim: 'rsa-1024',
    expect: { dns_dkim: warn('short-key') },
  },
  {
    domain: 'mueblescano.es',
    tenant: 'stark-tools',
    mailHost: 'lisboa',
    story: 'A DKIM key of 768 bits, which verifiers must not accept',
    dkim: 'rsa-768',
    expect: { dns_dkim: fail('weak-key') },
  },
  {
    domain: 'labtejo.pt',
    tenant: 'sao-rafael',
    mailHost: 'lisboa',
    story: 'The DKIM key is still marked as a test',
    dkim: 'testing',
    expect: { dns_dkim: warn('testing') },
  },
  {
    domain: 'solbakken.no',
    tenant: 'nordlys',
    mailHost: 'lisboa',
    story: 'Two DKIM keys at one selector',
    dkim: 'two-keys',
    expect: { dns_dkim: fail('multiple') },
  },
]

export const DMARC: Story[] = [
  {
    domain: 'globex.example',
    tenant: 'globex',
    mailHost: 'lisboa',
    story: 'DMARC only watches',
    dns: { dmarc: ['v=DMARC1; p=none; rua={rua}'] },
    expect: { dns_dmarc: warn('monitor-only') },
  },
  {
    domain: 'cafebrasileira.pt',
    tenant: 'padaria-central',
    mailHost: 'lisboa',
    story: 'No DMARC record',
    dns: { dmarc: [] },
    expect: { dns_dmarc: fail('missing') },
  },
  {
    domain: 'lundoptik.dk',
    tenant: 'nordlys',
    mailHost: 'lisboa',
    story: 'Two DMARC records',
    dns: { dmarc: ['v=DMARC1; p=reject; rua={rua}', 'v=DMARC1; p=none; rua={rua}'] },
    expect: { dns_dmarc: fail('multiple-records') },
  },
  {
    domain: 'wayneprint-outlet.example',
    tenant: 'wayne-print',
    mailHost: 'porto',
    story: 'A slip of the pen in the DMARC policy, and no report address',
    dns: { dmarc: ['v=DMARC1; p=rejetc'] },
    expect: { dns_dmarc: fail('invalid-policy') },
  },
  {
    domain: 'havnekontoret.dk',
    tenant: 'fjordbank',
    mailHost: 'porto',
    story: 'DMARC enforces but nobody receives its reports',
    dns: { dmarc: ['v=DMARC1; p=reject'] },
    expect: { dns_dmarc: warn('no-reports') },
  },
]

export const MX: Story[] = [
  {
    domain: 'evoravinhos.pt',
    tenant: 'quinta-do-vale',
    mailHost: 'evora',
    story: 'The MX name is an alias',
    expect: { dns_mx: warn('cname-target') },
  },
  {
    domain: 'nordlys.dk',
    tenant: 'nordlys',
    mailHost: 'lisboa',
    story: 'Mail goes to another provider',
    dns: { mx: ['10 mx.other-provider.example'] },
    expect: { dns_mx: fail('not-ours') },
  },
  {
    domain: 'acme-freight.example',
    tenant: 'acme',
    mailHost: 'lisboa',
    story: 'A foreign MX comes before ours',
    dns: { mx: ['5 mx.other-provider.example', '10 {mx1}', '20 {mx2}'] },
    expect: { dns_mx: fail('foreign-primary') },
  },
  {
    domain: 'starktools-parts.example',
    tenant: 'stark-tools',
    mailHost: 'lisboa',
    story: 'A foreign MX is left over behind ours',
    dns: { mx: ['10 {mx1}', '20 {mx2}', '50 mx.other-provider.example'] },
    expect: { dns_mx: warn('foreign-extra') },
  },
  {
    domain: 'umbrella-catering.example',
    tenant: 'umbrella-foods',
    mailHost: 'lisboa',
    story: 'DNS says that it takes no mail, but it should',
    dns: { mx: ['0 .'] },
    expect: { dns_mx: fail('null-mx') },
  },
  {
    domain: 'padariasintra.pt',
    tenant: 'padaria-central',
    mailHost: 'lisboa',
    story: 'No MX and no address',
    dns: { mx: [] },
    expect: { dns_mx: fail('missing') },
  },
  {
    domain: 'bakerislands.example',
    tenant: 'wayne-print',
    mailHost: 'lisboa',
    story: 'No MX: mail finds us by the address of the domain alone',
    dns: { mx: [], address: '203.0.113.25' },
    expect: { dns_mx: warn('implicit-mx') },
  },
  {
    domain: 'serrabeton.pt',
    tenant: 'acme',
    mailHost: 'lisboa',
    story: 'An IP address where the MX name belongs',
    dns: { mx: ['10 203.0.113.25'] },
    expect: { dns_mx: fail('ip-literal') },
  },
]

/** `include:` of so many senders, one look-up each. */
function vendors(count: number) {
  return Array.from({ length: count }, (_, i) => `include:s${i + 1}.spf-vendor.example`).join(' ')
}

function siteVerifications(count: number) {
  return Array.from({ length: count }, (_, i) => `service-${i + 1}-verification=${'0123456789abcdef'.repeat(3)}`)
}
