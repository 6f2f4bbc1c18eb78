/** Numbers of the fields of a profile message. */
export const Field = {
  SampleType: 1, Sample: 2, Mapping: 3, Location: 4, Function: 5, Text: 6, DropFrames: 7, KeepFrames: 8, Time: 9, Duration: 10,
  PeriodType: 11, Period: 12, Comment: 13, DefaultType: 14, DocUrl: 15,
} as const
