import { type Config, ConfigError } from '#server/platform/config'
import { isLoopback } from '../loopback'

const EMBEDDED = 'the embedded sign-in serves this machine only; use 127.0.0.1, or set VIGIA_OIDC_ISSUER'

/**
 * The embedded provider is for the machine that it runs on: passwords over plain HTTP and accounts without a second factor go no
 * further. An outside one is asked over TLS, unless it runs here too.
 * @throws ConfigError naming the setting
 */
export function requireSafeIdentity({ oidc, host, baseUrl }: Pick<Config, 'oidc' | 'host' | 'baseUrl'>): void {
  const problems: string[] = []
  if (oidc) {
    const { protocol, hostname } = new URL(oidc.issuer)
    if (protocol !== 'https:' && !isLoopback(hostname))
      problems.push('VIGIA_OIDC_ISSUER: https, since secrets and tokens go there')
  } else {
    if (!isLoopback(host)) problems.push(`HOST: ${EMBEDDED}`)
    if (!isLoopback(new URL(baseUrl).hostname)) problems.push(`VIGIA_BASE_URL: ${EMBEDDED}`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
}
