/*
 * Texts as bytes, interned without making a string per event:
 *
 *   text    [libc.so.6:[0x39221]perl:(perl_alloc+10)[0x6f930]...]   all texts, one after the other
 *   ends    [        20        ,             46             ,...]   where text i ends
 *   places  [ . | 1 | . | 0 | . ]                                   open addressing, text number + 1, 0 = free
 */
const FIRST_PLACES = 1024
const FIRST_TEXT_BYTES = 64 * 1024
const WORD_BYTES = 4

export class TextTable {
  #places = new Int32Array(FIRST_PLACES)
  #hashes = new Int32Array(FIRST_PLACES)
  #text = new Uint8Array(FIRST_TEXT_BYTES)
  #textView: DataView = new DataView(this.#text.buffer)
  #ends: number[] = []
  #lastText = -1

  get length(): number {
    return this.#ends.length
  }

  /** Number of the text that is bytes [start, end) of the view. */
  intern(bytes: DataView, start: number, end: number): number {
    // Neighbouring lines often share their call site.
    if (this.#lastText >= 0 && this.#equals(this.#lastText, bytes, start, end)) return this.#lastText
    const hash = hashOf(bytes, start, end)
    const mask = this.#places.length - 1
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const found = this.#places[place]! - 1
      if (found < 0) return (this.#lastText = this.#add(bytes, start, end, hash, place))
      if (this.#hashes[place] === hash && this.#equals(found, bytes, start, end)) return (this.#lastText = found)
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

  #equals(site: number, bytes: DataView, start: number, end: number): boolean {
    const textStart = site === 0 ? 0 : this.#ends[site - 1]!
    const length = end - start
    if (this.#ends[site]! - textStart !== length) return false
    const text = this.#textView
    if (length < WORD_BYTES) {
      for (let at = 0; at < length; at++) if (text.getUint8(textStart + at) !== bytes.getUint8(start + at)) return false
      return true
    }
    // From the end, word by word: sites of one module differ in their last bytes. The first word may overlap the second.
    for (let at = length - WORD_BYTES; at > 0; at -= WORD_BYTES) {
      if (text.getInt32(textStart + at) !== bytes.getInt32(start + at)) return false
    }
    return text.getInt32(textStart) === bytes.getInt32(start)
  }

  #add(bytes: DataView, start: number, end: number, hash: number, place: number): number {
    const site = this.#ends.length
    const textStart = this.#startOf(site)
    const textEnd = textStart + end - start
    while (textEnd > this.#text.length) {
      const larger = new Uint8Array(this.#text.length * 2)
      larger.set(this.#text)
      this.#text = larger
      this.#textView = new DataView(larger.buffer)
    }
    this.#text.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), textStart)
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

/**
 * Over all bytes: sites may agree in any part, and a chain of collisions costs more than the hash. Word by word, because
 * byte by byte this was the dearest part of reading a log.
 */
function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = end - start
  let at = start
  for (; at + WORD_BYTES <= end; at += WORD_BYTES) {
    hash = Math.imul(hash ^ bytes.getInt32(at), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes.getUint8(at), 0x01000193)
  return hash ^ (hash >>> 15)
}
