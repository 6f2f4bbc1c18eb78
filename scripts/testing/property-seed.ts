// Loaded before the unit tests: property tests draw the same cases on every machine and day, so that a change is judged by itself. The long
// suite draws them anew, and fast-check tells the seed of a failure; HEAPSCAPE_SEED=N draws those again, HEAPSCAPE_SEED=new others.
import fc from 'fast-check'

const STEADY_SEED = 1993
const wished = process.env['HEAPSCAPE_SEED'] ?? (process.env['HEAPSCAPE_LONG'] === '1' ? 'new' : String(STEADY_SEED))

if (wished !== 'new') {
  const seed = Number(wished)
  if (!Number.isInteger(seed)) throw new RangeError(`HEAPSCAPE_SEED: a whole number or "new" was expected, got "${wished}"`)
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })
}
