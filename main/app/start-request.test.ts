import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { applicationArguments, parseStartRequest } from './start-request'

const folder = path.resolve('/work')
const inFolder = (name: string): string => path.join(folder, name)

describe('what belongs to the application', () => {
  test.each([
    ['packaged', ['heapscape', '--no-sandbox', 'a'], false, ['--no-sandbox', 'a']],
    ['development', ['electron', '--no-sandbox', '/project', '--screenshot', 'o.png', 'a'], true, ['--screenshot', 'o.png', 'a']],
    ['development without files', ['electron', '.'], true, []],
    ['nothing at all', ['electron'], true, []],
  ])('%s', (_name, argv, isDevelopment, expected) => {
    expect(applicationArguments(argv, isDevelopment)).toEqual(expected)
  })
})

describe('what it asks for', () => {
  test.each([
    ['files', ['a.rep', '/x/b.zst'], { files: [inFolder('a.rep'), path.resolve('/x/b.zst')], screenshot: null }],
    ['picture, two words', ['--screenshot', 'o.png', 'a'], { files: [inFolder('a')], screenshot: inFolder('o.png') }],
    ['picture, one word, last', ['a', '--screenshot=o.png'], { files: [inFolder('a')], screenshot: inFolder('o.png') }],
    ["Chromium's switches", ['--no-sandbox', '--inspect=0', 'a'], { files: [inFolder('a')], screenshot: null }],
    ['a name that looks like a switch', ['--', '--screenshot', '-a'], { files: [inFolder('--screenshot'), inFolder('-a')], screenshot: null }],
  ])('%s', (_name, args, expected) => {
    expect(parseStartRequest(args, folder)).toEqual(expected)
  })

  test.each([[['--screenshot']], [['--screenshot', '--no-sandbox']], [['--screenshot=']]])('%j lacks a file name', (args) => {
    expect(() => parseStartRequest(args, folder)).toThrow(/--screenshot needs a file name/)
  })
})
