// npm run demo [-- --empty]: the portal beside the sample world. Faults can be switched by typing; `help` lists them.
import { fail } from './lib/cli'
import { loadSampleInto, prepareDemo } from './lib/demo'
import { listenForFaults } from './lib/demo-console'
import { launch, loadEnvFile, whenHealthy } from './lib/launch'

try {
  loadEnvFile()
  const demo = await prepareDemo('demo')
  const portal = await launch(demo.env)
  await whenHealthy(portal.config.baseUrl)
  if (!process.argv.includes('--empty')) await loadSampleInto(portal.config.baseUrl, demo)
  console.log(`\n  Vigia runs on ${portal.config.baseUrl} beside the sample world. Type help for the faults.\n`)
  listenForFaults(demo.world)
} catch (error) {
  fail(error)
}
