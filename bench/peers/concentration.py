"""Concentration and stability with numpy, as an analyst would write them: 4,994
areas and some 100,000 events a year. No package of Python or R here has them all."""
import time

import numpy as np
from scipy import stats

rng = np.random.default_rng(1)
n = 4994
risk = 20 * rng.gamma(1.5, size=n) / 1.5
one, two = rng.poisson(risk).astype(np.int64), rng.poisson(risk).astype(np.int64)
rank = 2 * np.arange(1, n + 1) - n - 1


def best(f, runs=3):
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        f()
        took.append(time.perf_counter() - began)
    return min(took)


def gini(x):
    x = np.sort(x)
    return (rank * x).sum() / (n * x.sum())


def measures(x):
    down = np.cumsum(np.sort(x)[::-1])
    return gini(x), np.searchsorted(down, down[-1] / 2) / n


def bootstrap():
    return np.quantile([measures(one[rng.integers(0, n, n)]) for _ in range(999)], [0.025, 0.975], axis=0)


def chance():
    total, p = one.sum(), np.full(n, 1 / n)
    return np.quantile([measures(rng.multinomial(total, p)) for _ in range(999)], [0.025, 0.975], axis=0)


def andresen():
    keep = round(0.85 * two.sum())
    draws = np.sort(np.array([rng.multivariate_hypergeometric(two, keep) for _ in range(200)]) / keep, axis=0)
    share = one / one.sum()
    return ((share >= draws[5]) & (share <= draws[194])).mean()


def fisher():
    a, b = one.sum(), two.sum()
    return [stats.fisher_exact([[x, a - x], [y, b - y]])[1] for x, y in zip(one[:200], two[:200])]


def size():
    return stats.fit(stats.nbinom, one, [(0.01, 100), (0.001, 0.999)])


print(f"Gini and holding share, 4994 areas, numpy\t{best(lambda: measures(one), 20):.6f}")
print(f"Gini and holding share, 999 bootstraps, numpy\t{best(bootstrap):.4f}")
print(f"Gini and holding share by chance, 999 replications, numpy\t{best(chance):.4f}")
print(f"Andresen's S, 200 draws, numpy\t{best(andresen):.4f}")
print(f"Fisher's test, 4994 areas (200 measured, times 24.97), scipy\t{best(fisher) * n / 200:.4f}")
print(f"Poisson-gamma fit, 4994 areas, scipy\t{best(size, 1):.4f}")
