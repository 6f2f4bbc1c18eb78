import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { type ByteSource, MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { mulberry32 } from '../../base/random'
import { unpack } from './unpack'

const random = mulberry32(1)
/** 0.5 MB that pack neither too well nor too badly. */
const TEXT = Buffer.from(Array.from({ length: 25_000 }, (_, line) => `a ${line} ${Math.floor(random() * 4096)} some text\n`).join(''))

/** Command lines of the usual tools, reading from stdin and writing to stdout. */
const TOOLS = {
  gzip: ['gzip', '-c'],
  zstd: ['zstd', '-q', '-c'],
  'zstd without sizes and checksums': ['zstd', '-q', '-c', '--no-content-size', '--no-check'],
  'zstd level 19': ['zstd', '-q', '-c', '-19', '--long=27'],
  xz: ['xz', '-c', '-1'],
  'xz with CRC-32 and small blocks': ['xz', '-c', '-0', '--check=crc32', '--block-size=100000'],
  bzip2: ['bzip2', '-c'],
  'bzip2 with small blocks': ['bzip2', '-c', '-1'],
} as const
type ToolName = keyof typeof TOOLS
const TOOL_NAMES = Object.keys(TOOLS) as ToolName[]

const hasTool = (name: ToolName): boolean => spawnSync(TOOLS[name][0], ['--version'], { input: '' }).error === undefined

const packedText = new Map<ToolName, Buffer>()
function packText(name: ToolName): Buffer {
  const packed = packedText.get(name) ?? pack(name, TEXT)
  packedText.set(name, packed)
  return packed
}

function pack(name: ToolName, bytes: Uint8Array): Buffer {
  const [command, ...words] = TOOLS[name]
  const { status, stdout, stderr } = spawnSync(command, words, { input: bytes, maxBuffer: 1 << 28 })
  expect(status, String(stderr)).toBe(0)
  return stdout
}

const bytesOf = (source: ByteSource): Buffer => Buffer.from(source.read(0, source.size))
const unpackBytes = (bytes: Uint8Array) => unpack(new MemorySource(bytes, 'packed'), quietJob)
const methodOf = (name: ToolName): string => name.split(' ')[0]!

describe.each(TOOL_NAMES)('made by %s', (name) => {
  const available = hasTool(name)

  test.skipIf(!available)('is unpacked exactly', async () => {
    const unpacked = await unpackBytes(packText(name))
    expect(unpacked.methods).toEqual([methodOf(name)])
    expect(unpacked.damage).toBeUndefined()
    expect(bytesOf(unpacked.source).equals(TEXT)).toBe(true)
  })

  test.skipIf(!available)('two files one after the other are one', async () => {
    const half = TEXT.length >> 1
    const packed = Buffer.concat([pack(name, TEXT.subarray(0, half)), pack(name, TEXT.subarray(half))])
    const unpacked = await unpackBytes(packed)
    expect(unpacked.damage).toBeUndefined()
    expect(bytesOf(unpacked.source).equals(TEXT)).toBe(true)
  })

  test.skipIf(!available)('empty and one-byte contents', async () => {
    for (const content of [Buffer.alloc(0), Buffer.from('x')]) {
      const unpacked = await unpackBytes(pack(name, content))
      expect(unpacked.damage).toBeUndefined()
      expect(bytesOf(unpacked.source).equals(content)).toBe(true)
    }
  })

  test.skipIf(!available)('cut anywhere: a true beginning marked as damaged, or compression-failed', async () => {
    const packed = packText(name)
    for (const share of [0.001, 0.25, 0.5, 0.75, 0.999]) {
      const cut = packed.subarray(0, Math.floor(packed.length * share))
      await expectBeginningOrFailure(cut, methodOf(name))
    }
    await expectBeginningOrFailure(packed.subarray(0, -1), methodOf(name))
  })

  test.skipIf(!available)('a changed byte is found', async () => {
    const packed = Buffer.from(packText(name))
    const at = packed.length >> 1
    packed[at] = packed[at]! ^ 0x55
    // Without a checksum in the file a change may go unseen; that is the file's choice.
    if (!name.includes('checksums')) await expectDamage(packed)
    else await unpackBytes(packed)
  })

  test.skipIf(!available)('a cancel stops the work and the next file is unpacked', async () => {
    const packed = packText(name)
    await expect(unpack(new MemorySource(packed), cancelledAfter(0), { limitBytes: 1e9 })).rejects.toMatchObject({ code: 'cancelled' })
    expect((await unpackBytes(packed)).source.size).toBe(TEXT.length)
  })

  test.skipIf(!available)('stops at the limit', async () => {
    const packed = packText(name)
    await expect(unpack(new MemorySource(packed), quietJob, { limitBytes: 100_000 })).rejects.toMatchObject({ code: 'input-too-large' })
    expect((await unpackBytes(packed)).source.size).toBe(TEXT.length)
  })
})

/** True when something was unpacked. */
async function expectBeginningOrFailure(bytes: Uint8Array, method: string): Promise<void> {
  try {
    const { source, damage, methods } = await unpackBytes(bytes)
    if (methods.length === 0) return expect(bytes.length).toBeLessThan(8)
    expect(damage).toMatchObject({ method })
    expect(source.size).toBeGreaterThan(0)
    expect(bytesOf(source).equals(TEXT.subarray(0, source.size))).toBe(true)
  } catch (error) {
    expect(error).toMatchObject({ code: 'compression-failed', facts: { method } })
  }
}

async function expectDamage(bytes: Uint8Array): Promise<void> {
  try {
    expect((await unpackBytes(bytes)).damage).toBeDefined()
  } catch (error) {
    expect(error).toMatchObject({ code: 'compression-failed' })
  }
}

// Made with the tools above from "hello\n", so that something is checked where no tool is installed.
const HELLO = {
  gzip: '1f8b0800000000000003cb48cdc9c9e7020020303a3606000000',
  zstd: '28b52ffd045831000068656c6c6f0a5388bd91',
  xz:
    'fd377a585a000004e6d6b4460200210116000000742fe5a301000568656c6c6f0a000000a56097f194f6fde000011e06c12fa41d1fb6f37d01' +
    '0000000004595a',
  bzip2: '425a6839314159265359c1c080e2000001410000100244a00030cd00c3462997177245385090c1c080e2',
} as const
const helloOf = (method: keyof typeof HELLO): Buffer => Buffer.from(HELLO[method], 'hex')
const METHOD_NAMES = Object.keys(HELLO) as (keyof typeof HELLO)[]

describe.each(METHOD_NAMES)('%s', (method) => {
  test('a tiny file', async () => {
    const { source, methods } = await unpackBytes(helloOf(method))
    expect([String(bytesOf(source)), methods]).toEqual(['hello\n', [method]])
  })

  test('every cut and every changed byte ends in time, in a coded error or in what could be read', async () => {
    const packed = helloOf(method)
    for (let at = 0; at < packed.length; at++) {
      await endsWell(packed.subarray(0, at))
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = Buffer.from(packed)
        changed[at] = changed[at]! ^ flip
        await endsWell(changed)
      }
    }
  })
})

async function endsWell(bytes: Uint8Array): Promise<void> {
  try {
    await unpackBytes(bytes)
  } catch (error) {
    expect(error).toMatchObject({ code: 'compression-failed' })
  }
}

test('what is not packed is passed through untouched', async () => {
  const source = new MemorySource(new TextEncoder().encode('plain'))
  expect(await unpack(source, quietJob)).toEqual({ source, methods: [] })
})

const gzipAvailable = hasTool('gzip')
test.skipIf(!gzipAvailable)('layers are unpacked from the outside in, up to four', async () => {
  let packed = helloOf('zstd')
  for (let layer = 1; layer <= 3; layer++) packed = pack('gzip', packed)
  expect((await unpackBytes(packed)).methods).toEqual(['gzip', 'gzip', 'gzip', 'zstd'])
  await expect(unpackBytes(pack('gzip', packed))).rejects.toMatchObject({ code: 'compression-failed' })
})
