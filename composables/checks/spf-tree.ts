import { z } from 'zod'

const NOTES = ['loop', 'no-record', 'not-asked'] as const

/** A term of an SPF record that costs DNS look-ups, and what it leads to. */
export interface SpfNode {
  term: string
  target: string
  cost: number
  voids: number
  note: (typeof NOTES)[number] | null
  children: SpfNode[]
}

const Node: z.ZodType<SpfNode> = z.lazy(() =>
  z.object({
    ...{ term: z.string(), target: z.string(), cost: z.number(), voids: z.number() },
    note: z.enum(NOTES).nullable(),
    children: z.array(Node),
  }),
)
const Tree = z.object({ cost: z.number(), voids: z.number(), terms: z.array(Node) })
export type SpfTree = z.infer<typeof Tree>

/** The look-up tree that evidence holds; null where it holds none, or one of another version. */
export const spfTreeOf = (found: Record<string, unknown>): SpfTree | null => Tree.safeParse(found.tree).data ?? null
