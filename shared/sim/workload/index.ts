import type { Trace } from '../../model/trace'
import {
  bimodalSize,
  buildChurn,
  buildGrowth,
  buildHoles,
  buildPairs,
  buildStairs,
  exponentialSize,
  powerSize,
  uniformSize,
} from './generate'

/** A synthetic program; the same events on every machine and in every version. */
export interface Workload {
  readonly id: string
  readonly title: string
  readonly summary: string
  /** Traces have origin `workload:ID` and an empty hash. */
  build(): Trace
}

const churn = (id: string, seed: number, live: number, size: Parameters<typeof buildChurn>[1]['size']) => (): Trace =>
  buildChurn(id, { seed, live, replacements: 10_000, size })

export const workloads: readonly Workload[] = [
  {
    id: 'G1',
    title: 'Uniform sizes',
    summary: '500 live blocks of 16 to 1024 bytes, each as likely; 10,000 random replacements.',
    build: churn('G1', 1, 500, uniformSize),
  },
  {
    id: 'G2',
    title: 'Exponential sizes',
    summary: '1000 live blocks of 16 bytes plus an exponential part of mean 128; 10,000 random replacements.',
    build: churn('G2', 2, 1000, exponentialSize),
  },
  {
    id: 'G3',
    title: 'Small objects and pages',
    summary: '1000 live blocks, nine of 32 bytes to one of 4096; 10,000 random replacements.',
    build: churn('G3', 3, 1000, bimodalSize),
  },
  {
    id: 'G4',
    title: 'Powers of two',
    summary: '1000 live blocks of 16, 32, ... 1024 bytes; 10,000 random replacements.',
    build: churn('G4', 4, 1000, powerSize),
  },
  {
    id: 'G5',
    title: 'Growing phases',
    summary: 'Six phases of 1000 equal blocks, each phase half as large again; every tenth block is never freed.',
    build: () => buildStairs('G5'),
  },
  {
    id: 'G6',
    title: 'Holes just too small',
    summary: '2000 pairs of 64 and 448 bytes; the 448s are freed, then 2000 requests of 512 bytes follow.',
    build: () => buildHoles('G6', 2000, { small: 64, large: 448, later: 512 }),
  },
  {
    id: 'G7',
    title: 'Neighbours freed and joined',
    summary: '2400 rounds: two blocks of 4095 bytes, both freed, then one of 8190 bytes.',
    build: () => buildPairs('G7', 2400, 4095),
  },
  {
    id: 'G8',
    title: 'A growing buffer',
    summary: 'One buffer reallocated from 512 bytes up, 4799 times by 128 bytes, with 128-byte temporaries between.',
    build: () => buildGrowth('G8', 4799, 512, 128),
  },
]
