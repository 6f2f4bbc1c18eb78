// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest'
import { SvgTarget } from './svg-target'
import { testPalette as palette } from './testing/palette'

const target = (pixelRatio = 1): SvgTarget => new SvgTarget({ width: 200, height: 100.4, pixelRatio }, palette, (block) => `data:image/png;base64,${block.width}x${block.height}`)
const names = { title: 'Bytes <of> "a" & b', description: 'Rises\u0001 to 4 KiB.' }

/** The document as a page reads it; a mistake in the XML is an error element. */
function parsed(svg: SvgTarget): SVGElement {
  const document = new DOMParser().parseFromString(svg.document(names, palette.panel), 'image/svg+xml')
  expect(document.querySelector('parsererror')).toBeNull()
  return document.documentElement as unknown as SVGElement
}

describe('a picture as SVG', () => {
  test('it is named and described, and its ground is drawn', () => {
    const root = parsed(target())
    expect(root.getAttribute('viewBox')).toBe('0 0 200 100.4')
    expect(root.getAttribute('role')).toBe('img')
    expect(root.querySelector('title')!.textContent).toBe('Bytes <of> "a" & b')
    expect(root.querySelector('desc')!.textContent).toBe('Rises? to 4 KiB.')
    expect(root.querySelector('rect')!.getAttribute('fill')).toBe(palette.panel)
  })

  test('colours with an alpha become colour and opacity', () => {
    const svg = target()
    svg.fillRect(1, 2, 3, 4, 'rgba(63, 143, 210, 0.3)')
    svg.area([0, 0, 10, 0, 10, 10], '#ff000080')
    svg.line([0, 0.123, 10, 5], { color: '#6cb6ff', widthPx: 1.5, dash: [5, 3], closed: true })
    const text = svg.document(names, '#fff')
    expect(text).toContain('<rect x="1" y="2" width="3" height="4" fill="#3f8fd2" fill-opacity="0.3"/>')
    expect(text).toContain('<path d="M0 0L10 0L10 10Z" fill="#ff0000" fill-opacity="0.5"/>')
    expect(text).toContain('<path d="M0 0.12L10 5Z" fill="none" stroke="#6cb6ff" stroke-width="1.5" stroke-linejoin="round" stroke-dasharray="5 3"/>')
  })

  test('a rectangle drawn to the left lies where a canvas draws it', () => {
    const svg = target()
    svg.fillRect(10, 10, -4, 5, '#000')
    expect(svg.document(names, '#fff')).toContain('<rect x="6" y="10" width="4" height="5" fill="#000000"/>')
  })

  test('texts stand around their middle and cannot break out', () => {
    const svg = target()
    svg.text('std::map<int, "x">', 10, 20, { color: palette.text, align: 'right', font: 'mono', sizePx: 10, bold: true })
    const text = parsed(svg).querySelector('text')!
    expect(text.textContent).toBe('std::map<int, "x">')
    expect([text.getAttribute('y'), text.getAttribute('text-anchor'), text.getAttribute('font-family'), text.getAttribute('font-weight')]).toEqual(['23.5', 'end', 'monospace', '600'])
  })

  test('pixels keep their size in device pixels', () => {
    const svg = target(2)
    svg.pixels({ width: 40, height: 20, rgba: new Uint8ClampedArray(40 * 20 * 4) }, 10, 0)
    expect(svg.document(names, '#fff')).toContain('<image x="5" y="0" width="20" height="10" preserveAspectRatio="none" image-rendering="pixelated" href="data:image/png;base64,40x20"/>')
  })

  test('nothing in it points elsewhere or runs', () => {
    const svg = target()
    svg.text('http://example.org <script>', 0, 0, { color: '#000' })
    const text = svg.document(names, '#fff')
    expect(text).not.toMatch(/<script|<style|<use|<a |url\(/)
  })
})
