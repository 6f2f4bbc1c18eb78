/** Copies text. A view in a window of its own must use that window's clipboard: only the focused one may write. */
export async function copyText(from: Element | undefined, text: string): Promise<void> {
  const view = from?.ownerDocument.defaultView ?? window
  await view.navigator.clipboard.writeText(text)
}
