import type { ActionKind, SourceVocabulary } from '../contract'

/** Where a request came to and with what it has to do: ids and names of Authentik's own objects. */
const COMMON = {
  app: 'text',
  brand: 'text',
  method: 'text',
  upstreamRequestId: 'id',
  country: 'text',
  model: 'text',
  modelPk: 'id',
} as const
/** What tells of a person, and may differ from the actor: the name typed at a sign-in, the one who was proven, a city. */
const PERSON = { typedName: 'text', authenticatedAs: 'text', city: 'text', modelName: 'text' } as const

type Rest = Partial<ActionKind> & Pick<ActionKind, 'sentence'>

const signIn = ({ data, ...rest }: Rest): ActionKind => ({
  category: 'authentication',
  severity: 'low',
  person: true,
  data: { ...COMMON, authMethod: 'text', stage: 'text', outpost: 'text', ...data },
  personal: PERSON,
  ...rest,
})
const identity = ({ data, ...rest }: Rest): ActionKind => ({
  category: 'identity',
  severity: 'medium',
  person: true,
  data: { ...COMMON, changed: 'text', ...data },
  personal: PERSON,
  ...rest,
})
const system = ({ data, ...rest }: Rest): ActionKind => ({
  category: 'system',
  severity: 'low',
  data: { ...COMMON, policy: 'id', ...data },
  personal: PERSON,
  ...rest,
})

/** What is recorded as a failure, and says so by itself. */
const trouble = (rest: Rest): ActionKind => system({ severity: 'medium', failed: rest.sentence, ...rest })

/** Actions of Authentik by its own names. The set is open: an operator names `custom_…` in an expression. */
export const authentik: SourceVocabulary = {
  known: {
    'authentik.login': signIn({ sentence: '{actor} signed in to Authentik[ ({authMethod})]' }),
    'authentik.login_failed': signIn({
      severity: 'medium',
      sentence: '{actor} failed to sign in to Authentik',
      failed: '{actor} failed to sign in to Authentik',
    }),
    'authentik.logout': signIn({ sentence: '{actor} signed out of Authentik' }),
    'authentik.authorize_application': signIn({
      sentence: '{actor} signed in to {application}',
      data: { application: 'text', applicationPk: 'id', scopes: 'text' },
    }),
    'authentik.suspicious_request': signIn({
      category: 'access',
      severity: 'high',
      sentence: '{actor} made a suspicious request',
      failed: '{actor} made a suspicious request',
    }),
    'authentik.password_set': identity({ sentence: '{actor} set a password' }),
    'authentik.user_write': identity({
      sentence: '{actor} wrote an account[: {changed}]',
      data: { created: 'flag' },
    }),
    'authentik.user_lockdown_triggered': identity({
      severity: 'critical',
      sentence: '{actor} locked an account down',
      privilege: true,
    }),
    'authentik.invitation_used': identity({ sentence: '{actor} used an invitation', data: { invitationPk: 'id' } }),
    'authentik.source_linked': identity({ sentence: '{actor} linked an outside account' }),
    'authentik.impersonation_started': identity({
      category: 'access',
      severity: 'high',
      sentence: '{actor} began to act as somebody else[ ({onBehalfOf})]',
      privilege: true,
    }),
    'authentik.impersonation_ended': identity({
      category: 'access',
      severity: 'medium',
      sentence: '{actor} no longer acts as somebody else',
      privilege: true,
    }),
    'authentik.secret_view': identity({ category: 'access', severity: 'high', sentence: '{actor} looked at a secret' }),
    'authentik.secret_rotate': identity({ category: 'access', severity: 'high', sentence: '{actor} renewed a secret' }),
    'authentik.model_created': identity({ sentence: '{actor} created[ a {model}] in Authentik' }),
    'authentik.model_updated': identity({ severity: 'low', sentence: '{actor} changed[ a {model}] in Authentik[: {changed}]' }),
    'authentik.model_deleted': identity({ severity: 'high', sentence: '{actor} deleted[ a {model}] in Authentik' }),
    'authentik.review_initiated': identity({ severity: 'low', sentence: 'A review of rights began' }),
    'authentik.review_overdue': identity({ sentence: 'A review of rights is overdue' }),
    'authentik.review_attested': identity({ severity: 'low', sentence: '{actor} attested a review of rights' }),
    'authentik.review_completed': identity({ severity: 'low', sentence: 'A review of rights is complete' }),
    'authentik.email_sent': identity({ severity: 'low', sentence: 'Authentik sent a mail' }),
    'authentik.export_ready': system({ category: 'data', severity: 'medium', sentence: 'An export of Authentik is ready' }),
    'authentik.flow_execution': system({ sentence: '{actor} ran a flow' }),
    'authentik.policy_execution': system({ sentence: 'A policy was run for {actor}' }),
    'authentik.policy_exception': trouble({ sentence: 'A policy ended in an error' }),
    'authentik.property_mapping_exception': trouble({ sentence: 'A property mapping ended in an error' }),
    'authentik.system_task_execution': system({ sentence: 'Authentik ran a task' }),
    'authentik.system_task_exception': trouble({ sentence: 'A task of Authentik ended in an error' }),
    'authentik.system_exception': trouble({ sentence: 'Authentik met an error' }),
    'authentik.configuration_error': trouble({
      category: 'configuration',
      sentence: 'Authentik is configured wrongly',
    }),
    'authentik.configuration_warning': system({ category: 'configuration', sentence: 'Authentik warns of its configuration' }),
    'authentik.update_available': system({
      sentence: 'There is a new version of Authentik[: {version}]',
      data: { version: 'text' },
    }),
  },
  families: {
    'authentik.custom_': identity({ severity: 'low', sentence: '{actor}: {action}, an event of the operator’s own' }),
    '': identity({ sentence: '{actor}: {action} of Authentik' }),
  },
}
