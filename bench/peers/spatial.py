"""Local Moran by permutation as a compiled loop of NumPy and Numba, drawn afresh
for each area, global Moran with NumPy and SciPy, and SciPy's tree for weights, at
the sizes of internal/stats/spatial's benchmarks. Compilation is left out. Prints
"work, peer<TAB>seconds", the least of three runs.

    python3 spatial.py
"""

import time

import numpy as np
from numba import njit, prange
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree


def honeycomb(n):
    """Neighbours of a honeycomb, 5.9 on average: start and to of each area."""
    wide = int(np.sqrt(n))
    i = np.arange(n)
    row, column = i // wide, i % wide
    a, b = [i[column > 0]], [i[column > 0] - 1]
    for side in (0, 1):
        c = column + row % 2 - 1 + side
        keep = (row > 0) & (c >= 0) & (c < wide)
        a.append(i[keep])
        b.append(((row - 1) * wide + c)[keep])
    a, b = np.concatenate(a), np.concatenate(b)
    m = csr_matrix((np.ones(2 * len(a)), (np.r_[a, b], np.r_[b, a])), shape=(n, n))
    return m.indptr, m.indices


@njit(parallel=True)
def local(start, to, x, permutations, seed):
    n = len(x)
    z = (x - x.mean()) / x.std()
    p = np.empty(n)
    for i in prange(n):
        np.random.seed(seed + i)
        k = start[i + 1] - start[i]
        seen = 0.0
        for j in to[start[i] : start[i + 1]]:
            seen += z[j]
        order = np.arange(n)
        order[i], order[n - 1] = order[n - 1], order[i]
        least = most = 0
        for _ in range(permutations):
            total = 0.0
            for t in range(k):
                at = t + np.random.randint(0, n - 1 - t)
                order[t], order[at] = order[at], order[t]
                total += z[order[t]]
            least += total <= seen
            most += total >= seen
        p[i] = (min(least, most) + 1) / (permutations + 1)
    return p


def moran(w, x, permutations, random):
    z = (x - x.mean()) / x.std()
    seen = z @ (w @ z) / len(z)
    more = 0
    for _ in range(permutations):
        y = random.permutation(z)
        more += y @ (w @ y) / len(z) >= seen
    return (more + 1) / (permutations + 1)


def band(points, reach):
    """Neighbours as start and to, which is what weights are made of."""
    pairs = cKDTree(points).query_pairs(reach, output_type="ndarray")
    i, j = np.r_[pairs[:, 0], pairs[:, 1]], np.r_[pairs[:, 1], pairs[:, 0]]
    m = csr_matrix((np.ones(len(i)), (i, j)), shape=(len(points), len(points)))
    m.sort_indices()
    return m


def measure(name, run):
    took = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        took.append(time.perf_counter() - start)
    print(f"{name}\t{min(took):.4f}", flush=True)


def main():
    random = np.random.default_rng(1)
    start, to = honeycomb(49)
    local(start, to, random.gamma(2, size=49), 9, 1)  # compiles
    for n, permutations in ((4994, 999), (4994, 9999), (35672, 999)):
        start, to = honeycomb(n)
        x = random.gamma(2, size=n)
        name = f"{n} areas, {permutations} permutations"
        measure(f"local Moran, {name}, numba", lambda: local(start, to, x, permutations, 1))
        if permutations == 999:
            w = csr_matrix((1 / np.repeat(np.diff(start), np.diff(start)), to, start), shape=(n, n))
            measure(f"Moran, {name}, scipy", lambda: moran(w, x, permutations, random))
    points = random.uniform(0, 300_000, (100_000, 2))
    measure("8 nearest of 100000 points, scipy", lambda: cKDTree(points).query(points, 9, workers=-1))
    measure("band of 1000 m, 100000 points, scipy", lambda: band(points, 1000))


main()
