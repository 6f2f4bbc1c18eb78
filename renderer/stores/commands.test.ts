import { afterEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { availableCommands, findCommand, onCommandFailure, registerCommands, runCommand, useActiveCommands } from './commands'

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

const command = (id: string, run: () => unknown = () => {}, enabled = true) => ({ id, title: id, group: 'View' as const, run, enabled: () => enabled })

describe('commands', () => {
  it('lets the one registered last answer, and the one before it again afterwards', () => {
    const [first, second] = [vi.fn(), vi.fn()]
    stops.push(registerCommands([command('run.nextEvent', first)]))
    const stop = registerCommands([command('run.nextEvent', second)])
    runCommand('run.nextEvent')
    stop()
    runCommand('run.nextEvent')
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1])
  })

  it('runs neither what is unknown nor what is not enabled', () => {
    const run = vi.fn()
    stops.push(registerCommands([command('view.float', run, false)]))
    expect([runCommand('view.float'), runCommand('view.unknown'), run.mock.calls.length]).toEqual([false, false, 0])
  })

  it('tells of failures, thrown at once or later', async () => {
    const failures: unknown[] = []
    stops.push(onCommandFailure((error) => failures.push(error)))
    stops.push(registerCommands([command('a', () => { throw new Error('now') }), command('b', () => Promise.reject(new Error('later')))]))
    runCommand('a')
    runCommand('b')
    await Promise.resolve()
    await Promise.resolve()
    expect(failures).toEqual([new Error('now'), new Error('later')])
  })

  it('holds a document\'s commands while it is active and alive', async () => {
    const active = ref(false)
    const scope = effectScope()
    scope.run(() => useActiveCommands(active, [command('run.first')]))
    expect(findCommand('run.first')).toBeUndefined()
    active.value = true
    await nextTick()
    expect(availableCommands.value.map(({ id }) => id)).toEqual(['run.first'])
    scope.stop()
    expect(findCommand('run.first')).toBeUndefined()
  })
})
