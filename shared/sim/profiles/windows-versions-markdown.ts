import { windowsVersions } from './windows-versions'

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** docs/simulated-windows.md. */
export function windowsVersionsMarkdown(): string {
  const versions = windowsVersions.map(({ id, title, manager, profile, noBytes }) => row(`\`${id}\``, title, manager, `\`${profile}\``, noBytes === undefined ? 'yes' : 'no'))
  return `# The Windows a simulated process is one of

The simulated process (consoles, ProcessWalker, scripts) is one of the article's Windows NT 3.1 unless another version is chosen:

- in the window: File, Simulated Windows Version (Ctrl+Alt+W), or the badge of a console or ProcessWalker;
- in a console or script: \`windows 10-x64\` alone on a line;
- on the command line: \`heapscape script FILE --windows 10-x64\`.

A process cannot change its Windows. It is made anew, and everything done in it is carried out again, as undo does; what then fails that
did not, or succeeds, is told line by line. The last choice holds, by window or line. Lessons keep the heap of the article.

| version | Windows | heaps | profile | bytes in memory |
|---|---|---|---|---|
${versions.join('\n')}

A Segment Heap process has NT heaps too: those of fixed size (HeapCreate with a maximum).

## Bytes

"Yes": headers (coded with the heap's key), heap and segment structures, range descriptors, front-end containers with their bitmaps,
page range descriptors and records of large blocks stand in the memory of the process as that build lays them out; the walker of dumps
finds every block in nothing but these bytes. Keys are drawn with a seed, so equal calls give equal bytes. "No": the layout is not
published (Windows XP; Segment Heap of 1507, whose symbols lack the page range descriptors); blocks lie where the manager puts them, and
the hex view says that their headers are not described.

Where a structure goes, the program's bytes are there again; in Windows the dead bytes would stay until somebody writes there. Of the
handle table of GlobalAlloc and LocalAlloc only the article's layout is known; it is used in all versions.

## Calls

| Call | Windows NT 3.1 | XP | 7 | 8.1 and later, Segment Heap |
|---|---|---|---|---|
| HeapCreate: HEAP_CREATE_ENABLE_EXECUTE | ERROR_INVALID_PARAMETER | pages may run | pages may run | pages may run |
| HeapCreate with a maximum | no larger block than fits | no block above 508 KB (32 bits) or 1,020 KB, no front end | the same | the same, an NT heap |
| HeapSetInformation, HeapQueryInformation | ERROR_CALL_NOT_IMPLEMENTED | as below | as below | as below |
| HeapCompatibilityInformation, 2 | | not modelled: ERROR_CALL_NOT_IMPLEMENTED | makes the front end | makes the front end |
| HeapEnableTerminationOnCorruption | | set | set | set |
| HeapOptimizeResources | | ERROR_INVALID_PARAMETER | ERROR_INVALID_PARAMETER | gives kept containers of NT heaps back |

HeapCompatibilityInformation 2 gives ERROR_GEN_FAILURE for heaps made with HEAP_NO_SERIALIZE or a maximum, and so does 0 once there is a
front end (what users report; Microsoft names no code). The query tells 0, 1 (look-aside lists) or 2.

HeapValidate compares the heap's bytes with what the heap wrote. HeapFree and HeapReAlloc do so for the block they are given: they fail
with ERROR_INVALID_PARAMETER, and raise STATUS_HEAP_CORRUPTION when HeapEnableTerminationOnCorruption was set (Windows ends the program
there; here the process stays to be looked at). HeapWalk tells free slots of the front end as free entries, blocks on look-aside lists
as busy ones, and nothing of the heap's own structures; the ProcessWalker shows those too.
`
}
