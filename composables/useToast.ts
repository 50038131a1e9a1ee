import type { Tone } from '#shared/status'

interface Toast {
  id: number
  status: Tone
  text: string
  /** Token and request id of an error. */
  detail?: string
  action?: { label: string; run: () => void }
}

const SHOWN_MS = 6000
let lastId = 0

/** Short messages at the edge of the page: `success` goes by itself, `failure` stays until dismissed. */
export function useToast() {
  const toasts = useState<Toast[]>('toasts', () => [])

  function dismiss(id: number) {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  function success(text: string, action?: Toast['action']) {
    const id = ++lastId
    toasts.value = [...toasts.value, { id, status: 'pass' as const, text, action }].slice(-4)
    setTimeout(() => dismiss(id), SHOWN_MS)
  }

  function failure(text: string, error?: unknown) {
    const { token, requestId } = (error ?? {}) as { token?: string; requestId?: string | null }
    const why = error === undefined ? '' : `. ${errorText(error).advice}`
    const detail = [token, requestId].filter(Boolean).join(' · ') || undefined
    toasts.value = [...toasts.value, { id: ++lastId, status: 'fail' as const, text: `${text}${why}`, detail }].slice(-4)
  }

  return { toasts: readonly(toasts), success, failure, dismiss }
}
