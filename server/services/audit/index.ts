export { ACTIONS, type Action } from './actions'
export { append, type EventDetails } from './append'
export { changesOf, mutate, type Mutation, recordHappening } from './mutate'
