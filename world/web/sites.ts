import { createSecureContext, type SecureContext } from 'node:tls'
import { MAIL_HOST_KEYS, PLACES, hostName, mailHost, type MailHostKey } from '../provider'
import { STORIES } from '../stories'
import { WITH_AUTOCONFIG } from '../stories/hosts'
import { POLICY_SITES } from '../stories/policies'
import { webmailName, type Story } from '../story'
import { syntheticFrontend, SYNTHETIC_HOST, type SyntheticDomains } from '../synthetic'
import type { Behaviour } from './behaviours'
import type { CertificateKind, CertificateMint, ServerIdentity } from './certificates'

/** One server block: how it behaves, whose mailstore is behind it, and its certificate, minted when first asked for. */
export interface Site {
  behaviour: Behaviour
  mailHost: MailHostKey | null
  context(): Promise<SecureContext>
}

/** The web server at one address. */
interface Place {
  sites: Map<string, Site>
  /** The default server block. */
  fallback: Site
  identity: ServerIdentity
}

/** Which site answers at which address to which name. */
export class SiteTable {
  private readonly places = new Map<string, Place>()
  private readonly bundles = new Map<string, Site>()

  private constructor(
    private readonly mint: CertificateMint,
    private readonly synthetic: SyntheticDomains,
  ) {}

  static async create(mint: CertificateMint, synthetic: SyntheticDomains): Promise<SiteTable> {
    const table = new SiteTable(mint, synthetic)
    for (const key of MAIL_HOST_KEYS) await table.addFrontend(key)
    const lisboa = table.places.get(mailHost('lisboa').frontend) as Place
    table.places.set(PLACES.ipv6, { ...lisboa, sites: new Map() })
    await table.addPlace(PLACES.elsewhere, ['www.other-provider.example'], 'parking-page', null)
    for (const key of MAIL_HOST_KEYS) table.addSite(hostName(mailHost(key)), table.site([hostName(mailHost(key))], 'login', key))
    for (const story of STORIES) table.addStory(story)
    for (const key of MAIL_HOST_KEYS) if (mailHost(key).ipv4Down) table.places.delete(mailHost(key).frontend)
    return table
  }

  /** Every address at which a web server of this table listens. */
  get addresses(): string[] {
    return [...this.places.keys()]
  }

  /** The certificate for clients that name no host. */
  defaultIdentity(address: string): ServerIdentity {
    return this.place(address).identity
  }

  find(address: string, name: string): Site {
    const place = this.place(address)
    return place.sites.get(name) ?? this.syntheticSite(address, name) ?? place.fallback
  }

  /** Mints the certificates of all synthetic webmail names. */
  async mintSynthetic(): Promise<void> {
    for (const name of this.synthetic.webmailNames()) await this.syntheticSite(syntheticFrontend, name)?.context()
  }

  private place(address: string): Place {
    const place = this.places.get(address)
    if (!place) throw new Error(`no web server at ${address}`)
    return place
  }

  private async addFrontend(key: MailHostKey) {
    const host = mailHost(key)
    await this.addPlace(host.frontend, [hostName(host)], host.strictServerName ? 'refuse' : 'login', key)
  }

  private async addPlace(address: string, names: string[], behaviour: Behaviour, key: MailHostKey | null) {
    const identity = await this.mint.mint(names)
    const context = createSecureContext(identity)
    this.places.set(address, {
      sites: new Map(),
      fallback: { behaviour, mailHost: key, context: () => Promise.resolve(context) },
      identity,
    })
  }

  /** A site of a mail host stands at its IPv4 front end and at `::1`. */
  private addSite(name: string, ipv4: Site, ipv6: Site = ipv4) {
    if (!ipv4.mailHost) throw new Error(`${name} has no mail host`)
    this.place(mailHost(ipv4.mailHost).frontend).sites.set(name, ipv4)
    this.place(PLACES.ipv6).sites.set(name, ipv6)
  }

  private addStory(story: Story) {
    if (!story.mailHost || story.web?.unknownToFrontend) return
    const name = webmailName(story)
    const { at, behaviour = 'login', certificate = 'good', secondCertificate } = story.web ?? {}
    const told = this.site([name], behaviour, story.mailHost, certificate)
    if (at === 'elsewhere') this.place(PLACES.elsewhere).sites.set(name, told)
    const front = at ? this.site([name], 'login', story.mailHost) : told
    if (WITH_AUTOCONFIG.includes(story.domain)) {
      const names = [`autoconfig.${story.domain}`]
      this.addSite(names[0]!, this.site(names, 'autoconfig', story.mailHost))
    }
    const policy = POLICY_SITES[story.domain]
    if (policy) this.addSite(`mta-sts.${story.domain}`, this.site([`mta-sts.${story.domain}`], policy, story.mailHost))
    this.addSite(name, front, secondCertificate ? this.site([name], behaviour, story.mailHost, certificate) : front)
  }

  private site(names: string[], behaviour: Behaviour, key: MailHostKey, certificate: CertificateKind = 'good'): Site {
    let context: Promise<SecureContext> | null = null
    return {
      behaviour,
      mailHost: key,
      context: () => (context ??= this.mint.mint(names, certificate).then((identity) => createSecureContext(identity))),
    }
  }

  private syntheticSite(address: string, name: string): Site | null {
    if (address !== syntheticFrontend && address !== PLACES.ipv6) return null
    const names = this.synthetic.certificateNames(name)
    if (!names) return null
    const bundle = names[0] as string
    const site = this.bundles.get(bundle) ?? this.site(names, 'login', SYNTHETIC_HOST)
    this.bundles.set(bundle, site)
    return site
  }
}
