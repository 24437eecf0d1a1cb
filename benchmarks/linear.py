"""Least squares, ridge, lasso and RBF regression beside scikit-learn."""

import numpy as np

import mlcore

from .harness import Case


def regression(m, d, seed=0):
    """X (m, d) with correlated columns, far from the origin and in units of their own; y (m,) with noise."""
    rng = np.random.default_rng(seed)
    mixing = np.eye(d) + rng.normal(size=(d, d)) / (2 * np.sqrt(d))
    X = (rng.normal(size=(m, d)) @ mixing + rng.uniform(-5, 5, d)) * 10.0 ** rng.uniform(-1, 1, d)
    theta = rng.normal(size=d) * (np.arange(d) % 3 == 0) / X.std(axis=0)
    return X, X @ theta + rng.normal(size=m) + 10


def reference(X, y, delta=0.0):
    """θ̂ to more digits than float64 has: Newton steps with the gradient in extended precision."""
    long, A = np.longdouble, np.column_stack((np.ones(len(X)), X))
    unit = np.sqrt((A**2).sum(axis=0))
    penalty = np.append(0.0, np.full(X.shape[1], delta**2))
    H = (A / unit).T @ (A / unit) + np.diag(penalty / unit**2)
    theta, A = np.zeros(len(unit), dtype=long), A.astype(long)
    for _ in range(6):
        g = (y - A @ theta) @ A - penalty * theta
        theta = theta + np.linalg.solve(H, (g / unit).astype(float)) / unit
    return theta, unit


def least_squares(m, d, delta=0.0, gap=None):
    """One fit; the error is that of θ̂ with its entries in units of their columns, relative.

    With a `gap` the first two columns are alike but for that part of their length.
    """

    def build():
        from sklearn import linear_model

        X, y = regression(m, d)
        if gap:
            X[:, 0] = X[:, 1] + gap * X[:, 0]
        theta, unit = reference(X, y, delta)
        model = mlcore.Ridge(delta) if delta else mlcore.LinearRegression()
        peer = linear_model.Ridge(alpha=delta**2) if delta else linear_model.LinearRegression()

        def errors(model, peer):
            found = model.theta_, np.append(peer.intercept_, peer.coef_)
            return [np.linalg.norm((t - theta) * unit) / np.linalg.norm(theta * unit) for t in found]

        return lambda: model.fit(X, y), lambda: peer.fit(X, y), errors

    return build


def ridge_path(m, d, n):
    """`n` strengths at once against one fit of the peer."""

    def build():
        from sklearn.linear_model import Ridge

        X, y = regression(m, d)
        deltas = np.geomspace(1e-2, 1e2, n)
        k = n // 2
        theta, unit = reference(X, y, deltas[k])
        peer = Ridge(alpha=deltas[k] ** 2)

        def errors(path, peer):
            found = path[k], np.append(peer.intercept_, peer.coef_)
            return [np.linalg.norm((t - theta) * unit) / np.linalg.norm(theta * unit) for t in found]

        return lambda: mlcore.ridge_path(X, y, deltas), lambda: peer.fit(X, y), errors

    return build


def lasso_path(m, d):
    """The path at the peer's 100 strengths; the error is how far the conditions of a minimum are violated.

    The peer's function knows no intercept: it gets centred columns, and their centring is not counted.
    """

    def build():
        from sklearn.linear_model import lasso_path as peer_path

        X, y = regression(m, d)
        X = (X - X.mean(axis=0)) / X.std(axis=0) + 3.0
        Xc, yc = np.asfortranarray(X - X.mean(axis=0)), y - y.mean()
        deltas = np.sqrt(2 * m * peer_path(Xc, yc)[0])

        def errors(ours, theirs):
            slopes = theirs[1].T  # (100, d)
            both = ours, np.column_stack((y.mean() - slopes @ X.mean(axis=0), slopes))
            return [
                max(mlcore.lasso_kkt(X, y, t, delta) for t, delta in zip(thetas[::9], deltas[::9]))
                for thetas in both
            ]

        return lambda: mlcore.lasso_path(X, y, deltas[-1]).at(deltas), lambda: peer_path(Xc, yc), errors

    return build


