import { complete } from '../console/completion'
import type { Completion, StepResult } from '../console/console-types'
import type { Interpreter } from '../console/interpreter'
import { parseLine, splitLines, type ParsedLine } from '../console/parse'
import type { Address, Bytes } from '../../base/units'
import type { ConsoleState, WorkspaceDocument, WorkspaceDocumentKind } from './workspace-types'

export interface ConsoleLine {
  /** 1-based. */
  readonly line: number
  readonly parsed: ParsedLine
  /** null: not carried out (yet, or undone). */
  result: StepResult | null
  fingerprint: number
}

const MOST_VARIABLES = 500

/** A document with a heap of its own; a console has lines too. */
export class HeapDocument {
  readonly id: string
  readonly kind: WorkspaceDocumentKind
  readonly title: string
  readonly initialBytes: Bytes
  readonly maximumBytes: Bytes
  heap: Address = 0
  interpreter!: Interpreter
  lines: ConsoleLine[] = []
  /** Lines before it are carried out. */
  position = 0

  constructor(id: string, fields: Pick<WorkspaceDocument, 'kind' | 'title' | 'initialBytes' | 'maximumBytes'>) {
    this.id = id
    this.kind = fields.kind
    this.title = fields.title
    this.initialBytes = fields.initialBytes
    this.maximumBytes = fields.maximumBytes
  }

  /** Replaces the lines that are not carried out, or comes after them. */
  enter(text: string, isAfter = false): void {
    if (!isAfter) this.lines.length = this.position
    for (const line of splitLines(text)) this.lines.push({ line: this.lines.length + 1, parsed: parseLine(line), result: null, fingerprint: 0 })
  }

  get script(): string {
    return this.lines.map(({ parsed }) => parsed.text).join('\n')
  }

  describe(): WorkspaceDocument {
    const { id, kind, title, heap, initialBytes, maximumBytes } = this
    return { id, kind, title, heap, initialBytes, maximumBytes }
  }

  state(fromLine: number, count: number, revision: number, disturbed: readonly string[], switched: ConsoleState['switched']): ConsoleState {
    const { id, title, heap, position, lines, interpreter } = this
    return {
      id,
      title,
      heap,
      position,
      lineCount: lines.length,
      revision,
      fromLine,
      lines: lines.slice(fromLine, fromLine + count).map(({ line, parsed, result }) => ({ line, text: parsed.text, result })),
      variables: interpreter.variables(0, MOST_VARIABLES),
      variableCount: interpreter.variableCount,
      disturbed,
      switched,
    }
  }

  complete(text: string, column: number): Completion {
    return complete(text, column, this.interpreter.variables(0, MOST_VARIABLES))
  }
}
