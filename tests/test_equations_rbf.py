"""The equations of the chapter on radial basis functions, each against something of another origin."""

import itertools
import math

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import interpolate, optimize, stats
from sklearn.linear_model import Ridge as PeerRidge
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import LeaveOneOut, LeavePGroupsOut, cross_val_predict

from mlcore.basis import rbf
from mlcore.exercises import rbf as exercises
from mlcore.rbf_regression import RBFRegression, rbf_grid
from mlcore.ridge import Ridge, ridge_dof, ridge_loo

SEEDS = range(4)


def sample(seed, m=12, d=2, n=5):
    """Points (m, d), centres (n, d), targets (m,), a width and a strength."""
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=(m, d)),
        rng.normal(size=(n, d)),
        rng.normal(5, 2, size=m),
        rng.uniform(0.5, 3),
        rng.uniform(0.2, 2),
    )


def kernel(x, mu, lam):
    """The bump, coordinate by coordinate."""
    return math.exp(-sum((a - b) ** 2 for a, b in zip(x, mu)) / lam)


def design(X, centers, lam):
    return np.array([[1.0] + [kernel(x, mu, lam) for mu in centers] for x in X])


def free_intercept(n):
    return np.diag([0.0] + n * [1.0])


def closed(Phi, y, delta):
    return np.linalg.inv(Phi.T @ Phi + delta**2 * free_intercept(Phi.shape[1] - 1)) @ Phi.T @ y


def hat_matrix(Phi, delta):
    return Phi @ np.linalg.inv(Phi.T @ Phi + delta**2 * free_intercept(Phi.shape[1] - 1)) @ Phi.T


def cost(theta, Phi, y, delta):
    """J, summed term by term; the intercept is free."""
    return sum((yi - row @ theta) ** 2 for yi, row in zip(y, Phi)) + delta**2 * sum(t**2 for t in theta[1:])


# ----------------------------------------------------------------------------------------------- three bumps
@pytest.mark.equation("eq-rbf")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_kernel_is_1_at_its_centre_and_1_over_e_at_the_distance_root_lambda(seed):
    X, centers, _, lam, _ = sample(seed, d=3)
    values = rbf(X, centers, lam)
    assert_allclose(values, [[kernel(x, mu, lam) for mu in centers] for x in X], rtol=1e-13)
    assert_allclose(np.diag(rbf(centers, centers, lam)), 1.0)
    direction = X[0] / np.linalg.norm(X[0])
    assert_allclose(rbf((centers[0] + np.sqrt(lam) * direction)[None], centers[:1], lam), math.exp(-1))
    squared = mpmath.fsum((mpmath.mpf(a) - mpmath.mpf(b)) ** 2 for a, b in zip(X[0], centers[0]))
    assert_allclose(values[0, 0], float(mpmath.exp(-squared / lam)), rtol=1e-14)


@pytest.mark.equation("eq-rbf-width")
@pytest.mark.parametrize("seed", SEEDS)
def test_one_bump_in_three_notations(seed):
    X, centers, _, lam, _ = sample(seed, d=1)
    ours = rbf(X, centers, lam)
    assert_allclose(ours, rbf_kernel(X, centers, gamma=1 / lam))
    sigma = math.sqrt(lam / 2)
    assert_allclose(ours, stats.norm.pdf(X - centers.T, scale=sigma) / stats.norm.pdf(0, scale=sigma))


@pytest.mark.equation("eq-rbf-three")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_example_with_three_centres(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 4, 20), rng.normal(size=20)
    model = RBFRegression(1.0, 0.3, centers=[1.0, 2.0, 3.0]).fit(x[:, None], y)
    t0, t1, t2, t3 = model.theta_
    expected = [
        t0 + math.exp(-((z - 1) ** 2)) * t1 + math.exp(-((z - 2) ** 2)) * t2 + math.exp(-((z - 3) ** 2)) * t3
        for z in x
    ]
    assert_allclose(model.predict(x[:, None]), expected)


@pytest.mark.equation("eq-rbf-model", "eq-rbf-design")
@pytest.mark.parametrize("seed", SEEDS)
def test_predictions_are_phi_times_theta(seed):
    X, centers, y, lam, delta = sample(seed)
    model = RBFRegression(lam, delta, centers).fit(X, y)
    Phi = design(X, centers, lam)
    assert Phi.shape == (len(X), len(centers) + 1) and np.all(Phi[:, 0] == 1)
    summed = [
        model.theta_[0] + sum(kernel(x, mu, lam) * t for mu, t in zip(centers, model.theta_[1:])) for x in X
    ]
    assert_allclose(model.predict(X), summed)
    assert_allclose(Phi @ model.theta_, summed)


