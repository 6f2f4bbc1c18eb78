/**
 * A deep copy of messages made of plain objects, arrays and primitives. Vue's reactive proxies cannot pass a port or the
 * context bridge; a copy can. Requests are small, so this costs nothing that matters.
 */
export function plainCopy(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(plainCopy)
  // Typed arrays are never reactive and travel as they are.
  if (ArrayBuffer.isView(value)) return value
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) copy[key] = plainCopy(member)
  return copy
}
