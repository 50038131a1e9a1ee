import { computed, nextTick, reactive, ref, shallowRef } from 'vue'
import type { z } from 'zod'
import type { Issue } from '#shared/errors'
import { ApiError } from './api'
import { issueText } from './issue-text'
import { changedFields, copyOf, type FieldChange, mergeValues } from './form-merge'

export interface FormOptions<V extends object, S extends z.ZodType> {
  /** What the fields hold at the start; with `version` where the row has one. */
  initial: V
  /** The same schema that the server checks with. */
  schema: S
  /** The fields as the body of the request; `initial` is what they held, so that only changes are sent. */
  toInput: (values: V, initial: V) => unknown
  send: (input: z.output<S>) => Promise<unknown>
  done?: (values: V) => void
  /** The fields of the row as somebody else has saved it meanwhile. */
  fromCurrent?: (current: unknown) => V | null
}

/**
 * One form: values, one error for each dotted path, sent once at a time. What was typed is never touched by a failure;
 * the first wrong field gets the focus. `failure` is what no field can show, `theirs` what somebody else saved first.
 */
export function useForm<V extends object, S extends z.ZodType>(options: FormOptions<V, S>) {
  const base = shallowRef<V>(copyOf(options.initial))
  const values = reactive(copyOf(options.initial)) as V
  const errors = ref<Record<string, string>>({})
  const failure = shallowRef<unknown>(null)
  const current = shallowRef<V | null>(null)
  const busy = ref(false)
  const dirty = computed(() => JSON.stringify(values) !== JSON.stringify(base.value))
  const theirs = computed<FieldChange[]>(() => (current.value ? changedFields(base.value, current.value, values) : []))

  async function show(issues: Issue[], form?: HTMLElement | null): Promise<void> {
    errors.value = {}
    for (const { path, message } of issues) errors.value[path] ??= message
    await nextTick()
    form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }

  async function fail(error: unknown, form?: HTMLElement | null): Promise<void> {
    if (error instanceof ApiError && error.token === 'STALE_VERSION')
      current.value = options.fromCurrent?.(error.details.current) ?? null
    failure.value = current.value ? null : error
    if (error instanceof ApiError) await show(error.issues, form)
  }

  async function submit(form?: HTMLElement | null): Promise<void> {
    if (busy.value) return
    failure.value = null
    const parsed = options.schema.safeParse(options.toInput(values, base.value))
    if (!parsed.success) return show(parsed.error.issues.map(issueText), form)
    errors.value = {}
    busy.value = true
    try {
      await options.send(parsed.data)
      base.value = copyOf(values)
      options.done?.(values)
    } catch (error) {
      await fail(error, form)
    } finally {
      busy.value = false
    }
  }

  /** After somebody else saved first: `mine` keeps what was typed here and takes the rest from them, else all is theirs. */
  function settle(mine: boolean): void {
    if (!current.value) return
    Object.assign(values, mine ? mergeValues(base.value, current.value, values) : copyOf(current.value))
    base.value = current.value
    current.value = null
  }

  /** The error of a field, also when it lies deeper: `mx.1` shows at `mx` as that of entry 2. */
  function errorOf(path: string): string | undefined {
    const key = Object.keys(errors.value).find((known) => known === path || known.startsWith(`${path}.`))
    if (key === undefined) return undefined
    const entry = /^\d+/.exec(key.slice(path.length + 1))?.[0]
    return entry === undefined ? errors.value[key] : `Entry ${Number(entry) + 1}. ${errors.value[key]}`
  }

  return { values, errors, errorOf, failure, theirs, busy, dirty, submit, settle }
}
