import path from 'node:path'
import * as z from 'zod/mini'
import { viewStateCheck } from '../../shared/ipc/view-checks'
import { JsonRecord } from '../files/json-record'

/*
 * What was open, kept on disk at every change, as recipes instead of data:
 *
 *   session.json  { version, ended, items: [ { kind: 'source', source: '/path/app.mtrace' }, { kind: 'simulation', input: { item: 0 }, ... } ] }
 *
 * `views`, where there are any, say what was looked at. `ended` is written when the program ends as asked; a record without it was left behind by a crash. A record of a later
 * version counts as damaged: it is set aside.
 */
const MOST_ITEMS = 1000
const MOST_VIEWS = 16
const LONGEST_PATH = 32_767

const name = z.string().check(z.minLength(1), z.maxLength(256))
const rangeEnd = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const range = z.strictObject({ by: z.enum(['events', 'time']), from: rangeEnd, to: rangeEnd })

/** Items of a session whose files are told as `source` checks; an input stands before what is made of it. */
export function sessionItemsCheck<S extends z.ZodMiniType>(source: S) {
  const views = z.exactOptional(z.array(viewStateCheck).check(z.maxLength(MOST_VIEWS)))
  const item = z.union([
    z.strictObject({ kind: z.literal('source'), views, source, range: z.exactOptional(range), member: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(4096))) }),
    z.strictObject({ kind: z.literal('workload'), views, workload: name }),
    z.strictObject({
      kind: z.literal('simulation'),
      views,
      input: z.union([z.strictObject({ item: z.int().check(z.minimum(0)) }), z.strictObject({ workload: name })]),
      heap: name,
      profile: z.exactOptional(name),
      overrides: z.record(name, z.union([z.number(), z.boolean(), z.string().check(z.maxLength(256))])),
    }),
  ])
  return z.array(item).check(
    z.maxLength(MOST_ITEMS),
    // The type of a generic item is beyond the checker; the items have passed their own checks here.
    z.refine((items) => (items as readonly { readonly input?: { readonly item?: number } }[]).every(({ input }, at) => (input?.item ?? -1) < at), 'an input stands before what is made of it'),
  )
}

const recordSchema = z.strictObject({
  version: z.literal(1),
  ended: z.boolean(),
  items: sessionItemsCheck(z.string().check(z.minLength(1), z.maxLength(LONGEST_PATH))),
})
export type StoredSession = z.infer<typeof recordSchema>

export class SessionRecord {
  readonly #record: JsonRecord<StoredSession>
  #last: StoredSession | null
  #items: StoredSession['items'] = []
  #isWritten = false

  constructor(folder: string) {
    this.#record = new JsonRecord(path.join(folder, 'session.json'), (content) => {
      const checked = recordSchema.safeParse(content)
      return checked.success ? checked.data : null
    })
    const last = this.#record.read()
    this.#last = last === null || last.items.length === 0 ? null : last
  }

  /** As the program before this one, or a page that is gone, left it; null when nothing was open. */
  get last(): StoredSession | null {
    return this.#last
  }

  /** Stores what is open now. As long as nothing was, the record of the program before stays. Throws `file-unwritable`. */
  keep(items: StoredSession['items']): void {
    if (items.length === 0 && !this.#isWritten) return
    this.#items = items
    this.#write(false)
  }

  /** The page that told what is open is gone, and its successor begins with nothing. False when nothing was open. */
  pageGone(): boolean {
    if (this.#items.length === 0) return false
    this.#last = { version: 1, ended: false, items: this.#items }
    this.#items = []
    this.#isWritten = false
    return true
  }

  /** The program ends as asked. Throws `file-unwritable`. */
  end(): void {
    if (this.#isWritten) this.#write(true)
    else if (this.#last !== null && !this.#last.ended) this.#record.write({ ...this.#last, ended: true })
  }

  #write(ended: boolean): void {
    this.#isWritten = true
    this.#record.write({ version: 1, ended, items: this.#items })
  }
}
