import * as client from 'openid-client'
import type { Refusal } from '#server/services/access'

/** A sign-in or refresh that came to nothing. Carries the reason alone: no token, no claim, no cause. */
export class HandshakeError extends Error {
  constructor(readonly reason: Refusal) {
    super(`The sign-in failed: ${reason}`)
    this.name = 'HandshakeError'
  }
}

const CLAIM_REASONS: Record<string, Refusal> = {
  iss: 'issuer',
  issuer: 'issuer',
  aud: 'audience',
  azp: 'audience',
  nonce: 'nonce',
  sub: 'subject',
}

/** A provider that says these is ill, not refusing (RFC 6749 §4.1.2.1). */
const ILL = new Set(['server_error', 'temporarily_unavailable'])

/** The reason behind an error of openid-client; `unavailable` when the provider did not answer, or not as one. */
export function reasonOf(error: unknown): Refusal {
  if (error instanceof HandshakeError) return error.reason
  if (error instanceof client.AuthorizationResponseError) return ILL.has(error.error) ? 'unavailable' : 'denied'
  if (error instanceof client.ResponseBodyError) return bodyReason(error)
  if (error instanceof client.WWWAuthenticateChallengeError) return error.status >= 500 ? 'unavailable' : 'invalid'
  // fetch says TypeError when the network fails.
  if (error instanceof TypeError) return 'unavailable'
  return error instanceof client.ClientError ? clientReason(error) : 'invalid'
}

function bodyReason({ status, error }: client.ResponseBodyError): Refusal {
  if (status >= 500 || ILL.has(error)) return 'unavailable'
  return error === 'invalid_grant' ? 'code' : 'invalid'
}

function clientReason(error: client.ClientError): Refusal {
  const inner = error.cause as { message?: string; cause?: { claim?: string; attribute?: string } } | undefined
  const named = inner?.cause?.claim ?? inner?.cause?.attribute ?? ''
  switch (error.code) {
    case 'OAUTH_TIMEOUT':
    case 'OAUTH_ABORT':
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_PARSE_ERROR':
      return 'unavailable'
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return 'expired'
    case 'OAUTH_KEY_SELECTION_FAILED':
      return 'signature'
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return CLAIM_REASONS[named] ?? 'invalid'
    default:
      return wordReason(inner?.message ?? '')
  }
}

/** The library tells some refusals apart in words only. */
function wordReason(message: string): Refusal {
  if (message.includes('signature')) return 'signature'
  const quoted = /"(state|iss|aud|nonce|sub)"/.exec(message)?.[1]
  if (quoted === 'state') return 'state'
  return quoted ? (CLAIM_REASONS[quoted] ?? 'invalid') : 'invalid'
}
