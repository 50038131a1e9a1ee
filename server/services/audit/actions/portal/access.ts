import type { ActionArea } from '../contract'

/** Who comes in, who is refused, who may. */
export const accessActions = {
  'user.signed_in': {
    category: 'authentication',
    severity: 'low',
    sentence: '{actor} signed in[ with {provider}]',
    data: { provider: 'text' },
    person: true,
  },
  'user.signed_out': { category: 'authentication', severity: 'low', sentence: '{actor} signed out', person: true },
  'user.refused': {
    category: 'authentication',
    severity: 'medium',
    sentence: '{actor} was not let in[: {reason}]',
    failed: '{actor} was not let in[: {reason}]',
    data: { reason: 'text' },
    person: true,
  },
  'user.activated': {
    category: 'access',
    severity: 'high',
    sentence: '{actor} let user {resource} in',
    data: { active: 'flag' },
    privilege: true,
    person: true,
  },
  'user.deactivated': {
    category: 'access',
    severity: 'high',
    sentence: '{actor} locked user {resource} out',
    data: { active: 'flag' },
    privilege: true,
    person: true,
  },
  'user.list_read': {
    category: 'access',
    severity: 'low',
    sentence: '{actor} read the list of users[ ({repeated} more times before)]',
    data: { users: 'count', repeated: 'count' },
    person: true,
  },
  'access.denied': {
    category: 'access',
    severity: 'medium',
    sentence: '{actor} was denied {route}[ ({repeated} more times before)]',
    failed: '{actor} was denied {route}[ ({repeated} more times before)]',
    data: { route: 'text', repeated: 'count' },
  },
  'access.bearer_refused': {
    category: 'authentication',
    severity: 'medium',
    sentence: 'A bearer token was not accepted[ at {route}][ ({repeated} more times before)]',
    failed: 'A bearer token was not accepted[ at {route}][ ({repeated} more times before)]',
    data: { route: 'text', repeated: 'count' },
  },
  'operator_account.created': {
    category: 'identity',
    severity: 'high',
    sentence: '{actor} made operator account {resource}',
    privilege: true,
    person: true,
  },
  'operator_account.password_reset': {
    category: 'identity',
    severity: 'high',
    sentence: '{actor} gave operator account {resource} a new password',
    privilege: true,
    person: true,
  },
} as const satisfies ActionArea
