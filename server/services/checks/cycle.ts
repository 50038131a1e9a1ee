import { actingAs, type Context, SYSTEM_ACTOR } from '#server/platform/context'
import { caughtUp } from '#server/platform/breathe'
import { acquireLease, type Lease, releaseLease, renewLease } from '#server/platform/lease'
import { startBeat } from './beat'
import type { CheckTarget } from './collectors/contract'
import { cellsOf } from './cells'
import { Gathering } from './gathering'
import { type Held, Line } from './line'
import { type Looking, lookAt, type LookOutcome, type Round } from './look'
import { type Machine, machineOf } from './machine'
import type { MonitorReport } from './monitor'
import { Places } from './places'
import { pruneHistory } from './prune-history'
import { knownVerdicts } from './known'
import type { RunWorld } from './run-world'
import { settleDeviations } from './settle-deviations'
import { cycleNumber } from './slot'
import { anyDue, type Claim, claimDue, releaseClaims } from './store/claims'
import { recordTick } from './store/cycle'
import { failDeadRuns } from './store/runs'
import { storeVerdicts } from './store/verdicts'

const LEASE = 'checks'
const LEASE_MS = 20_000
/** Domains looked at side by side, and at most as many waiting for their turn. More of them would wait for our own processor, and look slow. */
const CONCURRENCY = 16
/** Looks that end so soon after one another are stored together: each commit waits for the disk, and the whole process with it. */
const GATHER_MS = 200
/** Between the beginnings of two looks, and longer while this process is behind. */
const BREATH_MS = 4

/**
 * Looks at every domain whose time has come and comes back when none is left. A call while one is under way joins it: ticks neither
 * overlap nor pile up. Of several processes one does the work, the one with the lease.
 * @param aheadMs domains whose time comes so soon are waited for, each until its own: who ticks as often looks at them evenly
 */
export function tickWith(ctx: Context, looking: Looking, aheadMs = 0): Promise<void> {
  const machine = machineOf(ctx)
  if (machine.stopping.signal.aborted) return Promise.resolve()
  const system = actingAs(ctx, SYSTEM_ACTOR, 'all', 'cycle')
  machine.ticking ??= new Tick(system, looking, aheadMs).run().finally(() => (machine.ticking = null))
  return machine.ticking
}

class Tick {
  private readonly machine: Machine
  private readonly signal: AbortSignal
  private readonly waiting: Line
  /** Looks that are not over, also those that wait between their two halves: these hold no place. */
  private readonly underWay = new Set<Promise<void>>()
  private readonly extended: Round | undefined
  private readonly places = new Places(CONCURRENCY)
  private readonly ended = new Gathering(GATHER_MS)
  /** Null once the lease is lost: what is held or under way is looked at to its end, nothing more is claimed. */
  private lease: Lease | null = null
  private world: RunWorld | null = null
  /** The last claim was a full one. */
  private moreAreDue = false

  constructor(
    private readonly ctx: Context,
    private readonly looking: Looking,
    private readonly aheadMs: number,
  ) {
    this.machine = machineOf(ctx)
    this.signal = this.machine.stopping.signal
    this.waiting = new Line(ctx, aheadMs, this.signal)
    this.extended = looking.extended?.round(ctx, looking.targets)
  }

  async run(): Promise<void> {
    this.lease = await acquireLease(this.ctx, LEASE, this.machine.owner, LEASE_MS)
    if (!this.lease) return
    try {
      await this.beat()
      await this.work()
    } finally {
      await Promise.all(this.allUnderWay())
      await releaseClaims(this.ctx, this.waiting.leave())
      if (this.lease) await releaseLease(this.ctx, this.lease)
    }
  }

  private async work(): Promise<void> {
    let beat = startBeat()
    try {
      for (;;) {
        if (this.goesOn && this.waiting.isEmpty) await this.claim()
        await this.beginDue()
        // The eight come first: extended checks begin when no domain waits for them.
        if (this.goesOn && !this.waiting.isDue) await this.extended?.begin(this.world!)
        const turn = this.hasTurn ? [this.turn()] : []
        if (turn.length === 0 && this.allUnderWay().length === 0) return await this.sayNews()
        await Promise.race([...this.allUnderWay(), ...turn, beat.come])
        if (!beat.isDue()) continue
        await this.keepLease()
        beat = startBeat()
      }
    } finally {
      beat.stop()
    }
  }

