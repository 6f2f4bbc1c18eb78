import { onScopeDispose, shallowRef, triggerRef, type ShallowRef } from 'vue'
import type { Address } from '../../../shared/base/units'
import { isCancelled } from '../../client/failure'
import type { HexSource } from './hex-source'
import { hexPage, PAGE_BYTES, pageOf, type HexPage } from './layout'

/* Bytes of the lines in sight, 4 KB at a time. After a change the old bytes stay until the new ones are there. */
const PAGES_KEPT = 64

export interface HexPages {
  readonly error: Readonly<ShallowRef<unknown>>
  /** Null while its bytes are on their way. Reactive. */
  page(address: Address): HexPage | null
  /** Asks for the pages of these addresses; those asked for before and not answered are cancelled. */
  need(addresses: readonly Address[]): void
  /** What is shown may have changed: asks again for what is in sight. */
  renew(): void
  /** Other bytes altogether: nothing of the old ones stays. */
  clear(): void
}

export function useHexPages(source: () => HexSource): HexPages {
  const pages = shallowRef(new Map<Address, HexPage>())
  const error = shallowRef<unknown>(null)
  let fresh = new Set<Address>()
  let wanted: readonly Address[] = []
  let underWay = new Map<Address, AbortController>()

  function need(addresses: readonly Address[]): void {
    wanted = [...new Set(addresses.map(pageOf))]
    for (const [address, controller] of underWay) {
      if (wanted.includes(address)) continue
      controller.abort()
      underWay.delete(address)
    }
    for (const address of wanted) if (!fresh.has(address) && !underWay.has(address)) void load(address)
  }

  function cancelAll(): void {
    for (const controller of underWay.values()) controller.abort()
    underWay = new Map()
    fresh = new Set()
  }

  function renew(): void {
    cancelAll()
    for (const address of pages.value.keys()) if (!wanted.includes(address)) pages.value.delete(address)
    need(wanted)
  }

  function clear(): void {
    cancelAll()
    pages.value = new Map()
    error.value = null
    need(wanted)
  }

  async function load(address: Address): Promise<void> {
    const controller = new AbortController()
    underWay.set(address, controller)
    try {
      const page = await source().bytes(address, PAGE_BYTES, { signal: controller.signal })
      if (underWay.get(address) === controller) accept(address, hexPage(page))
    } catch (failure) {
      if (underWay.get(address) === controller && !isCancelled(failure)) error.value = failure
    } finally {
      if (underWay.get(address) === controller) underWay.delete(address)
    }
  }

  function accept(address: Address, page: HexPage): void {
    pages.value.set(address, page)
    fresh.add(address)
    error.value = null
    for (const old of pages.value.keys()) {
      if (pages.value.size <= PAGES_KEPT) break
      if (wanted.includes(old)) continue
      pages.value.delete(old)
      fresh.delete(old)
    }
    triggerRef(pages)
  }

  onScopeDispose(cancelAll)
  return { error, page: (address) => pages.value.get(pageOf(address)) ?? null, need, renew, clear }
}
