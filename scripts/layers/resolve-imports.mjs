// Turns import specifiers into project files or package names.
import path from 'node:path'
import { builtinModules } from 'node:module'

const suffixes = ['', '.ts', '.mjs', '.vue', '.d.ts', '/index.ts']

/**
 * @param {string} importer project-relative path
 * @param {string} specifier
 * @param {ReadonlySet<string>} files all project files
 * @returns {{ file: string } | { package: string }} an unknown relative import gives its path without a suffix
 */
export function resolveImport(importer, specifier, files) {
  if (!specifier.startsWith('.')) return { package: packageName(specifier) }
  const bare = specifier.replace(/\?.*$/, '')
  const base = path.posix.join(path.posix.dirname(importer), bare)
  const suffix = suffixes.find((candidate) => files.has(base + candidate))
  return { file: base + (suffix ?? '') }
}

/** @param {string} specifier @returns {string} 'node:' for Node's built-ins */
function packageName(specifier) {
  const [first = '', second = ''] = specifier.split('/')
  if (specifier.startsWith('node:') || builtinModules.includes(first)) return 'node:'
  return specifier.startsWith('@') ? `${first}/${second}` : first
}
