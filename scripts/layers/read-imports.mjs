// Reads the imports of a TypeScript file or of the script blocks of a Vue component.
import ts from 'typescript'

/** @typedef {{ specifier: string, line: number, typeOnly: boolean }} Import */

/** A component's script blocks, everything else blanked, so that line numbers stay. @param {string} text */
function keepScripts(text) {
  const blank = (/** @type {string} */ part) => part.replace(/[^\n]/g, ' ')
  let kept = ''
  let at = 0
  for (const match of text.matchAll(/(<script\b[^>]*>)([\s\S]*?)(<\/script>)/g)) {
    const [whole, open = '', body = '', close = ''] = match
    kept += blank(text.slice(at, match.index)) + blank(open) + body + blank(close)
    at = match.index + whole.length
  }
  return kept + blank(text.slice(at))
}

/** @param {ts.Node} node @returns {{ specifier: ts.Node, typeOnly: boolean } | null} */
function importOf(node) {
  if (ts.isImportDeclaration(node)) return { specifier: node.moduleSpecifier, typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) return { specifier: node.moduleSpecifier, typeOnly: node.isTypeOnly }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return { specifier: node.argument.literal, typeOnly: true }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0]) return { specifier: node.arguments[0], typeOnly: false }
  return null
}

/**
 * @param {string} fileName decides how the text is read
 * @param {string} text
 * @returns {Import[]} in the order of the text
 */
export function readImports(fileName, text) {
  const source = ts.createSourceFile(fileName, fileName.endsWith('.vue') ? keepScripts(text) : text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS)
  /** @type {Import[]} */
  const imports = []
  /** @param {ts.Node} node */
  const visit = (node) => {
    const found = importOf(node)
    if (found && ts.isStringLiteralLike(found.specifier)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
      imports.push({ specifier: found.specifier.text, line, typeOnly: found.typeOnly })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return imports
}
