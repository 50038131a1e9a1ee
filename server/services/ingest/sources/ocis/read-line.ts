import { z } from 'zod'

/** One event of the audit service of OCIS: flat, its names as in Go. What an action does not have is missing, what it does not know is "". */
const AuditLine = z.looseObject({ App: z.literal('admin_audit'), Action: z.string(), Message: z.string(), Time: z.string() })
export type AuditLine = z.infer<typeof AuditLine>

/** Reads a line of the log; null when it is none of the audit service's: another format, a service's own log line, half of one. */
export function readLine(text: string): AuditLine | null {
  try {
    return AuditLine.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
