import { MOST_SCRIPT_PART } from '../../../shared/ipc/workspace-api'

/** A script as parts that fit a request, cut between lines; a line longer than a part is left whole, and refused with its size. */
export function scriptParts(text: string): string[] {
  const parts: string[] = []
  let from = 0
  while (text.length - from > MOST_SCRIPT_PART) {
    const before = text.lastIndexOf('\n', from + MOST_SCRIPT_PART)
    const end = before >= from ? before : text.indexOf('\n', from)
    if (end < 0) break
    parts.push(text.slice(from, end))
    from = end + 1
  }
  return [...parts, text.slice(from)]
}
