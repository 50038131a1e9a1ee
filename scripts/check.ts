// npm run check -- DOMAIN… : the scorecard of a domain in a terminal. See scripts/check/arguments.ts for the options.
import { main } from './check/main'

process.exitCode = await main({
  argv: process.argv.slice(2),
  env: process.env,
  isTty: process.stdout.isTTY === true,
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
})
