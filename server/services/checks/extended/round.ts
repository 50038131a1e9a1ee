import type { Context } from '#server/platform/context'
import type { CheckTarget } from '../collectors/contract'
import { machineOf } from '../machine'
import type { RunWorld } from '../run-world'
import { lookAtExtended } from './look-at'
import { enabledChecks } from './settings'
import { anyExtendedDue, claimExtended, claimExtendedDue, type ExtendedClaim, releaseExtended } from './store/claims'
import { SharedLooks } from './shared-looks'

/** Domains whose extended checks are made side by side: few, for they stand behind the eight. */
const CONCURRENCY = 4

type Targets = (ctx: Context, domainIds: string[]) => Promise<Map<string, CheckTarget>>

/** The extended checks within one tick. */
export class ExtendedRound {
  readonly underWay = new Set<Promise<void>>()

  constructor(
    private readonly ctx: Context,
    private readonly targets: Targets,
  ) {}

  /** Begins looks at domains whose time has come while there is room. Nothing begins while the monitor itself is in trouble. */
  async begin(world: RunWorld): Promise<void> {
    const { monitor, looks, stopping } = machineOf(this.ctx)
    const room = CONCURRENCY - this.underWay.size
    if (room === 0 || monitor.fault !== null || !(await anyExtendedDue(this.ctx))) return
    const claims = await claimExtendedDue(this.ctx, room)
    const ids = claims.map(({ domainId }) => domainId)
    const [targets, enabled] = await Promise.all([this.targets(this.ctx, ids), enabledChecks(this.ctx)])
    for (const claim of claims) {
      const look = this.look(claim, targets.get(claim.domainId), { world, looks, enabled, asked: false, signal: stopping.signal })
        .catch((error: unknown) => report(this.ctx, error))
        .finally(() => this.underWay.delete(look))
      this.underWay.add(look)
    }
  }

  private look(claim: ExtendedClaim, target: CheckTarget | undefined, rest: Shared): Promise<void> {
    // Deleted between claim and look.
    return target ? lookAtExtended(this.ctx, { claim, target, ...rest }) : releaseExtended(this.ctx, [claim])
  }
}

type Shared = Omit<Parameters<typeof lookAtExtended>[1], 'claim' | 'target'>

/** The extended checks of domains that a person asked for, after the eight; nobody waits for them. Never rejects. */
export async function runExtendedFor(
  ctx: Context,
  targets: Targets,
  world: RunWorld,
  domainIds: readonly string[],
): Promise<void> {
  const { signal } = machineOf(ctx).stopping
  const looks = new SharedLooks(ctx.now)
  const queue = [...domainIds]
  const lane = async () => {
    for (let id = queue.shift(); id !== undefined && !signal.aborted; id = queue.shift()) {
      // Held by the cycle: it is being looked at just now.
      const claim = await claimExtended(ctx, id)
      const target = claim && (await targets(ctx, [id])).get(id)
      if (!claim || !target) continue
      await lookAtExtended(ctx, { claim, target, world, looks, enabled: await enabledChecks(ctx), asked: true, signal })
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, () => lane().catch((error: unknown) => report(ctx, error))))
}

/** A fault of ours: the domain stays as it was, and is due again when its claim ends. */
function report(ctx: Context, error: unknown): void {
  const cause = error instanceof Error ? error.name : 'unknown'
  ctx.log.error('The extended checks of a domain could not be stored', { component: 'checks', cause })
}
