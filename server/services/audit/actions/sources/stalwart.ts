import type { ActionKind, SourceVocabulary } from '../contract'

/** What is told of any event: numbers that do not fit a double are ids. Texts of replies, subjects and contents never enter. */
const COMMON = {
  accountId: 'id',
  listenerId: 'text',
  localPort: 'count',
  spanId: 'id',
  queueId: 'id',
  domain: 'text',
  hostname: 'text',
  code: 'count',
  size: 'count',
  elapsedMs: 'count',
  recipients: 'count',
  reason: 'text',
  resultType: 'text',
  policy: 'text',
  strict: 'flag',
} as const
/** Addresses of people. */
const PERSON = { accountName: 'text', from: 'text', to: 'text' } as const

type Rest = Partial<ActionKind> & Pick<ActionKind, 'sentence'>

const mail = ({ data, ...rest }: Rest): ActionKind => ({
  category: 'mail',
  severity: 'low',
  data: { ...COMMON, ...data },
  personal: PERSON,
  ...rest,
})
const signIn = (rest: Rest): ActionKind => mail({ category: 'authentication', person: true, ...rest })
const guard = (rest: Rest): ActionKind =>
  mail({ category: 'access', severity: 'high', personal: { ...PERSON, addresses: 'text' }, ...rest })
/** What is a failure by its name is told as it is. */
const failing = (kind: ActionKind): ActionKind => ({ ...kind, failed: kind.sentence })
const system = (rest: Rest): ActionKind => mail({ category: 'system', ...rest })
const REPORT = {
  reportId: 'id',
  rangeFrom: 'time',
  rangeTo: 'time',
  dmarcPass: 'count',
  dmarcQuarantine: 'count',
  dmarcReject: 'count',
  dmarcNone: 'count',
  dkimPass: 'count',
  dkimFail: 'count',
  dkimNone: 'count',
  spfPass: 'count',
  spfFail: 'count',
  spfNone: 'count',
} as const

