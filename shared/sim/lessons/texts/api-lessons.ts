import { readingsOf } from '../../profiles/kath-behaviours'
import type { ProcessOptions } from '../../win32/process-types'
import type { LessonPartText, LessonText } from '../lesson-types'

const lockPart = (title: string, limit: number, options: ProcessOptions, script: string): LessonPartText => ({
  title,
  machine: 'console',
  options: { compaction: 'moveable', lockMaximum: limit, ...options },
  script,
  stops: [
    { line: 4, lookAt: `The counter stands at ${limit}${limit > 255 ? ', of which its byte can show 0xFF' : ''}; every one of the 257 locks gave the pointer.` },
    { line: 8, lookAt: `${limit} unlocks brought the counter to 0 although ${257 - limit} of the locks remain: the block may move.` },
    { line: 10, lookAt: 'The block has moved. The pointer p still shows where it was: it dangles.' },
  ],
})

const saturation = (limit: number): string => `gap = GlobalAlloc(GMEM_FIXED, 100)
g = GlobalAlloc(GMEM_MOVEABLE, 100)
for i in 1..257: p = GlobalLock(g); assert p != NULL
assert g.locks = 0xFF; assert process.failures = 0
for i in 1..${limit - 1}: GlobalUnlock(g)
assert last.result = TRUE; assert g.locks = 1
GlobalUnlock(g)
assert last.result = FALSE; assert g.locks = 0
GlobalFree(gap)
GlobalCompact()
assert g.address != p`

