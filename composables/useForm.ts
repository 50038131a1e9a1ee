import { computed, nextTick, reactive, ref, type Ref, shallowRef } from 'vue'
import type { z } from 'zod'
import type { Issue } from '#shared/errors'
import { ApiError } from './api'

export interface FormOptions<V extends object, S extends z.ZodType> {
  /** What the fields hold at the start. */
  initial: V
  /** The same schema that the server checks with. */
  schema: S
  /** The fields as the body of the request. */
  toInput: (values: V) => unknown
  send: (input: z.output<S>) => Promise<unknown>
  done?: () => void
}

/**
 * One form: values, one error for each dotted path, sent once at a time. What was typed is never touched by a failure;
 * the first wrong field gets the focus. `failure` is what no field can show.
 */
export function useForm<V extends object, S extends z.ZodType>(options: FormOptions<V, S>) {
  const values = reactive(structuredClone(options.initial)) as V
  const form: Ref<HTMLFormElement | null> = ref(null)
  const errors = ref<Record<string, string>>({})
  const failure = shallowRef<unknown>(null)
  const busy = ref(false)
  const saved = ref(JSON.stringify(options.initial))
  const dirty = computed(() => JSON.stringify(values) !== saved.value)

  async function show(issues: Issue[]): Promise<void> {
    errors.value = {}
    for (const { path, message } of issues) errors.value[path] ??= message
    await nextTick()
    form.value?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }

  async function submit(): Promise<void> {
    if (busy.value) return
    failure.value = null
    const parsed = options.schema.safeParse(options.toInput(values))
    if (!parsed.success) return show(parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })))
    errors.value = {}
    busy.value = true
    try {
      await options.send(parsed.data)
      saved.value = JSON.stringify(values)
      options.done?.()
    } catch (error) {
      failure.value = error
      if (error instanceof ApiError && error.issues.length > 0) await show(error.issues)
    } finally {
      busy.value = false
    }
  }

  /** The error of a field, also when it lies deeper (`mx.0` for `mx`). */
  function errorOf(path: string): string | undefined {
    const key = Object.keys(errors.value).find((known) => known === path || known.startsWith(`${path}.`))
    return key === undefined ? undefined : errors.value[key]
  }

  function reset(next: V): void {
    Object.assign(values, structuredClone(next))
    saved.value = JSON.stringify(next)
    errors.value = {}
    failure.value = null
  }

  return { form, values, errors, errorOf, failure, busy, dirty, submit, reset }
}
