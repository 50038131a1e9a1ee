// Starts the built portal: settings → migrations → first operator → server. Called by start.mjs and demo.ts.
import { launch } from './lib/launch'

await launch(process.env)
