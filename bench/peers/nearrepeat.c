// The Knox test as a bare loop: 20,000 incidents, the pairs within 400 m listed
// once, 999 permutations of the days, each looking only at those pairs; two
// threads. Shape and bands are those of the product's benchmark.
// cc -O2 -march=native -pthread -o nearrepeat nearrepeat.c -lm && ./nearrepeat
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N = 20000, REPS = 999, THREADS = 2 };
static double x[N], y[N];
static int16_t day[N];
static int32_t *pa, *pb;
static uint8_t *pband;
static size_t pairs;
static long total[THREADS][5][5];

static uint64_t next(uint64_t *s) {
  uint64_t z = (*s += 0x9e3779b97f4a7c15u);
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}
static double unit(uint64_t *s) { return (next(s) >> 11) * 0x1p-53; }
static double normal(uint64_t *s) { return sqrt(-2 * log(1 - unit(s))) * cos(6.283185307179586 * unit(s)); }
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}
static int by_x(const void *a, const void *b) {
  double d = x[*(const int *)a] - x[*(const int *)b];
  return d < 0 ? -1 : d > 0;
}

static void list_pairs(void) {
  static int order[N];
  for (int i = 0; i < N; i++) order[i] = i;
  qsort(order, N, sizeof(int), by_x);
  size_t room = 1 << 20;
  pairs = 0;
  pa = malloc(room * 4), pb = malloc(room * 4), pband = malloc(room);
  for (int i = 0; i < N; i++)
    for (int j = i + 1; j < N && x[order[j]] - x[order[i]] <= 400; j++) {
      double dx = x[order[j]] - x[order[i]], dy = y[order[j]] - y[order[i]], d = sqrt(dx * dx + dy * dy);
      if (d > 400) continue;
      if (pairs == room) {
        room *= 2;
        pa = realloc(pa, room * 4), pb = realloc(pb, room * 4), pband = realloc(pband, room);
      }
      pa[pairs] = order[i], pb[pairs] = order[j], pband[pairs++] = (uint8_t)ceil(d / 100);
    }
}

static void *work(void *arg) {
  long t = (long)arg;
  int16_t *d = malloc(sizeof day);
  for (long r = t; r < REPS; r += THREADS) {
    memcpy(d, day, sizeof day);
    uint64_t s = 1000 + r;
    for (int i = N - 1; i > 0; i--) {
      int j = (int)((next(&s) >> 32) * (uint64_t)(i + 1) >> 32);
      int16_t k = d[i];
      d[i] = d[j], d[j] = k;
    }
    for (size_t p = 0; p < pairs; p++) {
      int apart = abs(d[pa[p]] - d[pb[p]]);
      int band = apart <= 14 ? 0 : apart <= 28 ? 1 : apart <= 42 ? 2 : apart <= 56 ? 3 : 4;
      total[t][pband[p]][band]++;
    }
  }
  free(d);
  return NULL;
}

int main(void) {
  uint64_t s = 1;
  static double cx[400], cy[400];
  for (int k = 0; k < 400; k++) cx[k] = 40000 * unit(&s), cy[k] = 40000 * unit(&s);
  for (int i = 0; i < N; i++) {
    x[i] = 40000 * unit(&s), y[i] = 40000 * unit(&s), day[i] = next(&s) % 365;
    if (i % 2 == 0) {
      int k = next(&s) % 400;
      x[i] = cx[k] + 500 * normal(&s), y[i] = cy[k] + 500 * normal(&s);
    }
  }
  double best = 1e9;
  for (int run = 0; run < 3; run++) {
    double began = now();
    list_pairs();
    pthread_t threads[THREADS];
    for (long t = 0; t < THREADS; t++) pthread_create(&threads[t], NULL, work, (void *)t);
    for (int t = 0; t < THREADS; t++) pthread_join(threads[t], NULL);
    double took = now() - began;
    if (took < best) best = took;
    free(pa), free(pb), free(pband);
  }
  fprintf(stderr, "%zu pairs\n", pairs);
  printf("Knox, 20000 events, 999 permutations, bare C loop of 2 threads\t%.4f\n", best);
  return 0;
}
