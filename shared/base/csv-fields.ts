/** Separators tried, in this order. */
const SEPARATORS = [',', ';', '\t'] as const

/** The separator of a header line: the one of comma, semicolon and tab that occurs most often outside quotes; undefined without any. */
export function separatorOf(header: string): string | undefined {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '')
  const counts = SEPARATORS.map((separator) => bare.split(separator).length - 1)
  const most = Math.max(...counts)
  return most === 0 ? undefined : SEPARATORS[counts.indexOf(most)]
}

/** Fields of one line, quotes taken off, doubled ones single; undefined when a quote is not closed or text follows it. */
export function csvFields(line: string, separator: string): string[] | undefined {
  // Most lines have no quotes.
  if (!line.includes('"')) return line.split(separator).map((field) => field.trim())
  const fields: string[] = []
  for (let at = 0; at <= line.length; ) {
    let start = at
    while (line[start] === ' ') start++
    if (line[start] !== '"') {
      const end = line.indexOf(separator, at)
      fields.push(line.slice(at, end < 0 ? line.length : end).trim())
      at = (end < 0 ? line.length : end) + 1
      continue
    }
    let close = line.indexOf('"', start + 1)
    while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2)
    if (close < 0) return undefined
    fields.push(line.slice(start + 1, close).replaceAll('""', '"'))
    const next = line.indexOf(separator, close)
    if (line.slice(close + 1, next < 0 ? line.length : next).trim() !== '') return undefined
    at = (next < 0 ? line.length : next) + 1
  }
  return fields
}
