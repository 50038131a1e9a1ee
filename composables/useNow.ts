let timer: ReturnType<typeof setInterval> | undefined
const now = ref(Date.now())

/** The one clock of the page, in milliseconds; moves every ten seconds, so that a thousand relative times cost one timer. */
export function useNow(): Readonly<Ref<number>> {
  timer ??= setInterval(() => (now.value = Date.now()), 10_000)
  return readonly(now)
}
