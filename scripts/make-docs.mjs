// npm run docs [-- --check]: writes the pages that *.docs.ts files generate; --check only says which ones are out of date.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { listFiles } from './build/source-hash.mjs'
import { ensureDependencies } from './setup/dependencies.mjs'
import { projectRoot, runMain } from './setup/project.mjs'

const folders = ['shared', 'main', 'renderer']

/** @param {string} source @param {string} text */
const withNotice = (source, text) => `<!-- Generated from ${source} by npm run docs. -->\n\n${text.trim()}\n`

/** @returns {Promise<{ path: string, text: string }[]>} the pages as they should be */
async function generateDocuments() {
  const { buildModules } = await import('./build/build-targets.mjs')
  const sources = folders.flatMap(listFiles).filter((file) => file.endsWith('.docs.ts'))
  const built = await buildModules('docs', sources)
  const pages = await Promise.all(
    built.map(async (file, at) => {
      /** @type {{ documents: import('./docs/docs-contract.ts').GeneratedDocument[] }} */
      const { documents } = await import(pathToFileURL(file).href)
      return documents.map((document) => ({ path: document.path, text: withNotice(sources[at] ?? '', document.text) }))
    }),
  )
  return pages.flat()
}

/** @param {{ path: string, text: string }} page */
function isCurrent(page) {
  const file = path.join(projectRoot, page.path)
  return fs.existsSync(file) && fs.readFileSync(file, 'utf8') === page.text
}

await runMain(async () => {
  const checkOnly = process.argv.includes('--check')
  ensureDependencies()
  const pages = await generateDocuments()
  const stale = pages.filter((page) => !isCurrent(page))
  for (const page of stale) {
    if (!checkOnly) fs.writeFileSync(path.join(projectRoot, page.path), page.text)
    console.log(checkOnly ? `${page.path} is out of date; run: npm run docs` : `wrote ${page.path}`)
  }
  console.log(`${pages.length} generated pages, ${stale.length} ${checkOnly ? 'out of date' : 'written'}`)
  return checkOnly && stale.length > 0 ? 1 : 0
})
