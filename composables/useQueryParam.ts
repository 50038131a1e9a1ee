/** One filter of a view, kept in the URL: empty is left out, Back works, the other parameters stay. */
export function useQueryParam(name: string) {
  const route = useRoute()
  const router = useRouter()
  return computed<string>({
    get: () => [route.query[name]].flat()[0] ?? '',
    set: (value) => void router.replace({ query: { ...route.query, [name]: value || undefined } }),
  })
}
