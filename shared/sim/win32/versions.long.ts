import { expect, test } from 'vitest'
import { windowsVersions } from '../profiles/windows-versions'
import { SimulatedProcess } from './simulated-process'
import { heldBlocks, walkMemory, work } from './testing/walked-process'
import { keepsInvariants } from './testing/any-calls'
import { agreesWithModel, comesOutAlike, versions } from './testing/process-properties'

test.each(versions)('calls of all kinds with arguments of all kinds keep every invariant, %s', (_name, options) => keepsInvariants(options, 80, 8, 15))
test.each(versions)('random calls agree with a simple model after every step, %s', (_name, options) => agreesWithModel(options, 80, 6, 17))
test.each(versions)('going back and carrying the rest out again gives the same bytes, %s', (_name, options) => comesOutAlike(options, 80, 4, 19))

const ofBytes = windowsVersions.filter(({ id, noBytes }) => id !== 'nt31' && noBytes === undefined).map(({ id }) => id)

test.each(ofBytes)('a walker of dumps finds the blocks of 3,000 calls in nothing but the bytes, %s', async (version) => {
  const process = new SimulatedProcess({ version })
  process.heapCreate(0, 0, 0x40000)
  work(process, 3000)
  const { held, damage } = await walkMemory(process)
  expect(damage).toEqual([])
  expect(held).toEqual(heldBlocks(process, held))
})
