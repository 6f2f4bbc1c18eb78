import fc from 'fast-check'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bundleFile } from './bundle-path'

const folder = path.resolve('/app/out/renderer')

test.each([
  ['app://bundle/index.html', 'index.html', 'text/html; charset=utf-8'],
  ['app://bundle/index.html?x=1#y', 'index.html', 'text/html; charset=utf-8'],
  ['app://bundle/assets/main-4f.js', 'assets/main-4f.js', 'text/javascript; charset=utf-8'],
  ['app://bundle/a%20b.css', 'a b.css', 'text/css; charset=utf-8'],
  // The URL parser itself resolves these, so they stay inside.
  ['app://bundle/../../index.html', 'index.html', 'text/html; charset=utf-8'],
])('%s is %s', (address, name, contentType) => {
  expect(bundleFile(address, folder)).toEqual({ file: path.join(folder, name), contentType })
})

test.each([
  'app://other/index.html',
  'app://bundle:80/index.html',
  'file:///app/out/renderer/index.html',
  'https://bundle/index.html',
  'app://bundle/',
  'app://bundle/..%2f..%2fsecret.json',
  'app://bundle/%2e%2e%2f%2e%2e%2fsecret.json',
  'app://bundle/..%5c..%5csecret.json',
  'app://bundle/C:%5csecret.json',
  'app://bundle/index.html%00.js',
  'app://bundle/%zz.html',
  'app://bundle/.source-hash',
  'app://bundle/program.exe',
  'not an address',
])('%s is refused', (address) => {
  expect(bundleFile(address, folder)).toBeNull()
})

test('no spelling leaves the folder', () => {
  const piece = fc.constantFrom('..', '.', '/', '\\', '%2e', '%2E%2e', '%2f', '%5c', '%00', ':', 'a', 'assets', '//', '%252e')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const found = bundleFile(`app://bundle/${pieces.join('')}.js`, folder)
      return found === null || path.resolve(found.file).startsWith(folder + path.sep)
    }),
    { numRuns: 5000 },
  )
})
