import { afterEach, expect, test } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { MOST_PART_BYTES } from '../../shared/ipc/export-api'
import { replaceEngine, type Engine, type RequestOptions } from './engine-client'
import { cancelledError, RemoteError } from './failure'
import { replaceHost, type Host } from './host-client'
import { saveFile } from './save-file'

afterEach(() => replaceHost({} as Host))

/** Writes into `parts`; `failure` is what the disk says to the second part. */
function pretend(parts: Uint8Array[], failure?: Error): void {
  replaceHost({ saveDialog: async () => ({ targetId: 't', name: 'x.csv' }) } as unknown as Host)
  let end: (name: { name: string }) => void = () => undefined
  let fail: (error: Error) => void = () => undefined
  const request = async (method: string, params: { bytes?: Uint8Array }, options?: RequestOptions): Promise<unknown> => {
    if (method === 'exportFile') {
      return new Promise((resolve, reject) => {
        end = resolve
        fail = reject
        options?.signal?.addEventListener('abort', () => reject(cancelledError()))
      })
    }
    if (method === 'exportEnd') return end({ name: 'x.csv' })
    if (failure !== undefined && parts.length === 1) {
      fail(failure)
      throw failure
    }
    parts.push(params.bytes!)
    return null
  }
  replaceEngine({ request, onRestart: () => () => undefined } as unknown as Engine)
}

test('no part is larger than a message, and all of them are the file', async () => {
  const parts: Uint8Array[] = []
  pretend(parts)
  const bytes = new Uint8Array(2 * MOST_PART_BYTES + 5).fill(7)
  expect(await saveFile('x.csv', async function* () { yield bytes; yield Uint8Array.of(1) })).toBe('x.csv')
  expect(parts.map(({ length }) => length)).toEqual([MOST_PART_BYTES, MOST_PART_BYTES, 5, 1])
})

test('a failure of the disk is told as such; one of the maker gives the file up', async () => {
  const full = new RemoteError(new HeapscapeError('file-unwritable', { detail: 'x.csv: the disk is full', error: 'ENOSPC' }).toFailure())
  pretend([], full)
  await expect(saveFile('x.csv', async function* () { yield new Uint8Array(MOST_PART_BYTES + 1) })).rejects.toBe(full)
  pretend([])
  await expect(saveFile('x.csv', async function* () { throw new Error('nothing is painted yet') })).rejects.toThrow(/nothing is painted/)
})