/** Events of Stalwart by its own names (`group.name`); what no line names, its group says. 637 types in 0.16.19, and more to come. */
export const stalwart: SourceVocabulary = {
  known: {
    'stalwart.auth.success': signIn({ sentence: '{actor} signed in to the mail server' }),
    'stalwart.auth.failed': failing(
      signIn({
        severity: 'medium',
        sentence: '{actor} failed to sign in to the mail server[: {reason}]',
      }),
    ),
    'stalwart.auth.mfa-required': signIn({ sentence: '{actor} was asked for a second factor' }),
    'stalwart.auth.missing-totp': signIn({ sentence: '{actor} was asked for a second factor' }),
    'stalwart.auth.too-many-attempts': failing(signIn({ severity: 'high', sentence: '{actor} tried too often to sign in' })),
    'stalwart.auth.token-expired': signIn({ sentence: 'A token of {actor} has expired' }),
    'stalwart.auth.credential-expired': signIn({ severity: 'medium', sentence: 'The password of {actor} has expired' }),
    'stalwart.auth.client-registration': signIn({ severity: 'medium', sentence: 'A client registered itself' }),
    'stalwart.security.authentication-ban': guard({ sentence: 'An address was banned: too many failed sign-ins' }),
    'stalwart.security.abuse-ban': guard({ sentence: 'An address was banned: abuse' }),
    'stalwart.security.scan-ban': guard({ sentence: 'An address was banned: it scanned' }),
    'stalwart.security.loiter-ban': guard({ sentence: 'An address was banned: it loitered' }),
    'stalwart.security.ip-blocked': guard({ severity: 'medium', sentence: 'A banned address was turned away' }),
    'stalwart.security.ip-unauthorized': failing(guard({ severity: 'medium', sentence: 'An address may not use this account' })),
    'stalwart.security.ip-block-expired': guard({ severity: 'low', sentence: 'The ban of an address has ended' }),
    'stalwart.security.ip-allow-expired': guard({ severity: 'low', sentence: 'The allowance of an address has ended' }),
    'stalwart.security.unauthorized': failing(
      guard({ severity: 'medium', sentence: '{actor} was denied something[: {reason}]' }),
    ),
    'stalwart.server.startup': system({ severity: 'medium', sentence: 'The mail server started' }),
    'stalwart.server.shutdown': system({ severity: 'medium', sentence: 'The mail server stopped' }),
    'stalwart.server.startup-error': failing(system({ severity: 'critical', sentence: 'The mail server could not start' })),
    'stalwart.server.thread-error': failing(system({ severity: 'high', sentence: 'The mail server lost a thread' })),
    'stalwart.server.recovery-mode': system({ severity: 'critical', sentence: 'The mail server runs in recovery mode' }),
    'stalwart.queue.authenticated-message-queued': mail({ sentence: '{actor} sent a message[ to {recipients} recipients]' }),
    'stalwart.queue.message-queued': mail({ sentence: 'A message was queued[ for {recipients} recipients]' }),
    'stalwart.queue.dsn-queued': mail({ sentence: 'A notice of non-delivery was queued' }),
    'stalwart.queue.quota-exceeded': mail({ severity: 'medium', sentence: 'A quota of the queue is used up' }),
    'stalwart.delivery.delivered': mail({ sentence: 'A message was delivered[ to {hostname}]' }),
    'stalwart.delivery.failed': failing(mail({ severity: 'medium', sentence: 'A message could not be delivered' })),
    'stalwart.delivery.dsn-perm-fail': failing(
      mail({
        severity: 'medium',
        sentence: 'A message was refused for good[ by {hostname}][ ({code})]',
      }),
    ),
    'stalwart.delivery.double-bounce': mail({ severity: 'medium', sentence: 'A notice of non-delivery could not be delivered' }),
    'stalwart.message-ingest.ham': mail({ sentence: 'A message arrived' }),
    'stalwart.message-ingest.spam': mail({ sentence: 'A message arrived as spam' }),
    'stalwart.incoming-report.dmarc-report': mail({ sentence: 'A DMARC report for {domain} arrived', data: REPORT }),
    'stalwart.incoming-report.dmarc-report-with-warnings': mail({
      severity: 'medium',
      sentence: 'A DMARC report for {domain} arrived: some mail did not pass',
      data: REPORT,
    }),
    'stalwart.smtp.dmarc-fail': failing(
      mail({
        sentence: 'A message in the name of {domain} did not pass DMARC',
      }),
    ),
  },
  families: {
    'stalwart.auth.': signIn({ severity: 'medium', sentence: '{actor}: {action} of the mail server' }),
    'stalwart.security.': guard({ sentence: '{action} of the mail server' }),
    'stalwart.server.': system({ severity: 'medium', sentence: '{action} of the mail server' }),
    'stalwart.registry.': system({ category: 'configuration', severity: 'medium', sentence: '{action} of the mail server' }),
    'stalwart.dkim.signature-': system({
      category: 'configuration',
      severity: 'medium',
      sentence: 'A DKIM key[ of {domain}]: {action}',
      data: { selector: 'text' },
    }),
    'stalwart.dns.': system({ category: 'configuration', sentence: 'A DNS record[ of {domain}]: {action}' }),
    'stalwart.acme.': system({ category: 'configuration', sentence: 'A certificate[ of {domain}]: {action}' }),
    'stalwart.tls.': system({ sentence: '{action} of the mail server' }),
    'stalwart.limit.': system({ severity: 'medium', sentence: 'A limit of the mail server: {action}' }),
    'stalwart.telemetry.': system({ sentence: '{action} of the mail server' }),
    'stalwart.manage.': system({ category: 'configuration', sentence: '{action} of the mail server' }),
    'stalwart.incoming-report.': mail({ sentence: 'A report arrived[ for {domain}]: {action}', data: REPORT }),
    '': mail({ sentence: '{action} of the mail server' }),
  },
}
