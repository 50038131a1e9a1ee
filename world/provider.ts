/** The sample provider: partners, tenants and mail hosts of the world, as data. */

/** Where a thing listens. Loopback only; 127.0.0.0/8 needs no set-up on Linux, IPv6 has just ::1. */
export const PLACES = {
  resolverA: '127.20.0.53',
  resolverB: '127.20.0.54',
  rootServer: '127.20.0.60',
  /** Of every zone but the root. */
  nameServers: ['127.20.0.61', '127.20.0.62'],
  ipv6: '::1',
  /** A web server that belongs to no mail host of ours. */
  elsewhere: '127.20.9.10',
  /** The mail exchanger of other providers. */
  exchangerElsewhere: '127.20.9.25',
  /** Takes the connection and never says a word over TLS. */
  silent: '127.20.9.20',
  /** Speaks plain HTTP where TLS is expected. */
  plain: '127.20.9.30',
  /** Nothing listens. */
  closed: '127.20.9.40',
} as const

export const PROVIDER_ZONE = 'atlantico-mail.example'
/** Somebody else's zone, to which some domains point by mistake. */
export const OTHER_PROVIDER = 'other-provider.example'
export const ROOT_SERVER = 'ns1.root.example'
/** Every zone but the root is served by both. */
export const NAME_SERVERS = PLACES.nameServers.map((_, index) => `ns${index + 1}.${PROVIDER_ZONE}`)

/** Where the sample tenants send their DMARC reports; it accepts reports for any domain (RFC 9990). */
export const REPORTS_MAILTO = `mailto:dmarc@reports.${PROVIDER_ZONE}`

export const LOGIN_PATH = '/static/login/'
export const LOGIN_MARKER = 'atlantico-webmail-login'
export const ADMIN_USER = 'vigia@atlantico-mail.example'
/** A password of the sample world; it opens nothing else. */
export const ADMIN_PASSWORD = 'sample-world-only'

export interface WorldMailHost {
  name: string
  /** First label below the provider's zone. */
  label: string
  /** The IPv4 front end; every front end also has `::1`. */
  frontend: string
  /** Where its MX names lead: it takes mail at another address than it sends from. */
  mxAddress: string
  /** Documentation addresses (RFC 5737, RFC 3849): nothing ever connects to them. */
  sendingAddresses: [ipv4: string, ipv6: string]
  /** `zimbraReverseProxyStrictServerName`: an unknown name gets 400 and not somebody's login page. */
  strictServerName: boolean
  /** The front end answers on IPv6 only. */
  ipv4Down?: true
  /** What is wrong with its mail exchanger. */
  smtp?: 'no-starttls' | 'self-signed'
  /** Mail programs may send passwords before TLS. */
  loginInClear?: true
  /** The names (PTR) of its sending addresses, when they are not `out.` and its own name; null is none. */
  reverse?: string | null
  /** MariaDB is down behind it. */
  unhealthy?: true
  /** The portal was given a password that is no longer right. */
  wrongPassword?: true
  /** Its MX name is an alias, which RFC 2181 §10.3 forbids. */
  aliasMx?: true
}

const MAIL_HOSTS = {
  lisboa: {
    name: 'Carbonio Lisboa',
    label: 'lisboa',
    frontend: '127.20.1.10',
    mxAddress: '127.20.1.25',
    sendingAddresses: ['203.0.113.25', '2001:db8:113::25'],
    strictServerName: true,
  },
  porto: {
    name: 'Carbonio Porto',
    label: 'porto',
    frontend: '127.20.2.10',
    mxAddress: '127.20.2.25',
    sendingAddresses: ['203.0.113.45', '2001:db8:113::45'],
    strictServerName: false,
    smtp: 'no-starttls',
    reverse: null,
  },
  aarhus: {
    name: 'Carbonio Aarhus',
    label: 'aarhus',
    frontend: '127.20.3.10',
    mxAddress: '127.20.3.25',
    sendingAddresses: ['198.51.100.25', '2001:db8:51::25'],
    strictServerName: true,
    unhealthy: true,
    smtp: 'self-signed',
    reverse: 'nowhere.atlantico-mail.example',
  },
  bergen: {
    name: 'Carbonio Bergen',
    label: 'bergen',
    frontend: '127.20.4.10',
    mxAddress: '127.20.4.25',
    sendingAddresses: ['198.51.100.45', '2001:db8:51::45'],
    strictServerName: true,
    wrongPassword: true,
    loginInClear: true,
    reverse: 'dynamic-pool-7.bergen.atlantico-mail.example',
  },
  faro: {
    name: 'Carbonio Faro',
    label: 'faro',
    frontend: '127.20.5.10',
    mxAddress: '127.20.5.25',
    sendingAddresses: ['203.0.113.65', '2001:db8:113::65'],
    strictServerName: true,
    ipv4Down: true,
  },
  evora: {
    name: 'Carbonio Évora',
    label: 'evora',
    frontend: '127.20.6.10',
    mxAddress: '127.20.6.25',
    sendingAddresses: ['203.0.113.85', '2001:db8:113::85'],
    strictServerName: true,
    aliasMx: true,
  },
} as const satisfies Record<string, WorldMailHost>

