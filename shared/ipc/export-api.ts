/*
 * Pictures and tables made by the window, written where the user said in the save dialog. The window never sees the path.
 * However large a file is, it comes in parts that fit a message:
 *
 *   exportFile  ──────────────────────────────────────────────> answered once the whole file stands under its name
 *        exportPart, exportPart, ...   one after another        each answered once it is written
 *        exportEnd
 *
 * The request `exportFile` is the file's life: cancelled, or with its window gone, it leaves what was there before.
 */
/** Most bytes of a part. */
export const MOST_PART_BYTES = 2 ** 20

/** Method -> [parameters, answer]. */
export interface ExportMethods {
  /** `exportId` is the window's choice, used once; `name` is the file's, without its folder. */
  exportFile: [{ readonly targetId: string; readonly exportId: string }, { readonly name: string }]
  exportPart: [{ readonly exportId: string; readonly bytes: Uint8Array }, null]
  exportEnd: [{ readonly exportId: string }, null]
}
