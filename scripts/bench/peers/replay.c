/*
 * Replays sample events (scripts/bench/samples/sample-files.ts, rawEventsFile) in C and prints M events/s of the
 * last replay; the ones before warm the caches and the heap.
 *
 *   replay malloc FILE TIMES      malloc, realloc and free of the process (another allocator by LD_PRELOAD)
 *   replay first-fit FILE TIMES   an address-ordered first fit that keeps only sizes and addresses, as the simulator:
 *                                 blocks of at least 16 bytes, 8 bytes of header, immediate coalescing
 *
 * The first fit is a segment tree over 16-byte granules: each node holds its longest free run and the free runs at its
 * two ends, so that the lowest fit is found, taken and given back in O(log granules).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  uint32_t events, objects;
  const uint32_t *size, *object;
  const uint8_t *op;
} Trace;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static Trace read_trace(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  uint32_t *data = malloc(bytes);
  if (!data || fread(data, 1, bytes, file) != (size_t)bytes) fail(path);
  fclose(file);
  Trace trace = { data[0], data[1], data + 2, data + 2 + data[0], (const uint8_t *)(data + 2 + 2 * (size_t)data[0]) };
  return trace;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static double replay_malloc(const Trace *trace) {
  void **blocks = calloc(trace->objects, sizeof *blocks);
  if (!blocks) fail("calloc");
  double start = now();
  for (uint32_t i = 0; i < trace->events; i++) {
    void **block = &blocks[trace->object[i]];
    if (trace->op[i] == 0) {
      *block = malloc(trace->size[i]);
      /* Kept from being left out by the compiler, and used as a program would. */
      *(volatile char *)*block = 1;
    } else if (trace->op[i] == 1) {
      free(*block);
      *block = NULL;
    } else {
      *block = realloc(*block, trace->size[i]);
      *(volatile char *)*block = 1;
    }
  }
  double seconds = now() - start;
  for (uint32_t i = 0; i < trace->objects; i++) free(blocks[i]);
  free(blocks);
  return seconds;
}

enum { GRANULE = 16, HEADER = 8 };
typedef struct {
  uint32_t longest, head, tail;
} Node;

static Node *tree;
static uint32_t leaves;

static void join(uint32_t node, uint32_t width) {
  const Node *a = &tree[2 * node], *b = &tree[2 * node + 1];
  uint32_t half = width / 2, across = a->tail + b->head;
  uint32_t longest = a->longest > b->longest ? a->longest : b->longest;
  tree[node].longest = across > longest ? across : longest;
  tree[node].head = a->head == half ? half + b->head : a->head;
  tree[node].tail = b->tail == half ? half + a->tail : b->tail;
}

static void whole(uint32_t node, uint32_t width, int is_free) {
  uint32_t run = is_free ? width : 0;
  tree[node] = (Node){ run, run, run };
}

/* A node that is all free or all busy speaks for its children, which are brought up to date when it is entered. */
static void mark(uint32_t node, uint32_t low, uint32_t width, uint32_t from, uint32_t to, int is_free) {
  if (from <= low && low + width <= to) {
    whole(node, width, is_free);
    return;
  }
  uint32_t half = width / 2;
  if (tree[node].longest == width || tree[node].longest == 0) {
    int was_free = tree[node].longest != 0;
    whole(2 * node, half, was_free);
    whole(2 * node + 1, half, was_free);
  }
  if (from < low + half) mark(2 * node, low, half, from, to, is_free);
  if (to > low + half) mark(2 * node + 1, low + half, half, from, to, is_free);
  join(node, width);
}

/* First granule of the lowest run of at least `wanted`. */
static uint32_t lowest(uint32_t wanted) {
  uint32_t node = 1, low = 0, width = leaves;
  while (tree[node].longest != width && tree[node].head < wanted) {
    uint32_t half = width / 2;
    width = half;
    if (tree[2 * node].longest >= wanted) node = 2 * node;
    else if (tree[2 * node].tail + tree[2 * node + 1].head >= wanted) return low + half - tree[2 * node].tail;
    else node = 2 * node + 1, low += half;
  }
  return low;
}

static double replay_first_fit(const Trace *trace) {
  uint32_t *start_of = calloc(trace->objects, sizeof *start_of), *length_of = calloc(trace->objects, sizeof *length_of);
  leaves = 1u << 24; /* 256 MiB of heap */
  tree = malloc(2 * (size_t)leaves * sizeof *tree);
  if (!start_of || !length_of || !tree) fail("malloc");
  whole(1, leaves, 1);
  double start = now();
  for (uint32_t i = 0; i < trace->events; i++) {
    uint32_t object = trace->object[i], length = (trace->size[i] + HEADER + GRANULE - 1) / GRANULE;
    uint32_t old = start_of[object], old_length = length_of[object];
    if (trace->op[i] != 1) {
      if (tree[1].longest < length) fail("the heap is full");
      start_of[object] = lowest(length);
      length_of[object] = length;
      mark(1, 0, leaves, start_of[object], start_of[object] + length, 0);
    }
    if (trace->op[i] != 0) mark(1, 0, leaves, old, old + old_length, 1);
  }
  double seconds = now() - start;
  free(start_of);
  free(length_of);
  free(tree);
  return seconds;
}

int main(int count, char **args) {
  if (count != 4) {
    fprintf(stderr, "usage: replay malloc|first-fit FILE TIMES\n");
    return 2;
  }
  Trace trace = read_trace(args[2]);
  double seconds = 0;
  for (int times = atoi(args[3]); times > 0; times--) {
    seconds = strcmp(args[1], "malloc") == 0 ? replay_malloc(&trace) : replay_first_fit(&trace);
  }
  printf("%.6f\n", trace.events / seconds / 1e6);
  return 0;
}
