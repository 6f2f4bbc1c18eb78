import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { SweepMeasure } from '../../shared/analysis/sweep/sweep-measure'
import { HeapscapeError } from '../../shared/base/errors'
import { writeFileAtomically } from '../files/atomic-write'

/*
 * Folder of a sweep:
 *
 *   points/<digest>.json                one finished point each, written whole or not at all: what a resumed sweep skips;
 *                                       the digest is of the key and of the input's content
 *   sweep.json                          ranking and advice, after the last point
 *   dataset/run=<digest>/part-0.parquet the same figures for other programs
 */
export class SweepFolder {
  readonly #folder: string

  /** @throws HeapscapeError `file-unwritable` */
  constructor(folder: string) {
    this.#folder = folder
    try {
      mkdirSync(folder, { recursive: true })
    } catch (error) {
      throw new HeapscapeError('file-unwritable', { detail: error instanceof Error ? error.message : String(error) }, { file: path.basename(folder) })
    }
    // What a killed sweep was writing.
    const points = path.join(folder, 'points')
    if (existsSync(points)) for (const name of readdirSync(points)) if (name.endsWith('.tmp')) rmSync(path.join(points, name), { force: true })
  }

  /** Measure of a point that is finished; undefined otherwise, also when its file is damaged. */
  read(key: string, content: string): SweepMeasure | undefined {
    const file = this.#pointFile(key, content)
    if (!existsSync(file)) return undefined
    try {
      const { key: written, figures, drawing } = JSON.parse(readFileSync(file, 'utf8')) as Partial<SweepMeasure> & { readonly key: unknown }
      return written === key && figures !== undefined && drawing !== undefined ? { figures, drawing } : undefined
    } catch {
      return undefined
    }
  }

  write(key: string, content: string, measure: SweepMeasure): Promise<void> {
    mkdirSync(path.join(this.#folder, 'points'), { recursive: true })
    return this.#writeText(this.#pointFile(key, content), JSON.stringify({ key, ...measure }))
  }

  writeSummary(summary: unknown): Promise<void> {
    return this.#writeText(path.join(this.#folder, 'sweep.json'), `${JSON.stringify(summary, null, 1)}\n`)
  }

  async writePart(key: string, parts: readonly Uint8Array[]): Promise<void> {
    const folder = path.join(this.#folder, 'dataset', `run=${digest(key)}`)
    mkdirSync(folder, { recursive: true })
    await writeFileAtomically(path.join(folder, 'part-0.parquet'), (sink) => {
      for (const part of parts) sink.write(part)
    })
  }

  #pointFile(key: string, content: string): string {
    return path.join(this.#folder, 'points', `${digest(`${key}|${content}`)}.json`)
  }

  #writeText(file: string, text: string): Promise<void> {
    return writeFileAtomically(file, (sink) => sink.write(Buffer.from(text)))
  }
}

/** Digest of what a file holds; of a workload its name, which never changes its events. @throws HeapscapeError `file-unreadable` */
export async function contentDigest(input: string): Promise<string> {
  if (input.startsWith('workload:')) return input
  const hash = createHash('sha256')
  try {
    for await (const part of createReadStream(input)) hash.update(part as Buffer)
  } catch (error) {
    throw new HeapscapeError('file-unreadable', { detail: error instanceof Error ? error.message : String(error) }, { file: path.basename(input) })
  }
  return hash.digest('hex')
}

const digest = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 20)
