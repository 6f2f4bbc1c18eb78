// Sample events as the files that readers of ours and of others take. Each is made once a run.
import fs from 'node:fs'
import path from 'node:path'
import type { BenchPlace } from '../bench-contract'
import { makeSampleEvents, type SampleEvents, type SampleShape } from './sample-events'

export interface SampleFile {
  readonly file: string
  readonly bytes: number
  readonly events: number
}

/** 1 M events of a program that keeps 60,000 blocks and frees them all in the end. */
const LOG_SHAPE: SampleShape = { events: 1_000_000, liveBlocks: 60_000, seed: 42, endsEmpty: true }
/** The same kind of program; the shorter lines allow more of them. */
const REP_SHAPE: SampleShape = { events: 5_000_000, liveBlocks: 200_000, seed: 43, endsEmpty: true }
const SITES = 200
const FLUSH_LINES = 65536

/** What glibc's mtrace() writes, with call sites: about 95 bytes a line. */
export const mtraceLog = (place: BenchPlace): SampleFile => writeOnce(place, 'sample.mtrace', LOG_SHAPE, mtraceLines)

/** A malloclab .rep file: `a 12 184`, `f 12`, `r 12 200`. */
export const malloclabFile = (place: BenchPlace): SampleFile => writeOnce(place, 'sample.rep', REP_SHAPE, malloclabLines)

/**
 * Events and nothing else, for replays in other programs and runtimes, little-endian: u32 events, u32 objects, then the
 * columns size (u32), object (u32), op (u8).
 */
export function rawEventsFile(place: BenchPlace, name: string, shape: SampleShape): SampleFile {
  const file = path.join(place.temporaryFolder, `${name}.events`)
  if (!fs.existsSync(file)) {
    const { op, object, size, objects } = makeSampleEvents(shape)
    fs.writeFileSync(file, Buffer.concat([Uint32Array.of(op.length, objects), size, object, op].map((column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength))))
  }
  const { fd, events } = openRawEvents(file)
  fs.closeSync(fd)
  return { file, bytes: fs.statSync(file).size, events }
}

/** Where the columns of such a file begin, in bytes, for readers that take it piece by piece. */
export function openRawEvents(file: string): { fd: number; events: number; objects: number; sizeAt: number; objectAt: number; opAt: number } {
  const fd = fs.openSync(file, 'r')
  const head = new Uint32Array(2)
  fs.readSync(fd, head, 0, 8, 0)
  const [events = 0, objects = 0] = head
  return { fd, events, objects, sizeAt: 8, objectAt: 8 + 4 * events, opAt: 8 + 8 * events }
}

const written = new Map<string, SampleFile>()

function writeOnce(place: BenchPlace, name: string, shape: SampleShape, lines: (events: SampleEvents) => Iterable<string>): SampleFile {
  const file = path.join(place.temporaryFolder, name)
  const known = written.get(file)
  if (known !== undefined) return known
  const events = makeSampleEvents(shape)
  writeLines(file, lines(events))
  const made: SampleFile = { file, bytes: fs.statSync(file).size, events: events.op.length }
  written.set(file, made)
  return made
}

function writeLines(file: string, lines: Iterable<string>): void {
  const fd = fs.openSync(file, 'w')
  let pending: string[] = []
  for (const line of lines) {
    if (pending.push(line) < FLUSH_LINES) continue
    fs.writeSync(fd, pending.join(''))
    pending = []
  }
  fs.writeSync(fd, pending.join(''))
  fs.closeSync(fd)
}

function* malloclabLines({ op, object, size, objects }: SampleEvents): Generator<string> {
  yield `0\n${objects}\n${op.length}\n0\n`
  for (let i = 0; i < op.length; i++) yield op[i] === 1 ? `f ${object[i]!}\n` : `${op[i] === 0 ? 'a' : 'r'} ${object[i]!} ${size[i]!}\n`
}

/** Addresses as a heap with a list per size class gives them: the block freed last is used first. */
class Addresses {
  readonly #free = new Map<number, number[]>()
  #next = 0x5600_0000_0000

  take(bytes: number): number {
    const classBytes = (bytes + 23) & ~15
    const reused = this.#free.get(classBytes)?.pop()
    if (reused !== undefined) return reused
    const address = this.#next
    this.#next += classBytes
    return address
  }

  give(address: number, bytes: number): void {
    const classBytes = (bytes + 23) & ~15
    const list = this.#free.get(classBytes)
    if (list === undefined) this.#free.set(classBytes, [address])
    else list.push(address)
  }
}

function* mtraceLines({ op, object, size, objects }: SampleEvents): Generator<string> {
  const sites = Array.from({ length: SITES }, (_, i) => `@ /usr/lib/x86_64-linux-gnu/libexample.so.0:(function_${i}+0x62)[0x${(0xa6062 + i * 64).toString(16)}]`)
  const addresses = new Addresses()
  const addressOf = new Float64Array(objects)
  const bytesOf = new Uint32Array(objects)
  yield '= Start\n'
  for (let i = 0; i < op.length; i++) {
    const [which, bytes] = [object[i]!, size[i]!]
    // A multiplicative hash spreads the sites over the objects without a second generator.
    const site = sites[(Math.imul(which, 0x9e3779b1) >>> 16) % SITES]!
    const old = addressOf[which]!
    if (op[i] !== 0) addresses.give(old, bytesOf[which]!)
    if (op[i] === 1) {
      yield `${site} - 0x${old.toString(16)}\n`
      continue
    }
    const address = addresses.take(bytes)
    addressOf[which] = address
    bytesOf[which] = bytes
    const taken = `0x${address.toString(16)} 0x${bytes.toString(16)}\n`
    yield op[i] === 0 ? `${site} + ${taken}` : `${site} < 0x${old.toString(16)}\n${site} > ${taken}`
  }
  yield '= End\n'
}
