import { describe, expect, it } from 'vitest'
import { heapDefinitions } from '../../../shared/sim/profiles'
import { findHeap, newForm, overridesOf, problemsOf, rangeText, shownText, type } from './heap-form'

const parameter = (heap: string, name: string) => findHeap(heap).parameters.find((known) => known.name === name)!
const firstFit = newForm('first-fit')
const typed = (name: string, text: string) => type(firstFit, parameter('first-fit', name), text)

describe('the form of a heap', () => {
  it('starts valid and unchanged for every heap and profile', () => {
    for (const heap of heapDefinitions) {
      for (const profile of heap.profiles) {
        const form = { ...newForm(heap.id), profile: profile.id }
        expect({ heap: heap.id, problems: problemsOf(form), overrides: overridesOf(form) }).toEqual({ heap: heap.id, problems: {}, overrides: {} })
        for (const known of heap.parameters) expect(type(form, known, shownText(form, known))).toEqual(form)
      }
    }
  })

  it('sends only what differs from the profile, with sizes in any unit', () => {
    expect(overridesOf(typed('chunk', '64 KiB'))).toEqual({ chunk: 65536 })
    expect(overridesOf(typed('chunk', '0x2000'))).toEqual({ chunk: 8192 })
    expect(overridesOf(typed('coalesce', 'never'))).toEqual({ coalesce: 'never' })
    expect(overridesOf(typed('growExact', 'true'))).toEqual({ growExact: true })
    expect(overridesOf(typed('chunk', shownText(firstFit, parameter('first-fit', 'chunk'))))).toEqual({})
  })

  it('names the parameter that is out of range, is no number, or is no power of two', () => {
    expect(problemsOf(typed('header', '5000'))).toEqual({ header: 'Must be a whole number from 0 to 4096; got 5000.' })
    expect(problemsOf(typed('header', 'much'))).toEqual({ header: 'Must be a whole number from 0 to 4096; got much.' })
    expect(problemsOf(typed('align', '7'))).toEqual({ align: 'Must be a power of two; got 7.' })
    expect(Object.keys(problemsOf(typed('header', '')))).toEqual(['header'])
  })

  it('finds what is good alone and not together', () => {
    const tlsf = newForm('tlsf')
    const small = parameter('tlsf', 'small')
    const slLog = parameter('tlsf', 'slLog')
    const form = type(type(tlsf, small, '32'), slLog, String(slLog.maximum))
    expect(Object.keys(problemsOf(form))).toHaveLength(1)
  })

  it('tells ranges exactly where they are small and in units where they are large', () => {
    expect(rangeText(parameter('first-fit', 'align'))).toBe('1 to 4,096 bytes')
    expect(rangeText(parameter('first-fit', 'chunk'))).toBe('1 B to 1 GiB')
    expect(rangeText(parameter('first-fit', 'deferCount'))).toBe('1 to 1,000,000')
    expect(rangeText(parameter('first-fit', 'coalesce'))).toBeNull()
  })
})
