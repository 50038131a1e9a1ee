export { health } from './health'
