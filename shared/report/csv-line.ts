/** One line of comma-separated values (RFC 4180); null and undefined are empty fields. */
export const csvLine = (cells: readonly unknown[]): string => cells.map(csvCell).join(',')

function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
