/* Kulldorff's purely spatial scan as a bare loop: what a program of two threads
   that only adds up cases over circles can do. 4,994 places of 1,000 to 2,200
   people, half of them crowded about the middle; 20,000 cases; circles up to
   10% of the people; 999 replications. Lists of circles are made beforehand and
   are not part of the time, drawing the cases is. Each circle is first held
   against the count that it takes to be better than the best so far (a table by
   expected count, as exact as the likelihood), so that logarithms are rare.

   "plain" works out the likelihood of each circle with more cases than expected.
   "prospective" is 24 months and clusters of the last 1 to 12, "permutation" the
   same with the months dealt out anew among the cases. "retrospective" is 33
   places and 120 months, any run of up to 60 of them, circles up to half of the
   people. Table is the least of three runs of 999 replications, plain of 99
   times 999/99, those in time of 33 times 999/33.

   cc -O3 -march=native -pthread scan.c -lm -o scan && ./scan
   prints: name <tab> seconds */
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N = 4994, CASES = 20000, REPS = 999, FEW = 99, THREADS = 2, MONTHS = 24, LAST = 12, TIMED = 33 };
enum { BOROUGHS = 33, YEARS10 = 120, LONGEST = 60 };

static double x[N], y[N], people[N], total;
static int *member, *start; /* circle lists, one after another */
static float *want;          /* expected in each circle */
static double xlogx[CASES + 1];
static uint32_t keep[N], other[N]; /* alias table */
static double best[REPS];
static int by_table;

static uint64_t state;
static uint64_t next(uint64_t *s) {
  *s += 0xa0761d6478bd642f;
  __uint128_t m = (__uint128_t)*s * (*s ^ 0xe7037ed1a0b428db);
  return (uint64_t)(m >> 64) ^ (uint64_t)m;
}
static double uniform(uint64_t *s) { return (next(s) >> 11) * 0x1p-53; }
static double normal(uint64_t *s) {
  return sqrt(-2 * log(1 - uniform(s))) * cos(2 * M_PI * uniform(s));
}

static double *from;
static int nearer(const void *a, const void *b) {
  double p = from[*(const int *)a], q = from[*(const int *)b];
  return (p > q) - (p < q);
}

/* circles about the first n places, up to that share of their people */
static void circles(int places, double share) {
  total = 0;
  for (int i = 0; i < places; i++) total += people[i];
  int order[N], n = 0, room = 1 << 20;
  double d[N];
  from = d;
  member = malloc(room * sizeof *member);
  want = malloc(room * sizeof *want);
  start = malloc((places + 1) * sizeof *start);
  for (int i = 0; i < places; i++) {
    for (int j = 0; j < places; j++) {
      d[j] = (x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j]);
      order[j] = j;
    }
    qsort(order, places, sizeof *order, nearer);
    start[i] = n;
    double held = 0;
    for (int k = 0; k < places && (held += people[order[k]]) <= share * total; k++) {
      if (n == room) {
        room *= 2;
        member = realloc(member, room * sizeof *member);
        want = realloc(want, room * sizeof *want);
      }
      member[n] = order[k];
      want[n++] = held * CASES / total;
    }
  }
  start[places] = n;
}

static void aliases(int places) {
  double share[N];
  int small[N], large[N], s = 0, l = 0;
  for (int i = 0; i < places; i++) {
    share[i] = people[i] * places / total;
    keep[i] = UINT32_MAX, other[i] = i;
    if (share[i] < 1) small[s++] = i; else large[l++] = i;
  }
  while (s && l) {
    int a = small[--s], b = large[l - 1];
    keep[a] = share[a] * UINT32_MAX, other[a] = b;
    if ((share[b] -= 1 - share[a]) < 1) small[s++] = b, l--;
  }
}

static double ratio(int c, double e) {
  return xlogx[c] - c * log(e) + xlogx[CASES - c] - (CASES - c) * log(CASES - e);
}

