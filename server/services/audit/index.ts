export type { EventDetails } from './append'
export { changesOf, mutate, type Mutation, recordHappening } from './mutate'
export { placesOf, type Place } from './read-places'
export { Sequencer } from './sequencer'
