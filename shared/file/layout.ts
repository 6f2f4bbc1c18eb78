import type { ColumnKind } from '../base/column'
import { REGION_MEASURES } from '../model/region-table'
import type { Packing } from './parquet-codec'

/*
 * Tables of a document, in the order they are written. What a document cannot do without stands first, so that a file
 * cut short at its end loses names before it loses blocks.
 *
 * Addresses in order (regions, blocks) are packed as differences. In order of events they jump, and come again whenever
 * a heap reuses memory: there a dictionary took 1.19 bytes per event where differences took 1.48 (2 M lives in a heap of
 * free lists).
 */
export type DocumentKind = 'trace' | 'snapshot' | 'run' | 'profile'

export interface ColumnLayout {
  readonly name: string
  /** Kinds the column may have in memory; none for texts. */
  readonly kinds: readonly ColumnKind[]
  readonly packing: Packing
  /** A document without it is still sound. */
  readonly optional?: boolean
}

export interface TableLayout {
  readonly name: string
  readonly columns: readonly ColumnLayout[]
  /** A document without it is still sound. */
  readonly optional?: boolean
}

const SIZE: readonly ColumnKind[] = ['u32', 'f64']

const column = (name: string, kinds: readonly ColumnKind[], packing: Packing, optional = false): ColumnLayout =>
  optional ? { name, kinds, packing, optional } : { name, kinds, packing }

const SITE = column('site', ['i32'], 'dictionary', true)
const text = (name: string): ColumnLayout => column(name, [], 'dictionary')
/** Figures of several measures over the same rows, one measure after the other. */
const values = (table: string): TableLayout => ({ name: table, columns: [column('value', ['f64'], 'dictionary')] })
const names = (table: string): TableLayout => ({ name: table, columns: [column('name', [], 'dictionary')], optional: true })
/** Texts of call sites, and the row of each one's path in `stacks` where there are paths. */
const SITES: TableLayout = { name: 'sites', columns: [column('name', [], 'dictionary'), column('stack', ['i32'], 'delta', true)], optional: true }

/** Frames and paths behind call sites (model/call-stacks). */
export const CALL_TABLES: readonly TableLayout[] = [
  {
    name: 'frames',
    columns: [text('module'), text('function'), text('file'), column('line', ['u32'], 'dictionary'), column('address', ['f64'], 'delta'), column('inlined', ['u8'], 'dictionary')],
    optional: true,
  },
  { name: 'stacks', columns: [column('frame', ['u32'], 'dictionary'), column('parent', ['i32'], 'delta')], optional: true },
]

export const LAYOUTS: Readonly<Record<DocumentKind, readonly TableLayout[]>> = {
  trace: [
    {
      name: 'events',
      columns: [
        column('op', ['u8'], 'dictionary'),
        column('object', ['u32'], 'delta'),
        column('size', SIZE, 'dictionary'),
        column('address', ['f64'], 'dictionary', true),
        SITE,
        column('thread', ['u32'], 'dictionary', true),
        column('time', ['f64'], 'delta', true),
      ],
    },
    SITES,
    { name: 'resident', columns: [column('event', ['u32'], 'delta'), column('bytes', ['f64'], 'dictionary')], optional: true },
    ...CALL_TABLES,
  ],
  snapshot: [
    {
      name: 'regions',
      columns: [
        column('base', ['f64'], 'delta'),
        column('size', ['f64'], 'dictionary'),
        column('state', ['u8'], 'dictionary'),
        column('owner', ['i32'], 'dictionary'),
        column('protect', ['u8', 'u16', 'u32'], 'dictionary', true),
        column('kind', ['u8'], 'dictionary', true),
        ...REGION_MEASURES.map((name) => column(name, ['f64'], 'dictionary', true)),
      ],
    },
    {
      name: 'segments',
      columns: [column('heap', ['u32'], 'dictionary'), column('base', ['f64'], 'delta'), column('reservedBytes', ['f64'], 'dictionary')],
    },
    {
      name: 'blocks',
      columns: [
        column('address', ['f64'], 'delta'),
        column('size', SIZE, 'dictionary'),
        column('requested', SIZE, 'dictionary'),
        column('state', ['u8'], 'dictionary'),
        column('heap', ['u8', 'u16'], 'dictionary'),
        column('birth', ['u32'], 'delta', true),
        SITE,
        column('kind', ['u8'], 'dictionary', true),
        column('confidence', ['u8'], 'dictionary', true),
      ],
    },
    names('owners'),
    names('sites'),
  ],
  run: [
    {
      name: 'lifetimes',
      columns: [
        column('address', ['f64'], 'dictionary'),
        column('size', SIZE, 'dictionary'),
        column('requested', SIZE, 'dictionary'),
        column('birth', ['u32'], 'delta'),
        column('death', ['u32'], 'delta'),
        column('occupant', ['u8'], 'dictionary'),
        column('object', ['u32'], 'delta'),
        SITE,
      ],
    },
    {
      name: 'pages',
      columns: [
        column('event', ['u32'], 'delta'),
        column('base', ['f64'], 'delta'),
        column('size', ['f64'], 'dictionary'),
        column('state', ['u8'], 'dictionary'),
      ],
    },
    { name: 'failures', columns: [column('event', ['u32'], 'delta'), column('size', SIZE, 'dictionary')] },
    SITES,
    ...CALL_TABLES,
  ],
  profile: [
    { name: 'sites', columns: [text('name'), column('stack', ['i32'], 'delta', true)] },
    values('values'),
    { name: 'moments', columns: [column('time', ['f64'], 'delta'), column('detail', ['u8'], 'dictionary'), text('name')], optional: true },
    { ...values('momentTotals'), optional: true },
    { name: 'cells', columns: [column('moment', ['u32'], 'delta'), column('site', ['u32'], 'dictionary')], optional: true },
    { ...values('cellValues'), optional: true },
    {
      name: 'statistics',
      columns: [text('kind'), text('subject'), text('name'), column('value', ['f64'], 'dictionary'), text('unit')],
      optional: true,
    },
    ...CALL_TABLES,
  ],
}

export function tableLayout(kind: DocumentKind, name: string): TableLayout | undefined {
  return LAYOUTS[kind].find((table) => table.name === name)
}