/* needed[e] is the least count that beats b where e to e+1 is expected */
static void table(int *needed, int upto, double b) {
  int c = 1;
  for (int e = 0; e <= upto; e++) {
    if (c <= e) c = e + 1;
    if (e > 0) while (c < CASES && ratio(c, e) <= b) c++;
    needed[e] = e > 0 ? c : 1;
  }
}

static void *work(void *arg) {
  static const int most = CASES / 10 + 2;
  int counts[N], needed[CASES / 10 + 3];
  for (int r = (int)(intptr_t)arg; r < (by_table ? REPS : FEW); r += THREADS) {
    uint64_t s = r * 0x9e3779b97f4a7c15 + 1;
    memset(counts, 0, sizeof counts);
    for (int i = 0; i < CASES; i++) {
      __uint128_t m = (__uint128_t)next(&s) * N;
      int cell = m >> 64;
      counts[(uint32_t)((uint64_t)m >> 32) < keep[cell] ? cell : (int)other[cell]]++;
    }
    double b = 0;
    if (by_table) table(needed, most, b);
    for (int i = 0; i < N; i++) {
      int c = 0;
      for (int k = start[i]; k < start[i + 1]; k++) {
        c += counts[member[k]];
        if (by_table ? c < needed[(int)want[k]] : c <= want[k]) continue;
        if (c <= want[k]) continue;
        double v = ratio(c, want[k]);
        if (v > b) {
          b = v;
          if (by_table) table(needed, most, b);
        }
      }
    }
    best[r] = b;
  }
  return NULL;
}

static int cell_of(uint64_t *s, int places) {
  __uint128_t m = (__uint128_t)next(s) * places;
  int cell = m >> 64;
  return (uint32_t)((uint64_t)m >> 32) < keep[cell] ? cell : (int)other[cell];
}

/* the scan in time: counts of the last 1 to LAST months for each place */
static int permute;
static int16_t home[CASES], month[CASES]; /* the cases by permutation */

static void draw(int (*counts)[N], uint64_t *s, int16_t *when) {
  memset(counts, 0, LAST * sizeof *counts);
  if (permute) memcpy(when, month, sizeof month);
  for (int i = 0; i < CASES; i++) {
    int cell, t;
    if (permute) {
      int j = i + (int)(((next(s) >> 32) * (uint64_t)(CASES - i)) >> 32);
      t = when[j], when[j] = when[i];
      cell = home[i];
    } else {
      cell = cell_of(s, N);
      t = (int)(((next(s) >> 32) * MONTHS) >> 32);
    }
    if (MONTHS - 1 - t < LAST) counts[MONTHS - 1 - t][cell]++;
  }
  for (int w = 1; w < LAST; w++)
    for (int i = 0; i < N; i++) counts[w][i] += counts[w - 1][i];
}

enum { FINE = 2 }; /* steps of the table to one expected */

static void finetable(int *needed, int upto, double b) {
  int c = 1;
  for (int i = 0; i <= upto; i++) {
    double e = i / (double)FINE;
    if (c <= e) c = (int)e + 1;
    if (i > 0) while (c < CASES && ratio(c, e) <= b) c++;
    needed[i] = c;
  }
}

static void *worktime(void *arg) {
  static const int most = FINE * (CASES / 10 * LAST / MONTHS + 1);
  static __thread int counts[LAST][N], needed[FINE * (CASES / 10 * LAST / MONTHS + 1) + 1];
  static __thread int16_t when[CASES];
  for (int r = (int)(intptr_t)arg; r < TIMED; r += THREADS) {
    uint64_t s = r * 0x9e3779b97f4a7c15 + 1;
    draw(counts, &s, when);
    double b = 0;
    finetable(needed, most, b);
    for (int i = 0; i < N; i++)
      for (int w = 0; w < LAST; w++) {
        int c = 0;
        float share = (w + 1.0f) / MONTHS;
        for (int k = start[i]; k < start[i + 1]; k++) {
          c += counts[w][member[k]];
          float e = want[k] * share;
          if (c < needed[(int)(e * FINE)] || c <= e || c < 2) continue;
          double v = ratio(c, e);
          if (v > b) b = v, finetable(needed, most, b);
        }
      }
    best[r] = b;
  }
  return NULL;
}

