import type { TenantSlug } from '../provider'

/** Somebody who works at a tenant of the sample provider. */
export interface Person {
  tenant: TenantSlug
  name: string
  /** Their address; what stands before the @ is their name at the identity provider. */
  email: string
  /** A documentation address (RFC 5737, RFC 3849). */
  ip: string
}

export const PEOPLE: readonly Person[] = [
  { tenant: 'quinta-do-vale', name: 'Inês Tavares', email: 'ines.tavares@vinhasdodouro.pt', ip: '203.0.113.118' },
  { tenant: 'quinta-do-vale', name: 'Rui Peixoto', email: 'rui.peixoto@vinhasdodouro.pt', ip: '203.0.113.119' },
  { tenant: 'acme', name: 'Dana Whitfield', email: 'dana.whitfield@acme.example', ip: '198.51.100.140' },
  { tenant: 'acme', name: 'Tom Okafor', email: 'tom.okafor@acme.example', ip: '198.51.100.141' },
  { tenant: 'nordlys', name: 'Freja Skovgaard', email: 'freja@skovgaard.dk', ip: '2001:db8:45::21' },
  { tenant: 'globex', name: 'Hannah Weiss', email: 'hannah.weiss@globex-energy.example', ip: '198.51.100.162' },
  { tenant: 'sao-rafael', name: 'Marta Figueiredo', email: 'marta.figueiredo@saorafael.pt', ip: '203.0.113.131' },
  { tenant: 'fjordbank', name: 'Lars Halvorsen', email: 'lars.halvorsen@fjordbank.dk', ip: '2001:db8:47::8' },
  { tenant: 'umbrella-foods', name: 'Priya Raman', email: 'priya.raman@umbrella.example', ip: '198.51.100.177' },
  { tenant: 'hanssen-byg', name: 'Jonas Hanssen', email: 'jonas@hanssenbyg.dk', ip: '2001:db8:45::77' },
]

/** Who looks after them all, at the provider. */
export const ADMINISTRATOR = {
  pk: 7,
  username: 'sofia.marques',
  email: 'sofia.marques@atlantico-mail.example',
  ip: '203.0.113.4',
}

/** Where somebody tries passwords from. */
export const ATTACKER_IP = '192.0.2.66'

export const usernameOf = ({ email }: Person) => email.split('@')[0]!
/** Their number at the identity provider and at the mail server. */
export const numberOf = (person: Person) => 41 + PEOPLE.indexOf(person)
/** Their id at the file server. */
export const fileUserOf = (person: Person) => `058bff95-6708-4fe5-91e4-${String(numberOf(person)).padStart(12, '0')}`