  private get goesOn(): boolean {
    return this.lease !== null && !this.signal.aborted
  }

  /** Whether anybody waits for a look, or may: who claims only when a look has been stored leaves places empty meanwhile. */
  private get hasTurn(): boolean {
    return !this.signal.aborted && (!this.waiting.isEmpty || (this.goesOn && this.moreAreDue))
  }

  /** When the first of those who wait may begin: its time has come, and there is a place for it. At once when others are to be claimed. */
  private async turn(): Promise<void> {
    if (this.waiting.isEmpty) return
    return this.waiting.isDue ? this.places.anyFree() : this.waiting.untilDue()
  }

  private allUnderWay(): Promise<void>[] {
    return [...this.underWay, ...(this.extended?.underWay ?? [])]
  }

  private async keepLease(): Promise<void> {
    if (this.lease) this.lease = await renewLease(this.ctx, this.lease, LEASE_MS)
    if (this.lease) await this.beat()
  }

  /** Puts in order what others left, looks at the monitor itself before it looks at others, and says that it lives. */
  private async beat(): Promise<void> {
    const { monitor, world } = this.machine
    await failDeadRuns(this.ctx)
    await settleDeviations(this.ctx)
    await pruneHistory(this.ctx, this.signal)
    const report = await monitor.look(this.ctx, this.signal)
    if (!this.signal.aborted) await this.record(report)
    this.world = world.enter(this.ctx, monitor)
  }

  /** What was counted since the last beat: the next tick may be another process's. */
  private async sayNews(): Promise<void> {
    const { monitor } = this.machine
    if (!this.lease || this.signal.aborted || !monitor.hasNews) return
    await this.record(monitor.report(cycleNumber(this.ctx.now(), this.ctx.config.auditIntervalSec * 1000)))
  }

  private async record(report: MonitorReport): Promise<void> {
    const recorded = await recordTick(this.ctx, this.lease!, report)
    if (recorded) this.machine.monitor.fault = recorded.fault
    else this.lease = null
  }

  private async claim(): Promise<void> {
    this.moreAreDue = false
    if (!(await anyDue(this.ctx, this.aheadMs))) return
    const claims = await claimDue(this.ctx, CONCURRENCY, this.aheadMs)
    this.moreAreDue = claims.length === CONCURRENCY
    const targets = await this.looking.targets(
      this.ctx,
      claims.map((claim) => claim.domainId),
    )
    this.waiting.join(claims.map((claim) => ({ claim, target: targets.get(claim.domainId) })))
  }

  private async beginDue(): Promise<void> {
    while (this.waiting.isDue && !this.signal.aborted && this.places.take()) {
      this.begin(this.waiting.next()!)
      if (this.waiting.isDue) await caughtUp(BREATH_MS)
    }
  }

  private begin(held: Held): void {
    const look = this.look(held)
      .catch((error: unknown) => this.report(error))
      .finally(() => this.underWay.delete(look))
    this.underWay.add(look)
  }

  private async look({ claim, target }: Held): Promise<void> {
    // The place is for looking alone: who waits for a commit leaves it to others.
    const outcomes = await this.see(claim, target).finally(() => this.places.leave())
    if (!outcomes) return
    if (this.signal.aborted) return releaseClaims(this.ctx, [claim])
    if (this.underWay.size > 1) await this.ended.join()
    const stored = await storeVerdicts(this.ctx, claim, outcomes)
    if (stored !== 'lost') this.machine.monitor.note(claim.cells, stored === 'edited' ? claim.cells : cellsOf(outcomes))
  }

  private async see(claim: Claim, target: CheckTarget | undefined): Promise<LookOutcome[] | null> {
    if (!target) return null
    const { ctx, looking, places, signal } = this
    const known = await knownVerdicts(ctx, claim)
    const pause = (ms: number) => places.outside(() => ctx.pause(ms, signal))
    return lookAt({ looking, world: this.world!, target, known, signal, pause })
  }

  /** A fault of ours: the domain stays as it was, and is due again when its claim ends. Not earlier: the next try would fail too. */
  private report(error: unknown): void {
    const cause = error instanceof Error ? error.name : 'unknown'
    this.ctx.log.error('A look at a domain could not be stored', { component: 'checks', cause })
  }
}
