import { allProfiles, defaultCases, testStatistics } from './testing/statistics-alike'

testStatistics([...allProfiles, ...defaultCases], 20)
