"""Regression models in Python (statsmodels, scikit-learn, SciPy), at the sizes of the
product's benchmarks: prints what and seconds, the least of three runs."""
import time
import warnings

import numpy as np
import statsmodels.api as sm
from scipy.spatial import cKDTree
from sklearn.linear_model import PoissonRegressor

warnings.simplefilter("ignore")
rng = np.random.default_rng(1)


def best(name, f, times=3):
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        f()
        seconds.append(time.perf_counter() - start)
    print(f"{name}\t{min(seconds):.6f}", flush=True)


def counts(n, k):
    x = np.column_stack([np.ones(n), rng.standard_normal((n, k - 1))])
    b = np.concatenate([[0.5], 0.3 * np.cos(np.arange(1, k))])
    mu = np.exp(x @ b)
    return x, rng.poisson(mu * rng.gamma(2, size=n) / 2)


for n in (120, 5_000, 100_000):
    x, y = counts(n, 10)
    best(f"GLM/poisson/{n}x10 statsmodels GLM", lambda: sm.GLM(y, x, family=sm.families.Poisson()).fit())
    best(f"GLM/negbin/{n}x10 statsmodels NegativeBinomial", lambda: sm.NegativeBinomial(y, x).fit(disp=0), 1)
    best(f"GLM/poisson/{n}x10 scikit-learn PoissonRegressor, alpha 0",
         lambda: PoissonRegressor(alpha=0, tol=1e-8, max_iter=1000, solver="newton-cholesky").fit(x[:, 1:], y))
model = sm.GLM(y, x, family=sm.families.Poisson())
for name, o in (("HC3 statsmodels", dict(cov_type="HC3")),
                ("cluster statsmodels", dict(cov_type="cluster", cov_kwds={"groups": np.arange(n) % 5000})),
                ("hac statsmodels, lag 18", dict(cov_type="HAC", cov_kwds={"maxlags": 18}))):
    best(f"Robust/{name}, with the fit, 100000x10", lambda: model.fit(**o))

n, k = 4994, 60
x = rng.standard_normal((n, k)) + 0.7 * rng.standard_normal((n, 1))
b = np.concatenate([np.full(8, 0.12), np.full(6, -0.06), np.zeros(k - 14)])
y = rng.poisson(np.exp(x @ b - 0.3))
z = np.column_stack([np.ones(n), x])
penalty = np.concatenate([[0], np.full(k, 0.02)])
best(f"ElasticNet/one penalty of the path/{n}x{k} statsmodels fit_regularized",
     lambda: sm.GLM(y, z, family=sm.families.Poisson()).fit_regularized(alpha=penalty, L1_wt=1.0), 1)
best(f"ElasticNet/one ridge penalty/{n}x{k} scikit-learn PoissonRegressor",
     lambda: PoissonRegressor(alpha=0.02, tol=1e-8, solver="newton-cholesky").fit(x, y))

a = rng.random((100_000, 2)) * [50_000, 40_000]
best("NearestPoint/nearest/100000of20000 SciPy cKDTree, two threads", lambda: cKDTree(a[:20_000]).query(a, workers=2))
