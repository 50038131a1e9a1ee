import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, gzip, type ZlibOptions } from 'node:zlib'
import { breathe } from '#server/platform/breathe'
import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import { lastChangeByPeople, lastLiveId, toldAfter } from './read/change-token'

/**
 * An answer ready to send: its bytes, plain and packed. The etag is of its content, so an answer that says the same has the same one;
 * weak, for both forms share it (RFC 9110 §8.8.3.3).
 */
export interface Answer {
  json: Buffer
  gzip: Buffer
  etag: string
}

/** What an answer was made from: the last change by people, the last live event, the hour. */
interface State {
  people: number
  live: number
  hour: number
}

interface Entry extends Answer, State {}

/** An answer may miss looks of so short a time, for they come in all the time; what people change shows at once. */
const MAX_BEHIND_MS = 1_500
const RENEW_AFTER_MS = 1_000
const MAX_BYTES = 32 * 1024 * 1024

/** In one of Node's own threads. To pack harder costs twice the time for a twentieth of the bytes. */
const pack = promisify<Buffer, ZlibOptions, Buffer>(gzip)

/** Keeps serialised answers of the overview while nothing changed that they tell of. */
export class AnswerCache {
  private readonly entries = new Map<string, Entry>()
  private readonly making = new Map<string, Promise<Entry>>()
  private people = 0
  private bytes = 0
  private generation = 0

  /** @param key says all that the answer depends on besides the database: question and scope */
  async answer(ctx: Context, key: string, make: () => Promise<unknown>): Promise<Answer> {
    this.people = await lastChangeByPeople(ctx, this.people)
    const state = { people: this.people, live: await lastLiveId(ctx), hour: Math.floor(ctx.now() / 3_600_000) }
    const known = this.entries.get(key)
    // Strips of letters move on with the hour, whether anything happens or not.
    if (known?.people !== state.people || known.hour !== state.hour) return this.renew(ctx, key, state, make)
    if (known.live === state.live) return known
    const behindMs = ctx.now() - (await toldAfter(ctx, known.live))
    if (behindMs < 0 || behindMs >= MAX_BEHIND_MS) return this.renew(ctx, key, state, make)
    // Made anew before it is too far behind, so that under steady traffic nobody waits; when that fails, the next caller is told.
    if (behindMs >= RENEW_AFTER_MS) this.renew(ctx, key, state, make).catch(() => {})
    return known
  }

  /** One making at a time for all who need the same answer. */
  private renew(ctx: Context, key: string, state: State, make: () => Promise<unknown>): Promise<Entry> {
    const turn = `${this.generation} ${key} ${state.people} ${state.hour}`
    const shared = this.making.get(turn)
    if (shared) return shared
    const made = this.make(ctx, key, state, make).finally(() => this.making.delete(turn))
    this.making.set(turn, made)
    return made
  }

  /** Forgets all: somebody who asked for a run has to see what it found. */
  forget(): void {
    this.entries.clear()
    // What is being made now may have been read before the change.
    this.generation++
    this.bytes = 0
  }

  private async make(ctx: Context, key: string, state: State, make: () => Promise<unknown>): Promise<Entry> {
    const { generation } = this
    const made = await make()
    await breathe()
    // Text would be turned into bytes anew for everybody who asks.
    const json = Buffer.from(JSON.stringify(made))
    const etag = `W/"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`
    const entry = { ...state, json, gzip: await pack(json, { level: constants.Z_BEST_SPEED }), etag }
    if (generation !== this.generation) return entry
    this.drop(key)
    this.entries.set(key, entry)
    this.bytes += sizeOf(entry)
    for (const oldest of this.entries.keys()) if (this.bytes > MAX_BYTES && oldest !== key) this.drop(oldest)
    return entry
  }

  private drop(key: string): void {
    const entry = this.entries.get(key)
    if (entry) this.bytes -= sizeOf(entry)
    this.entries.delete(key)
  }
}

const sizeOf = ({ json, gzip }: Answer) => json.length + gzip.length

export const answerCacheOf = perDatabase(() => new AnswerCache())
