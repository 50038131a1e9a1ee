/** What is worked out once for each object, and forgotten with it: for settings, which many looks share. */
export function perObject<K extends object, V>(workOut: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { value: V }>()
  return (key) => {
    const held = known.get(key) ?? { value: workOut(key) }
    known.set(key, held)
    return held.value
  }
}
