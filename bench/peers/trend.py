"""What statsmodels takes for the work of the benchmarks of internal/stats/trend: 33
monthly series of 120. Prints name<TAB>seconds, the least of five runs."""
import time
import warnings

import numpy as np
import statsmodels.api as sm
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.seasonal import STL, seasonal_decompose

warnings.filterwarnings("ignore")
random = np.random.default_rng(7)
n = 120
i = np.arange(n)


def made(p):
    m = (2 + 48 * p / 33) * (1 + 0.25 * np.sin(2 * np.pi * i / 12)) * np.where((i >= 74) & (i < 78), 0.5, 1)
    return random.negative_binomial(8, 8 / (8 + m)).astype(float)


series = [made(p) for p in range(33)]
months = np.column_stack([np.ones(n), i / 12] + [(i % 12 == m).astype(float) for m in range(1, 12)])


def clock(name, work, runs=5):
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        for y in series:
            work(y)
        best = min(best, time.perf_counter() - start)
    print(name, best, sep="\t")


def hac(y):
    return sm.GLM(y, months, family=sm.families.Poisson()).fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True})


clock("statsmodels-decompose", lambda y: seasonal_decompose(y, period=12))
clock("statsmodels-stl-periodic", lambda y: STL(y, period=12, seasonal=1201, seasonal_deg=0).fit())
clock("statsmodels-stl-window", lambda y: STL(y, period=12, seasonal=7, seasonal_deg=0, trend_jump=3, low_pass_jump=2).fit())
clock("statsmodels-stl-robust", lambda y: STL(y, period=12, seasonal=7, seasonal_deg=0, trend_jump=3, low_pass_jump=2, robust=True).fit(inner_iter=1, outer_iter=15))
clock("statsmodels-glm-hac", hac)
clock("statsmodels-holtwinters", lambda y: ExponentialSmoothing(y, trend="add", seasonal="add", seasonal_periods=12).fit(), 1)
clock("statsmodels-holtwinters-simulated", lambda y: ExponentialSmoothing(y, trend="add", seasonal="add", seasonal_periods=12).fit().simulate(12, repetitions=1000), 1)
