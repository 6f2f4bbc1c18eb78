import { onScopeDispose, shallowRef, triggerRef } from 'vue'
import type { Address } from '../../../../shared/base/units'
import type { BytesPage } from '../../../../shared/sim/workspace/workspace-types'
import { isCancelled } from '../../../client/failure'
import { hexLine, hexPage, lineOf, PAGE_BYTES, pageOf, type HexLine, type HexPage } from './layout'

/* Bytes of the lines in sight, 4 KB at a time. After a refresh the old bytes stay until the new ones are there. */
const PAGES_KEPT = 64

export type FetchBytes = (address: Address, length: number, options: { readonly signal: AbortSignal }) => Promise<BytesPage>

export interface HexPages {
  readonly error: Readonly<ReturnType<typeof shallowRef<unknown>>>
  /** Null while its bytes are on their way. Reactive. */
  line(address: Address): HexLine | null
  page(address: Address): HexPage | null
  /** Asks for the pages of these lines. */
  need(lines: readonly Address[]): void
  /** What is shown may have changed: asks again for what is in sight. */
  renew(): void
}

export function useHexPages(fetch: FetchBytes): HexPages {
  const pages = shallowRef(new Map<Address, HexPage>())
  const error = shallowRef<unknown>(null)
  let fresh = new Set<Address>()
  let wanted: readonly Address[] = []
  let underWay = new Map<Address, AbortController>()

  function need(lines: readonly Address[]): void {
    wanted = [...new Set(lines.map(pageOf))]
    for (const address of wanted) if (!fresh.has(address) && !underWay.has(address)) void load(address)
  }

  function renew(): void {
    for (const controller of underWay.values()) controller.abort()
    underWay = new Map()
    fresh = new Set()
    for (const address of pages.value.keys()) if (!wanted.includes(address)) pages.value.delete(address)
    need(wanted)
  }

  async function load(address: Address): Promise<void> {
    const controller = new AbortController()
    underWay.set(address, controller)
    try {
      const page = await fetch(address, PAGE_BYTES, { signal: controller.signal })
      if (underWay.get(address) !== controller) return
      pages.value.set(address, hexPage(page))
      fresh.add(address)
      error.value = null
      for (const old of pages.value.keys()) {
        if (pages.value.size <= PAGES_KEPT) break
        if (!wanted.includes(old)) forget(old)
      }
      triggerRef(pages)
    } catch (failure) {
      if (underWay.get(address) === controller && !isCancelled(failure)) error.value = failure
    } finally {
      if (underWay.get(address) === controller) underWay.delete(address)
    }
  }

  function forget(address: Address): void {
    pages.value.delete(address)
    fresh.delete(address)
  }

  const page = (address: Address): HexPage | null => pages.value.get(pageOf(address)) ?? null
  const line = (address: Address): HexLine | null => {
    const found = page(address)
    return found === null ? null : hexLine(found, lineOf(address))
  }

  onScopeDispose(() => {
    for (const controller of underWay.values()) controller.abort()
    underWay.clear()
  })
  return { error, line, page, need, renew }
}
