import type { Mutation } from '#server/services/audit'

type AuditEvent = Mutation<void>['events'][number]

/** What chance has picked for an event. */
export interface Picked {
  /** Always the same events for the same number. */
  below(limit: number): number
  person: number
  tenant: number
}

/** A kind of event, with how many of a hundred are such. */
export interface Kind extends Pick<AuditEvent, 'action' | 'outcome'> {
  share: number
  /** The portal itself where none is named. */
  source?: 'authentik' | 'stalwart' | 'ocis'
  /** A person acts, or the system that tells of it. */
  byPerson: boolean
  about(picked: Picked): Pick<AuditEvent, 'resource' | 'data'>
}

const user = ({ person }: Picked) => ({ type: 'user', id: `u_${person}` })
const domain = ({ tenant }: Picked) => ({ type: 'domain', id: `d_${tenant}` })
const file = ({ below }: Picked) => ({ type: 'file', id: `f_${below(1_000_000)}` })
const signIn = (picked: Picked) => ({ resource: user(picked), data: { app: 'webmail', authMethod: 'password' } })
const message = (picked: Picked) => ({
  resource: { type: 'message', id: `m_${picked.below(1_000_000_000)}` },
  data: {
    ...{
      queueId: String(picked.below(1_000_000_000)),
      size: 1_000 + picked.below(200_000),
      hostname: `mx${picked.below(40)}.example`,
    },
    ...{ from: `person${picked.person}@d${picked.tenant}.example`, to: `someone${picked.below(20_000)}@elsewhere.example` },
  },
})

/** What a host of a few thousand people sees: mostly mail and sign-ins, files, some work in the portal, few failures. */
export const KINDS: Kind[] = [
  { share: 14, source: 'authentik', action: 'authentik.login', byPerson: true, about: signIn },
  { share: 8, source: 'authentik', action: 'authentik.authorize_application', byPerson: true, about: signIn },
  { share: 2, source: 'authentik', action: 'authentik.login_failed', outcome: 'failure', byPerson: true, about: signIn },
  {
    ...{ share: 1, source: 'authentik', action: 'authentik.user_write', byPerson: true },
    about: (picked) => ({ resource: user(picked), data: { changed: 'name,email', modelPk: String(picked.below(3_000)) } }),
  },
  { share: 10, source: 'stalwart', action: 'stalwart.auth.success', byPerson: true, about: signIn },
  { share: 15, source: 'stalwart', action: 'stalwart.delivery.delivered', byPerson: false, about: message },
  { share: 8, source: 'stalwart', action: 'stalwart.message-ingest.ham', byPerson: false, about: message },
  { share: 2, source: 'stalwart', action: 'stalwart.delivery.failed', outcome: 'failure', byPerson: false, about: message },
  {
    ...{ share: 1, source: 'stalwart', action: 'stalwart.security.ip-blocked', outcome: 'failure', byPerson: false },
    about: ({ below }) => ({ resource: { type: 'address', id: `a_${below(5_000)}` }, data: { reason: 'banned' } }),
  },
  {
    ...{ share: 14, source: 'ocis', action: 'ocis.file_create', byPerson: true },
    about: (picked) => ({
      resource: file(picked),
      data: { fileId: `f_${picked.below(1_000_000)}`, spaceId: `s_${picked.tenant}` },
    }),
  },
  {
    ...{ share: 4, source: 'ocis', action: 'ocis.file_shared', byPerson: true },
    about: (picked) => ({ resource: file(picked), data: { shareType: 'user', granteeId: `u_${picked.below(3_000)}` } }),
  },
  {
    share: 4,
    action: 'user.signed_in',
    byPerson: true,
    about: (picked) => ({ resource: user(picked), data: { provider: 'oidc' } }),
  },
  {
    ...{ share: 12, action: 'check.changed', byPerson: false },
    about: (picked) => ({
      resource: domain(picked),
      data: { domain: `d${picked.tenant}.example`, checkId: 'dns_spf', from: 'pass', to: 'fail', reason: 'missing' },
    }),
  },
  {
    ...{ share: 5, action: 'domain.updated', byPerson: true },
    about: (picked) => ({
      resource: domain(picked),
      data: { domain: `d${picked.tenant}.example`, 'webmailHost.after': `mail${picked.below(50)}.example` },
    }),
  },
]
