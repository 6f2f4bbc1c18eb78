/** Prompts with a command, and headings of tables for texts that were pasted without it. */
const MARKS = [
  /^\s*(?:\d+:\d+(?::\w+)?> ?)?!(?:ntsdexts\.|ext\.)?(?:heap|address)\b/m,
  /^\s*Heap\s+Flags\s+Reserv\s+Commit/m,
  /^\s*Heap\s+Address\s+Signature\s+Flags/m,
  /^Index\s+Address\s+Name\s+Debugging options enabled/m,
  /^\s*HEAP_ENTRY\s+Size\s+Prev\s+Flags/m,
  /^\s*group-by: \w+ max-display: \d+/m,
  /^\s*_HEAP (?:@ )?[0-9a-f`]{5,17}\s*$/m,
  /^\s*BaseAddress\s+EndAddress\+1\s+RegionSize/m,
  /^-+ Usage SUMMARY -+/im,
  /^vdb > heaps\b/m,
]

export function looksLikeWinDbg(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head)
  return !text.includes('\0') && MARKS.some((mark) => mark.test(text))
}
