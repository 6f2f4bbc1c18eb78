import { formatAddress, formatCount, parseAddress } from '../components/format'
import type { Command } from '../stores/commands'
import type { DocumentEntry } from '../stores/documents'

/** One line of the palette. */
export interface PaletteItem {
  readonly id: string
  readonly title: string
  /** What kind of line it is, or the command's group. */
  readonly group: string
  readonly keys: readonly string[]
}

/** What the palette can go to in the document in front; null when that is no run or snapshot. */
export interface GoToTarget {
  /** Null for a snapshot, which has no events. */
  readonly events: number | null
}

export const ADDRESS_PREFIX = 'address:'
export const EVENT_PREFIX = 'event:'
export const DOCUMENT_PREFIX = 'document:'

/** Words in any order, each somewhere in the text. */
export function matchesWords(text: string, query: string): boolean {
  const lower = text.toLowerCase()
  return query.toLowerCase().split(/\s+/).every((word) => lower.includes(word))
}

/** Every word of the query is a word of the text: `simulate` of "Simulate a heap", not of "Simulated Windows". */
function hasWholeWords(text: string, query: string): boolean {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  return query.toLowerCase().split(/\s+/).every((word) => words.includes(word))
}

/** `812406`, `812,406` or `event 812406`. */
export function parseEvent(query: string): number | null {
  const match = /^\s*(?:event\s*)?([\d,_ ]+)\s*$/i.exec(query)
  const event = match === null ? NaN : Number(match[1]!.replace(/[,_ ]/g, ''))
  return match !== null && match[1]!.trim() !== '' && Number.isSafeInteger(event) ? event : null
}

function placeItems(query: string, target: GoToTarget | null): PaletteItem[] {
  if (target === null || query.trim() === '') return []
  const items: PaletteItem[] = []
  const event = parseEvent(query)
  if (event !== null && target.events !== null) {
    const inside = Math.min(event, target.events)
    items.push({ id: `${EVENT_PREFIX}${inside}`, title: `Go to event ${formatCount(inside)}${inside === event ? '' : ' (the last)'}`, group: 'Event', keys: [] })
  }
  const address = parseAddress(query)
  if (address !== null) items.push({ id: `${ADDRESS_PREFIX}${address}`, title: `Go to address ${formatAddress(address)}`, group: 'Address', keys: [] })
  return items
}

/** Places first, then documents and commands that have the words whole, then those that have them inside others. */
export function paletteItems(query: string, commands: readonly Command[], documents: readonly DocumentEntry[], target: GoToTarget | null): readonly PaletteItem[] {
  const words = query.trim()
  const documentItems = documents.map((entry) => ({ id: `${DOCUMENT_PREFIX}${entry.id}`, title: entry.title, group: 'Document', keys: [] }))
  const commandItems = commands.map((command) => ({ id: command.id, title: command.title, group: command.group, keys: command.keys ?? [] }))
  const found = [...documentItems, ...commandItems].filter((item) => words === '' || matchesWords(`${item.group} ${item.title}`, words))
  const isWhole = new Map(found.map((item) => [item, words !== '' && hasWholeWords(item.title, words)]))
  return [...placeItems(query, target), ...found.filter((item) => isWhole.get(item)), ...found.filter((item) => !isWhole.get(item))]
}
