import type { ExtendedId, ExtendedStatus } from '#shared/schemas/extended'
import { PROVIDER_ZONE, type MailHostKey } from '../provider'

export interface ExpectedExtended {
  status: ExtendedStatus
  reason: string
}
type Expected = Partial<Record<ExtendedId, ExpectedExtended>>

const is = (status: ExtendedStatus, reason = 'ok'): ExpectedExtended => ({ status, reason })

/** What the extended checks of hosts must say of every domain on a mail host whose webmail name is in order. */
export const HOST_VERDICTS: Record<MailHostKey, Expected> = {
  lisboa: { fcrdns: is('pass'), smtp_tls: is('pass'), client_ports: is('pass'), block_lists: is('pass') },
  porto: {
    fcrdns: is('fail', 'no-ptr'),
    smtp_tls: is('warn', 'no-starttls'),
    client_ports: is('pass'),
    block_lists: is('fail', 'listed'),
  },
  aarhus: { fcrdns: is('fail', 'not-confirmed'), smtp_tls: is('warn', 'untrusted-certificate') },
  bergen: { fcrdns: is('warn', 'generic-name'), smtp_tls: is('pass'), client_ports: is('fail', 'login-in-clear') },
  faro: { fcrdns: is('pass'), smtp_tls: is('pass') },
  evora: { fcrdns: is('pass'), smtp_tls: is('pass') },
}

/** Records beyond those of mail and web, by domain and relative name. */
export const EXTRA_RECORDS: Record<string, Record<string, { SRV?: string[]; CNAME?: string[] }>> = {
  'hanssenbyg.dk': {
    '_imaps._tcp': { SRV: ['0 1 993 mail.hanssenbyg.dk'] },
    '_submissions._tcp': { SRV: ['0 1 465 mail.hanssenbyg.dk'] },
    '_imap._tcp': { SRV: ['0 0 0 .'] },
  },
  'kaffebryggeriet.dk': {
    imap: { CNAME: ['mail.kaffebryggeriet.dk'] },
    '_imaps._tcp': { SRV: ['0 1 993 imap.kaffebryggeriet.dk'] },
  },
  'livrariaatlantico.pt': { '_submission._tcp': { SRV: [`0 1 587 gone.${PROVIDER_ZONE}`] } },
  'fjordbank.dk': { '_imaps._tcp': { SRV: ['0 0 0 .'] }, '_submissions._tcp': { SRV: ['0 0 0 .'] } },
}

/** Domains whose front end also serves the file that Thunderbird asks for. */
export const WITH_AUTOCONFIG = ['oliveirafilhos.pt']

/** The verdicts of single domains, beside those of their host. */
export const DOMAIN_VERDICTS: Record<string, Expected> = {
  'umbrella.example': { autoconfig: is('info', 'absent'), web_headers: is('info', 'missing-headers') },
  'hanssenbyg.dk': { autoconfig: is('pass') },
  'kaffebryggeriet.dk': { autoconfig: is('warn', 'srv-alias') },
  'livrariaatlantico.pt': { autoconfig: is('fail', 'srv-unresolved') },
  'fjordbank.dk': { autoconfig: is('pass', 'not-offered-ok') },
  'oliveirafilhos.pt': { autoconfig: is('pass') },
  'casalusa.pt': {
    fcrdns: is('skipped', 'no-mail-host'),
    client_ports: is('skipped', 'no-mail-host'),
    smtp_tls: is('pass'),
  },
  'casalusa-eventos.pt': { smtp_tls: is('pass', 'not-receiving-ok') },
}
