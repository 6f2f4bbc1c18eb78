import type { ByteSource } from './byte-source'
import type { JobContext } from './job-context'
import { LineBlocks } from './line-blocks'

/**
 * Hands a text over line by line as strings, for formats whose lines are read by patterns: about 1 µs a line, and never
 * more than a block of it in memory. Line ends are LF or CRLF. `number` is 1-based; `lacksFeed` is told of a last line that is
 * cut, or whose writer puts no line feed at the end. Throws `cancelled`.
 */
export async function eachLine(source: ByteSource, job: JobContext, take: (text: string, number: number, lacksFeed: boolean) => void): Promise<void> {
  const blocks = new LineBlocks(source)
  const decoder = new TextDecoder()
  let number = 0
  while (blocks.next()) {
    const lines = decoder.decode(blocks.bytes).split('\n')
    const lacksFeed = lines.at(-1) !== ''
    const count = lacksFeed ? lines.length : lines.length - 1
    for (let i = 0; i < count; i++) {
      const line = lines[i]!
      take(line.endsWith('\r') ? line.slice(0, -1) : line, ++number, lacksFeed && i === count - 1)
    }
    job.progress({ done: blocks.offset + blocks.bytes.length, total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
}
