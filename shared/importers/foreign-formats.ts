/** Content that is known and belongs to another tool: the answer names it instead of "unknown". */
export interface ForeignFormat {
  readonly title: string
  /** Ends the sentence "Open it in ...". */
  readonly opensIn: string
  /** `text` is the head as Latin-1. */
  matches(text: string): boolean
}

export const FOREIGN_FORMATS: readonly ForeignFormat[] = [
  {
    title: 'a V8 heap snapshot (JavaScript objects, no heap blocks)',
    opensIn: 'the DevTools of Chrome or Edge: Memory panel, Load profile; its name must end in .heapsnapshot',
    matches: (text) => /^\s*\{\s*"snapshot"\s*:\s*\{\s*"meta"\s*:/.test(text),
  },
  {
    title: 'a V8 sampling heap profile (JavaScript allocations)',
    opensIn: 'the DevTools of Chrome or Edge: Memory panel, Load profile; its name must end in .heapprofile',
    matches: (text) => /^\s*\{\s*"head"\s*:\s*\{\s*"callFrame"\s*:/.test(text),
  },
  {
    title: 'a heap dump of a Java virtual machine',
    opensIn: 'Eclipse Memory Analyzer or VisualVM',
    matches: (text) => text.startsWith('JAVA PROFILE 1.0'),
  },
  {
    title: 'a .NET event trace',
    opensIn: 'PerfView or Visual Studio',
    matches: (text) => text.startsWith('Nettrace'),
  },
]
