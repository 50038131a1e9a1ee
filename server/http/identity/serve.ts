import { type H3Event, setResponseHeader, setResponseStatus } from 'h3'
import { anonymousContext } from '../caller'
import { answerProblem, problemOf } from '../errors'
import { serveEmbedded } from './embedded/serve'
import { identityOf } from './index'
import { errorPage } from './pages'

/** `/application/o/**`: the embedded provider; nothing is there when an outside one is configured. */
export async function serveIdentity(event: H3Event): Promise<unknown> {
  const ctx = anonymousContext(event)
  const { embedded } = identityOf(ctx)
  try {
    if (embedded) return await serveEmbedded(event, ctx, await embedded())
    setResponseStatus(event, 404)
    return page(event, 'There is nothing here', 'People sign in at another identity provider.')
  } catch (error) {
    const problem = answerProblem(event, problemOf(error, ctx.requestId))
    ctx.log.error('The embedded identity provider failed', {
      component: 'access',
      requestId: ctx.requestId,
      token: problem.token,
      cause: error instanceof Error ? error.name : typeof error,
    })
    return page(event, 'The sign-in does not work now', problem.title)
  }
}

function page(event: H3Event, title: string, text: string): string {
  setResponseHeader(event, 'content-type', 'text/html; charset=utf-8')
  return errorPage(title, text, undefined, event.context.requestId)
}