@pytest.mark.equation("eq-rbf-cost")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_cost_in_matrix_form_is_the_sum(seed):
    X, centers, y, lam, delta = sample(seed)
    Phi, theta = design(X, centers, lam), np.random.default_rng(seed + 50).normal(size=6)
    e = y - Phi @ theta
    assert_allclose(e @ e + delta**2 * theta @ free_intercept(5) @ theta, cost(theta, Phi, y, delta))


@pytest.mark.equation("eq-rbf-normal")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_is_that_of_complex_steps_and_vanishes_at_the_minimum(seed):
    X, centers, y, lam, delta = sample(seed)
    Phi, theta = design(X, centers, lam), np.random.default_rng(seed + 50).normal(size=6)
    A = Phi.T @ Phi + delta**2 * free_intercept(5)
    assert_allclose(y @ y - 2 * y @ Phi @ theta + theta @ A @ theta, cost(theta, Phi, y, delta))
    steps = [cost(theta + 1e-30j * unit, Phi, y, delta).imag / 1e-30 for unit in np.eye(6)]
    assert_allclose(-2 * Phi.T @ y + 2 * A @ theta, steps, rtol=1e-10, atol=1e-10)
    found = optimize.minimize(cost, theta, args=(Phi, y, delta), method="BFGS", options={"gtol": 1e-8}).x
    assert_allclose(A @ found, Phi.T @ y, rtol=1e-5)


@pytest.mark.equation("eq-rbf-solutions")
@pytest.mark.parametrize("seed", SEEDS)
def test_both_solutions_are_those_of_peers_and_of_mlcore(seed):
    X, centers, y, lam, delta = sample(seed)
    Phi = design(X, centers, lam)
    assert_allclose(np.linalg.inv(Phi.T @ Phi) @ Phi.T @ y, np.linalg.lstsq(Phi, y)[0], rtol=1e-6)
    assert_allclose(RBFRegression(lam, 0.0, centers).fit(X, y).theta_, np.linalg.lstsq(Phi, y)[0], rtol=1e-7)
    peer = PeerRidge(alpha=delta**2).fit(rbf_kernel(X, centers, gamma=1 / lam), y)
    assert_allclose(closed(Phi, y, delta), [peer.intercept_, *peer.coef_], rtol=1e-8)
    assert_allclose(RBFRegression(lam, delta, centers).fit(X, y).theta_, closed(Phi, y, delta), rtol=1e-8)


# --------------------------------------------------------------------------- one bump on each training point
@pytest.mark.equation("eq-rbf-product", "eq-rbf-positive")
@pytest.mark.parametrize("lam", [0.5, 1.0, 30.0])
@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_quadratic_form_of_the_kernel_is_a_sum_of_squares(lam, d):
    rng = np.random.default_rng(5)
    X, v = rng.uniform(-0.8, 0.8, (5, d)), rng.normal(size=5)
    with mpmath.workdps(40):
        points = [[mpmath.mpf(c) for c in x] for x in X]
        Phi = mpmath.matrix(
            [
                [mpmath.exp(-mpmath.fsum((a - b) ** 2 for a, b in zip(x, z)) / lam) for z in points]
                for x in points
            ]
        )
        form = (mpmath.matrix(v).T * Phi * mpmath.matrix(v))[0]
        weights = [vi * mpmath.exp(-mpmath.fsum(c**2 for c in x) / lam) for vi, x in zip(v, points)]
        for i, k in ((0, 1), (2, 4)):  # the product of three exponentials
            inner = mpmath.fsum(a * b for a, b in zip(points[i], points[k]))
            product = weights[i] * weights[k] * mpmath.exp(2 * inner / lam) / v[i] / v[k]
            assert abs(product - Phi[i, k]) < 1e-30
        total = mpmath.mpf(0)
        for p in range({1: 60, 2: 45, 3: 40}[d]):
            # each multiset of coordinates stands for as many tuples as it has orders
            for tuple_ in itertools.combinations_with_replacement(range(d), p):
                orders = math.factorial(p)
                for c in range(d):
                    orders //= math.factorial(tuple_.count(c))
                monomials = [mpmath.fprod(x[c] for c in tuple_) for x in points]
                square = mpmath.fsum(a * b for a, b in zip(weights, monomials)) ** 2
                total += (mpmath.mpf(2) / lam) ** p / mpmath.factorial(p) * orders * square
        assert abs(form - total) < 1e-12 * form
        assert min(mpmath.eigsy(Phi, eigvals_only=True)) > 0
    assert_allclose(v @ rbf(X, X, lam) @ v, float(form), rtol=1e-6)


