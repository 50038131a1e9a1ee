export type { Fault, FaultKind } from './faults'
export type { LogReport, Report } from './report'
export { type Progress, verifyLogs } from './verify'
