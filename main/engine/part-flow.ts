import type { JobContext } from '../../shared/base/job-context'

interface Part {
  readonly bytes: Uint8Array
  readonly written: () => void
  readonly failed: (error: unknown) => void
}

const CANCEL_POLL_MS = 100

/** Parts of a file on their way from one request to another: each is answered once it is written, so no more than one waits. */
export class PartFlow {
  readonly #parts: Part[] = []
  #hasEnded = false
  #wake: () => void = () => undefined

  put(bytes: Uint8Array): Promise<void> {
    return new Promise((written, failed) => {
      this.#parts.push({ bytes, written, failed })
      this.#wake()
    })
  }

  end(): void {
    this.#hasEnded = true
    this.#wake()
  }

  /** Gives every part to `write` until the end. Throws what `write` throws and `cancelled`; a part that waits then fails alike. */
  async drain(write: (bytes: Uint8Array) => void, job: JobContext): Promise<void> {
    try {
      for (;;) {
        await job.checkpoint()
        const part = this.#parts[0]
        if (part !== undefined) {
          write(part.bytes)
          this.#parts.shift()
          part.written()
        } else if (this.#hasEnded) return
        else await this.#news()
      }
    } catch (error) {
      for (const { failed } of this.#parts.splice(0)) failed(error)
      throw error
    }
  }

  /** A cancel makes no noise: it is looked for every now and then. */
  async #news(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, CANCEL_POLL_MS)
    })
    clearTimeout(timer)
  }
}