@pytest.mark.equation("eq-rbf-one-point")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_polynomial_that_is_1_at_one_point_and_0_at_the_others(seed):
    X = np.random.default_rng(seed).normal(size=(5, 3))

    def q(i, x):
        factors = [(x - z) @ (X[i] - z) / np.sum((X[i] - z) ** 2) for k, z in enumerate(X) if k != i]
        return math.prod(factors)

    assert_allclose([[q(i, x) for x in X] for i in range(5)], np.eye(5), atol=1e-14)
    # along a line it is a polynomial of degree 4 = m - 1: its fifth differences vanish
    start, way = np.random.default_rng(seed + 50).normal(size=(2, 3))
    along = [q(0, start + t * way) for t in range(8)]
    assert_allclose(np.diff(along, 5), 0, atol=1e-9 * np.abs(along).max())


@pytest.mark.equation("eq-rbf-interpolants")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_intercept_interpolates_and_a_vanishing_ridge_takes_the_shortest(seed):
    rng = np.random.default_rng(seed)
    X, y = np.arange(7.0)[:, None] + rng.uniform(-0.2, 0.2, (7, 1)), rng.normal(size=7)
    K = design(X, X, 0.8)[:, 1:]
    u, w = np.linalg.inv(K) @ np.ones(7), np.linalg.inv(K) @ y
    for theta0 in (-2.0, 0.0, 3.0):
        assert_allclose(theta0 + K @ (w - theta0 * u), y)
    without = interpolate.RBFInterpolator(X, y, kernel="gaussian", epsilon=0.8**-0.5, degree=-1)  # θ₀ = 0
    Z = np.linspace(0, 6, 9)[:, None]
    assert_allclose(design(Z, X, 0.8)[:, 1:] @ w, without(Z), rtol=1e-8)
    small = RBFRegression(0.8, 1e-6).fit(X, y)
    assert_allclose(small.theta_[0], u @ w / (u @ u), rtol=1e-6, atol=1e-8)
    assert_allclose(small.theta_[1:], w - u @ w / (u @ u) * u, rtol=1e-6, atol=1e-8)


@pytest.mark.equation("eq-rbf-condition")
@pytest.mark.parametrize("seed", SEEDS)
def test_rows_of_delta_bound_the_condition_number(seed):
    X, _, y, lam, delta = sample(seed)
    Phi = rbf(X, X, 5 * lam)
    Phi = Phi - Phi.mean(axis=0)
    tall = np.vstack([Phi, delta * np.eye(len(X))])
    s = np.linalg.svd(Phi, compute_uv=False)
    assert_allclose(np.linalg.cond(tall), np.sqrt((s[0] ** 2 + delta**2) / (s[-1] ** 2 + delta**2)))
    assert np.linalg.cond(tall) <= np.sqrt(1 + s[0] ** 2 / delta**2) * (1 + 1e-12)
    # the taller least-squares problem is the ridge problem
    stacked = np.linalg.lstsq(tall, np.concatenate([y - y.mean(), np.zeros(len(X))]))[0]
    assert_allclose(stacked, RBFRegression(5 * lam, delta).fit(X, y).theta_[1:], rtol=1e-8, atol=1e-10)


# --------------------------------------------------------------------------------------------- leave one out
@pytest.mark.equation("eq-rbf-hat")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_hat_matrix_gives_the_predictions_and_the_leverage_their_change(seed):
    X, _, y, lam, delta = sample(seed)
    H = hat_matrix(design(X, X, lam), delta)
    features = rbf_kernel(X, gamma=1 / lam)
    peer = PeerRidge(alpha=delta**2)
    before = peer.fit(features, y).predict(features)
    assert_allclose(H @ y, before)
    assert_allclose(H @ y, RBFRegression(lam, delta).fit(X, y).predict(X))
    for i in range(len(y)):
        pushed = y + np.eye(len(y))[i]
        assert_allclose(peer.fit(features, pushed).predict(features)[i] - before[i], H[i, i], rtol=1e-7)


