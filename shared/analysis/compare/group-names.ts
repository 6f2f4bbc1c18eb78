import { HeapscapeError } from '../../base/errors'

/*
 * Files of a folder as members of sides, by where they lie or by what they are called:
 *
 *   {side}-{n}.heapscape            base-1.heapscape  base-2.heapscape  new-1.heapscape  ->  base (2), new (1)
 *   {side}/{label}.dmp              before/level1.dmp  after/level1.dmp                  ->  before, after, paired by level1
 *
 * `{side}` names the side, `{label}` the moment that pairs with the same label of other sides, `{n}` a number that only
 * tells repeats apart, `*` anything but a slash. Without a pattern each sub-folder is a side.
 */
export interface NamedFile {
  /** Path below the folder, with slashes. */
  readonly path: string
}

export interface FilePlace {
  readonly side: string
  /** '' where the pattern has none. */
  readonly label: string
}

export interface NameGroups {
  /** One place per file; null: left out. */
  readonly places: readonly (FilePlace | null)[]
  /** Names of the sides in the order of their names. */
  readonly sides: readonly string[]
}

const TOKENS: Readonly<Record<string, string>> = { '{side}': '(?<side>[^/]+?)', '{label}': '(?<label>[^/]+?)', '{n}': '\\d+', '*': '[^/]*' }

/** @throws HeapscapeError `pattern-invalid` for a pattern without `{side}`, or with a token twice. */
export function groupByPattern(files: readonly NamedFile[], pattern: string): NameGroups {
  const refuse = (detail: string, at: number): never => {
    throw new HeapscapeError('pattern-invalid', { detail, pattern, at })
  }
  if (!pattern.includes('{side}')) refuse('expected {side} in it', pattern.length)
  for (const token of ['{side}', '{label}']) {
    const again = pattern.indexOf(token, pattern.indexOf(token) + 1)
    if (pattern.includes(token) && again >= 0) refuse(`${token} stands in it twice`, again)
  }
  const unknown = /\{(?!side\}|label\}|n\})[^}]*\}?/.exec(pattern)
  if (unknown !== null) refuse(`expected {side}, {label} or {n}, got ${unknown[0]}`, unknown.index)
  const source = pattern.replace(/\{side\}|\{label\}|\{n\}|\*|[.+?^$()|[\]\\/{}]/g, (part) => TOKENS[part] ?? `\\${part}`)
  // A pattern without a slash is about names alone, in whatever folder.
  const shape = new RegExp(`^${pattern.includes('/') ? '' : '(?:.*/)?'}${source}$`, 'u')
  return groupsOf(files, ({ path }) => {
    const found = shape.exec(path)?.groups
    return found === undefined ? null : { side: found['side']!, label: found['label'] ?? '' }
  })
}

/** The first folder on each file's way is its side; files outside any sub-folder are left out. */
export const groupByFolder = (files: readonly NamedFile[]): NameGroups =>
  groupsOf(files, ({ path }) => {
    const slash = path.indexOf('/')
    return slash < 0 ? null : { side: path.slice(0, slash), label: '' }
  })

function groupsOf(files: readonly NamedFile[], placeOf: (file: NamedFile) => FilePlace | null): NameGroups {
  const places = files.map(placeOf)
  const names = new Set(places.flatMap((place) => (place === null ? [] : [place.side])))
  return { places, sides: [...names].sort((a, b) => a.localeCompare(b, 'en')) }
}

/** The pattern that sorts these names best into two sides or more; null when only folders, or nothing, tells them apart. */
export function suggestPattern(files: readonly NamedFile[]): string | null {
  const names = files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
  const [first] = names
  if (first === undefined) return null
  const end = /(\.[a-z]+)+$/i.exec(first)?.[0] ?? ''
  for (const pattern of [`{side}-{n}${end}`, `{side}_{n}${end}`, `{side}.r{n}${end}`, `{side}.{n}${end}`, `{side}-{label}${end}`]) {
    const { places, sides } = groupByPattern(names.map((path) => ({ path })), pattern)
    if (sides.length > 1 && sides.length < names.length && places.every((place) => place !== null)) return pattern
  }
  return null
}
