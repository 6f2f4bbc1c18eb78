import { expect, test } from 'vitest'
import { toFailure } from '../base/errors'
import { BlockState } from '../model/snapshot'
import { conditionOf } from './block-query'
import { readViewText, viewText, type SharedView } from './view-text'

const VIEW: SharedView = {
  event: 120_000, selectedAddress: 0x2145c70, sort: 'size', descending: true,
  filter: { states: [BlockState.Free, BlockState.Cached], minBytes: 64, fromAddress: 0x10000, toAddress: 0x20000, where: 'age > 10 or site ~ "a"', sites: 'function:read' },
}

test('a view reads back as one that keeps the same blocks', () => {
  const back = readViewText(viewText(VIEW))
  expect(back).toMatchObject({ event: 120_000, selectedAddress: 0x2145c70, sort: 'size', descending: true })
  expect(back.filter.sites).toBe('function:read')
  expect(conditionOf(back.filter)).toEqual(conditionOf(VIEW.filter))
  expect(viewText(back)).toBe(viewText(VIEW))
  const plain: SharedView = { selectedAddress: null, sort: 'address', descending: false, filter: {} }
  expect(viewText(plain)).toBe('heapscape view 1\n')
  expect(readViewText('heapscape view 1')).toEqual(plain)
})

test('choices of the map, lists, timeline and bookmarks read back as they were', () => {
  const view: SharedView = {
    selectedAddress: null, sort: 'address', descending: false, filter: {},
    columns: ['address', 'age', 'why'], map: { layout: 'hilbert', zoom: -2.5, folded: true, label: '12', name: ' two words ', lines: 'a\nb', quoted: '"x', empty: '' },
    list: 'sites', timeline: 'stack', bookmarks: [{ event: 0, note: '' }, { event: 4711, note: 'the cache is dropped, "all" of it' }],
  }
  expect(viewText(view)).toContain('columns address age why\nmap layout hilbert\nmap zoom -2.5\nmap folded true\nmap label "12"\n')
  expect(readViewText(viewText(view))).toEqual(view)
  expect(readViewText('heapscape view 1\nbookmark 9 b\nbookmark 3 a\nbookmark 9 c').bookmarks).toEqual([{ event: 3, note: 'a' }, { event: 9, note: 'c' }])
})

test('says which line is wrong', () => {
  const problem = (text: string): unknown => {
    try {
      return readViewText(text)
    } catch (error) {
      return toFailure(error)
    }
  }
  expect(problem('size > 4')).toMatchObject({ code: 'view-text-invalid', where: { line: 1 } })
  expect(problem('heapscape view 1\nevent x')).toMatchObject({ code: 'view-text-invalid', where: { line: 2 }, facts: { expected: 'an event number', got: 'x' } })
  expect(problem('heapscape view 1\n\nsort size upwards')).toMatchObject({ where: { line: 3 } })
  expect(problem('heapscape view 1\ncolumns size colour')).toMatchObject({ where: { line: 2 }, facts: { expected: 'names of columns' } })
  expect(problem('heapscape view 1\nzoom 3')).toMatchObject({ facts: { got: 'zoom' } })
  expect(problem('heapscape view 1\nmap layout')).toMatchObject({ facts: { expected: 'a choice of the map and its value' } })
  expect(problem('heapscape view 1\nmap layout "x')).toMatchObject({ where: { line: 2 } })
  expect(problem('heapscape view 1\nbookmark here')).toMatchObject({ facts: { expected: 'an event number and a note' } })
  expect(problem('heapscape view 1\nlist <b>')).toMatchObject({ where: { line: 2 } })
  expect(problem('heapscape view 1\nwhere size >')).toMatchObject({ code: 'pattern-invalid' })
})
