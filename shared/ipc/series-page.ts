/** Min, max and last value per bucket; bucket i ends at event `events[i]`. Runs have live (where known), consumed, footprint, reserved; traces live, liveBlocks; with a site filter both have chosen: live bytes of its sites. */
export interface SeriesPage {
  readonly events: Float64Array
  readonly series: Readonly<Record<string, { readonly min: Float64Array; readonly max: Float64Array; readonly last: Float64Array }>>
}
