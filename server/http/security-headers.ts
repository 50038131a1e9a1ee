import { randomBytes } from 'node:crypto'
import { type H3Event, setResponseHeaders } from 'h3'

interface HeaderSettings {
  /** Base URL over TLS: browsers are told to stay there. */
  https: boolean
  /** The identity provider's origin: signing out posts a form that leads there. */
  identityOrigin: string
  /** Vite's client needs its socket. */
  dev: boolean
}

/** What every answer carries. `nonce` is this answer's own, for Nuxt's inline scripts. */
export function securityHeaders({ https, identityOrigin, dev }: HeaderSettings, nonce: string): Record<string, string> {
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    // Positions and sizes are set by style attributes; they cannot run anything.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    // The build inlines small font files.
    "font-src 'self' data:",
    `connect-src 'self'${dev ? ' ws:' : ''}`,
    `form-action 'self' ${identityOrigin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
    'referrer-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(https && { 'strict-transport-security': 'max-age=31536000' }),
  }
}

export function setSecurityHeaders(event: H3Event, settings: HeaderSettings): void {
  event.context.cspNonce = randomBytes(16).toString('base64')
  setResponseHeaders(event, securityHeaders(settings, event.context.cspNonce))
}

interface HtmlChunks {
  head: string[]
  bodyPrepend: string[]
  body: string[]
  bodyAppend: string[]
}

/** Gives Nuxt's own script elements the answer's nonce. The shell is all ours: nothing that a person typed is in it. */
export function nonceScripts(html: HtmlChunks, nonce: string): void {
  const withNonce = (chunk: string) => chunk.replace(/<script(?=[\s>])/g, `<script nonce="${nonce}"`)
  for (const part of ['head', 'bodyPrepend', 'body', 'bodyAppend'] as const) html[part] = html[part].map(withNonce)
}

declare module 'h3' {
  interface H3EventContext {
    cspNonce?: string
  }
}