@pytest.mark.equation("eq-loo-argument")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_point_put_on_the_curve_fitted_without_it_does_not_move_the_curve(seed):
    X, _, y, lam, delta = sample(seed)
    Phi, rng = design(X, X, lam), np.random.default_rng(seed + 50)
    for i in range(len(y)):
        rest = np.delete(np.arange(len(y)), i)
        theta = closed(Phi[rest], y[rest], delta)
        replaced = y.copy()
        replaced[i] = Phi[i] @ theta
        assert_allclose(closed(Phi, replaced, delta), theta, rtol=1e-6, atol=1e-8)
        other = rng.normal(size=len(theta))
        assert_allclose(
            cost(other, Phi, replaced, delta),
            cost(other, Phi[rest], y[rest], delta) + (replaced[i] - Phi[i] @ other) ** 2,
        )
        assert cost(other, Phi, replaced, delta) >= cost(theta, Phi[rest], y[rest], delta)
        assert_allclose(cost(theta, Phi, replaced, delta), cost(theta, Phi[rest], y[rest], delta))


@pytest.mark.equation("eq-loo", "eq-loo-error")
@pytest.mark.parametrize("seed", SEEDS)
def test_leave_one_out_residuals_are_those_of_refits(seed):
    X, _, y, lam, delta = sample(seed)
    features = rbf_kernel(X, gamma=1 / lam)
    refits = y - cross_val_predict(PeerRidge(alpha=delta**2), features, y, cv=LeaveOneOut())
    H = hat_matrix(design(X, X, lam), delta)
    assert_allclose((y - H @ y) / (1 - np.diag(H)), refits)
    assert_allclose(ridge_loo(features, y, [delta])[0], refits)
    error = math.sqrt(sum(e**2 for e in refits) / len(y))
    assert_allclose(np.sqrt(rbf_grid(X, y, [lam], [delta])), [[error]])


@pytest.mark.equation("eq-rbf-leverage")
@pytest.mark.parametrize("seed", SEEDS)
def test_leverages_from_the_singular_values(seed):
    X, _, y, lam, delta = sample(seed)
    Phi = rbf(X, X, lam)
    U, s, _ = np.linalg.svd(Phi - Phi.mean(axis=0))
    U, s = U[:, s > 1e-10], s[s > 1e-10]
    m, share = len(y), s**2 / (s**2 + delta**2)
    H = hat_matrix(design(X, X, lam), delta)
    assert_allclose(np.ones((m, m)) / m + U @ np.diag(share) @ U.T, H, atol=1e-10)
    h = 1 / m + (U**2 * share).sum(axis=1)
    assert_allclose(h, np.diag(H), rtol=1e-8)
    assert np.all(h < 1)
    assert_allclose(h.sum(), 1 + ridge_dof(Phi, [delta])[0])
    e = y - Ridge(delta).fit(Phi, y).predict(Phi)
    assert_allclose(e / (1 - h), ridge_loo(Phi, y, [delta])[0], rtol=1e-7)


@pytest.mark.equation("eq-loo-block")
@pytest.mark.parametrize("seed", SEEDS)
def test_leave_a_block_out(seed):
    X, _, y, lam, delta = sample(seed)
    groups = np.arange(12) // 4
    features = rbf_kernel(X, gamma=1 / lam)
    peer = PeerRidge(alpha=delta**2)
    refits = y - cross_val_predict(peer, features, y, groups=groups, cv=LeavePGroupsOut(1))
    H = hat_matrix(design(X, X, lam), delta)
    e = y - H @ y
    for g in range(3):
        F = np.flatnonzero(groups == g)
        H_FF = H[np.ix_(F, F)]
        assert_allclose(np.linalg.inv(np.eye(4) - H_FF) @ e[F], refits[F], rtol=1e-6)
        blind = y[F] - refits[F]
        assert_allclose(blind, (H @ y)[F] + H_FF @ (blind - y[F]))


