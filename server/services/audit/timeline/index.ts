export { auditPage } from './page'
