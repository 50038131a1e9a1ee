import { keySequence } from './keyboard/key-sequence'

export interface Shortcut {
  /** "/", "j", "g o"; `mod+k` is ⌘K on a Mac and Ctrl-K elsewhere. */
  keys: string
  label: string
  run: (event: KeyboardEvent) => void
}

const STORAGE_KEY = 'vigia-single-keys'
const shortcuts = shallowRef<readonly Shortcut[]>([])
const follow = keySequence((combination) => shortcuts.value.some(({ keys }) => keys === combination))

/** Single keys can be switched off for people who dictate (WCAG 2.1.4); ⌘K stays. */
const singleKeys = ref(true)

/** Adds shortcuts for as long as the calling component lives; a later one wins over an earlier one with the same keys. */
export function useShortcuts(added: readonly Shortcut[]): void {
  onMounted(() => {
    if (shortcuts.value.length === 0) listen()
    shortcuts.value = [...added, ...shortcuts.value]
  })
  onBeforeUnmount(() => {
    shortcuts.value = shortcuts.value.filter((shortcut) => !added.includes(shortcut))
    if (shortcuts.value.length === 0) window.removeEventListener('keydown', onKeydown)
  })
}

/** Everything that can be pressed now, for the list behind `?`, and the switch for single keys. */
export function useShortcutList() {
  function allowSingleKeys(allowed: boolean) {
    singleKeys.value = allowed
    try {
      localStorage.setItem(STORAGE_KEY, allowed ? 'on' : 'off')
    } catch {
      // Storage is blocked: the choice lasts until the page is left.
    }
  }
  return { shortcuts: readonly(shortcuts), singleKeys: readonly(singleKeys), allowSingleKeys }
}

function listen() {
  try {
    singleKeys.value = localStorage.getItem(STORAGE_KEY) !== 'off'
  } catch {
    singleKeys.value = true
  }
  window.addEventListener('keydown', onKeydown)
}

function onKeydown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return
  const combination = combinationOf(event)
  const hit = combination && shortcuts.value.find(({ keys }) => keys === combination)
  if (!hit) return
  event.preventDefault()
  hit.run(event)
}

function combinationOf(event: KeyboardEvent): string | null {
  if (event.metaKey || event.ctrlKey) return `mod+${event.key.toLowerCase()}`
  if (!singleKeys.value || isBusy(event.target)) return null
  return follow({ key: event.key, at: event.timeStamp })
}

/** Keys belong to what is being typed in, and to an open dialog. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], dialog[open]')) return true
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
