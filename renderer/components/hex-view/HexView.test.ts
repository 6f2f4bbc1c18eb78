// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HexRange, HexSelection, HexSource } from './hex-source'
import HexView from './HexView.vue'

const RANGE: HexRange = { from: 0x10000, to: 0x12000, title: 'heap' }
const ASKED: number[] = []
let version = 0
let view: VueWrapper

/** Byte n of the memory is n + version; a field with a target at 0x10004; line 0x11010 changed in one byte; 0x10030 cannot be read. */
const source: HexSource = {
  bytes: (address, length) => {
    ASKED.push(address)
    const indices = Array.from({ length }, (_, i) => i)
    return Promise.resolve({
      address,
      bytes: Uint8Array.from(indices, (i) => address + i + version),
      readable: Uint8Array.from(indices, (i) => (address + i === 0x10030 ? 0 : 1)),
      changed: Uint8Array.from(indices, (i) => (address + i === 0x11012 ? 1 : 0)),
      fields: address === 0x10000 ? [{ address: 0x10004, bytes: 4, structure: 'block header', field: 'next free', text: '0x00011000', target: 0x11000 }] : [],
    })
  },
  changedLines: () => Promise.resolve({ lines: Float64Array.of(0x11010), total: 1 }),
}

interface Given { cursor: number | null; selection: HexSelection | null; onlyChanged: boolean; version: number; range: HexRange | null }

async function open(given: Partial<Given> = {}): Promise<void> {
  // happy-dom has no layout: the height is given as the browser would measure it.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 24 + 120 })
  const update = (patch: Record<string, unknown>): void => void view.setProps(patch)
  view = mount(HexView as never, {
    props: {
      source, range: RANGE, version: 1, cursor: 0x10000, selection: null, onlyChanged: false,
      'onUpdate:cursor': (cursor: number) => update({ cursor }), 'onUpdate:selection': (selection: HexSelection | null) => update({ selection }), ...given,
    } as never,
    attachTo: document.body,
  })
  await flushPromises()
}
const held = (): Given => view.props() as unknown as Given
const dump = (): ReturnType<VueWrapper['find']> => view.find('[role=grid]')
const press = async (key: string, more: Record<string, unknown> = {}): Promise<void> => {
  await dump().trigger('keydown', { key, ...more })
  await flushPromises()
}
const cell = (address: number): ReturnType<VueWrapper['find']> => view.find(`[role=gridcell][data-address="${address}"]`)

beforeEach(() => {
  ASKED.length = 0
  version = 0
})
afterEach(() => {
  view.unmount()
  Reflect.deleteProperty(HTMLElement.prototype, 'clientHeight')
})

// The first mount compiles and lays out hundreds of cells, which takes seconds on a busy machine.
describe('HexView', { timeout: 20_000 }, () => {
  it('is a grid of all lines of which those in sight exist, and asks for their page alone', async () => {
    await open()
    expect(dump().attributes()).toMatchObject({ 'aria-rowcount': '513', 'aria-colcount': '18' })
    expect(view.findAll('[data-line]')).toHaveLength(6)
    expect(cell(0x10041).text()).toBe('41')
    expect(ASKED).toEqual([0x10000])
    await press('End', { ctrlKey: true })
    expect(held().cursor).toBe(0x11fff)
    expect(view.find('[data-line="73712"]').exists()).toBe(true)
    expect(ASKED).toEqual([0x10000, 0x11000])
  })

  it('marks changed bytes beside their colour, and what cannot be read', async () => {
    await open({ cursor: 0x11012 })
    expect(view.find('[data-line="69648"]').text()).toContain('●')
    expect(cell(0x11012).text()).toContain('changed')
    await press('Home', { ctrlKey: true })
    expect(cell(0x10030).text()).toBe('??')
  })

  it('tells field, numbers and target of the byte at the cursor, and follows on Enter', async () => {
    await open()
    await press('ArrowRight')
    expect(view.find('[data-testid=hex-words]').text()).toContain('no structure known here')
    for (let i = 0; i < 4; i++) await press('ArrowRight')
    expect(view.find('[data-testid=hex-words]').text()).toContain('block header: next free, 0x00011000')
    expect(view.text()).toContain('8 bit 5 · 16 bit 1,541')
    await press('Enter')
    expect(view.emitted('follow')).toEqual([[0x11000]])
  })

  it('extends a selection by Shift, copies its digits, and gives it up on Escape', async () => {
    const writeText = vi.fn(() => Promise.resolve())
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } })
    await open({ cursor: 0x10002 })
    await press('ArrowRight', { shiftKey: true })
    await press('ArrowDown', { shiftKey: true })
    expect(held().selection).toEqual({ from: 0x10002, to: 0x10014 })
    expect(view.find('[data-testid=hex-selection]').text()).toBe('18 bytes selected')
    await press('c', { ctrlKey: true })
    expect(writeText).toHaveBeenCalledWith('02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13')
    await press('Escape')
    expect(held().selection).toBeNull()
    await press('C', { ctrlKey: true, shiftKey: true })
    expect(writeText).toHaveBeenLastCalledWith("0x0001'0010  10 11 12 13 14 15 16 17 18 19 1A 1B 1C 1D 1E 1F  ................")
  })

  it('shows changed lines alone, and goes from one to the next', async () => {
    await open({ cursor: 0x10008 })
    await view.setProps({ onlyChanged: true })
    await flushPromises()
    expect(held().cursor).toBe(0x11010)
    expect(view.findAll('[data-line]').map((line) => line.attributes('data-line'))).toEqual([String(0x11010)])
    await press('ArrowDown')
    expect(held().cursor).toBe(0x11010)
  })

  it('asks again when the bytes may have changed, and shows the old ones until then', async () => {
    await open()
    version = 1
    await view.setProps({ version: 2 })
    expect(cell(0x10001).text()).toBe('01')
    await flushPromises()
    expect(cell(0x10001).text()).toBe('02')
  })

  it('says why there are no bytes', async () => {
    await open({ range: { ...RANGE, problem: 'Reserved: there are no bytes.' } })
    expect(view.findAll('[data-line]')).toHaveLength(0)
    expect(view.text()).toContain('Reserved: there are no bytes.')
    expect(ASKED).toEqual([])
  })
})
