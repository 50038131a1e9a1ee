export interface FieldChange {
  field: string
  theirs: unknown
  mine: unknown
  /** Both changed it, and not to the same. */
  clash: boolean
}

/** Only what was changed here wins over what somebody else saved. */
export function mergeValues<V extends object>(base: V, theirs: V, mine: V): V {
  const merged = Object.entries(mine).map(([key, value]) => {
    const touched = !same(value, base[key as keyof V])
    return [key, touched ? value : theirs[key as keyof V]]
  })
  return copyOf(Object.fromEntries(merged) as V)
}

/** What somebody else changed, beside what stands here. `version` is no field for people. */
export function changedFields<V extends object>(base: V, theirs: V, mine: V): FieldChange[] {
  return Object.keys(theirs)
    .filter((key) => key !== 'version' && !same(theirs[key as keyof V], base[key as keyof V]))
    .map((key) => {
      const field = key as keyof V
      const clash = !same(mine[field], base[field]) && !same(mine[field], theirs[field])
      return { field: key, theirs: theirs[field], mine: mine[field], clash }
    })
}

/** The changed fields alone, as a patch. */
export function changesOnly<V extends object>(values: V, base: V): Partial<V> {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => !same(value, base[key as keyof V]))) as Partial<V>
}

/** Values of a form are plain JSON; cached data comes as proxies, which structuredClone refuses. */
export const copyOf = <V>(values: V): V => JSON.parse(JSON.stringify(values)) as V

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
