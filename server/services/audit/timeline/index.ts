export { exportAudit } from './export'
export { auditPage } from './page'
export { auditEvent } from './related'
export { auditHistogram, auditStats } from './stats'
