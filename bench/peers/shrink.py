"""Ranks of 4,994 places with NumPy and SciPy: prints what and seconds."""
import time
import numpy as np
from scipy.stats import kendalltau, rankdata


def best(name, f, times=2, calls=1):
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        for _ in range(calls):
            f()
        seconds.append((time.perf_counter() - start) / calls)
    print(f"{name}\t{min(seconds):.6f}", flush=True)


n, draws = 4994, 10_000
r = np.random.default_rng(1)
shape, rate = 3 + r.poisson(5 * r.gamma(3, size=n) / 3), 1.5 + r.random(n)


def top():
    counts = np.zeros((3, n))
    for _ in range(draws):
        values = r.standard_gamma(shape) / rate
        order = np.argpartition(-values, (49, 249, 499))
        for j, k in enumerate((50, 250, 500)):
            counts[j, order[:k]] += 1


def ranks():
    held = np.empty((draws, n), dtype=np.uint16)
    index = np.arange(1, n + 1)
    for d in range(draws):
        held[d, np.argsort(-(r.standard_gamma(shape) / rate))] = index
    held.mean(axis=0)
    np.percentile(held, (2.5, 97.5), axis=0)


best("NumPy top k, 10,000 draws", top)
best("NumPy ranks, 10,000 draws", ranks)

x, y = r.normal(size=n), r.normal(size=n)
best("SciPy kendalltau", lambda: kendalltau(x, y), 5, 50)

indicators = r.normal(size=(7, n))


def stability():
    given = rankdata(-indicators.mean(axis=0))
    counts, expected, shift, tau = np.zeros((2, n)), np.zeros(n), 0, 0
    held = np.empty((2000, n), dtype=np.uint16)
    for d in range(2000):
        score = r.dirichlet(np.ones(7)) @ indicators
        order = np.argsort(-score)
        ranks = np.empty(n)
        ranks[order] = np.arange(1, n + 1)
        held[d] = ranks
        expected += ranks
        for j, k in enumerate((250, 500)):
            counts[j, order[:k]] += 1
        shift += np.abs(ranks - given).mean()
        tau += kendalltau(-given, score)[0]
    np.percentile(held, (2.5, 97.5), axis=0)


best("NumPy, SciPy stability, 2,000 draws", stability, 1)
