// npm run demo [-- --empty]: the portal beside the sample world. Faults can be switched by typing; `help` lists them.
import { fail } from './lib/cli'
import { loadSampleInto, prepareDemo } from './lib/demo'
import { listenForFaults } from './lib/demo-console'
import { launch, loadEnvFile, whenHealthy } from './lib/launch'

try {
  loadEnvFile()
  const { world, env } = await prepareDemo('demo')
  const portal = await launch(env)
  await whenHealthy(portal.config.baseUrl)
  if (!process.argv.includes('--empty')) await loadSampleInto(portal.config.baseUrl, env.VIGIA_BOOTSTRAP_TOKEN)
  console.log(`\n  Vigia runs on ${portal.config.baseUrl} beside the sample world. Type help for the faults.\n`)
  listenForFaults(world)
} catch (error) {
  fail(error)
}
