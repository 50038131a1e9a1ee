import { actingAs, type Context, SYSTEM_ACTOR } from '#server/platform/context'
import { acquireLease, type Lease, releaseLease, renewLease } from '#server/platform/lease'
import type { CheckId } from '#shared/schemas/checks'
import type { CheckTarget } from './collectors/contract'
import { cellsOf, statusIn } from './cells'
import { type Looking, lookAt, type Round } from './look'
import { type Machine, machineOf } from './machine'
import type { RunWorld } from './run-world'
import { anyDue, type Claim, claimDue, releaseClaims } from './store/claims'
import { recordTick } from './store/cycle'
import { failDeadRuns } from './store/runs'
import { storeVerdicts } from './store/verdicts'

const LEASE = 'checks'
const LEASE_MS = 20_000
/** While looks are under way: how often the lease is renewed, the monitor looked at and new work asked for. */
const BEAT_MS = 5_000
/** Domains looked at side by side, and at most as many waiting for their turn. More of them would wait for our own processor, and look slow. */
const CONCURRENCY = 16

/**
 * Looks at every domain whose time has come and comes back when none is left. A call while one is under way joins it: ticks neither
 * overlap nor pile up. Of several processes one does the work, the one with the lease.
 */
export function tickWith(ctx: Context, looking: Looking): Promise<void> {
  const machine = machineOf(ctx)
  if (machine.stopping.signal.aborted) return Promise.resolve()
  const system = actingAs(ctx, SYSTEM_ACTOR, 'all', 'cycle')
  machine.ticking ??= new Tick(system, looking).run().finally(() => (machine.ticking = null))
  return machine.ticking
}

class Tick {
  private readonly machine: Machine
  private readonly signal: AbortSignal
  private readonly waiting: { claim: Claim; target: CheckTarget | undefined }[] = []
  private readonly underWay = new Set<Promise<void>>()
  private readonly extended: Round | undefined
  /** Null once the lease is lost: what is under way ends, nothing new begins. */
  private lease: Lease | null = null
  private world: RunWorld | null = null

  constructor(
    private readonly ctx: Context,
    private readonly looking: Looking,
  ) {
    this.machine = machineOf(ctx)
    this.signal = this.machine.stopping.signal
    this.extended = looking.extended?.round(ctx, looking.targets)
  }

  async run(): Promise<void> {
    this.lease = await acquireLease(this.ctx, LEASE, this.machine.owner, LEASE_MS)
    if (!this.lease) return
    try {
      await failDeadRuns(this.ctx)
      await this.beat()
      await this.work()
    } finally {
      await Promise.all(this.allUnderWay())
      await releaseClaims(
        this.ctx,
        this.waiting.map(({ claim }) => claim),
      )
      if (this.lease) await releaseLease(this.ctx, this.lease)
    }
  }

  private async work(): Promise<void> {
    let beat = startBeat()
    try {
      for (;;) {
        if (this.lease && !this.signal.aborted && this.waiting.length === 0) await this.claim()
        while (this.waiting.length > 0 && this.underWay.size < CONCURRENCY && !this.signal.aborted) this.begin()
        // The eight come first: extended checks begin when no domain waits for them.
        if (this.lease && !this.signal.aborted && this.waiting.length === 0) await this.extended?.begin(this.world!)
        if (this.allUnderWay().length === 0) return
        await Promise.race([...this.allUnderWay(), beat.come])
        if (!beat.isDue()) continue
        await this.keepLease()
        beat = startBeat()
      }
    } finally {
      beat.stop()
    }
  }

  private allUnderWay(): Promise<void>[] {
    return [...this.underWay, ...(this.extended?.underWay ?? [])]
  }

  private async keepLease(): Promise<void> {
    if (this.lease) this.lease = await renewLease(this.ctx, this.lease, LEASE_MS)
    if (this.lease) await this.beat()
  }

  /** Looks at the monitor itself before it looks at others, and says that it lives. */
  private async beat(): Promise<void> {
    const { monitor, world } = this.machine
    const fault = await monitor.look(this.ctx, this.signal)
    this.world = world.enter(this.ctx, monitor)
    if (this.signal.aborted || (await recordTick(this.ctx, this.lease!, fault))) return
    this.lease = null
  }

  private async claim(): Promise<void> {
    if (!(await anyDue(this.ctx))) return
    const claims = await claimDue(this.ctx, CONCURRENCY)
    const targets = await this.looking.targets(
      this.ctx,
      claims.map((claim) => claim.domainId),
    )
    this.waiting.push(...claims.map((claim) => ({ claim, target: targets.get(claim.domainId) })))
  }

  private begin(): void {
    const { claim, target } = this.waiting.shift()!
    const look = this.look(claim, target)
      .catch((error: unknown) => this.report(error))
      .finally(() => this.underWay.delete(look))
    this.underWay.add(look)
  }

  private async look(claim: Claim, target: CheckTarget | undefined): Promise<void> {
    // Deleted between claim and look.
    if (!target) return
    const { looking, signal } = this
    const before = (checkId: CheckId) => statusIn(claim.cells, checkId)
    const outcomes = await lookAt({ looking, world: this.world!, target, before, signal })
    if (this.signal.aborted) return releaseClaims(this.ctx, [claim])
    const stored = await storeVerdicts(this.ctx, claim, outcomes)
    if (stored !== 'lost') this.machine.monitor.note(claim.cells, stored === 'edited' ? claim.cells : cellsOf(outcomes))
  }

  /** A fault of ours: the domain stays as it was, and is due again when its claim ends. Not earlier: the next try would fail too. */
  private report(error: unknown): void {
    const cause = error instanceof Error ? error.name : 'unknown'
    this.ctx.log.error('A look at a domain could not be stored', { component: 'checks', cause })
  }
}

/** The time until the next beat. It runs on while looks end: a steady stream of them must not put the beat off. */
function startBeat() {
  let due = false
  let stop = () => {}
  const come = new Promise<void>((done) => {
    const timer = setTimeout(() => {
      due = true
      done()
    }, BEAT_MS)
    stop = () => clearTimeout(timer)
  })
  return { come, isDue: () => due, stop: () => stop() }
}
