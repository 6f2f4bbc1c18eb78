// Measures benches round by round and lays the results out as a table.

/** @typedef {import('./bench-contract.ts').Bench} Bench */
/** @typedef {import('./bench-contract.ts').BenchPlace} BenchPlace */
/** @typedef {{ bench: Bench, values: number[], missing?: string }} Measured */

/** @param {readonly number[]} values not empty */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}

/** @param {Bench} bench @param {number} rounds @param {BenchPlace} place @returns {Promise<Measured>} */
export async function measureBench(bench, rounds, place) {
  const body = await bench.prepare(place)
  if ('missing' in body) return { bench, values: [], missing: body.missing }
  try {
    if (bench.once) return { bench, values: [await body.measure()] }
    await body.measure()
    /** @type {number[]} */
    const values = []
    for (let round = 0; round < rounds; round++) values.push(await body.measure())
    return { bench, values }
  } finally {
    await body.dispose?.()
  }
}

/** @param {Bench} bench @returns {readonly string[]} */
const referencesOf = ({ reference }) => (reference === undefined ? [] : typeof reference === 'string' ? [reference] : reference)

/** The benches whose name contains the filter, and the references they are divided by. @param {readonly Bench[]} all @param {string} filter */
export function selectBenches(all, filter) {
  const chosen = all.filter((bench) => bench.name.includes(filter))
  const references = new Set(chosen.flatMap(referencesOf))
  return all.filter((bench) => chosen.includes(bench) || references.has(bench.name))
}

/** Three significant digits. @param {number} value */
const show = (value) => (value >= 1000 ? value.toFixed(0) : value.toPrecision(3))

/**
 * How many times better than each of its references that was measured, above 1 is better.
 * @param {Measured} result @param {readonly Measured[]} all @returns {{ reference: string, ratio: number }[]}
 */
export function ratiosToReferences({ bench, values }, all) {
  return referencesOf(bench).flatMap((name) => {
    const reference = all.find((other) => other.bench.name === name)
    if (!reference || reference.values.length === 0 || values.length === 0) return []
    const quotient = median(values) / median(reference.values)
    return [{ reference: name, ratio: bench.better === 'higher' ? quotient : 1 / quotient }]
  })
}

/** @param {Measured} result */
const showSpread = ({ bench, values }) => (bench.once ? 'once' : `${show(Math.min(...values))} to ${show(Math.max(...values))}`)

/** Headings and a row for each result, its name first. @param {readonly Measured[]} results */
export function tableRows(results) {
  const rows = results.map((result) => {
    const { bench, values, missing } = result
    if (missing !== undefined) return [bench.name, 'not measured', missing, '', '', '', bench.title]
    const against = ratiosToReferences(result, results).map(({ reference, ratio }) => `${show(ratio)}x ${reference}`)
    return [bench.name, show(median(values)), showSpread(result), bench.unit, against.join(', '), bench.goal ?? '', bench.title]
  })
  return [['bench', 'median', 'range', 'unit', 'against', 'goal', 'what'], ...rows]
}

/** A Markdown table, readable in the terminal too. @param {readonly Measured[]} results */
export const formatTable = (results) => layOutTable(tableRows(results))

/** @param {readonly (readonly string[])[]} table headings first */
export function layOutTable(table) {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = table
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}
