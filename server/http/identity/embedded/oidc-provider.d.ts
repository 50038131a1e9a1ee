// What the embedded provider uses of `oidc-provider`, which ships no types.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  import type { JsonWebKey } from 'node:crypto'

  export type AdapterPayload = { grantId?: string; uid?: string; consumed?: unknown } & Record<string, unknown>

  export interface Adapter {
    upsert(id: string, payload: AdapterPayload, expiresInSec?: number): Promise<void>
    find(id: string): Promise<AdapterPayload | undefined>
    findByUid(uid: string): Promise<AdapterPayload | undefined>
    findByUserCode(userCode: string): Promise<AdapterPayload | undefined>
    consume(id: string): Promise<void>
    destroy(id: string): Promise<void>
    revokeByGrantId(grantId: string): Promise<void>
  }

  export interface Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }

  /** The part of Koa's context that our hooks read. */
  export interface KoaContext {
    type: string
    status: number
    body: unknown
    oidc: {
      params?: Record<string, string | undefined>
      client?: { clientId: string; grantTypeAllowed(type: string): boolean }
      session?: { accountId?: string; grantIdFor(clientId: string): string | undefined }
      entities: Record<string, unknown>
      requestParamScopes: Set<string>
    }
  }

  export interface Interaction {
    uid: string
    prompt: { name: string }
  }

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>)
    proxy: boolean
    readonly issuer: string
    readonly Grant: {
      new (properties: { accountId: string; clientId: string }): Grant
      find(id: string): Promise<Grant | undefined>
    }
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>
    interactionFinished(req: IncomingMessage, res: ServerResponse, result: Record<string, unknown>): Promise<void>
    use(middleware: (koa: KoaContext & { path: string }, next: () => Promise<void>) => Promise<void>): this
  }

  export type Jwk = JsonWebKey & { kid?: string; use?: string; alg?: string }
}
