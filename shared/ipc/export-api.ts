/*
 * Pictures and tables made by the window, written where the user said in the save dialog. The window never sees the
 * path; the engine writes so that the name always stands for a whole file.
 */
/** Larger than the largest table the window makes. */
export const MOST_EXPORTED_BYTES = 2 ** 28

/** Method -> [parameters, answer]. */
export interface ExportMethods {
  /** `name` is the file's, without its folder. */
  exportFile: [{ readonly targetId: string; readonly bytes: Uint8Array }, { readonly name: string }]
}
