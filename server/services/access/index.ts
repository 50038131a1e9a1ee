export {
  addOperator,
  createFirstOperator,
  listOperators,
  type NewPassword,
  operatorAccount,
  type OperatorAccount,
  resetOperator,
  SIGNING_KEY_MODEL,
} from './accounts'
export { createAttemptLimits, type AttemptLimits } from './attempt-limits'
export { portalSessions, type PortalSessions } from './portal-sessions'
export { actionDenied, bearerRefused } from './refusals'
export { refuseSignIn, signIn, signOut, type Identity, type Refusal } from './sign-in'
export { activeUser, listUsers, setUserActive } from './users'
export { verifyPassword } from './verify-password'
