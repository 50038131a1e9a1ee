import { defineLiveHandler } from '#server/http/define-live-handler'

export default defineLiveHandler({
  summary: 'Server-sent events: check, run, cycle, audit, reset; goes on after Last-Event-ID',
  permission: 'live.read',
})
