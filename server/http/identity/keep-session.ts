import type { Handshake, SignedIn } from './handshake'
import { HandshakeError } from './handshake-error'

/** The server's half of a session. */
export interface PortalSession {
  userId: string
  subject: string
  groups: readonly string[]
  idToken: string | null
  refreshToken: string | null
  /** Milliseconds since 1970, as the other times: when the provider is asked again. */
  checkAt: number
  /** Since when the provider has not answered. */
  failingSince: number | null
  endsAt: number
}

export const SESSION_MS = 12 * 60 * 60_000
/** Without a refresh token nobody can be asked whether the groups still hold, so the session is short. */
const UNCHECKED_MS = 60 * 60_000
const GRACE_MS = 15 * 60_000
const RETRY_MS = 30_000

export function newSession(userId: string, signedIn: SignedIn, now: number): PortalSession {
  const endsAt = now + (signedIn.refreshToken ? SESSION_MS : UNCHECKED_MS)
  return {
    userId,
    subject: signedIn.identity.subject,
    groups: signedIn.identity.groups,
    idToken: signedIn.idToken,
    refreshToken: signedIn.refreshToken,
    checkAt: signedIn.refreshToken ? now + signedIn.freshForMs : endsAt,
    failingSince: null,
    endsAt,
  }
}

/**
 * The session as it stands now, asked of the provider again when it is due: the same object when nothing changed, null when it is
 * over. A provider that does not answer keeps it for 15 minutes from the first failure; one that refuses ends it.
 */
export async function keepFresh(session: PortalSession, handshake: Handshake, now: number): Promise<PortalSession | null> {
  if (now >= session.endsAt) return null
  if (now < session.checkAt || !session.refreshToken) return session
  try {
    const fresh = await handshake.refresh(session.refreshToken, session.subject)
    return {
      ...session,
      groups: fresh.identity.groups,
      idToken: fresh.idToken ?? session.idToken,
      refreshToken: fresh.refreshToken ?? session.refreshToken,
      checkAt: now + fresh.freshForMs,
      failingSince: null,
    }
  } catch (error) {
    if (!(error instanceof HandshakeError) || error.reason !== 'unavailable') return null
    const failingSince = session.failingSince ?? now
    return now - failingSince >= GRACE_MS ? null : { ...session, failingSince, checkAt: now + RETRY_MS }
  }
}
