import type { ExpectedVerdicts, ExpectedVerdict, Story } from './story'

/**
 * The one table of sample domains: each has one story, and the verdicts that it must get. Tests and the demo share it.
 *
 * Reason codes used (all others in a row are `pass: ok`, or `skipped: no-mail-host | no-selector`):
 *
 *   carbonio      ok · host-down (health answers 5xx) · domain-missing · domain-suspended · credentials-refused (unknown)
 *   nginx_vhost   ok · default-vhost · http-error · one-family
 *   cert_le       ok · expired · not-yet-valid · name-mismatch · self-signed · untrusted-root · renewal-overdue (warn) · near-expiry
 *                 (fail) · addresses-disagree (warn) · refused · not-tls · timeout (unknown) · unresolved (fail)
 *   dns_mx        ok · missing · nxdomain · not-ours · foreign-primary · foreign-extra (warn) · null-mx · null-mx-ok (pass) ·
 *                 cname-target (warn) · implicit-mx (warn) · ip-literal
 *   dns_spf       ok · missing · multiple · too-permissive · too-many-lookups · near-limit (warn) · does-not-authorise-us ·
 *                 family-missing (warn) · syntax · void-lookups · neutral-all (warn) · not-sending-ok (pass) · large (warn)
 *   dns_dkim      ok · missing · revoked · key-differs · weak-key (< 1024) · short-key (warn, 1024–2047) · multiple · testing (warn)
 *   dns_dmarc     ok · missing · monitor-only (warn) · multiple-records · invalid-policy · inherited (pass) · no-reports (warn)
 *   webmail_http  ok · http-error · wrong-content · redirect-loop · blocked-by-cert · slow (warn) · one-family (warn) · no-hsts (warn) ·
 *                 refused · no-answer · unresolved (fail)
 *   any that asks DNS for the domain   dns-servfail · dns-refused · dns-timeout · dns-truncated (all unknown)
 *
 * Readings that an evaluator has to share:
 * - `unresolved` is an authoritative "no such name": fail. A resolver's fault is `unknown: dns-…` in cert_le and webmail_http too.
 * - nginx_vhost asks the front ends by address and so needs no DNS; it looks past a bad certificate, which is cert_le's to judge.
 * - A TLS failure of any kind at the webmail name is `blocked-by-cert` in webmail_http, but refused and silent keep their own reason.
 * - A special reason beats a general one: `ip-literal` and `null-mx` before `not-ours`; a fail beats a warn.
 * - MX and sending addresses are documentation addresses (RFC 5737, RFC 3849); `private-address` must not count those.
 */
const pass = (reason: string): ExpectedVerdict => ({ status: 'pass', reason })
const warn = (reason: string): ExpectedVerdict => ({ status: 'warn', reason })
const fail = (reason: string): ExpectedVerdict => ({ status: 'fail', reason })
const unknown = (reason: string): ExpectedVerdict => ({ status: 'unknown', reason })

/** Every check that asks DNS for a name of the domain. */
const allDnsUnknown = (reason: string): Partial<ExpectedVerdicts> => ({
  cert_le: unknown(reason),
  dns_mx: unknown(reason),
  dns_spf: unknown(reason),
  dns_dkim: unknown(reason),
  dns_dmarc: unknown(reason),
  webmail_http: unknown(reason),
})

const badCertificate = (reason: string): Partial<ExpectedVerdicts> => ({
  cert_le: fail(reason),
  webmail_http: fail('blocked-by-cert'),
})

