import type { AuditFilter } from '#shared/schemas/audit-filter'
import { filterOf, moved, type PlacePatch, readPlace, windowOf, writePlace } from './audit/place'

/** Where in the timeline one is: all of it in the URL, so that it can be shared, and Back undoes a step. */
export function useAuditPlace() {
  const route = useRoute()
  const router = useRouter()
  // A span such as "7 days" ends here. It moves when somebody asks for something, so that a question stays the same meanwhile.
  const nowMs = useState('audit-now', () => Date.now())
  const place = computed(() => readPlace(route.query))

  function go(patch: PlacePatch) {
    nowMs.value = Date.now()
    return router.push({ query: writePlace(route.query, moved(place.value, patch)) as Record<string, string> })
  }

  return {
    place,
    nowMs: readonly(nowMs),
    /** All that narrows the list. */
    filter: computed(() => filterOf(place.value, nowMs.value)),
    /** The range without the stretch that is picked on the histogram. */
    range: computed(() => windowOf(place.value, nowMs.value)),
    go,
    /** Changes some filters; undefined takes one away. */
    set: (filter: Partial<AuditFilter>) => go({ filter: { ...place.value.filter, ...filter } }),
    /** Lets the span end now. */
    renew: () => (nowMs.value = Date.now()),
  }
}

/** The event that lies open over a page, in the URL as `?event=`. */
export function useEventLink() {
  const route = useRoute()
  const router = useRouter()
  const id = computed(() => (typeof route.query.event === 'string' ? route.query.event : ''))
  return {
    id,
    to: (event: string) => ({ query: { ...route.query, event } }),
    close: () => router.push({ query: { ...route.query, event: undefined } }),
  }
}
