import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { ProtobufFields } from '../../base/protobuf-fields'
import { Defects } from '../../model/defects'
import type { Profile } from '../../model/profile'
import type { ImportOptions } from '../importer'
import { Field } from './fields'
import { Messages, type ValueType } from './messages'
import { buildProfile } from './tables'

/** Fields between two checkpoints: about a millisecond. */
const FIELDS_PER_TURN = 4096

/** Reads a profile of memory in pprof's protocol buffer form, unpacked. Throws format-malformed, format-truncated, cancelled. */
export async function parsePprof(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const reader = new PprofReader(source, options.mode === 'strict')
  await reader.read(job)
  return reader.finish(source.name)
}

class PprofReader {
  readonly #source: ByteSource
  readonly #fields: ProtobufFields
  readonly #defects: Defects
  readonly #notes
  readonly #messages = new Messages()
  readonly #texts: string[] = []
  readonly #decoder = new TextDecoder()
  #periodType: ValueType | undefined
  #period = 0

  constructor(source: ByteSource, strict: boolean) {
    this.#source = source
    this.#fields = new ProtobufFields(source)
    const defects = new Defects(strict)
    this.#defects = defects
    this.#notes = {
      cut: defects.kind('file-cut', 'The file ends inside a field; what stood before was read.'),
      damaged: defects.kind('rest-unreadable', 'The file is no protocol buffer from some place on; what stood before was read.'),
      message: defects.kind('message-unreadable', 'Samples, locations, functions and mappings that do not hold together were left out.'),
      location: defects.kind('location-unknown', 'Locations that are not in the file have no name.'),
      labels: defects.kind('labels-left-out', 'Labels of samples were not kept.'),
      untold: defects.kind('sampling-untold', 'The file does not say whether its figures were sampled; they are shown as exact.'),
    }
  }

  async read(job: JobContext): Promise<void> {
    const fields = this.#fields
    for (let count = 1; fields.next(); count++) {
      if (!this.#take()) this.#defects.met(this.#notes.message, fields, 'a message of a profile', `field ${fields.cursor.field}`)
      if (count % FIELDS_PER_TURN === 0) await this.#turn(job)
    }
    await this.#turn(job)
    if (fields.end === 'cut') this.#defects.cut(this.#notes.cut, fields, 'a whole field')
    else if (fields.end === 'damaged') {
      this.#defects.met(this.#notes.damaged, fields, 'a field of a profile', 'other bytes')
      this.#defects.isPartial = true
    }
  }

  finish(file: string): Profile {
    const place = { offset: this.#source.size }
    // Texts stand last: without those that name the values nothing can be said.
    const isNamed = this.#messages.sampleTypes.every(({ type, unit }) => type < this.#texts.length && unit < this.#texts.length)
    if (this.#texts.length === 0 || !isNamed) throw new HeapscapeError('format-truncated', { expected: 'the list of texts', got: 'the end of the file' }, place)
    if (this.#messages.labels > 0) this.#notes.labels.count = this.#messages.labels
    const text = (row: number): string => this.#texts[row] ?? ''
    const period = this.#periodType === undefined ? undefined : { type: text(this.#periodType.type), unit: text(this.#periodType.unit), value: this.#period }
    if (period === undefined || period.unit !== 'bytes') this.#notes.untold.hitAt(0)
    return buildProfile(this.#messages, text, period, {
      unknownLocation: () => this.#defects.met(this.#notes.location, place, 'a location of the file', 'another number'),
      origin: () => ({ file, format: 'pprof', partial: this.#defects.isPartial, notes: this.#defects.toNotes(), lacking: ['threads'] }),
    })
  }

  /** False when the message does not hold together. */
  #take(): boolean {
    const { field, bytes, start, stop, value } = this.#fields.cursor
    switch (field) {
      case Field.SampleType: {
        const type = this.#messages.valueType(bytes, start, stop)
        if (type !== undefined) this.#messages.sampleTypes.push(type)
        return type !== undefined
      }
      case Field.PeriodType:
        this.#periodType = this.#messages.valueType(bytes, start, stop)
        return this.#periodType !== undefined
      case Field.Sample:
        return this.#messages.sample(bytes, start, stop)
      case Field.Mapping:
        return this.#messages.mapping(bytes, start, stop)
      case Field.Location:
        return this.#messages.location(bytes, start, stop)
      case Field.Function:
        return this.#messages.function(bytes, start, stop)
      case Field.Text:
        this.#texts.push(this.#decoder.decode(bytes.subarray(start, stop)))
        return true
      case Field.Period:
        this.#period = value
        return true
      default:
        return true
    }
  }

  #turn(job: JobContext): Promise<void> {
    job.progress({ done: this.#fields.offset, total: this.#source.size, unit: 'bytes' })
    return job.checkpoint()
  }
}
