// For a process that is measured from outside (`--import`): every second it writes down how late its timers came, milliseconds, to
// LOOP_DELAY_FILE and its process id. SIGUSR2 begins anew: its start is none of it.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 10
const SAY_MS = 1_000

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
// What it counts is the time between its own timers.
const late = (ns) => Math.max(0, ns / 1e6 - RESOLUTION_MS)
const say = () => {
  const told = { median: late(delay.percentile(50)), p99: late(delay.percentile(99)), worst: late(delay.max) }
  writeFileSync(`${process.env.LOOP_DELAY_FILE}.${process.pid}`, JSON.stringify(told))
}
process.on('SIGUSR2', () => delay.reset())
setInterval(say, SAY_MS).unref()
