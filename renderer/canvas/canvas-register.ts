import type { ShownPicture } from './framed-picture'

/* Every canvas on the page, so that any picture can be saved, whatever view it belongs to. */
export interface RegisteredCanvas {
  readonly label: string
  readonly description: string
  readonly element: Element | null
  shownPicture(): ShownPicture | null
}

const registered = new Set<RegisteredCanvas>()

export function registerCanvas(canvas: RegisteredCanvas): () => void {
  registered.add(canvas)
  return () => void registered.delete(canvas)
}

export const registeredCanvases = (): RegisteredCanvas[] => [...registered]
