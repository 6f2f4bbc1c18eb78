/*
 * Call sites as bytes, interned without making a string per event:
 *
 *   text    [libc.so.6:[0x39221]perl:(perl_alloc+10)[0x6f930]...]   all sites, one after the other
 *   ends    [        20        ,             46             ,...]   where site i ends
 *   places  [ . | 1 | . | 0 | . ]                                   open addressing, site number + 1, 0 = free
 */
const FIRST_PLACES = 1024
const FIRST_TEXT_BYTES = 64 * 1024
const HASHED_BYTES = 8

export class SiteTable {
  #places = new Int32Array(FIRST_PLACES)
  #hashes = new Int32Array(FIRST_PLACES)
  #text = new Uint8Array(FIRST_TEXT_BYTES)
  #ends: number[] = []
  #lastSite = -1

  get length(): number {
    return this.#ends.length
  }

  /** Number of the site whose text is bytes [start, end). */
  intern(bytes: Uint8Array, start: number, end: number): number {
    // Neighbouring lines often share their site.
    if (this.#lastSite >= 0 && this.#equals(this.#lastSite, bytes, start, end)) return this.#lastSite
    const hash = hashOfTail(bytes, start, end)
    const mask = this.#places.length - 1
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const found = this.#places[place]! - 1
      if (found < 0) return (this.#lastSite = this.#add(bytes, start, end, hash, place))
      if (this.#hashes[place] === hash && this.#equals(found, bytes, start, end)) return (this.#lastSite = found)
    }
  }

  /** The texts in order of first use. */
  toNames(): string[] {
    const decoder = new TextDecoder()
    return this.#ends.map((end, site) => decoder.decode(this.#text.subarray(this.#startOf(site), end)))
  }

  #startOf(site: number): number {
    return site === 0 ? 0 : this.#ends[site - 1]!
  }

  #equals(site: number, bytes: Uint8Array, start: number, end: number): boolean {
    const textStart = site === 0 ? 0 : this.#ends[site - 1]!
    if (this.#ends[site]! - textStart !== end - start) return false
    const text = this.#text
    const offset = textStart - start
    // From the end: sites of one module differ in their last bytes.
    for (let at = end - 1; at >= start; at--) if (text[at + offset] !== bytes[at]) return false
    return true
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, place: number): number {
    const site = this.#ends.length
    const textStart = this.#startOf(site)
    const textEnd = textStart + end - start
    while (textEnd > this.#text.length) {
      const larger = new Uint8Array(this.#text.length * 2)
      larger.set(this.#text)
      this.#text = larger
    }
    this.#text.set(bytes.subarray(start, end), textStart)
    this.#ends.push(textEnd)
    this.#places[place] = site + 1
    this.#hashes[place] = hash
    if (this.#ends.length * 2 > this.#places.length) this.#double()
    return site
  }

  #double(): void {
    const oldPlaces = this.#places
    const oldHashes = this.#hashes
    const mask = oldPlaces.length * 2 - 1
    const places = new Int32Array(mask + 1)
    const hashes = new Int32Array(mask + 1)
    for (let old = 0; old < oldPlaces.length; old++) {
      if (oldPlaces[old] === 0) continue
      let place = oldHashes[old]! & mask
      while (places[place] !== 0) place = (place + 1) & mask
      places[place] = oldPlaces[old]!
      hashes[place] = oldHashes[old]!
    }
    this.#places = places
    this.#hashes = hashes
  }
}

/** The last bytes hold the code address, which tells nearly all sites apart; the comparison decides. */
function hashOfTail(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let at = Math.max(start, end - HASHED_BYTES); at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  return hash ^ (hash >>> 15)
}
