/** Rows as aligned text columns; the first column is left-aligned, the others right-aligned unless `left` names them. */
export function textTable(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)))
  return rows
    .map((row) => row.map((cell, i) => (left.includes(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ').trimEnd())
    .join('\n')
}

/** Rows as a Markdown table; the first row is the head. */
export function markdownTable(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const [head, ...body] = rows
  const rule = (head ?? []).map((_, i) => (left.includes(i) ? '---' : '---:'))
  return [line(head ?? []), line(rule), ...body.map(line)].join('\n')
}
