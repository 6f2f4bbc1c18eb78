import type { Confidence } from '../../shared/model/confidence'
import { CONFIDENCES } from '../../shared/model/confidence'

/** What each grade of trust means, in words. */
export const TRUST_MEANINGS: Readonly<Record<Confidence, string>> = {
  verified: 'Every check passed: what is shown stands in the dump and agrees with itself.',
  inferred: 'Read by rules no source confirms twice, or something the heap says of itself disagrees without damage.',
  uncertain: 'A check failed: the heap contradicts itself here.',
  opaque: 'The bytes are there; what stands in them was not read.',
}

/** Sign beside the word, so that no grade is told by colour alone. */
export const TRUST_SIGNS: Readonly<Record<Confidence, string>> = { verified: '✓', inferred: '≈', uncertain: '!', opaque: '?' }

export const isConfidence = (text: string): text is Confidence => (CONFIDENCES as readonly string[]).includes(text)
