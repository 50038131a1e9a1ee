import type { ActionKind, SourceVocabulary } from '../contract'

/** What a mapping in Settings may fill. Nobody knows what a sender writes into names and details, so these are sealed as personal. */
const COMMON = { type: 'text', system: 'text', changed: 'text', count: 'count' } as const
const PERSON = { objectName: 'text', subjectName: 'text', subjectEmail: 'text', detail: 'text' } as const

type Rest = Partial<ActionKind> & Pick<ActionKind, 'sentence' | 'category'>

const kind = (rest: Rest): ActionKind => ({ severity: 'low', data: COMMON, personal: PERSON, ...rest })
const signIn = (rest: Omit<Rest, 'category'> & Pick<Rest, 'sentence'>) =>
  kind({ category: 'authentication', person: true, ...rest })
const right = (sentence: string) => kind({ category: 'access', severity: 'high', sentence, privilege: true, person: true })

/** The types that any sender may use (requirement A3), and families of them. */
export const generic: SourceVocabulary = {
  known: {
    'generic.create': kind({ category: 'data', sentence: '{actor} created {resource}' }),
    'generic.update': kind({ category: 'data', sentence: '{actor} changed {resource}' }),
    'generic.delete': kind({ category: 'data', severity: 'medium', sentence: '{actor} deleted {resource}' }),
    'generic.login': signIn({ sentence: '{actor} signed in', failed: '{actor} failed to sign in' }),
    'generic.login_failed': signIn({
      severity: 'medium',
      sentence: '{actor} failed to sign in',
      failed: '{actor} failed to sign in',
    }),
    'generic.logout': signIn({ sentence: '{actor} signed out' }),
    'generic.password_change': kind({
      category: 'identity',
      severity: 'medium',
      sentence: '{actor} changed a password',
      person: true,
    }),
    'generic.permission_grant': right('{actor} granted a right on {resource}'),
    'generic.permission_revoke': right('{actor} revoked a right on {resource}'),
    'generic.permission_update': right('{actor} changed a right on {resource}'),
    'generic.role_change': right('{actor} changed the role of {resource}'),
    'generic.system_config_change': kind({
      category: 'configuration',
      severity: 'high',
      sentence: '{actor} changed the configuration of {resource}',
    }),
    'generic.bulk_operation': kind({
      category: 'data',
      severity: 'medium',
      sentence: '{actor} changed [{count} ]things at once',
    }),
  },
  families: {
    'generic.asset_': kind({ category: 'content', sentence: '{actor}: {action} of {resource}' }),
    'generic.organization_': kind({ category: 'tenant', severity: 'medium', sentence: '{actor}: {action} of {resource}' }),
    'generic.media_': kind({ category: 'content', sentence: '{actor}: {action} of {resource}' }),
    'generic.chat_': kind({ category: 'content', sentence: '{actor}: {action} of {resource}' }),
    'generic.booking_': kind({ category: 'data', sentence: '{actor}: {action} of {resource}' }),
    '': kind({ category: 'system', sentence: '{actor}: {action} of {resource}' }),
  },
}
