import { messageBytes, type LargestMessage } from '../../shared/ipc/message-size'

let largest: LargestMessage | null = null

/** Keeps the largest answer of this process: `use` tells it. */
export function countAnswer(method: string, value: unknown): void {
  const bytes = messageBytes(value)
  if (largest === null || bytes > largest.bytes) largest = { method, bytes }
}

export const largestAnswer = (): LargestMessage | null => largest
