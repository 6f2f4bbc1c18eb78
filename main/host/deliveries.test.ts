import { expect, test } from 'vitest'
import type { OpenedSource } from '../../shared/ipc/host-api'
import { messageBytes, MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import { Deliveries, MOST_SOURCES_TOLD } from './deliveries'

const source = (name: string): OpenedSource => ({ sourceId: name, name })
const turns = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

function start() {
  const sent: string[] = []
  const deliveries = new Deliveries((sources) => sent.push(sources.map((s) => s.name).join('+')))
  return { deliveries, sent }
}

/** A registration that ends when told. */
function slow(name: string) {
  let end = (): void => {}
  const coming = new Promise<readonly OpenedSource[]>((resolve) => {
    end = () => resolve([source(name)])
  })
  return { coming, end }
}

test('what comes before the page is ready is answered to it, later things are sent', async () => {
  const { deliveries, sent } = start()
  deliveries.deliver(Promise.resolve([source('a'), source('b')]))
  expect((await deliveries.takeWaiting()).map((s) => s.name)).toEqual(['a', 'b'])
  deliveries.deliver(Promise.resolve([source('c')]))
  await turns()
  expect(sent).toEqual(['c'])
})

test('what is to be done before the page hears is done when it does, in order; later things at once', async () => {
  const { deliveries } = start()
  const done: number[] = []
  deliveries.whenReady(() => done.push(1))
  deliveries.whenReady(() => done.push(2))
  expect(done).toEqual([])
  await deliveries.takeWaiting()
  deliveries.whenReady(() => done.push(3))
  expect(done).toEqual([1, 2, 3])
  deliveries.pageLeft()
  deliveries.whenReady(() => done.push(4))
  expect(done).toEqual([1, 2, 3])
  await deliveries.takeWaiting()
  expect(done).toEqual([1, 2, 3, 4])
})

test('a page that is ready early waits for files the engine does not know yet', async () => {
  const { deliveries, sent } = start()
  const { coming, end } = slow('a')
  deliveries.deliver(coming)
  const taken = deliveries.takeWaiting()
  end()
  expect((await taken).map((s) => s.name)).toEqual(['a'])
  expect(sent).toEqual([])
})

test('the order of drops is kept, however long each takes', async () => {
  const { deliveries, sent } = start()
  await deliveries.takeWaiting()
  const first = slow('first')
  deliveries.deliver(first.coming)
  deliveries.deliver(Promise.resolve([source('second')]))
  await turns()
  expect(sent).toEqual([])
  first.end()
  await turns()
  expect(sent).toEqual(['first', 'second'])
})

test('what comes while a page is loaded again waits for the new one and arrives once', async () => {
  const { deliveries, sent } = start()
  await deliveries.takeWaiting()
  const { coming, end } = slow('a')
  deliveries.deliver(coming)
  await turns()
  deliveries.pageLeft()
  const taken = deliveries.takeWaiting()
  deliveries.deliver(Promise.resolve([source('b')]))
  end()
  expect((await taken).map((s) => s.name)).toEqual(['a'])
  await turns()
  expect(sent).toEqual(['b'])
})

test('very many files come in several messages, each of them once and in order, whichever way they came', async () => {
  const told: string[][] = []
  const deliveries = new Deliveries((sources) => told.push(sources.map(({ name }) => name)))
  const many = (word: string): OpenedSource[] => Array.from({ length: 2 * MOST_SOURCES_TOLD + 7 }, (_, i) => source(`${word}${i}`))
  const names = (sources: readonly OpenedSource[]): string[] => sources.map(({ name }) => name)
  deliveries.deliver(Promise.resolve(many('line ')))
  told.push(names(await deliveries.takeWaiting()))
  await turns()
  told.push(names(deliveries.firstOf(many('dialog '))))
  await turns()
  deliveries.deliver(Promise.resolve(many('drop ')))
  await turns()
  expect(told.map(({ length }) => length)).toEqual([1000, 1000, 7, 1000, 1000, 7, 1000, 1000, 7])
  expect(told.flat()).toEqual(names([...many('line '), ...many('dialog '), ...many('drop ')]))
})

test('a message of sources with the longest names and ways fits', () => {
  const longest = 'x'.repeat(255)
  const sources = Array.from({ length: MOST_SOURCES_TOLD }, (_, i) => ({ sourceId: `${i}`.padStart(36, '0'), name: longest, below: `${longest}/${longest}/${longest}/${longest}`, dropTarget: 'comparison:'.padEnd(64, 'x') }))
  expect(messageBytes(sources)).toBeLessThanOrEqual(MOST_MESSAGE_BYTES)
})
