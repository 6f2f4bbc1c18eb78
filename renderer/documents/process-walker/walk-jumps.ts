import type { Ref } from 'vue'
import type { Address } from '../../../shared/base/units'
import { LINE_BYTES } from '../../../shared/model/memory-image'
import { engine } from '../../client/engine-client'
import type { HexSelection } from '../../components/hex-view/hex-source'

interface Walk {
  viewer(): { readonly workspaceId: string; readonly viewerId: string }
  readonly cursor: Readonly<Ref<Address | null>>
  readonly selection: Ref<HexSelection | null>
  readonly message: Ref<string>
  place(address: Address): Promise<void>
}

/** From the cursor to a change, a find, or what an address leads to. Failures are thrown. */
export function walkJumps({ viewer, cursor, selection, message, place }: Walk) {
  async function nextChange(backwards: boolean): Promise<void> {
    // A line is one step: the next change is looked for behind the line the cursor is in, once it stands on one.
    const at = cursor.value ?? 0
    const line = at - (at % LINE_BYTES)
    const from = backwards ? line : (await isChanged(line, at)) ? line + LINE_BYTES : at
    const { address } = await engine.request('walkNextChange', { ...viewer(), from, backwards })
    if (address === null) message.value = backwards ? 'No change before this place.' : 'No change after this place.'
    else {
      message.value = ''
      await place(address)
    }
  }

  /** Whether the line has a changed byte up to the address. */
  async function isChanged(line: Address, address: Address): Promise<boolean> {
    const { changed } = await engine.request('walkBytes', { ...viewer(), address: line, length: LINE_BYTES })
    return changed.subarray(0, address - line + 1).includes(1)
  }

  async function follow(address: Address): Promise<void> {
    const target = await engine.request('walkFollow', { ...viewer(), address })
    if (target === null) message.value = 'This leads to no block, entry or region.'
    else await place(target.data)
  }

  async function search(pattern: Uint8Array): Promise<void> {
    const from = cursor.value === null ? 0 : cursor.value + 1
    const request = (at: Address) => engine.request('walkSearch', { ...viewer(), pattern, from: at })
    const below = await request(from)
    const found = below.address ?? (await request(0)).address
    if (found === null) message.value = 'These bytes are nowhere in the process.'
    else {
      message.value = below.address === null ? 'Found from the beginning again.' : ''
      await place(found)
      selection.value = { from: found, to: found + pattern.length }
    }
  }

  return { nextChange, follow, search }
}
