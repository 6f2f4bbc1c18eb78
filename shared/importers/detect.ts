import type { Importer } from './importer'
import { IMPORTERS } from './registry'

/** As much of the unpacked content as detection looks at. */
export const HEAD_BYTES = 4096

const byPriority = [...IMPORTERS].sort((a, b) => b.priority - a.priority)

/** The importer for content that begins with `head` (at most HEAD_BYTES, already unpacked); undefined when none. */
export function detectImporter(head: Uint8Array): Importer | undefined {
  return byPriority.find((importer) => importer.sniff(head))
}

/** Every format that was asked in vain, in that order, and what it looked for: one line each. */
export function describeRefusals(): string {
  return byPriority.map(({ id, knownBy }) => `${id}: found no ${knownBy.replace(/^(?:a|an|the) /, '')}`).join('\n')
}