/* any run of months: counts of a circle are summed over time, a window is the
   difference of two */
static void *workruns(void *arg) {
  static const int most = FINE * (CASES / 2 * LONGEST / YEARS10 + 1);
  static __thread int counts[BOROUGHS][YEARS10 + 1], sums[YEARS10 + 1];
  static __thread int needed[FINE * (CASES / 2 * LONGEST / YEARS10 + 1) + 1];
  for (int r = (int)(intptr_t)arg; r < TIMED; r += THREADS) {
    uint64_t s = r * 0x9e3779b97f4a7c15 + 1;
    memset(counts, 0, sizeof counts);
    for (int i = 0; i < CASES; i++) {
      int cell = cell_of(&s, BOROUGHS);
      counts[cell][1 + (((next(&s) >> 32) * YEARS10) >> 32)]++;
    }
    for (int i = 0; i < BOROUGHS; i++)
      for (int t = 0; t < YEARS10; t++) counts[i][t + 1] += counts[i][t];
    double b = 0;
    finetable(needed, most, b);
    for (int i = 0; i < BOROUGHS; i++) {
      memset(sums, 0, sizeof sums);
      for (int k = start[i]; k < start[i + 1]; k++) {
        for (int t = 0; t <= YEARS10; t++) sums[t] += counts[member[k]][t];
        for (int length = 1; length <= LONGEST; length++) {
          float e = want[k] * length / YEARS10;
          for (int t = length; t <= YEARS10; t++) {
            int c = sums[t] - sums[t - length];
            if (c < needed[(int)(e * FINE)] || c <= e || c < 2) continue;
            double v = ratio(c, e);
            if (v > b) b = v, finetable(needed, most, b);
          }
        }
      }
    }
    best[r] = b;
  }
  return NULL;
}

static void *(*job)(void *) = work;

static double run(void) {
  struct timespec a, b;
  pthread_t t[THREADS];
  clock_gettime(CLOCK_MONOTONIC, &a);
  for (intptr_t i = 0; i < THREADS; i++) pthread_create(&t[i], NULL, job, (void *)i);
  for (int i = 0; i < THREADS; i++) pthread_join(t[i], NULL);
  clock_gettime(CLOCK_MONOTONIC, &b);
  return b.tv_sec - a.tv_sec + (b.tv_nsec - a.tv_nsec) * 1e-9;
}

int main(void) {
  state = 1;
  for (int i = 0; i < N; i++) {
    x[i] = 40000 * uniform(&state), y[i] = 40000 * uniform(&state);
    if (uniform(&state) < 0.5) x[i] = 20000 + 6000 * normal(&state), y[i] = 20000 + 6000 * normal(&state);
    people[i] = 1000 + 1200 * uniform(&state);
  }
  for (int c = 1; c <= CASES; c++) xlogx[c] = c * log(c);
  circles(N, 0.1);
  aliases(N);
  for (by_table = 1; by_table >= 0; by_table--) {
    double least = 1e9;
    for (int i = 0; i < (by_table ? 3 : 1); i++) {
      double t = run();
      if (t < least) least = t;
    }
    double mean = 0;
    int reps = by_table ? REPS : FEW;
    for (int r = 0; r < reps; r++) mean += best[r] / reps;
    fprintf(stderr, "%d circles, mean of the greatest %.6f\n", start[N], mean);
    printf("scan spatial C %s\t%.4f\n", by_table ? "table" : "plain", least * REPS / reps);
  }
  for (int i = 0; i < CASES; i++) {
    home[i] = cell_of(&state, N), month[i] = (int)(uniform(&state) * MONTHS);
  }
  job = worktime;
  for (permute = 0; permute < 2; permute++)
    printf("scan %s C table\t%.4f\n", permute ? "permutation" : "prospective", run() * REPS / TIMED);
  circles(BOROUGHS, 0.5);
  aliases(BOROUGHS);
  job = workruns;
  printf("scan retrospective C table\t%.4f\n", run() * REPS / TIMED);
}
