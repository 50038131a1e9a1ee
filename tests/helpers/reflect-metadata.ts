// @peculiar/x509 builds on tsyringe, which refuses to load without the metadata functions of `reflect-metadata` but, as used there, needs
// no metadata from them.
Object.assign(Reflect, {
  getMetadata: () => undefined,
  getOwnMetadata: () => undefined,
  hasOwnMetadata: () => false,
  defineMetadata: () => undefined,
})
export {}
