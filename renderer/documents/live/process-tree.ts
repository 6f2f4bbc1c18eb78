import { PROCESS_ACCESSES, type ProcessRecord } from '../../../shared/model/live-capture'

/** A process in the list, under the one that started it. */
export interface ProcessLine {
  readonly process: ProcessRecord
  /** From 1. */
  readonly level: number
}

const younger = (a: ProcessRecord, b: ProcessRecord): number => a.startedAt.length - b.startedAt.length || (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0) || a.pid - b.pid

/**
 * Processes as a tree, children under their parents in order of start. A parent that ended, or whose id belongs to a
 * younger process by now, is no parent. With words to search for, what matches all of them stays, with its ancestors.
 */
export function processLines(processes: readonly ProcessRecord[], search: string): ProcessLine[] {
  const byId = new Map(processes.map((process) => [process.pid, process]))
  const parentOf = (process: ProcessRecord): ProcessRecord | undefined => {
    const parent = byId.get(process.parentPid)
    return parent === undefined || parent === process || younger(parent, process) > 0 ? undefined : parent
  }
  const children = new Map<number | null, ProcessRecord[]>()
  for (const process of processes) {
    const key = parentOf(process)?.pid ?? null
    children.set(key, [...(children.get(key) ?? []), process])
  }
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const matches = ({ name, pid, user, bits, access }: ProcessRecord): boolean => {
    const text = `${name} ${pid} ${user ?? ''} ${bits ?? ''} ${access}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
  const lines: ProcessLine[] = []
  const seen = new Set<number>()
  const visit = (process: ProcessRecord, level: number): boolean => {
    // Ids that point at one another in a ring come once.
    if (seen.has(process.pid)) return false
    seen.add(process.pid)
    const at = lines.length
    lines.push({ process, level })
    let isWanted = matches(process)
    for (const child of [...(children.get(process.pid) ?? [])].sort(younger)) isWanted = visit(child, level + 1) || isWanted
    if (!isWanted) lines.splice(at)
    return isWanted
  }
  for (const root of [...(children.get(null) ?? [])].sort(younger)) visit(root, 1)
  return lines
}

export const ACCESS_TEXTS: Readonly<Record<(typeof PROCESS_ACCESSES)[number], { readonly text: string; readonly hint: string }>> = {
  open: { text: 'can be captured', hint: 'Windows lets this user read it' },
  elevation: { text: 'needs elevation', hint: 'It runs under another account or elevated: start Heapscape as administrator' },
  protected: { text: 'protected', hint: 'Windows lets no program read it, with or without elevation' },
  denied: { text: 'closed', hint: 'Windows refuses it, also to an administrator' },
  self: { text: 'captures', hint: 'The process that captures cannot capture itself' },
}
