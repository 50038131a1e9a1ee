import auditEvent from '#server/api/v1/audit/[id]/index.get'
import auditExport from '#server/api/v1/audit/export.get'
import auditHistogram from '#server/api/v1/audit/histogram.get'
import auditPage from '#server/api/v1/audit/index.get'
import updateAuditSource from '#server/api/v1/audit/sources/[id]/index.patch'
import runAuditSource from '#server/api/v1/audit/sources/[id]/run.post'
import testAuditSource from '#server/api/v1/audit/sources/[id]/test.post'
import auditSources from '#server/api/v1/audit/sources/index.get'
import auditStats from '#server/api/v1/audit/stats.get'
import removeAuditView from '#server/api/v1/audit/views/[id].delete'
import auditViews from '#server/api/v1/audit/views/index.get'
import saveAuditView from '#server/api/v1/audit/views/index.post'
import bulkRunWaiting from '#server/api/v1/audit/bulk-run.get'
import requestBulkRun from '#server/api/v1/audit/bulk-run.post'
import proof from '#server/api/v1/audit/[id]/proof.get'
import consistency from '#server/api/v1/audit/log/[scope]/consistency.get'
import logHead from '#server/api/v1/audit/log/[scope]/index.get'
import changes from '#server/api/v1/audit/changes.get'
import overview from '#server/api/v1/audit/overview.get'
import overviewExport from '#server/api/v1/audit/overview/export.get'
import overviewGroups from '#server/api/v1/audit/overview/groups.get'
import runTenant from '#server/api/v1/audit/run/[idOrSlug].post'
import run from '#server/api/v1/audit/runs/[runId].get'
import mend from '#server/api/v1/audit/tenants/[idOrSlug]/mend.get'
import withdrawDeviation from '#server/api/v1/audit/tenants/[idOrSlug]/deviations/[id].delete'
import deviations from '#server/api/v1/audit/tenants/[idOrSlug]/deviations/index.get'
import acceptDeviation from '#server/api/v1/audit/tenants/[idOrSlug]/deviations/index.post'
import history from '#server/api/v1/audit/tenants/[idOrSlug]/history.get'
import scorecard from '#server/api/v1/audit/tenants/[idOrSlug]/scorecard.get'
import verification from '#server/api/v1/audit/verify.get'
import verify from '#server/api/v1/audit/verify.post'
import loadDemo from '#server/api/v1/demo/load.post'
import live from '#server/api/v1/live.get'
import removeMailHost from '#server/api/v1/mail-hosts/[id].delete'
import mailHost from '#server/api/v1/mail-hosts/[id].get'
import updateMailHost from '#server/api/v1/mail-hosts/[id].patch'
import mailHosts from '#server/api/v1/mail-hosts/index.get'
import createMailHost from '#server/api/v1/mail-hosts/index.post'
import me from '#server/api/v1/me.get'
import openapi from '#server/api/v1/openapi.json.get'
import partners from '#server/api/v1/partners/index.get'
import createPartner from '#server/api/v1/partners/index.post'
import checkSettings from '#server/api/v1/settings/checks.get'
import updateCheckSettings from '#server/api/v1/settings/checks.patch'
import removeDomain from '#server/api/v1/tenants/[idOrSlug]/domains/[domain].delete'
import updateDomain from '#server/api/v1/tenants/[idOrSlug]/domains/[domain].patch'
import addDomains from '#server/api/v1/tenants/[idOrSlug]/domains/index.post'
import tenant from '#server/api/v1/tenants/[idOrSlug]/index.get'
import updateTenant from '#server/api/v1/tenants/[idOrSlug]/index.patch'
import tenants from '#server/api/v1/tenants/index.get'
import createTenant from '#server/api/v1/tenants/index.post'
import updateUser from '#server/api/v1/users/[id].patch'
import users from '#server/api/v1/users/index.get'
import health from '#server/routes/_health.get'
import receiveEvent from '#server/routes/ingest/events.post'
import receiveStalwart from '#server/routes/ingest/stalwart/webhook.post'
import type { ApiHandler } from './define-api-handler'

