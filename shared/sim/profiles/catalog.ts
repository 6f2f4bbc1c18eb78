import type { ParameterValue } from '../../model/run'
import type { FigureSource } from './figure-source'
import type { ServiceRule } from './who-gets-it'

/** One adjustable figure of a heap manager. */
export interface ParameterDefinition {
  readonly name: string
  readonly title: string
  readonly type: 'integer' | 'boolean' | 'choice'
  readonly unit: 'bytes' | 'count' | 'none'
  readonly minimum?: number
  readonly maximum?: number
  readonly choices?: readonly string[]
  /** One sentence: what it does. */
  readonly meaning: string
}

/** A named set of values, with the source of its figures. */
export interface HeapProfile {
  readonly id: string
  readonly title: string
  readonly values: Readonly<Record<string, ParameterValue>>
  readonly source: string
  /** Where single values come from and how sure they are, by parameter; those left out are our choices. */
  readonly figures?: Readonly<Record<string, FigureSource>>
}

/** A heap manager as forms, command line and documents see it. */
export interface HeapDefinition {
  readonly id: string
  readonly title: string
  /** One sentence: how it places a request. */
  readonly summary: string
  readonly source: string
  /** Whose heaps are made by it, where a system chooses among several. */
  readonly servedTo?: readonly ServiceRule[]
  readonly parameters: readonly ParameterDefinition[]
  readonly profiles: readonly HeapProfile[]
  readonly defaultProfile: string
}
