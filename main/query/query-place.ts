/** Where a query is wrong: line and column, both 1-based, in UTF-16 units. */
export interface QueryPlace {
  readonly line: number
  readonly column: number
}

/*
 * DuckDB draws the place below its message; of a long line it shows a part between dots:
 *
 *   Binder Error: Referenced column "nope" not found in FROM clause!
 *
 *   LINE 3:  nope FROM figures
 *            ^
 */
const DRAWN_PLACE = /\n\nLINE (\d+): ([^\n]*)\n( *)\^\s*$/
const DOTS = '...'

/** The message without the drawing, and the place in `sql` that the drawing shows; null when there is none. */
export function readQueryError(message: string, sql: string): { readonly text: string; readonly place: QueryPlace | null } {
  const drawn = DRAWN_PLACE.exec(message)
  if (drawn === null) return { text: message, place: null }
  const [whole, lineText, shown, blanks] = drawn as unknown as [string, string, string, string]
  const line = Number(lineText)
  const inShown = blanks.length - `LINE ${lineText}: `.length
  const isCut = shown.startsWith(DOTS)
  const part = shown.slice(isCut ? DOTS.length : 0, shown.endsWith(DOTS) ? -DOTS.length : undefined)
  const from = isCut ? (sql.split('\n')[line - 1] ?? '').indexOf(part) : 0
  const column = inShown - (isCut ? DOTS.length : 0) + Math.max(0, from) + 1
  return { text: message.slice(0, -whole.length), place: { line, column: Math.max(1, column) } }
}