export type MailHostKey = keyof typeof MAIL_HOSTS

/** The same table seen through its interface, so that optional facts can be read off every row. */
export const mailHost = (key: MailHostKey): WorldMailHost => MAIL_HOSTS[key]
export const MAIL_HOST_KEYS = Object.keys(MAIL_HOSTS) as MailHostKey[]

/** The host's own name: its health and admin services, and the certificate of its default server block. */
export const hostName = (host: WorldMailHost) => `${host.label}.${PROVIDER_ZONE}`

/** The MX names that a domain on this host must publish, by preference. */
export const mxNames = (host: WorldMailHost) =>
  host.aliasMx ? [`mx.${hostName(host)}`] : [`mx1.${hostName(host)}`, `mx2.${hostName(host)}`]

export const PARTNERS = [
  { slug: 'iberia-cloud', name: 'Iberia Cloud' },
  { slug: 'nordisk-drift', name: 'Nordisk Drift' },
] as const

export const TENANTS = [
  { slug: 'quinta-do-vale', name: 'Quinta do Vale', plan: 'business', partner: 'iberia-cloud' },
  { slug: 'acme', name: 'Acme Logistics', plan: 'enterprise', partner: null },
  { slug: 'nordlys', name: 'Nordlys ApS', plan: 'business', partner: 'nordisk-drift' },
  { slug: 'globex', name: 'Globex', plan: 'enterprise', partner: null },
  { slug: 'initech', name: 'Initech', plan: 'starter', partner: null },
  { slug: 'sao-rafael', name: 'Clínica São Rafael', plan: 'business', partner: 'iberia-cloud' },
  { slug: 'umbrella-foods', name: 'Umbrella Foods', plan: 'enterprise', partner: null },
  { slug: 'stark-tools', name: 'Stark Tools', plan: 'business', partner: null },
  { slug: 'padaria-central', name: 'Padaria Central', plan: 'starter', partner: 'iberia-cloud' },
  { slug: 'fjordbank', name: 'Fjordbank', plan: 'enterprise', partner: 'nordisk-drift' },
  { slug: 'wayne-print', name: 'Wayne Print', plan: 'starter', partner: null },
  { slug: 'casa-lusa', name: 'Casa Lusa', plan: 'starter', partner: 'iberia-cloud' },
  { slug: 'livraria-atlantico', name: 'Livraria Atlântico', plan: 'starter', partner: 'iberia-cloud' },
  { slug: 'hanssen-byg', name: 'Hanssen Byg', plan: 'business', partner: 'nordisk-drift' },
  { slug: 'oliveira', name: 'Oliveira & Filhos', plan: 'business', partner: 'iberia-cloud' },
  { slug: 'kaffebryggeriet', name: 'Kaffebryggeriet', plan: 'starter', partner: 'nordisk-drift' },
] as const satisfies readonly { slug: string; name: string; plan: string; partner: (typeof PARTNERS)[number]['slug'] | null }[]

export type TenantSlug = (typeof TENANTS)[number]['slug']

/** The name (PTR) of the addresses that it sends from; null when they have none. */
export const reverseNameOf = (host: WorldMailHost) => (host.reverse === undefined ? `out.${hostName(host)}` : host.reverse)

/** A block list that works; it lists the IPv4 sending address of Porto. */
export const BLOCK_LIST = 'bl.lists.example'
