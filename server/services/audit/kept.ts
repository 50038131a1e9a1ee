/**
 * The same function, which remembers its last `limit` answers, those used last. For an answer that costs more than to remember it, and is
 * always the same.
 */
export function keeping<V>(limit: number, make: (key: string) => V): (key: string) => V {
  const kept = new Map<string, V>()
  return (key) => {
    const known = kept.get(key)
    // Used last is last in the map, so the first one is who goes. While there is room for all nobody has to, and to move them is dear.
    if (known !== undefined && kept.size < limit) return known
    const value = known ?? make(key)
    kept.delete(key)
    kept.set(key, value)
    if (kept.size > limit) kept.delete(kept.keys().next().value!)
    return value
  }
}
