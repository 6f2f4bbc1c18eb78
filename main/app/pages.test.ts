import { describe, expect, test } from 'vitest'
import { contentPolicy } from './content-policy'
import { findPages, isSamePage } from './pages'

describe('where the pages come from', () => {
  test('the bundle, unless a development server on this machine is named', () => {
    expect(findPages(undefined, false).index).toBe('app://bundle/index.html')
    expect(findPages('http://127.0.0.1:5173/some/path', false)).toEqual({ base: 'http://127.0.0.1:5173/', index: 'http://127.0.0.1:5173/index.html', popOut: 'http://127.0.0.1:5173/popout.html', isDevelopmentServer: true })
  })

  test.each([
    ['a packaged application', 'http://127.0.0.1:5173/', true],
    ['another machine', 'http://example.org/', false],
    ['a name that only looks local', 'http://127.0.0.1.example.org/', false],
    ['another scheme', 'file:///index.html', false],
  ])('%s: the bundle', (_name, url, isPackaged) => {
    expect(findPages(url, isPackaged).base).toBe('app://bundle/')
  })
})

test.each([
  ['app://bundle/index.html', true],
  ['app://bundle/index.html?a=1#b', true],
  ['app://bundle/index.html/', false],
  ['app://bundle/index.htmlx', false],
  ['app://bundle.example.org/index.html', false],
  ['https://example.org/?app://bundle/index.html', false],
])('%s is our page: %s', (url, expected) => {
  expect(isSamePage(url, 'app://bundle/index.html')).toBe(expected)
})

test("the bundle's policy allows nothing unsafe and nothing from elsewhere", () => {
  const policy = contentPolicy(findPages(undefined, true))
  expect(policy).not.toMatch(/unsafe|https?:|\*|wasm/)
  expect(policy.split('; ')).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"]))
})

test('the development policy differs only in what Vite needs', () => {
  const bundle = contentPolicy(findPages(undefined, true)).split('; ')
  const development = contentPolicy(findPages('http://localhost:5173', false)).split('; ')
  expect(development.filter((rule) => !bundle.includes(rule))).toEqual(["style-src 'self' 'unsafe-inline'", "connect-src 'self' ws://localhost:5173/"])
})
