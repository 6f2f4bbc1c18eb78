import { onBeforeUnmount, onMounted, shallowReactive } from 'vue'
import { tableCsvParts, tableJsonParts, type ShownTable } from '../../../shared/base/shown-table'
import { Canvas2dTarget } from '../../canvas/canvas2d'
import { registeredCanvases, type RegisteredCanvas } from '../../canvas/canvas-register'
import type { PixelBlock } from '../../canvas/draw-target'
import { framedSize, paintFramed, type PictureFrame, type ShownPicture } from '../../canvas/framed-picture'
import { SvgTarget } from '../../canvas/svg-target'
import { cancelledError } from '../../client/failure'
import { readTable, titleOfTable } from './page-tables'

/*
 * The one way by which pictures and tables of the window become files:
 *
 *   SaveMenu (one per view) ── registers a Savable ──> saveShown() ──> save dialog ──> engine writes
 *   "Save picture or table" (menu, key) ── lists the savables in sight ──┘
 *
 * What is written is made when it is asked for, from what the view shows then.
 */
export const SAVE_FORMS = ['svg', 'png', 'png2', 'csv', 'json'] as const
export type SaveForm = (typeof SAVE_FORMS)[number]

export const SAVE_FORM_TEXTS: Readonly<Record<SaveForm, string>> = {
  svg: 'Picture as SVG…',
  png: 'Picture as PNG…',
  png2: 'Picture as PNG, twice the size…',
  csv: 'Table as CSV…',
  json: 'Table as JSON…',
}

const isPicture = (form: SaveForm): boolean => form !== 'csv' && form !== 'json'

export interface SaveOptions {
  readonly signal: AbortSignal
  /** Rows made of all rows. */
  readonly onRows: (done: number, total: number) => void
}

/** A view that can be saved. */
export interface Savable {
  /** Heads the picture and the table, and makes the file name. */
  readonly title: string
  /** What limits or explains it; goes into picture and table. */
  readonly notes: readonly string[]
  readonly legend: readonly PictureFrame['legend'][number][]
  /** In words, for readers that do not look at pictures. */
  readonly description: string
  /** null while nothing is painted. Absent: it has no picture. */
  readonly picture?: () => ShownPicture | null
  /** Absent: it has no table. */
  readonly table?: (options: SaveOptions) => ShownTable | Promise<ShownTable>
  /** Where it stands on the page. */
  readonly element: () => Element | null
}

export const formsOf = (savable: Savable): SaveForm[] => SAVE_FORMS.filter((form) => (isPicture(form) ? savable.picture !== undefined : savable.table !== undefined))

/** Asks where to, then for the bytes, part after part, which it writes; answers the file's name, null when dismissed. */
export type FileSaver = (suggestedName: string, parts: () => AsyncIterable<Uint8Array>) => Promise<string | null>

let saver: FileSaver = () => Promise.reject(new Error('nobody saves files here'))

/** The window says once how files are saved; tests give their own. */
export function setFileSaver(next: FileSaver): void {
  saver = next
}

/** `Memory map of main` -> `Memory-map-of-main.svg`. */
export const suggestedFileName = (title: string, form: SaveForm): string =>
  `${title.replace(/[^\p{L}\p{N}+._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '').slice(0, 80) || 'heapscape'}.${form === 'png2' ? 'png' : form}`

/** @returns the name of the file, null when dismissed; throws what writing throws, and `cancelled` through the signal. */
export const saveShown = (savable: Savable, form: SaveForm, options: SaveOptions): Promise<string | null> =>
  saver(suggestedFileName(savable.title, form), () => partsOf(savable, form, options))

async function* partsOf(savable: Savable, form: SaveForm, options: SaveOptions): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder()
  if (!isPicture(form)) {
    const table = await savable.table!(options)
    for (const text of form === 'csv' ? tableCsvParts(table) : tableJsonParts(table)) {
      if (options.signal.aborted) throw cancelledError()
      yield encoder.encode(text)
    }
    return
  }
  const picture = savable.picture!()
  if (picture === null) throw new Error('Nothing is painted yet')
  yield form === 'svg' ? encoder.encode(svgOf(savable, picture)) : await pngOf(savable, picture, form === 'png' ? 1 : 2)
}

function svgOf(savable: Savable, picture: ShownPicture): string {
  const target = new SvgTarget(framedSize(picture.size, savable), picture.palette, pngAddress)
  paintFramed(target, picture, savable)
  return target.document(savable, picture.ground)
}

function pngAddress(block: PixelBlock): string {
  const canvas = document.createElement('canvas')
  canvas.width = block.width
  canvas.height = block.height
  canvas.getContext('2d')?.putImageData(new ImageData(block.rgba as Uint8ClampedArray<ArrayBuffer>, block.width, block.height), 0, 0)
  return canvas.toDataURL('image/png')
}

async function pngOf(savable: Savable, picture: ShownPicture, pixelRatio: number): Promise<Uint8Array> {
  const size = { ...framedSize(picture.size, savable), pixelRatio }
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(size.width * pixelRatio)
  canvas.height = Math.round(size.height * pixelRatio)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('The picture is too large for a canvas')
  const target = new Canvas2dTarget(context, size, picture.palette)
  target.fillRect(0, 0, size.width, size.height, picture.ground)
  paintFramed(target, { ...picture, size: { ...picture.size, pixelRatio } }, savable)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  if (blob === null) throw new Error('The picture is too large for PNG')
  return new Uint8Array(await blob.arrayBuffer())
}

const mounted = shallowReactive(new Set<Savable>())

/** Registers while the calling component is on the page; for views whose content is not all on it, such as long lists. */
export function useSavable(savable: Savable): void {
  onMounted(() => mounted.add(savable))
  onBeforeUnmount(() => mounted.delete(savable))
}

const isInSight = (element: Element | null): boolean => element !== null && element.isConnected && element.getClientRects().length > 0

/** A view with a menu of its own comes first; then every other picture and table on the pages, read as it stands. */
export function savablesInSight(pages: readonly Document[] = [document]): Savable[] {
  const own = [...mounted].filter((savable) => isInSight(savable.element()))
  const paints = new Set(own.map((savable) => savable.picture?.()?.paint))
  const canvases = registeredCanvases().filter((canvas) => isInSight(canvas.element) && !paints.has(canvas.shownPicture()?.paint)).map(ofCanvas)
  const tables = pages.flatMap((page) => [...page.querySelectorAll('table')]).filter((table) => isInSight(table) && table.closest('dialog, [data-saved]') === null).map(ofTable)
  return [...own, ...canvases, ...tables].sort((a, b) => ((a.element()!.compareDocumentPosition(b.element()!) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 ? -1 : 1))
}

const ofCanvas = (canvas: RegisteredCanvas): Savable =>
  ({ title: canvas.label, notes: [], legend: [], description: canvas.description === '' ? canvas.label : canvas.description, picture: () => canvas.shownPicture(), element: () => canvas.element })

const ofTable = (table: HTMLTableElement): Savable =>
  ({ title: titleOfTable(table), notes: [], legend: [], description: '', table: () => readTable(table), element: () => table })
