/** Diagnostics of the process: one JSON line to standard error. Never carries personal data or secrets. */
export interface Logger {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export interface LogFields {
  component?: string
  requestId?: string
  token?: string
  count?: number
  latencyMs?: number
  cause?: string
}

function write(level: string, message: string, fields: LogFields = {}): void {
  process.stderr.write(JSON.stringify({ ts: new Date().toISOString(), level, message, ...fields }) + '\n')
}

export const logger: Logger = {
  info: (message, fields) => write('info', message, fields),
  warn: (message, fields) => write('warn', message, fields),
  error: (message, fields) => write('error', message, fields),
}
