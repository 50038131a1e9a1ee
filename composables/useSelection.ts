/** The domains that somebody picks out of the grid, by id. `selecting` is the mode in which a click picks. */
export function useSelection() {
  const selecting = useState('selecting', () => false)
  const ids = useState<ReadonlySet<string>>('selected', () => new Set())

  function toggle(id: string) {
    const next = new Set(ids.value)
    if (!next.delete(id)) next.add(id)
    ids.value = next
  }
  function end() {
    selecting.value = false
    ids.value = new Set()
  }
  return { selecting, ids, has: (id: string) => ids.value.has(id), toggle, end }
}
