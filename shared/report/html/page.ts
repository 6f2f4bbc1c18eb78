/*
 * A report as one HTML file that needs nothing else: no script, no network, no font; light and dark by the reader's
 * system. Every picture has its figures in a table beside it.
 */
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter]!)

const STYLE = `
:root{color-scheme:light dark;--bg:#f5f6f8;--panel:#fff;--line:#dfe3ea;--text:#1a2230;--dim:#566074;--bad:#b8430f;--good:#067a57;--a:#0b62c4;--b:#8c3f9e;--up:#d55e00;--down:#0072b2}
@media (prefers-color-scheme:dark){:root{--bg:#15181d;--panel:#1b1f26;--line:#2d333f;--text:#e4e8ef;--dim:#9fa9ba;--bad:#ff8f66;--good:#4fd1a5;--a:#8ab4f8;--b:#d9a0e8;--up:#e2702c;--down:#3f8fd2}}
body{margin:0 auto;max-width:72rem;padding:1.5rem;background:var(--bg);color:var(--text);font:14px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
table{border-collapse:collapse;background:var(--panel);width:100%}
caption{text-align:left;color:var(--dim);padding:.25rem 0}
th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll{overflow-x:auto}.bad{color:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}.dim{color:var(--dim)}
svg{background:var(--panel);border:1px solid var(--line);max-width:100%;height:auto}
svg text{fill:var(--text);font:12px system-ui,sans-serif}
@media print{body{max-width:none}}
`.trim()

export function htmlPage(title: string, sections: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeHtml(title)}</h1>`,
    ...sections,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

export const htmlSection = (title: string, ...parts: readonly string[]): string => [`<section><h2>${escapeHtml(title)}</h2>`, ...parts, '</section>'].join('\n')

/** A cell that is text, or text with a class. */
export type HtmlCell = string | { readonly text: string; readonly tone: 'bad' | 'good' | 'dim' }

/** Columns from `numbersFrom` on are numbers; the first cell of a row names it. */
export function htmlTable(caption: string, head: readonly string[], rows: readonly (readonly HtmlCell[])[], numbersFrom = 1): string {
  const numeric = (column: number): string => (column >= numbersFrom ? ' class="n"' : '')
  const cell = (value: HtmlCell, column: number): string => {
    const text = typeof value === 'string' ? escapeHtml(value) : `<span class="${value.tone}">${escapeHtml(value.text)}</span>`
    return column === 0 ? `<th scope="row">${text}</th>` : `<td${numeric(column)}>${text}</td>`
  }
  return [
    // A wide table scrolls on its own, also by keyboard.
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table>`,
    `<caption>${escapeHtml(caption)}</caption>`,
    `<thead><tr>${head.map((text, column) => `<th scope="col"${numeric(column)}>${escapeHtml(text)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`),
    '</tbody></table></div>',
  ].join('\n')
}