# -------------------------------------------------------------------------------- what goes wrong, exercises
@pytest.mark.equation("eq-rbf-far")
@pytest.mark.parametrize("seed", SEEDS)
def test_far_from_all_centres_the_prediction_is_the_intercept(seed):
    X, centers, y, lam, delta = sample(seed)
    model = RBFRegression(lam, delta, centers).fit(X, y)
    Z = np.random.default_rng(seed + 50).normal(0, 4, size=(200, 2))
    gap = np.abs(model.predict(Z) - model.theta_[0])
    r = np.min([np.linalg.norm(Z - mu, axis=1) for mu in model.centers_], axis=0)
    assert np.all(gap <= np.exp(-(r**2) / lam) * np.abs(model.theta_[1:]).sum() + 1e-12)
    one = RBFRegression(lam, 0.1, centers=centers[:1]).fit(X, y)  # a single bump attains the bound
    r = np.linalg.norm(X - centers[0], axis=1)
    bound = np.exp(-(r**2) / lam) * abs(one.theta_[1])
    assert_allclose(np.abs(one.predict(X) - one.theta_[0]), bound, atol=1e-12)
    assert_allclose(model.predict(X + 1e4), model.theta_[0])


@pytest.mark.equation("eq-rbf-limits")
@pytest.mark.parametrize("delta", [0.3, 1.0, 4.0])
def test_both_ends_of_lambda(delta):
    rng = np.random.default_rng(3)
    X, y = np.arange(6.0)[:, None], rng.normal(2, 3, 6)
    narrow, wide = (RBFRegression(lam, delta).fit(X, y).predict(X) for lam in (1e-3, 1e10))
    assert_allclose(narrow, y.mean() + (y - y.mean()) / (1 + delta**2))
    assert_allclose(wide, y.mean(), rtol=1e-6)
    left_out = [y[i] - np.delete(y, i).mean() for i in range(6)]
    assert_allclose(left_out, 6 / 5 * (y - y.mean()))
    for lam, leverages in ((1e-3, 1 / 6 + 5 / 6 / (1 + delta**2)), (1e10, 1 / 6)):
        assert_allclose(ridge_loo(rbf(X, X, lam), y, [delta])[0], left_out, rtol=1e-6)
        assert_allclose(np.diag(hat_matrix(design(X, X, lam), delta)), leverages, rtol=1e-6)


@pytest.mark.equation("eq-rbf-slope")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_slope_of_the_fit_is_that_of_complex_steps(seed):
    X, _, y, lam, delta = sample(seed, d=1)
    model = RBFRegression(lam, delta).fit(X, y)
    mu, theta = X[:, 0], model.theta_[1:]
    for x in (-1.0, 0.2, 1.7):
        slope = sum(-2 * (x - c) / lam * math.exp(-((x - c) ** 2) / lam) * t for c, t in zip(mu, theta))
        step = (np.exp(-((x + 1e-30j - mu) ** 2) / lam) @ theta).imag / 1e-30
        assert_allclose(slope, step, rtol=1e-9, atol=1e-12)
        difference = (model.predict([[x + 1e-5]]) - model.predict([[x - 1e-5]]))[0] / 2e-5
        assert_allclose(slope, difference, rtol=1e-4, atol=1e-7)


def test_a_bump_far_from_all_points_changes_nothing():
    """Its column is tiny (1e-170) but not zero; that is no reason to refuse the data, nor to lose digits."""
    X, y = np.arange(6.0)[:, None], np.arange(6.0) ** 2
    near, far = [1.0, 3.0, 5.0], [1.0, 3.0, 5.0, 24.0]  # 24 is 19 away from all points: e^(−19²/0.9) = 1e-174
    assert 0 < rbf(X, far, 0.9)[:, 3].max() < 1e-170
    expected = RBFRegression(0.9, 0.5, near).fit(X, y).theta_
    assert_allclose(RBFRegression(0.9, 0.5, far).fit(X, y).theta_[:4], expected)
    assert_allclose(rbf_grid(X, y, [0.9], [0.5], far), rbf_grid(X, y, [0.9], [0.5], near))


@pytest.mark.parametrize(
    "name, answer, said",
    [
        ("width", [0.37, 1.67], ": right"),
        ("width", [0.3679, 1.66], ": right"),
        ("units", [15, 0.0022], ": right"),
        ("units", [15, 0.002], "not yet"),
        ("units", [15, 1 / 30], "σ must be squared"),
        ("units", [15, 0.0667], "not 1/σ"),
        ("design", [[1, 0.607, 0.011], [1, 1, 0.135], [1, 0.135, 1]], ": right"),
        ("wide", -0.30, ": right"),
        ("wide", -0.362, "the distance must be squared"),
        ("twins", 3, "halfway"),
        ("twins", 1, "halfway"),
    ],
)
def test_checks_take_rounded_answers_and_name_mistakes(name, answer, said, capsys):
    getattr(exercises, name)(answer)
    assert said in capsys.readouterr().out
