import path from 'node:path'
import * as z from 'zod/mini'
import { JsonRecord } from '../files/json-record'
import { keyChoicesCheck } from './key-choices'

/*
 * Everything the user set or arranged, as one versioned record:
 *
 *   settings.json  { version, theme, contrast, layout, filters, keys, tourSeen, askBeforeClosing, window: { x, y, width, height, maximised } | null }
 *
 * A record of a later version counts as damaged: it is set aside, defaults apply.
 */
const windowPlaceSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().check(z.positive()),
  height: z.int().check(z.positive()),
  maximised: z.boolean(),
})

const recordSchema = z.strictObject({
  version: z.literal(1),
  theme: z.enum(['system', 'light', 'dark']),
  // Records of older programs have none of those with a default.
  contrast: z._default(z.enum(['system', 'more']), 'system'),
  layout: z.string(),
  /** Conditions on blocks kept for any document. */
  filters: z._default(z.array(z.string()), []),
  keys: z._default(keyChoicesCheck, {}),
  tourSeen: z._default(z.boolean(), false),
  askBeforeClosing: z._default(z.boolean(), true),
  window: z.nullable(windowPlaceSchema),
})

/** Where the window stood, in screen coordinates; the place it returns to when `maximised` ends. */
export type WindowPlace = z.infer<typeof windowPlaceSchema>
export type SettingsRecord = z.infer<typeof recordSchema>

export const DEFAULT_SETTINGS: SettingsRecord = { version: 1, theme: 'system', contrast: 'system', layout: '', filters: [], keys: {}, tourSeen: false, askBeforeClosing: true, window: null }

export class SettingsStore {
  readonly #record: JsonRecord<SettingsRecord>
  #current: SettingsRecord

  constructor(folder: string) {
    this.#record = new JsonRecord(path.join(folder, 'settings.json'), checkRecord)
    this.#current = this.#record.read() ?? DEFAULT_SETTINGS
  }

  get(): SettingsRecord {
    return this.#current
  }

  /** Stores at once. Throws `file-unwritable`; the change then holds until the program ends. */
  change(patch: Partial<Omit<SettingsRecord, 'version'>>): SettingsRecord {
    this.#current = { ...this.#current, ...patch }
    this.#record.write(this.#current)
    return this.#current
  }
}

function checkRecord(content: unknown): SettingsRecord | null {
  const checked = recordSchema.safeParse(content)
  return checked.success ? checked.data : null
}
