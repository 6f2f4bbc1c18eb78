import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HeapscapeError } from '../../shared/base/errors'
import { initParquet } from '../../shared/file/parquet-codec'

const WASM_NAME = 'parquet_wasm_bg.wasm'

/**
 * Lets the codec of own files load its WebAssembly module; finds it now and reads it when the first file is read or
 * written, so that a start without one does not pay for 6 MB of code. A build has the module beside the program's own file; from the sources it comes out of the
 * installed package. Throws file-unreadable when neither place has it.
 */
export function loadParquet(): Promise<void> {
  const path = findParquetWasm()
  initParquet(() => readFileSync(path))
  return Promise.resolve()
}

/** Path of the module. Throws file-unreadable when neither place has it. */
export function findParquetWasm(): string {
  const beside = join(dirname(fileURLToPath(import.meta.url)), WASM_NAME)
  if (existsSync(beside)) return beside
  try {
    return createRequire(import.meta.url).resolve(`parquet-wasm/esm/${WASM_NAME}`)
  } catch {
    throw new HeapscapeError('file-unreadable', { detail: `${WASM_NAME} is missing beside the program`, error: 'ENOENT' }, { file: WASM_NAME })
  }
}