const HEALTHY: Story[] = [
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

const SPF: Story[] = [
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
    expect: { dns_spf: fail('syntax') },
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

const DKIM: Story[] = [
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

const DMARC: Story[] = [
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

const MX: Story[] = [
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

const CERTIFICATES: Story[] = [
  {
    domain: 'acme.example',
    tenant: 'acme',
    mailHost: 'lisboa',
    story: 'The certificate has expired',
    web: { certificate: 'expired' },
    expect: badCertificate('expired'),
  },
  {
    domain: 'acme-customs.example',
    tenant: 'acme',
    mailHost: 'lisboa',
    story: 'The certificate is not valid yet',
    web: { certificate: 'not-yet-valid' },
    expect: badCertificate('not-yet-valid'),
  },
  {
    domain: 'fjordbank-leasing.dk',
    tenant: 'fjordbank',
    mailHost: 'lisboa',
    story: 'The certificate names another host',
    web: { certificate: 'wrong-name' },
    expect: badCertificate('name-mismatch'),
  },
  {
    domain: 'wayneprint-labels.example',
    tenant: 'wayne-print',
    mailHost: 'porto',
    story: 'A self-signed certificate',
    web: { certificate: 'self-signed' },
    expect: badCertificate('self-signed'),
  },
  {
    domain: 'tejodental.pt',
    tenant: 'sao-rafael',
    mailHost: 'lisboa',
    story: 'A certificate of a staging authority that nobody trusts',
    web: { certificate: 'untrusted-root' },
    expect: badCertificate('untrusted-root'),
  },
  {
    domain: 'starktools-rental.example',
    tenant: 'stark-tools',
    mailHost: 'lisboa',
    story: 'The certificate should have been renewed by now',
    web: { certificate: 'renewal-overdue' },
    expect: { cert_le: warn('renewal-overdue') },
  },
  {
    domain: 'globex-energy.example',
    tenant: 'globex',
    mailHost: 'lisboa',
    story: 'The certificate ends in days',
    web: { certificate: 'near-expiry' },
    expect: { cert_le: fail('near-expiry') },
  },
  {
    domain: 'rafaelvet.pt',
    tenant: 'sao-rafael',
    mailHost: 'lisboa',
    story: 'IPv4 and IPv6 show different certificates, both valid',
    web: { secondCertificate: true },
    expect: { cert_le: warn('addresses-disagree') },
  },
  {
    domain: 'initech-forms.example',
    tenant: 'initech',
    mailHost: 'lisboa',
    story: 'The webmail name leads to a server without TLS',
    web: { at: 'plain' },
    expect: badCertificate('not-tls'),
  },
]

const WEB: Story[] = [
  {
    domain: 'casalusa-hoteis.pt',
    tenant: 'casa-lusa',
    mailHost: 'lisboa',
    story: 'The front end does not know the name and refuses it',
    web: { unknownToFrontend: true },
    expect: { nginx_vhost: fail('default-vhost'), ...badCertificate('name-mismatch') },
  },
  {
    domain: 'lusaflores.pt',
    tenant: 'casa-lusa',
    mailHost: 'porto',
    story: "The front end does not know the name and shows somebody else's login page",
    web: { unknownToFrontend: true },
    expect: { nginx_vhost: fail('default-vhost'), ...badCertificate('name-mismatch') },
  },
  {
    domain: 'initech-archive.example',
    tenant: 'initech',
    mailHost: 'lisboa',
    story: 'The webmail name leads to an address where nothing listens',
    web: { at: 'closed' },
    expect: { cert_le: fail('refused'), webmail_http: fail('refused') },
  },
  {
    domain: 'globex-travel.example',
    tenant: 'globex',
    mailHost: 'lisboa',
    story: 'The webmail name leads to a server that takes connections and stays silent',
    web: { at: 'silent' },
    expect: { cert_le: unknown('timeout'), webmail_http: fail('no-answer') },
  },
  {
    domain: 'douroquintas.pt',
    tenant: 'quinta-do-vale',
    mailHost: 'lisboa',
    story: 'An old proxy sends visitors in a circle',
    web: { at: 'elsewhere', behaviour: 'redirect-loop' },
    expect: { webmail_http: fail('redirect-loop') },
  },
  {
    domain: 'acme-parcel.example',
    tenant: 'acme',
    mailHost: 'lisboa',
    story: 'The virtual host answers 500',
    web: { behaviour: 'http-500' },
    expect: { nginx_vhost: fail('http-error'), webmail_http: fail('http-error') },
  },
  {
    domain: 'stark-robotics.example',
    tenant: 'stark-tools',
    mailHost: 'lisboa',
    story: 'The webmail name shows a parking page',
    web: { at: 'elsewhere', behaviour: 'parking-page' },
    expect: { webmail_http: fail('wrong-content') },
  },
  {
    domain: 'umbrella-logistics.example',
    tenant: 'umbrella-foods',
    mailHost: 'lisboa',
    story: 'The login page takes more than two seconds',
    web: { behaviour: 'slow' },
    expect: { webmail_http: warn('slow') },
  },
  {
    domain: 'aalborgcykler.dk',
    tenant: 'nordlys',
    mailHost: 'porto',
    story: 'The webmail does not ask browsers to stay on TLS',
    web: { behaviour: 'no-hsts' },
    expect: { webmail_http: warn('no-hsts') },
  },
  {
    domain: 'fjordbank-invest.dk',
    tenant: 'fjordbank',
    mailHost: 'lisboa',
    story: 'The webmail name has an IPv6 address only',
    web: { families: 'ipv6' },
    expect: { webmail_http: warn('one-family') },
  },
  {
    domain: 'algarvemar.pt',
    tenant: 'casa-lusa',
    mailHost: 'faro',
    story: 'The front end answers on IPv6 only',
    web: { families: 'ipv6' },
    expect: { nginx_vhost: warn('one-family'), webmail_http: warn('one-family') },
  },
]

const RESOLUTION: Story[] = [
  {
    domain: 'saorafael.pt',
    tenant: 'sao-rafael',
    mailHost: 'lisboa',
    story: 'The name servers of the zone do not answer',
    dns: { fault: 'timeout' },
    expect: allDnsUnknown('dns-timeout'),
  },
  {
    domain: 'rafaellab.pt',
    tenant: 'sao-rafael',
    mailHost: 'lisboa',
    story: 'The zone answers SERVFAIL',
    dns: { fault: 'servfail' },
    expect: allDnsUnknown('dns-servfail'),
  },
  {
    domain: 'nordlys-events.dk',
    tenant: 'nordlys',
    mailHost: 'lisboa',
    story: 'The resolver refuses the zone',
    dns: { fault: 'refused' },
    expect: allDnsUnknown('dns-refused'),
  },
  {
    domain: 'initech-mail.example',
    tenant: 'initech',
    mailHost: 'lisboa',
    story: 'Answers do not fit UDP and TCP is blocked',
    dns: { fault: 'truncated' },
    expect: allDnsUnknown('dns-truncated'),
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

const CARBONIO: Story[] = [
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

export const STORIES: readonly Story[] = [
  ...HEALTHY,
  ...SPF,
  ...DKIM,
  ...DMARC,
  ...MX,
  ...CERTIFICATES,
  ...WEB,
  ...RESOLUTION,
  ...CARBONIO,
]

/** `include:` of so many senders, one look-up each. */
function vendors(count: number) {
  return Array.from({ length: count }, (_, i) => `include:s${i + 1}.spf-vendor.example`).join(' ')
}

function siteVerifications(count: number) {
  return Array.from({ length: count }, (_, i) => `service-${i + 1}-verification=${'0123456789abcdef'.repeat(3)}`)
}

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
