/**
 * `@peculiar/x509` wires itself with tsyringe, which refuses to load without the metadata functions of Reflect. This is the part of
 * them that it calls, so that no polyfill package is needed; one that is there already is left alone.
 */
type Metadata = Map<unknown, unknown>
const store = new WeakMap<object, Metadata>()

const polyfill = {
  defineMetadata(key: unknown, value: unknown, target: object) {
    const metadata = store.get(target) ?? new Map<unknown, unknown>()
    store.set(target, metadata.set(key, value))
  },
  getOwnMetadata: (key: unknown, target: object): unknown => store.get(target)?.get(key),
  getMetadata(key: unknown, target: object): unknown {
    for (let object: object | null = target; object; object = Reflect.getPrototypeOf(object)) {
      const metadata = store.get(object)
      if (metadata?.has(key)) return metadata.get(key)
    }
    return undefined
  },
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, polyfill)
