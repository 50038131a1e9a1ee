import type { Ref } from 'vue'

/** Asks before a page with unsaved input is left: `asking` while the question stands, `answer(true)` goes. */
export function useLeaveGuard(dirty: Readonly<Ref<boolean>>) {
  const asking = ref(false)
  let resolve: ((leave: boolean) => void) | undefined

  onBeforeRouteLeave(() => {
    if (!dirty.value) return true
    asking.value = true
    return new Promise<boolean>((settle) => (resolve = settle))
  })
  const warn = (event: BeforeUnloadEvent) => {
    if (dirty.value) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', warn))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))

  function answer(leave: boolean) {
    asking.value = false
    resolve?.(leave)
  }
  return { asking, answer }
}