def rbf_grid(m, n_lams, n_deltas):
    """Leave-one-out errors of a whole grid against a mere fit for each of its cells.

    The peer's model is the user's alternative, not the same: it penalises θᵀΦθ and has no intercept. Ours is
    checked against refits without one point, the peer's against the equations that it solves.
    """

    def build():
        from sklearn.kernel_ridge import KernelRidge

        rng = np.random.default_rng(0)
        X = rng.uniform(-3, 3, size=(m, 2))
        y = np.sin(2 * X[:, 0]) * X[:, 1] + 0.3 * rng.normal(size=m)
        lams, deltas = np.geomspace(0.1, 10, n_lams), np.geomspace(1e-2, 10, n_deltas)

        def theirs():
            return [
                KernelRidge(kernel="rbf", gamma=1 / lam, alpha=delta**2).fit(X, y)
                for lam in lams
                for delta in deltas
            ]

        def errors(grid, models):
            i, j = n_lams // 2, n_deltas // 2
            Phi = mlcore.rbf(X, X, lams[i])
            some = range(0, m, max(1, m // 20))
            refits = [
                y[k]
                - mlcore.Ridge(deltas[j])
                .fit(np.delete(Phi, k, 0), np.delete(y, k))
                .predict(Phi[k : k + 1])[0]
                for k in some
            ]
            loo = mlcore.ridge_loo(Phi, y, [deltas[j]])[0]
            ours = max(
                abs(np.mean(loo**2) / grid[i, j] - 1), np.abs(loo[some] - refits).max() / np.abs(refits).max()
            )
            c = models[i * n_deltas + j].dual_coef_
            left = y - Phi @ c - deltas[j] ** 2 * c
            return ours, np.linalg.norm(left) / np.linalg.norm(y)

        return lambda: mlcore.rbf_grid(X, y, lams, deltas), theirs, errors

    return build


def cases(quick=False):
    """The rows on linear models; sizes for a trial run if `quick`."""

    def size(m, d):
        return (60, 5) if quick else (m, d)

    theta = "relative error of θ̂"
    for m in (10_000, 100_000):
        yield Case(
            f"least squares, {m:,} × 100",
            "scikit-learn LinearRegression",
            0.6,
            least_squares(*size(m, 100)),
            theta,
        )
    yield Case(
        "least squares, 10,000 × 20, two columns alike to 10⁻⁴",
        "scikit-learn LinearRegression",
        None,
        least_squares(*size(10_000, 20), gap=1e-4),
        theta,
    )
    for m in (10_000, 100_000):
        yield Case(f"ridge, {m:,} × 100", "scikit-learn Ridge", 0.6, least_squares(*size(m, 100), 3.0), theta)
    yield Case(
        "ridge path of 100 δ, 100,000 × 100",
        "one fit of scikit-learn Ridge",
        0.6,
        ridge_path(*size(100_000, 100), 100),
        theta,
    )
    kkt = "violation of the conditions of a minimum"
    for m, d, goal in ((1000, 10, 0.6), (10_000, 100, 0.6), (100, 300, 1.2), (200, 1000, 1.2)):
        yield Case(
            f"lasso path, {m:,} × {d:,}",
            "scikit-learn lasso_path, 100 strengths",
            goal,
            lasso_path(*((20, 30) if quick and d > m else size(m, d))),
            kkt,
        )
    yield Case(
        "RBF grid 8 × 20 with leave-one-out, m = 500",
        "160 fits of scikit-learn KernelRidge",
        0.25,
        rbf_grid(30 if quick else 500, 8, 20),
        "of a leave-one-out residual; of the equations solved",
        floor=1e-8,
    )
