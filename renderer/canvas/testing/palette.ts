import type { Palette } from '../palette'

/** Fixed colours for tests of painters. */
export const testPalette: Palette = {
  background: '#15181d', panel: '#1b1f26', raised: '#222731', line: '#2d333f', text: '#e4e8ef', dim: '#98a2b3', faint: '#8d97a8',
  accent: '#6cb6ff', bad: '#ff8f66', good: '#4fd1a5',
  states: ['#20252e', '#3f8fd2', '#c98bb5', '#e2702c', '#7cc6ee', '#e6a93a', '#5b6372'],
  changed: '#f0e442',
  set: ['#77aadd', '#ee8866', '#eedd88', '#ffaabb', '#44bb99', '#bbcc33', '#b899e0', '#99ddff', '#c9a27a', '#8a93a3', '#5b6372'],
  scale: ['#4a62a8', '#5c6f9c', '#717d95', '#868c8f', '#9c9c86', '#b3ac78', '#cbbd67', '#e4d052', '#fee838'],
  change: ['#51657d', '#f0e442', '#cf9fe6', '#4fd1a5'],
  marks: ['#8ab4f8', '#d9a0e8', '#7fd6b6', '#e8c268', '#b8c0cc', '#f2a08c'],
  uiFont: 'sans-serif', monoFont: 'monospace',
}
