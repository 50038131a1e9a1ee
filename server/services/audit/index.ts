export type { EventDetails } from './append'
export { changesOf, mutate, type Mutation, recordHappening } from './mutate'
