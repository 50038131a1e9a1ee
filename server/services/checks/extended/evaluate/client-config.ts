import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { z } from 'zod'

/** One server that mail programs are told of; `socketType` is lower-case: plain, starttls, ssl. */
export interface ConfiguredServer {
  host: string
  socketType: string
}

const text = z.coerce.string().max(1_000)
const Server = z.object({ hostname: text, socketType: text })
const ClientConfig = z.object({
  clientConfig: z.object({
    emailProvider: z.object({
      incomingServer: z.array(Server).min(1).max(100),
      outgoingServer: z.array(Server).min(1).max(100),
    }),
  }),
})

/** Entities are left alone: one could stand for a whole library. */
const parser = new XMLParser({
  ...{ processEntities: false, ignoreAttributes: true, parseTagValue: false },
  isArray: (name) => name === 'incomingServer' || name === 'outgoingServer',
})

/** The servers of a `clientConfig` file, as Thunderbird reads it; null when it is none. */
export function readClientConfig(xml: string): ConfiguredServer[] | null {
  if (XMLValidator.validate(xml) !== true) return null
  let document: unknown
  try {
    document = parser.parse(xml)
  } catch {
    return null
  }
  const parsed = ClientConfig.safeParse(document)
  if (!parsed.success) return null
  const { incomingServer, outgoingServer } = parsed.data.clientConfig.emailProvider
  return [...incomingServer, ...outgoingServer].map(({ hostname, socketType }) => ({
    host: hostname,
    socketType: socketType.toLowerCase(),
  }))
}
