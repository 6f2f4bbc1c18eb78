// Holds one import against the table.
import { debt, layers, pureRendererFile, pureRendererRule, testFile, testRule } from './layer-table.mjs'

/** @typedef {import('./layer-table.mjs').Layer} Layer */
/** @typedef {{ name: string, may: readonly string[], mayTypes: readonly string[], packages: readonly string[], packageTypes: readonly string[], apart?: string | undefined }} Rule `apart`: the folder whose subfolders are apart */
/** @typedef {{ file: string } | { package: string }} Target */

/**
 * The folder (or file) that a pattern covers for a path: 'shared/importers/*' covers 'shared/importers/mtrace'.
 * @param {string} pattern @param {string} file @returns {string | null}
 */
function coveredPlace(pattern, file) {
  const parts = file.split('/')
  const wanted = pattern.split('/')
  // A star stands for a folder, never for the file itself.
  const fits = wanted.length <= parts.length && wanted.every((part, at) => part === parts[at] || (part === '*' && at < parts.length - 1))
  return fits ? parts.slice(0, wanted.length).join('/') : null
}

/** @param {string} file @param {readonly string[]} patterns */
const isWithin = (file, patterns) => patterns.some((pattern) => coveredPlace(pattern, file) !== null)

/** A named folder wins over a star of the same depth. @param {string} pattern */
const weight = (pattern) => pattern.split('/').length * 2 - (pattern.includes('*') ? 1 : 0)

/** @param {string} file @returns {Layer | undefined} */
export function findLayer(file) {
  return layers.filter((layer) => coveredPlace(layer.from, file) !== null).sort((a, b) => weight(b.from) - weight(a.from))[0]
}

/** @param {string} file @returns {Rule | null} null for a file that no row covers */
function findRule(file) {
  const side = file.split('/')[0] ?? ''
  if (testFile.test(file)) {
    return { name: file, may: testRule.may[side] ?? [], mayTypes: testRule.mayTypes[side] ?? [], packages: [...testRule.packages, ...layers.flatMap((layer) => layer.packages ?? [])], packageTypes: [] }
  }
  if (pureRendererFile.test(file)) return { name: file, may: [...pureRendererRule.may, file.slice(0, file.lastIndexOf('/'))], mayTypes: [], packages: pureRendererRule.packages, packageTypes: [] }
  const layer = findLayer(file)
  if (!layer) return null
  const own = coveredPlace(layer.from, file) ?? layer.from
  return { name: own, may: [...layer.may, own], mayTypes: layer.mayTypes ?? [], packages: layer.packages ?? [], packageTypes: layer.packageTypes ?? [], apart: layer.apart ? own : undefined }
}

/** @param {string} folder @param {string} file the name of the subfolder a file lies in, or null when it lies in the folder itself */
function subfolder(folder, file) {
  const rest = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).split('/') : []
  return rest.length > 1 ? rest[0] : null
}

/**
 * A registry in an apart folder knows its subfolders, but they do not know each other.
 * @param {Rule} rule @param {string} importer @param {string} imported
 */
function crossesApart(rule, importer, imported) {
  if (rule.apart === undefined) return false
  const [from, to] = [subfolder(rule.apart, importer), subfolder(rule.apart, imported)]
  return from !== null && to !== null && from !== to
}

/**
 * @param {string} importer project-relative path
 * @param {Target} target
 * @param {boolean} typeOnly
 * @returns {string | null} what is wrong, or null
 */
export function judgeImport(importer, target, typeOnly) {
  const rule = findRule(importer)
  if (!rule) return `${importer}: belongs to no layer; add a row to scripts/layers/layer-table.mjs`
  const name = 'file' in target ? target.file : target.package
  if (debt.includes(`${importer} -> ${name}`)) return null
  const fine =
    'file' in target
      ? !crossesApart(rule, importer, target.file) && isWithin(target.file, typeOnly ? [...rule.may, ...rule.mayTypes] : rule.may)
      : [...rule.packages, ...(typeOnly ? rule.packageTypes : [])].includes(target.package)
  if (fine) return null
  const types = [...rule.mayTypes, ...rule.packageTypes].map((place) => `${place} (types)`)
  const allowed = [...rule.may.filter((place) => place !== rule.name), ...types, ...(testFile.test(importer) ? testRule.packages : rule.packages)]
  const shown = crossesApart(rule, importer, name) ? `${rule.apart}/${subfolder(rule.apart ?? '', importer)}` : rule.name
  return `${shown} may not import ${name === 'node:' ? 'Node built-ins' : name}; allowed: ${allowed.length > 0 ? allowed.join(', ') : 'nothing'}`
}
