export type { Fault } from './faults'
export type { Report } from './report'
export { verifyLogs } from './verify'
