// The part of docs/performance.md that holds measured rows: all of it renewed, or only the rows of a filter.
import { layOutTable } from './run-benches.mjs'

/** @typedef {{ machine: string, rows: readonly (readonly string[])[], filter: string }} Results  `rows` begin with their bench's name; the first are the headings */

/** @param {string} line of a Markdown table */
const cellsOf = (line) => line.slice(2, -2).split(' | ').map((cell) => cell.trim())

const machineLine = (/** @type {Results} */ { machine, filter }) => (filter === '' ? `Machine: ${machine}` : `Rows with \`${filter}\`: ${machine}`)

/**
 * Without a filter the new results alone. With one: its rows in place of those of their names, the new ones below, all others
 * as they were; rows a filter brought along only to be divided by are taken where there are none yet. Above the table stands
 * how the rows of each filter were measured.
 * @param {string} before @param {Results} results
 */
export function renewResults(before, results) {
  const { rows: [head = [], ...measured], filter } = results
  if (filter === '') return `${machineLine(results)}\n\n${layOutTable([head, ...measured])}`
  const lines = before.split('\n').filter((line) => line !== '')
  const known = lines.filter((line) => line.startsWith('| ')).slice(2).map(cellsOf)
  const isOurs = (/** @type {readonly string[]} */ [name = '']) => name.includes(filter)
  const byName = new Map(known.map((row) => [row[0], /** @type {readonly string[]} */ (row)]))
  for (const row of measured) if (isOurs(row) || !byName.has(row[0])) byName.set(row[0], row)
  const start = `Rows with \`${filter}\`:`
  const machines = lines.filter((line) => !line.startsWith('|') && !line.startsWith(start))
  return `${[...machines, machineLine(results)].join('\n\n')}\n\n${layOutTable([head, ...byName.values()])}`
}
