import { checkMessageBytes, type LargestMessage } from '../../shared/ipc/message-size'

let largest: LargestMessage | null = null

/**
 * Keeps the largest answer of this process: `use` tells it.
 * @throws HeapscapeError `message-too-large` for one that must not be sent
 */
export function countAnswer(method: string, value: unknown): void {
  const bytes = checkMessageBytes(`The answer to ${method}`, value)
  if (largest === null || bytes > largest.bytes) largest = { method, bytes }
}

export const largestAnswer = (): LargestMessage | null => largest