/** Lessons in a simulated Windows process. */
export const apiLessons: readonly LessonText[] = [
  {
    number: 5,
    id: 'handle-table',
    title: 'The handle table grows',
    idea: 'Eight bytes a handle, sixteen at a time, a page for 512',
    text: [
      'Movable blocks are known by handles. The first one makes the process reserve 512 KB for a table outside the heap and commit one page of it. An entry has 8 bytes; the handle is the address of its second half.',
      'Entries are initialised sixteen at a time: the seventeenth handle changes exactly the 128 bytes behind the first group. Each 32nd initialisation needs another page. The article gives a limit of 65,535 handles, though 512 KB have room for 65,536 entries; here the allocation after the 65,535th fails.',
    ],
    parts: [
      {
        title: 'From the first handle to the last',
        machine: 'console',
        script: `f = GlobalAlloc(GMEM_FIXED, 1)
assert handles.reserved = 0
g[0] = GlobalAlloc(GMEM_MOVEABLE, 1)
assert handles.reserved = 0x80000
assert g[0] = 0x000F0004
assert handles.initialisations = 1; assert handles.pages = 1
for i in 1..15: g[i] = GlobalAlloc(GMEM_MOVEABLE, 1)
assert handles.initialisations = 1; assert handles.pages = 1
assert handles.next = 0
mark
g[16] = GlobalAlloc(GMEM_MOVEABLE, 1)
assert g[16] = 0x000F0084
assert handles.changedBytes = 128; assert handles.changedLines = 8; assert handles.firstChange = 0x80
assert handles.initialisations = 2; assert handles.pages = 1
for i in 17..511: g[i] = GlobalAlloc(GMEM_MOVEABLE, 1)
assert handles.initialisations = 32; assert handles.pages = 1
g[512] = GlobalAlloc(GMEM_MOVEABLE, 1)
assert handles.initialisations = 33; assert handles.pages = 2
for i in 513..999: g[i] = GlobalAlloc(GMEM_MOVEABLE, 1)
assert handles.initialisations = 63; assert handles.pages = 2
for i in 1000..8191: g[i] = GlobalAlloc(GMEM_MOVEABLE, 1)
assert handles.initialisations = 512; assert handles.pages = 16`,
        stops: [
          { line: 3, lookAt: 'The process walker: a new region of 512 KB at 0x000F0000, one page of it committed.' },
          { line: 11, lookAt: 'Refresh the hex view of the table: 8 lines from 0x000F0080 on have changed.' },
          { line: 17, lookAt: 'A second page of the table is committed.' },
        ],
      },
      {
        title: 'The limit',
        machine: 'console',
        script: `for i in 1..65535: g = GlobalAlloc(GMEM_MOVEABLE, 1)
assert process.failures = 0
assert handles.live = 65535
assert handles.initialisations = 4096; assert handles.pages = 128
h = GlobalAlloc(GMEM_MOVEABLE, 1)
assert h = NULL
assert handles.initialisations = 4096; assert handles.pages = 128
f = GlobalAlloc(GMEM_FIXED, 1)
assert f != NULL`,
        stops: [{ line: 5, lookAt: 'The 65,536th handle is refused; a fixed block is not.' }],
      },
    ],
    readings: readingsOf('Handles per process', 'Bytes of the address', 'Every thirty-second initialisation', '128 changed bytes'),
    source: 'Randy Kath: "Managing Heap Memory in Win32" (Microsoft, 1993).',
  },
  {
    number: 6,
    id: 'lock-count',
    title: 'The lock count saturates',
    idea: 'One byte counts the locks of a movable block',
    text: [
      'A locked block must not move. Its locks are counted in one byte of its entry; when the byte is full, GlobalLock still gives the pointer and no longer counts. As many unlocks as the byte can hold bring it to 0 while more locks were taken, and the block may move under its users.',
      'A byte holds 255. The article writes 256 beside 0xFF; both readings are shown. The repair it suggests lets the lock beyond the limit fail.',
    ],
    parts: [
      lockPart('One byte: 255', 255, {}, saturation(255)),
      lockPart('As the article writes: 256', 256, {}, saturation(256)),
      {
        title: 'The repair: locks beyond the limit fail',
        machine: 'console',
        options: { strictLocks: true },
        script: `g = GlobalAlloc(GMEM_MOVEABLE, 100)
for i in 1..255: p = GlobalLock(g); assert p != NULL
p = GlobalLock(g)
assert p = NULL
assert g.locks = 255`,
        stops: [{ line: 3, lookAt: 'The 256th lock fails and says so; nothing is lost from the count.' }],
      },
    ],
    readings: readingsOf('Lock limit'),
    source: 'Randy Kath: "Managing Heap Memory in Win32" (Microsoft, 1993).',
  },
  {
    number: 9,
    id: 'address-space',
    title: '2 GB runs out',
    idea: 'Address space is fragmented too, without a byte of memory',
    text: [
      'A process of 32 bits has 2 GB of addresses. Reservations of 1 MB fill them; then every second one is released. Half of the address space is free, and a reservation of 2 MB fails: no range is larger than 1 MB. Nothing was ever committed, so neither memory nor page file is used at all.',
    ],
    parts: [
      {
        title: 'Reservations of 1 MB',
        machine: 'console',
        options: { surroundings: 'none', defaultHeap: null },
        script: `assert space.free = 2147352576
for i in 0..2046: v[i] = VirtualAlloc(NULL, 0x100000, MEM_RESERVE, PAGE_NOACCESS)
assert process.failures = 0
assert space.free = 917504
w = VirtualAlloc(NULL, 0x100000, MEM_RESERVE, PAGE_NOACCESS)
assert w = NULL
for i in 0..1022: VirtualFree(v[2 * i + 1], 0, MEM_RELEASE)
assert space.free = 1073610752
assert space.ranges = 1024
assert space.largest = 1048576
assert space.scatter = 0.9990233
x = VirtualAlloc(NULL, 0x200000, MEM_RESERVE, PAGE_NOACCESS)
assert x = NULL
assert process.committed = 0; assert process.charge = 0`,
        stops: [
          { line: 5, lookAt: '2047 reservations; 896 KB are left, too little for another one.' },
          { line: 7, lookAt: 'The map of the address space: reserved and free ranges take turns.' },
          { line: 12, lookAt: '2 MB fail with half of the address space free.' },
        ],
      },
    ],
    source: 'Arithmetic; the user range of Windows NT, 0x00010000 to 0x7FFEFFFF.',
  },
  {
    number: 10,
    id: 'heap-destroy',
    title: 'HeapDestroy instead of freeing',
    idea: 'A heap for what dies together',
    text: [
      'Two lists of 5000 nodes grow side by side in one heap. Freeing one of them takes 5000 calls and leaves 5000 holes between the nodes of the other; not one page comes back.',
      'With a heap for each list, HeapDestroy is one call: pages and reservation vanish, and the other heap has no hole. The price: blocks that are still in use vanish as well, and pointers to them dangle.',
    ],
    parts: [
      {
        title: 'One heap, 5000 calls',
        machine: 'heap',
        script: `heap kath-nt31 article tail=8
repeat 5000: a p+ 40; a q+ 40
assert used = 640000
assert pages = 157
assert footprint = 643072
f p1..5000
assert free = 323072
assert holes = 5001
assert scatter = 0.990491
assert pages = 157
assert unusable(65) = 0.990544`,
        stops: [
          { line: 2, lookAt: 'Nodes of the two lists take turns.' },
          { line: 6, lookAt: '5000 holes of 64 bytes, and all pages still committed.' },
        ],
      },
      {
        title: 'Two heaps, one call',
        machine: 'console',
        options: { shape: { tailBytes: 8 } },
        script: `a = HeapCreate(0, 0, 0)
b = HeapCreate(0, 0, 0)
for i in 1..5000: p = HeapAlloc(a, 0, 40); q = HeapAlloc(b, 0, 40)
assert a.consumed = 320000; assert b.consumed = 320000
assert a.pages = 79; assert b.pages = 79
assert a.blocks = 5000
assert process.heaps = 3
HeapDestroy(a)
assert last.result = TRUE
assert process.heaps = 2
assert b.holes <= 1; assert b.blocks = 5000; assert b.pages = 79
assert HeapSize(a, 0, p) = 0xFFFFFFFF`,
        stops: [
          { line: 3, lookAt: 'Two heaps of 79 pages.' },
          { line: 8, lookAt: 'One call: heap a has vanished with 5000 blocks that nobody freed; heap b is as it was.' },
        ],
      },
    ],
    readings: readingsOf('Requests of 4 to 13 bytes', 'Order of HeapCreate’s numbers'),
    source: 'Randy Kath: "Managing Heap Memory in Win32" (Microsoft, 1993), on dynamic heaps; the figures are arithmetic.',
  },
  {
    number: 11,
    id: 'serialisation',
    title: 'One lock for all threads',
    idea: 'What serialisation costs, and what doing without it risks',
    text: [
      'A call spends a microsecond inside the heap, and its thread another one outside. With one lock the heap serves one call a microsecond at most; from three threads on the others wait. A heap for each thread serves them all, and keeps a partly used page each.',
      'HEAP_NO_SERIALIZE takes the lock away without making the heap safe: two threads are inside at once with their second call at the latest.',
    ],
    parts: [1, 2, 4, 8].map((threads) => ({
      title: threads === 1 ? '1 thread' : `${threads} threads`,
      machine: 'threads',
      script: `threads ${threads} shared
assert throughput = ${Math.min(threads / 2, 1)}
assert wait = ${Math.max(0, threads - 2)}
threads ${threads} own
assert throughput = ${threads / 2}
assert wait = 0
assert heaps = ${threads}
threads ${threads} unserialised
assert race = ${threads === 1 ? 0 : 2}`,
      stops: [{ line: 1, lookAt: 'Operations a microsecond, and how long each waits for the lock.' }],
    })),
    readings: readingsOf('Waiting for a locked heap'),
    source: 'A queue worked out step by step: throughput min(k/2, 1), wait max(0, k - 2) for k threads.',
  },
  {
    number: 12,
    id: 'compaction',
    title: 'Compaction and one locked block',
    idea: 'Why there are movable blocks, and what a lock costs',
    text: [
      'Ten movable blocks of 128 fill an arena, every second one is freed. 640 bytes are free and 512 cannot be had. Moving the blocks together makes one hole, and the handles stay what they were: only the address in the table changes.',
      'One locked block in the middle splits that hole in two, and the request fails again. Windows NT itself moves nothing; here the simulated process is told to.',
    ],
    parts: [
      {
        title: 'All blocks may move',
        machine: 'console',
        options: arena(),
        script: `for i in 0..9: g[i] = GlobalAlloc(GMEM_MOVEABLE, 128)
h = GetProcessHeap()
base = g[0].address
for i in 0..4: GlobalFree(g[2 * i + 1])
assert h.free = 640; assert h.largest = 128
x = GlobalAlloc(GMEM_MOVEABLE | GMEM_NOCOMPACT, 512)
assert x = NULL
before = g[8]
GlobalCompact()
assert g[0].address - base = 0; assert g[2].address - base = 128; assert g[4].address - base = 256
assert g[6].address - base = 384; assert g[8].address - base = 512
assert g[8] = before
assert h.holes = 1; assert h.largest = 640
x = GlobalAlloc(GMEM_MOVEABLE, 512)
assert x != NULL`,
        stops: [
          { line: 6, lookAt: '640 bytes free in five holes: 512 cannot be had.' },
          { line: 9, lookAt: 'Five blocks side by side, one hole of 640. The handles have not changed.' },
        ],
      },
      {
        title: 'Block 4 is locked',
        machine: 'console',
        options: arena(),
        script: `for i in 0..9: g[i] = GlobalAlloc(GMEM_MOVEABLE, 128)
h = GetProcessHeap()
base = g[0].address
for i in 0..4: GlobalFree(g[2 * i + 1])
p = GlobalLock(g[4])
GlobalCompact()
assert g[0].address - base = 0; assert g[2].address - base = 128; assert g[4].address - base = 512
assert g[6].address - base = 640; assert g[8].address - base = 768
assert g[4].address = p
assert h.free = 640; assert h.holes = 2; assert h.largest = 384
x = GlobalAlloc(GMEM_MOVEABLE, 512)
assert x = NULL`,
        stops: [{ line: 6, lookAt: 'Block 4 stays at 512: holes of 256 before it and 384 behind the others.' }],
      },
    ],
    readings: readingsOf('Discarding and compaction'),
    source: 'The movable blocks of 16-bit Windows; Randy Kath (1993) on why NT gains little from moving them.',
  },
]

/** 1280 bytes without headers or rounding, in a process that compacts when told to. */
function arena(): ProcessOptions {
  return {
    compaction: 'moveable',
    shape: { headerBytes: 0, granuleBytes: 1, tailBytes: 0 },
    defaultHeap: { reserveBytes: 1280, commitBytes: 1280, growable: false, loaderMinimum: false },
  }
}
