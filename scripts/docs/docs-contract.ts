// What a *.docs.ts file exports: `export const documents: GeneratedDocument[]`. Found and written by scripts/make-docs.mjs, so that a
// page about the product comes from the same source as the product's own texts.

export interface GeneratedDocument {
  /** Project-relative, for example "docs/metrics.md". */
  readonly path: string
  /** Markdown, without the notice that the page is generated. */
  readonly text: string
}
