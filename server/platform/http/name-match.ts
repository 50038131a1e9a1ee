import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import ipaddr from 'ipaddr.js'

/** The names of a certificate's subject alternative name extension. */
export interface SubjectNames {
  dns: readonly string[]
  ips: readonly string[]
}

/**
 * Reads Node's text form of the extension (`DNS:a.example, IP Address:192.0.2.1`). Node writes a name that holds a comma, a quote or a
 * control character as a JSON string (CVE-2021-44532); such a thing is no host name and is left out.
 */
export function readSubjectNames(subjectAltName: string | undefined): SubjectNames {
  const entries = (subjectAltName ?? '').match(/[^,"]*(?:"(?:[^"\\]|\\.)*")?[^,"]*(?:, |$)/g) ?? []
  const valuesOf = (prefix: string) =>
    entries
      .map((entry) => entry.replace(/, $/, ''))
      .filter((entry) => entry.startsWith(prefix) && !entry.includes('"'))
      .map((entry) => entry.slice(prefix.length))
  return { dns: valuesOf('DNS:'), ips: valuesOf('IP Address:').filter((ip) => isIP(ip) !== 0) }
}

/**
 * RFC 9525 §6: is the certificate for this host? DNS names are compared as A-labels without regard to case; a wildcard stands for exactly one
 * label, the left-most, and only when it is the whole label; an IP matches IP entries only. The common name never counts.
 */
export function nameMatches(host: string, names: SubjectNames): boolean {
  const literal = host.startsWith('[') ? host.slice(1, -1) : host
  if (isIP(literal) !== 0) return names.ips.some((ip) => canonicalIp(ip) === canonicalIp(literal))
  const asked = domainToASCII(withoutTrailingDot(host))
  return names.dns.some((presented) => dnsNameMatches(asked, presented))
}

function dnsNameMatches(asked: string, presented: string): boolean {
  const pattern = presented.toLowerCase()
  if (!/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(pattern)) return false
  if (!pattern.startsWith('*.')) return pattern === asked
  const parent = pattern.slice(1)
  // A dot has to be left in the parent: "*.example" would cover a whole top-level domain.
  return (
    parent.indexOf('.', 1) > 0 &&
    asked.endsWith(parent) &&
    asked.indexOf('.') === asked.length - parent.length &&
    asked !== parent
  )
}

function withoutTrailingDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}

function canonicalIp(ip: string): string {
  return ipaddr.parse(ip).toNormalizedString()
}
