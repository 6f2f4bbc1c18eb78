// Holds a set of files against the layer table and looks for import circles.
import { findCycles } from './find-cycles.mjs'
import { judgeImport } from './judge-imports.mjs'
import { readImports } from './read-imports.mjs'
import { resolveImport } from './resolve-imports.mjs'

/**
 * @param {ReadonlyMap<string, string>} texts project-relative path -> content
 * @returns {string[]} problems, empty when all is well
 */
export function findLayerProblems(texts) {
  const known = new Set(texts.keys())
  /** @type {string[]} */
  const problems = []
  /** @type {Map<string, string[]>} */
  const valueGraph = new Map()
  /** @type {Map<string, string[]>} */
  const wholeGraph = new Map()

  for (const [file, text] of texts) {
    const edges = readImports(file, text).map((found) => ({ ...found, target: resolveImport(file, found.specifier, known) }))
    for (const { target, typeOnly, line } of edges) {
      const problem = judgeImport(file, target, typeOnly)
      if (problem) problems.push(`${file}:${line}: ${problem}`)
    }
    const inside = edges.flatMap(({ target, typeOnly }) => ('file' in target && known.has(target.file) ? [{ file: target.file, typeOnly }] : []))
    wholeGraph.set(file, inside.map((edge) => edge.file))
    valueGraph.set(file, inside.filter((edge) => !edge.typeOnly).map((edge) => edge.file))
  }

  const valueCycles = findCycles(valueGraph).map((cycle) => cycle.join(', '))
  const typeCycles = findCycles(wholeGraph).map((cycle) => cycle.join(', ')).filter((cycle) => !valueCycles.includes(cycle))
  return [...problems, ...valueCycles.map((cycle) => `import circle: ${cycle}`), ...typeCycles.map((cycle) => `import circle through types: ${cycle}`)]
}
