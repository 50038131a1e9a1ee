// Starts the built portal: settings → migrations → first operator → server. Called by start.mjs.
import { fail } from './lib/cli'
import { launch, loadEnvFile, whenHealthy } from './lib/launch'

try {
  loadEnvFile()
  const portal = await launch(process.env)
  await whenHealthy(portal.config.baseUrl)
  console.log(`\n  Vigia runs on ${portal.config.baseUrl}\n`)
} catch (error) {
  fail(error)
}
