import type { DnsAnswer } from '#server/platform/dns/types'

/** One SRV record (RFC 2782). A target of `.` says that the service is not offered. */
export interface Srv {
  priority: number
  weight: number
  port: number
  target: string
}

/** The SRV records of an answer, the preferred first. */
export function readSrv(answer: DnsAnswer): Srv[] {
  return answer.records
    .map(({ value }) => {
      const [priority = '', weight = '', port = '', target = ''] = value.split(' ')
      return { priority: Number(priority), weight: Number(weight), port: Number(port), target: target.toLowerCase() }
    })
    .map((srv) => ({ ...srv, target: srv.target === '.' ? '.' : srv.target.replace(/\.$/, '') }))
    .sort((one, other) => one.priority - other.priority || other.weight - one.weight || (one.target < other.target ? -1 : 1))
}
