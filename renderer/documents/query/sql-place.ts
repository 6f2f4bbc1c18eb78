/** Place of a 1-based line and column in a text, as a selection of the word there; the whole rest of the line where no word is. */
export function wordAt(text: string, line: number, column: number): { readonly from: number; readonly to: number } {
  const lines = text.split('\n')
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  const own = lines[line - 1] ?? ''
  const at = Math.min(Math.max(0, column - 1), own.length)
  const word = /^(?:\w+|"[^"]*"|'[^']*'|\S)/.exec(own.slice(at))?.[0] ?? ''
  return { from: before + at, to: before + at + word.length }
}
