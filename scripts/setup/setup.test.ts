import { describe, expect, test } from 'vitest'
import { isInstalled } from './dependencies.mjs'
import { isNodeNewEnough, resolveUserPaths } from './project.mjs'
import { parseMissingLibraries } from './system-libraries.mjs'

describe('set-up', () => {
  test('the oldest Node is 20.19', () => {
    expect(['18.20.0', '20.18.3', '20.19.0', '22.1.0'].map(isNodeNewEnough)).toEqual([false, false, true, true])
  })

  test('paths are the user’s, options and workload names stay', () => {
    const options = { base: '/home/me', pathOptions: ['--screenshot'] }
    expect(resolveUserPaths(['--screenshot', 'out.png', 'a.rep', '/b.rep', 'workload:G1', '--theme=dark', '--screenshot=x.png'], options)).toEqual([
      '--screenshot', '/home/me/out.png', '/home/me/a.rep', '/b.rep', 'workload:G1', '--theme=dark', '--screenshot=/home/me/x.png',
    ])
  })

  test('dependencies are complete when every package is there in its version; optional ones may lack', () => {
    const lock = { packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'x' }, 'node_modules/b': { version: '2.0.0', optional: true } } }
    const entry = { version: '1.0.0', integrity: 'x' }
    expect(isInstalled(lock, { packages: { 'node_modules/a': entry } })).toBe(true)
    expect(isInstalled(lock, { packages: { 'node_modules/a': { ...entry, version: '1.0.1' } } })).toBe(false)
    expect(isInstalled(lock, { packages: { 'node_modules/a': entry, 'node_modules/b': { version: '2.0.1' } } })).toBe(false)
    expect(isInstalled(lock, { packages: {} })).toBe(false)
    expect(isInstalled(lock, null)).toBe(false)
  })

  test('missing libraries are read from ldd', () => {
    expect(parseMissingLibraries('\tlibnss3.so => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibgbm.so.1 => not found\n')).toEqual(['libnss3.so', 'libgbm.so.1'])
  })
})
