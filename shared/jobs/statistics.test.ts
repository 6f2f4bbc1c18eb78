import { defaultCases, testMoves, testStatistics } from './testing/statistics-alike'

testStatistics(defaultCases, 2)
testMoves(['nt-lfh', 'segment-heap'])
