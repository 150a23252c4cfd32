// The least that local statistics by permutation can cost: for each area and
// each permutation as many random draws as it has neighbours, the values drawn
// added up and the sum compared. Nothing else: draws may repeat, ties are not
// told apart, no mean is kept. Prints one line "work, peer<TAB>seconds" a task, the
// least of five runs.
//
//   gcc -O3 -pthread -o spatial spatial.c && ./spatial [threads]
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 24 };

static int areas, threads = 2;
static int (*near)[MOST], *links;
static double *value;
static int permutations;
static int *atLeast;

static inline uint64_t next(uint64_t *s) {
  *s += 0xa0761d6478bd642full;
  __uint128_t m = (__uint128_t)*s * (*s ^ 0xe7037ed1a0b428dbull);
  return (uint64_t)(m >> 64) ^ (uint64_t)m;
}

static int linked(int a, int b) {
  for (int k = 0; k < links[a]; k++)
    if (near[a][k] == b) return 1;
  return 0;
}

static void cut(int a, int b) {
  for (int k = 0; k < links[a]; k++)
    if (near[a][k] == b) { near[a][k] = near[a][--links[a]]; return; }
}

static void tie(int a, int b) {
  near[a][links[a]++] = b;
  near[b][links[b]++] = a;
}

// A honeycomb in which pairs of triangles have been turned at random: degrees
// are spread as those of small areas are, 5.8 on average.
static void map(int n) {
  uint64_t s = 7;
  int wide = 1;
  while ((wide + 1) * (wide + 1) <= n) wide++;
  areas = n;
  near = calloc(n, sizeof *near);
  links = calloc(n, sizeof *links);
  value = malloc(n * sizeof *value);
  atLeast = malloc(n * sizeof *atLeast);
  for (int i = 0; i < n; i++) {
    value[i] = (double)(next(&s) >> 11) * 0x1p-53 - 0.5;
    int row = i / wide, column = i % wide, lean = row % 2 ? 0 : -1;
    if (column > 0) tie(i, i - 1);
    if (row > 0)
      for (int c = column + lean; c <= column + lean + 1; c++)
        if (c >= 0 && c < wide) tie(i, (row - 1) * wide + c);
  }
  for (int turn = 0; turn < n / 2; turn++) {
    int a = next(&s) % n, b = near[a][next(&s) % links[a]], common[2], found = 0;
    for (int k = 0; k < links[a]; k++)
      if (linked(b, near[a][k])) { if (found < 2) common[found] = near[a][k]; found++; }
    if (found != 2 || links[a] < 4 || links[b] < 4) continue;
    int c = common[0], d = common[1];
    if (linked(c, d) || links[c] > 14 || links[d] > 14) continue;
    cut(a, b); cut(b, a); tie(c, d);
  }
}

static void *local(void *which) {
  int t = (int)(intptr_t)which;
  uint64_t s = t;
  for (int i = t; i < areas; i += threads) {
    double seen = 0;
    int k = links[i], count = 0;
    for (int j = 0; j < k; j++) seen += value[near[i][j]];
    for (int p = 0; p < permutations; p++) {
      double sum = 0;
      for (int j = 0; j < k; j++) {
        uint64_t at = ((next(&s) >> 32) * (uint64_t)(areas - 1)) >> 32;
        sum += value[at + (at >= (uint64_t)i)];
      }
      count += sum >= seen;
    }
    atLeast[i] = count;
  }
  return 0;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void measure(const char *name, int reps) {
  double best = 1e9;
  permutations = reps;
  for (int run = 0; run < 5; run++) {
    double start = now();
    pthread_t id[64];
    for (int t = 0; t < threads; t++) pthread_create(&id[t], 0, local, (void *)(intptr_t)t);
    for (int t = 0; t < threads; t++) pthread_join(id[t], 0);
    double took = now() - start;
    if (took < best) best = took;
  }
  printf("%s\t%.4f\n", name, best);
}

int main(int argc, char **argv) {
  if (argc > 1) threads = atoi(argv[1]);
  if (threads < 1 || threads > 64) threads = 2;
  map(4994);
  measure("local Moran, 4994 areas, 999 permutations, bare C loop", 999);
  measure("local Moran, 4994 areas, 9999 permutations, bare C loop", 9999);
  map(35672);
  measure("local Moran, 35672 areas, 999 permutations, bare C loop", 999);
  return 0;
}
