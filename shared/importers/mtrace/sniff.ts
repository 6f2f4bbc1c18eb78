/** "= Start", the recorder's first line, or (in a log that lost its beginning) a record with its site. */
export function looksLikeMtrace(head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head)
  const firstLine = text.slice(0, text.search(/\r?\n|$/))
  if (/^= Start\s*$/.test(firstLine)) return true
  return /^@ .*\[0x[0-9a-f]+\] ([+>!] (0x[0-9a-f]+|\(nil\)) 0(x[0-9a-f]+)?|[-<] 0x[0-9a-f]+)$/.test(firstLine)
}
