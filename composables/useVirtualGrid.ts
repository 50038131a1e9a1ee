import { useWindowVirtualizer } from '@tanstack/vue-virtual'

interface VirtualGridOptions {
  count: () => number
  /** Height of a row in pixels, the gap below it included; it is known beforehand, so nothing is ever measured and nothing jumps. */
  rowPx: (row: number) => number
  /** What the heights hang on, where that is more than the height of the first row. */
  changed?: () => unknown
  /** The least width of a column and the gap between two; without it there is one column. */
  column?: () => { minPx: number; gapPx: number } | null
  /** Called when the end comes into sight. */
  onEnd?: () => void
  /** What an item is called. */
  noun?: string
}

const TOP_BAR_PX = 64
const ROWS_AHEAD = 3

/** Draws only the rows in sight of a long list that scrolls with the window. Items carry `data-index`, so that j and k can walk them. */
export function useVirtualGrid(container: Readonly<Ref<HTMLElement | null>>, options: VirtualGridOptions) {
  const { widthPx, topPx } = usePlace(container)
  const columns = computed(() => {
    const column = options.column?.()
    if (!column) return 1
    return Math.max(1, Math.floor((widthPx.value + column.gapPx) / (column.minPx + column.gapPx)))
  })
  const virtualizer = useWindowVirtualizer(
    computed(() => ({
      count: Math.ceil(options.count() / columns.value),
      estimateSize: options.rowPx,
      overscan: ROWS_AHEAD,
      scrollMargin: topPx.value,
      scrollPaddingStart: TOP_BAR_PX,
      scrollPaddingEnd: 16,
    })),
  )
  watch([() => options.rowPx(0), () => options.changed?.()], () => virtualizer.value.measure())

  const rows = computed(() =>
    virtualizer.value.getVirtualItems().map(({ index, start }) => ({
      index,
      from: index * columns.value,
      to: Math.min((index + 1) * columns.value, options.count()),
      offsetPx: start - topPx.value,
    })),
  )
  watch(rows, (seen) => {
    const last = seen.at(-1)
    if (last && last.to >= options.count()) options.onEnd?.()
  })

  /** Moves the focus by so many items, scrolling as far as needed. */
  async function move(step: number) {
    const focused = document.activeElement?.closest<HTMLElement>('[data-index]')
    const from = focused ? Number(focused.dataset.index) : -Math.sign(step)
    const next = Math.min(Math.max(from + step, 0), options.count() - 1)
    virtualizer.value.scrollToIndex(Math.floor(next / columns.value), { align: 'auto' })
    await nextTick()
    requestAnimationFrame(() => {
      const item = container.value?.querySelector(`[data-index="${next}"]`)
      // While domains are picked, an item is a check box first.
      const target = item?.querySelector('input') ?? item?.querySelector('a')
      target?.focus({ preventScroll: true })
    })
  }
  const { noun = 'domain' } = options
  useShortcuts([
    { keys: 'j', label: `Next ${noun}`, run: () => void move(1) },
    { keys: 'k', label: `Previous ${noun}`, run: () => void move(-1) },
  ])

  return { columns, rows, heightPx: computed(() => virtualizer.value.getTotalSize()) }
}

/** The width of an element and its distance from the top of the document, kept up to date. */
function usePlace(element: Readonly<Ref<HTMLElement | null>>) {
  const widthPx = ref(0)
  const topPx = ref(0)
  let observer: ResizeObserver | undefined

  function measure() {
    const box = element.value?.getBoundingClientRect()
    if (!box) return
    widthPx.value = box.width
    topPx.value = box.top + window.scrollY
  }
  onMounted(() => {
    measure()
    observer = new ResizeObserver(measure)
    observer.observe(document.body)
    if (element.value?.parentElement) observer.observe(element.value.parentElement)
  })
  onBeforeUnmount(() => observer?.disconnect())
  return { widthPx, topPx }
}
