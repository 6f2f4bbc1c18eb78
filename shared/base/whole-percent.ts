/** Percentage cut to a whole number as `!heap -s` prints it; exact, because the remainder is taken before the division. */
export function wholePercent(part: number, whole: number): number {
  const hundredfold = 100 * part
  return (hundredfold - (hundredfold % whole)) / whole
}