/** Every route of the API, for the OpenAPI document. A test holds this list against the files. */
export const ROUTES: Record<string, ApiHandler> = {
  'GET /api/v1/audit': auditPage,
  'GET /api/v1/audit/stats': auditStats,
  'GET /api/v1/audit/histogram': auditHistogram,
  'GET /api/v1/audit/export': auditExport,
  'GET /api/v1/audit/sources': auditSources,
  'PATCH /api/v1/audit/sources/{id}': updateAuditSource,
  'POST /api/v1/audit/sources/{id}/run': runAuditSource,
  'POST /api/v1/audit/sources/{id}/test': testAuditSource,
  'GET /api/v1/audit/views': auditViews,
  'POST /api/v1/audit/views': saveAuditView,
  'DELETE /api/v1/audit/views/{id}': removeAuditView,
  'GET /api/v1/audit/{id}': auditEvent,
  'GET /api/v1/audit/bulk-run': bulkRunWaiting,
  'POST /api/v1/audit/bulk-run': requestBulkRun,
  'GET /api/v1/audit/{id}/proof': proof,
  'GET /api/v1/audit/log/{scope}': logHead,
  'GET /api/v1/audit/log/{scope}/consistency': consistency,
  'GET /api/v1/audit/verify': verification,
  'POST /api/v1/audit/verify': verify,
  'GET /api/v1/audit/changes': changes,
  'GET /api/v1/audit/overview': overview,
  'GET /api/v1/audit/overview/export': overviewExport,
  'GET /api/v1/audit/overview/groups': overviewGroups,
  'POST /api/v1/audit/run/{idOrSlug}': runTenant,
  'GET /api/v1/audit/runs/{runId}': run,
  'GET /api/v1/audit/tenants/{idOrSlug}/mend': mend,
  'GET /api/v1/audit/tenants/{idOrSlug}/deviations': deviations,
  'POST /api/v1/audit/tenants/{idOrSlug}/deviations': acceptDeviation,
  'DELETE /api/v1/audit/tenants/{idOrSlug}/deviations/{id}': withdrawDeviation,
  'GET /api/v1/audit/tenants/{idOrSlug}/history': history,
  'GET /api/v1/audit/tenants/{idOrSlug}/scorecard': scorecard,
  'POST /api/v1/demo/load': loadDemo,
  'GET /api/v1/live': live,
  'GET /api/v1/mail-hosts': mailHosts,
  'POST /api/v1/mail-hosts': createMailHost,
  'GET /api/v1/mail-hosts/{id}': mailHost,
  'PATCH /api/v1/mail-hosts/{id}': updateMailHost,
  'DELETE /api/v1/mail-hosts/{id}': removeMailHost,
  'GET /api/v1/me': me,
  'GET /api/v1/openapi.json': openapi,
  'GET /api/v1/partners': partners,
  'POST /api/v1/partners': createPartner,
  'GET /api/v1/settings/checks': checkSettings,
  'PATCH /api/v1/settings/checks': updateCheckSettings,
  'GET /api/v1/tenants': tenants,
  'POST /api/v1/tenants': createTenant,
  'GET /api/v1/tenants/{idOrSlug}': tenant,
  'PATCH /api/v1/tenants/{idOrSlug}': updateTenant,
  'POST /api/v1/tenants/{idOrSlug}/domains': addDomains,
  'PATCH /api/v1/tenants/{idOrSlug}/domains/{domain}': updateDomain,
  'DELETE /api/v1/tenants/{idOrSlug}/domains/{domain}': removeDomain,
  'GET /api/v1/users': users,
  'PATCH /api/v1/users/{id}': updateUser,
  'GET /_health': health,
  'POST /ingest/events': receiveEvent,
  'POST /ingest/stalwart/webhook': receiveStalwart,
}
