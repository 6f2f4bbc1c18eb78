import { FORMAT_NAME, META_NAME } from '../../file/meta'
import { readOwnFile } from '../../file/read-own-file'
import type { Importer } from '../importer'

const PK = [0x50, 0x4b, 0x03, 0x04]
const NAME_OFFSET = 30

/** A ZIP whose first member is meta.json and begins by naming the format. */
function sniff(head: Uint8Array): boolean {
  if (!PK.every((byte, i) => head[i] === byte)) return false
  const nameBytes = (head[26] ?? 0) | ((head[27] ?? 0) << 8)
  const extraBytes = (head[28] ?? 0) | ((head[29] ?? 0) << 8)
  const decoder = new TextDecoder()
  if (decoder.decode(head.subarray(NAME_OFFSET, NAME_OFFSET + nameBytes)) !== META_NAME) return false
  const content = decoder.decode(head.subarray(NAME_OFFSET + nameBytes + extraBytes))
  return content.startsWith(`{"format":"${FORMAT_NAME}"`)
}

/** Heapscape's own files; the caller has given the Parquet codec its module (main/files/parquet-wasm). */
export const ownFileImporter: Importer = {
  id: 'own-file',
  title: 'Heapscape file',
  extensions: ['heapscape'],
  produces: 'any',
  priority: 1000,
  knownBy: 'a ZIP archive whose first file is meta.json and begins {"format":"heapscape"',
  sniff,
  read: (source, _options, job) => readOwnFile(source, job),
}
