// Finds groups of files that import one another in a circle (Tarjan's strongly connected components, without recursion).

/**
 * @param {ReadonlyMap<string, readonly string[]>} graph file -> files it imports
 * @returns {string[][]} one entry per circle, each sorted by name
 */
export function findCycles(graph) {
  /** @type {Map<string, number>} */
  const index = new Map()
  /** @type {Map<string, number>} */
  const lowest = new Map()
  /** @type {string[]} */
  const path = []
  const onPath = new Set()
  /** @type {string[][]} */
  const cycles = []

  const enter = (/** @type {string} */ file) => {
    index.set(file, index.size)
    lowest.set(file, index.size - 1)
    path.push(file)
    onPath.add(file)
    return { file, next: 0 }
  }
  const lower = (/** @type {string} */ file, /** @type {number} */ value) => void lowest.set(file, Math.min(lowest.get(file) ?? value, value))
  const leave = (/** @type {string} */ file) => {
    if (lowest.get(file) !== index.get(file)) return
    const group = path.splice(path.indexOf(file))
    for (const member of group) onPath.delete(member)
    if (group.length > 1 || graph.get(file)?.includes(file)) cycles.push(group.sort())
  }

  for (const start of graph.keys()) {
    if (index.has(start)) continue
    const frames = [enter(start)]
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const imported = graph.get(frame.file)?.[frame.next++]
      if (imported !== undefined) {
        if (!index.has(imported)) frames.push(enter(imported))
        else if (onPath.has(imported)) lower(frame.file, index.get(imported) ?? 0)
        continue
      }
      frames.pop()
      leave(frame.file)
      const parent = frames.at(-1)
      if (parent) lower(parent.file, lowest.get(frame.file) ?? 0)
    }
  }
  return cycles
}
