/**
 * V8's heap snapshot, as the debugger's protocol hands it over: fields of all nodes in one row of numbers.
 * @typedef {{ snapshot: { meta: { node_fields: readonly string[], node_types: readonly [readonly string[], ...unknown[]] } }, nodes: readonly number[] }} HeapProfile
 */

/**
 * Bytes of a heap's nodes by their type: `object`, `closure`, `string`, `code` (bytecode, machine code and what goes with them) ...
 * @param {HeapProfile} profile
 * @returns {Map<string, number>}
 */
export function sizeByType({ snapshot, nodes }) {
  const { node_fields: fields, node_types: [types] } = snapshot.meta
  const typeAt = fields.indexOf('type')
  const sizeAt = fields.indexOf('self_size')
  if (typeAt < 0 || sizeAt < 0) throw new Error(`a heap snapshot with the fields type and self_size was expected, got ${fields.join(', ')}`)
  /** @type {Map<string, number>} */
  const sizes = new Map()
  for (let node = 0; node < nodes.length; node += fields.length) {
    const type = types[nodes[node + typeAt] ?? -1] ?? 'unknown'
    sizes.set(type, (sizes.get(type) ?? 0) + (nodes[node + sizeAt] ?? 0))
  }
  return sizes
}
