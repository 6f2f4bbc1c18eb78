import { defaultCases, testStatistics } from './testing/statistics-alike'

testStatistics(defaultCases, 2)
