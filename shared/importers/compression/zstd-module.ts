import { ZSTDDecoder } from 'zstddec/stream'
import { BugError } from '../../base/assert'

/** What we call of the wasm module; pointers and sizes are 32-bit numbers. */
export interface ZstdExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(bytes: number): number
  free(pointer: number): void
  ZSTD_createDCtx(): number
  ZSTD_freeDCtx(context: number): number
  ZSTD_DStreamInSize(): number
  ZSTD_DStreamOutSize(): number
  /** 0 at the end of a frame, an error as a small negative number, else a hint how much input comes next. */
  ZSTD_decompressStream(context: number, output: number, input: number): number
}

let exportsOfModule: ZstdExports | undefined

/**
 * The package embeds the wasm, but its own streaming loop never ends on damaged data (it does not look at error
 * codes) and keeps its buffers then; so the module is taken from it and driven by zstd.ts.
 */
class ModuleTap extends ZSTDDecoder {
  override _init(result: { instance: { exports: unknown } }): void {
    exportsOfModule = result.instance.exports as ZstdExports
    // Installs the package's views, which its callback for grown memory renews.
    super._init(result as never)
  }
}

export async function loadZstd(): Promise<ZstdExports> {
  if (exportsOfModule === undefined) await new ModuleTap().init()
  if (exportsOfModule === undefined) throw new BugError('the zstd module was started by someone else')
  return exportsOfModule
}
