// One Vite configuration per build target. The targets are the OLDEST runtimes the product runs on:
// Electron 25 (Node 18, Chromium 114) for the window and Node 20 for the command line.
import vue from '@vitejs/plugin-vue'
import path from 'node:path'
import { projectRoot } from '../setup/project.mjs'

const nodeTarget = 'node18'
const rendererTarget = 'chrome114'
// Everything else from npm is bundled, so that the packaged application needs no node_modules.
const externalPackages = ['electron', /^node:/, 'koffi', '@duckdb/node-api']

/**
 * @typedef {object} NodeBuild
 * @property {Record<string, string>} entries name of the output file -> source file in the project
 * @property {'cjs' | 'es'} format Electron 25 loads only CommonJS entries
 * @property {string} outFolder
 */

/** @param {NodeBuild} request @returns {import('vite').InlineConfig} */
export function nodeConfig({ entries, format, outFolder }) {
  const extension = format === 'cjs' ? 'cjs' : 'mjs'
  return {
    root: projectRoot,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true, external: ['electron', 'koffi', '@duckdb/node-api'] },
    build: {
      ssr: true,
      target: nodeTarget,
      outDir: outFolder,
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(projectRoot, file)])),
        external: externalPackages,
        output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `chunk-[name]-[hash].${extension}` },
      },
    },
  }
}

/** @param {{ outFolder: string, pages: Record<string, string> }} request @returns {import('vite').InlineConfig} */
export function rendererConfig({ outFolder, pages }) {
  return {
    root: path.join(projectRoot, 'renderer'),
    configFile: false,
    logLevel: 'warn',
    base: '/',
    plugins: [vue()],
    server: { host: '127.0.0.1', fs: { allow: [projectRoot] } },
    build: {
      target: rendererTarget,
      outDir: outFolder,
      emptyOutDir: true,
      sourcemap: true,
      // The content security policy allows neither inlined files nor inlined scripts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // One stylesheet, so that a document in its own window can take it over whole.
      cssCodeSplit: false,
      rolldownOptions: { input: Object.fromEntries(Object.entries(pages).map(([name, file]) => [name, path.join(projectRoot, file)])) },
    },
  }
}
