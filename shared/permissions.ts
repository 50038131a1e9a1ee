export const ROLES = ['master', 'partner', 'employee', 'member'] as const
export type Role = (typeof ROLES)[number]

/** Every permission and the roles that hold it. A route names one; `public` routes say so by name. */
export const PERMISSIONS = {
  'checks.read': ['master'],
  'checks.run': ['master'],
  'checks.accept': ['master'],
  'tenants.read': ['master'],
  'tenants.write': ['master'],
  'mail-hosts.read': ['master'],
  'mail-hosts.write': ['master'],
  'settings.read': ['master'],
  'settings.write': ['master'],
  'users.read': ['master'],
  'users.write': ['master'],
  'audit.search': ['master', 'partner', 'employee'],
  'audit.read': ['master'],
  'audit.verify': ['master'],
  'events.ingest': ['master'],
  'ingest.read': ['master'],
  'ingest.write': ['master'],
  'live.read': ['master'],
  'session.read': ['master', 'partner', 'employee', 'member'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof PERMISSIONS

/** Whether a role holds a permission. */
export function may(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role)
}
