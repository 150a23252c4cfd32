"""Rates, intervals, surveys and distributions in numpy, scipy and statsmodels.
Prints name<TAB>seconds, the least of five runs, for the work that the benchmark
of the same name in internal/stats/rate, dist, lin and cba does."""
import time
import warnings

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import test_poisson_2indep
import statsmodels.api as sm

warnings.simplefilter("ignore")
rng = np.random.default_rng(1)


def best(name, work, times=1):
    least = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(times):
            work()
        least = min(least, (time.perf_counter() - start) / times)
    print(f"{name}\t{least:.9f}", flush=True)


counts = np.arange(4994) % 40
best("rate.exact 4994 (scipy gamma.ppf)", lambda: (stats.gamma.ppf(0.025, counts), stats.gamma.ppf(0.975, counts + 1)))
best("rate.wilson 4994 (statsmodels proportion_confint)", lambda: proportion_confint(counts, 60, method="wilson"), 20)
best("rate.stand 4994 (scipy poisson.cdf, sf)", lambda: (stats.poisson.cdf(counts, 12), stats.poisson.sf(counts - 1, 12)))
best("rate.midp (statsmodels test_poisson_2indep, exact-cond)",
     lambda: test_poisson_2indep(220265, 1, 222048, 1, method="cond-midp"), 20)

events, people = rng.poisson(4, (4994, 19)), 50 + rng.poisson(60, (4994, 19))


def direct():
    w = np.full(19, 1 / 19)
    value = (w * events / people).sum(1)
    variance = (w * w * events / people**2).sum(1)
    o = events.sum(1)
    z = 1.96
    low = o * (1 - 1 / (9 * o) - z / (3 * np.sqrt(o))) ** 3
    high = (o + 1) * (1 - 1 / (9 * (o + 1)) + z / (3 * np.sqrt(o + 1))) ** 3
    s = np.sqrt(variance / o)
    return value + s * (low - o), value + s * (high - o)


best("rate.direct 4994 x 19 (numpy by hand)", direct, 5)

pop, value, se = rng.uniform(2000, 9000, 10), rng.normal(10, 1, 10), rng.uniform(0, 1, 10)


def slope():
    w = pop / pop.sum()
    mid = np.cumsum(w) - w / 2
    d = mid - (w * mid).sum()
    by = w * d / (w * d * d).sum()
    level = w - by * (w * mid).sum()
    v = rng.normal(value, se, (100_000, 10))
    s, a = v @ by, v @ level
    return np.quantile(s, [0.025, 0.975]), np.quantile((a + s) / a, [0.025, 0.975])


best("rate.slope 100000 draws (numpy by hand)", slope)
k = rng.poisson(pop * 0.01)


def gradient():
    w = pop / pop.sum()
    return sm.GLM(k, sm.add_constant(np.cumsum(w) - w / 2), family=sm.families.Poisson(), offset=np.log(pop)).fit()


best("rate.gradient (statsmodels GLM)", gradient, 5)

m, j = 1.0 + np.arange(100_000) % 50, np.arange(100_000) % 30
for name, work in {
    "qnbinom": lambda: stats.nbinom.ppf(0.995, 5, 5 / (5 + m)),
    "pnbinom": lambda: stats.nbinom.cdf(j, 5, 5 / 15),
    "dnbinom": lambda: stats.nbinom.pmf(j, 5, 5 / 15),
    "qpois": lambda: stats.poisson.ppf(0.995, m),
    "qgamma": lambda: stats.gamma.ppf(0.975, m),
    "qbeta": lambda: stats.beta.ppf(0.975, m, 20),
    "qt": lambda: stats.t.ppf(0.975, m),
    "pt": lambda: stats.t.sf(2, m),
    "qnorm": lambda: stats.norm.ppf(m / 1000),
}.items():
    best(f"dist.{name} 100000 (scipy)", work)

x, y = rng.normal(size=(5000, 20)), rng.normal(size=5000)
best("lin.least 5000 x 20 (numpy lstsq)", lambda: np.linalg.lstsq(x, y, rcond=None), 5)
g = rng.normal(size=(40, 33))
g = g.T @ g
best("lin.eigen 33 (numpy eigh)", lambda: np.linalg.eigh(g), 50)

lines = np.r_[np.full(4, -1.1), np.full(8, 0.72)] * (1000 * 1.035 ** -np.arange(10)).sum()


def simulate():
    v = rng.triangular(0.7, 1, 1.5, (10_000, 12))
    net = v @ lines
    rank = [stats.spearmanr(net, v[:, i])[0] for i in range(12)]
    return np.quantile(net, [0.025, 0.5, 0.975]), (net > 0).mean(), rank


best("cba.simulate 10000 draws x 12 (numpy, scipy)", simulate)
