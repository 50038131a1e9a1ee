/** A ref that follows another once it has rested for `restMs`. */
export function useDebounced<T>(source: Ref<T>, restMs: number): Readonly<Ref<T>> {
  const settled = shallowRef(source.value) as Ref<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, (next) => {
    clearTimeout(timer)
    timer = setTimeout(() => (settled.value = next), restMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return settled
}
