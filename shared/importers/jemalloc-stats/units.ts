const BYTES = /^(?:allocated|active|metadata|resident|mapped|retained|base|internal|size|slab_size|page|quantum|tcache_max|abandoned_vm|extent_avail|dirty|muzzy|total|.*_bytes|Page size|Quantum size|Maximum thread-cached size class|Bytes in small extent cache)$/
const PAGES = /^(?:pactive|pdirty|pmuzzy|npages|purged|.*_purged|pgs)$/

/** Unit of a figure by the name jemalloc gives it. */
export function unitOf(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (/_ms$|^time$/.test(last)) return 'ms'
  if (/_ns$|^(?:total|max)_wait_time$|^uptime$|^run_interval$/.test(last)) return 'ns'
  if (/^util$/.test(last)) return 'ratio'
  if (/^curregs$/.test(last)) return 'blocks'
  if (BYTES.test(last)) return 'bytes'
  return PAGES.test(last) ? 'pages' : 'count'
}
