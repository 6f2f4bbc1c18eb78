/** Bits of `_HEAP.Flags` (nt-heap.md 1; winsiderss/systeminformer ntrtl.h). */
const FLAGS: readonly (readonly [number, string])[] = [
  [0x1, 'NO_SERIALIZE'], [0x2, 'GROWABLE'], [0x4, 'GENERATE_EXCEPTIONS'], [0x8, 'ZERO_MEMORY'], [0x10, 'REALLOC_IN_PLACE_ONLY'], [0x20, 'TAIL_CHECKING_ENABLED'],
  [0x40, 'FREE_CHECKING_ENABLED'], [0x80, 'DISABLE_COALESCE_ON_FREE'], [0x10000, 'ALIGN_16'], [0x20000, 'TRACING'], [0x40000, 'EXECUTE'],
]
const CLASS_MASK = 0xf000
const CLASSES = ['PROCESS', 'PRIVATE', 'KERNEL', 'GDI', 'USER', 'CONSOLE', 'DESKTOP', 'CSR_SHARED', 'CSR_PORT'] as const

export function flagNames(flags: number): string[] {
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name)
  const heapClass = (flags & CLASS_MASK) >>> 12
  return [...names, `CLASS_${CLASSES[heapClass] ?? heapClass}`]
}

export function frontEndName(type: number): string {
  return ['none', 'look-aside', 'lfh'][type] ?? `unknown ${type}`
}
