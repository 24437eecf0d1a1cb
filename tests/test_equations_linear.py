"""The equations of the chapter on linear regression, each against something that does not use it."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize, minimize_scalar
from scipy.stats import norm
from sklearn.linear_model import LinearRegression as Reference
from sklearn.metrics import r2_score

from mlcore import LeastSquares, LinearRegression
from mlcore.accuracy import WAYS, near_twins, race, relative_error, solve_exactly
from mlcore.explore._pieces import level_curve
from mlcore.linear import gram_schmidt, residual_sum_of_squares, solve_by_inverse, solve_by_qr

SEEDS = range(3)


def line_data(seed, m=9):
    rng = np.random.default_rng(seed)
    x = rng.uniform(1, 5, m)
    return x, 3 - 2 * x + rng.normal(size=m)


def data(seed, m=12, d=3):
    """X (m, d), y (m,), A = [1 X] (m, d + 1)."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d)) * [1, 5, 0.2] + [0, 3, -1]
    return X, rng.normal(size=m) + X.sum(axis=1), np.column_stack((np.ones(m), X))


def differences(f, theta, h=1e-3):
    """Central differences ∂f/∂θⱼ: exact for a quadratic f, up to rounding."""
    return np.array([(f(theta + h * e) - f(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


# ------------------------------------------------------------------------------------------------ one feature
@pytest.mark.equation("eq-line")
def test_a_line():
    model = LinearRegression().fit(
        np.array([[0.0], [1.0]]), np.array([2.0, 5.0])
    )  # through (0, 2) and (1, 5)
    assert model.theta_ == pytest.approx([2, 3])
    np.testing.assert_allclose(model.predict(np.array([[2.0], [-1.0]])), [2 + 2 * 3, 2 - 1 * 3])


@pytest.mark.equation("eq-cost-line")
def test_cost_of_a_line_is_a_sum_of_squares():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 2.0])
    assert (
        LeastSquares(x[:, None], y).value([0.5, 1.0]) == 0.5**2 + 1.5**2 + 0.5**2
    )  # counted by hand; not the mean


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-line-gradient")
def test_gradient_of_a_line(seed):
    x, y = line_data(seed)
    a, b = 0.7, -1.3
    e = y - a - x * b
    by_hand = [-2 * e.sum(), -2 * (x * e).sum()]
    np.testing.assert_allclose(
        by_hand, differences(lambda t: ((y - t[0] - t[1] * x) ** 2).sum(), np.array([a, b])), rtol=1e-7
    )
    np.testing.assert_allclose(by_hand, LeastSquares(x[:, None], y).grad([a, b]), rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-line-steps")
def test_steps_to_the_slope(seed):
    x, y = line_data(seed)
    dx, dy = x - x.mean(), y - y.mean()
    for slope in (0.0, -2.5, 4.0):  # the three rows are equal for every slope, not only the best
        rows = [
            (x * (dy - dx * slope)).sum(),
            (dx * (dy - dx * slope)).sum(),
            (dx * dy).sum() - slope * (dx**2).sum(),
        ]
        np.testing.assert_allclose(rows, rows[0], rtol=1e-10)
        intercept = y.mean() - x.mean() * slope  # and the first is the derivative that is set to zero
        assert rows[0] == pytest.approx(LeastSquares(x[:, None], y).grad([intercept, slope])[1] / -2)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-line-fit")
def test_closed_form_of_a_line(seed):
    x, y = line_data(seed)
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    theta = [y.mean() - x.mean() * slope, slope]
    np.testing.assert_allclose(theta, np.polynomial.polynomial.polyfit(x, y, 1), rtol=1e-10)
    np.testing.assert_allclose(theta, LinearRegression().fit(x[:, None], y).theta_, rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-r-squared")
def test_coefficient_of_determination(seed):
    X, y, _ = data(seed)
    model = LinearRegression().fit(X, y)
    e = y - model.predict(X)
    share = 1 - (e @ e) / ((y - y.mean()) ** 2).sum()
    assert share == pytest.approx(r2_score(y, model.predict(X))) == pytest.approx(model.score(X, y))
    x, y = line_data(seed)  # with one feature it is the squared correlation
    assert LinearRegression().fit(x[:, None], y).score(x[:, None], y) == pytest.approx(
        np.corrcoef(x, y)[0, 1] ** 2
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-line-through-origin")
def test_line_through_the_origin(seed):
    x, y = line_data(seed)
    slope = (x @ y) / (x @ x)
    assert slope == pytest.approx(Reference(fit_intercept=False).fit(x[:, None], y).coef_[0])
    assert slope == pytest.approx(minimize_scalar(lambda t: ((y - t * x) ** 2).sum()).x)


# ---------------------------------------------------------------------------------------------- many features
@pytest.mark.equation("eq-model", "eq-model-sum")
def test_model_in_matrix_form():
    X, y, A = data(0)
    model = LinearRegression().fit(X, y)
    assert A.shape == (12, 4) and model.theta_.shape == (4,)
    one_by_one = [model.theta_[0] + sum(X[i, j] * model.theta_[j + 1] for j in range(3)) for i in range(12)]
    np.testing.assert_allclose(A @ model.theta_, one_by_one, rtol=1e-12)
    np.testing.assert_allclose(model.predict(X), one_by_one, rtol=1e-12)
    np.testing.assert_allclose(model.predict(X), Reference().fit(X, y).predict(X), rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-cost", "eq-cost-expanded")
def test_cost_as_a_sum_a_product_and_expanded(seed):
    X, y, A = data(seed)
    theta = np.random.default_rng(seed + 100).normal(size=4)
    total = sum((y[i] - sum(A[i, j] * theta[j] for j in range(4))) ** 2 for i in range(12))
    assert total == pytest.approx((y - A @ theta).T @ (y - A @ theta))
    assert total == pytest.approx(np.linalg.norm(y - A @ theta) ** 2)
    assert total == pytest.approx(y @ y - y @ A @ theta - theta @ A.T @ y + theta @ A.T @ A @ theta)
    assert total == pytest.approx(y @ y - 2 * y @ A @ theta + theta @ A.T @ A @ theta)
    assert total == pytest.approx(LeastSquares(X, y).value(theta))


# ------------------------------------------------------------------------------------------------------ rules
@pytest.mark.equation("eq-derivative-linear")
def test_derivative_of_a_linear_function():
    rng = np.random.default_rng(0)
    A, theta = rng.normal(size=(2, 3)), rng.normal(size=3)  # p = 2 outputs, n = 3 parameters
    derivative = differences(lambda t: A @ t, theta)  # row j: by θⱼ; column i: output i
    assert derivative.shape == (3, 2)
    np.testing.assert_allclose(derivative, A.T, rtol=1e-9)
    np.testing.assert_allclose(differences(lambda t: A[0] @ t, theta), A[0], rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-derivative-quadratic")
def test_derivative_of_a_quadratic_form(seed):
    rng = np.random.default_rng(seed)
    A, theta = rng.normal(size=(4, 4)), rng.normal(size=4)
    derivative = differences(lambda t: t @ A @ t, theta)
    np.testing.assert_allclose(derivative, (A + A.T) @ theta, rtol=1e-7)
    assert not np.allclose(derivative, 2 * A.T @ theta, rtol=1e-2)  # as the lecture prints it
    assert not np.allclose(derivative, 2 * A @ theta, rtol=1e-2)
    S = A + A.T
    np.testing.assert_allclose(differences(lambda t: t @ S @ t, theta), 2 * S @ theta, rtol=1e-7)


# ------------------------------------------------------------------------------------------- normal equations
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-cost-gradient", "eq-cost-hessian")
def test_gradient_and_hessian(seed):
    X, y, A = data(seed)
    theta, J = np.random.default_rng(seed + 100).normal(size=4), LeastSquares(X, y)
    gradient = -2 * A.T @ (y - A @ theta)
    np.testing.assert_allclose(gradient, -2 * A.T @ y + 2 * A.T @ A @ theta, rtol=1e-9)
    np.testing.assert_allclose(gradient, differences(lambda t: ((y - A @ t) ** 2).sum(), theta), rtol=1e-6)
    np.testing.assert_allclose(gradient, J.grad(theta), rtol=1e-12)
    np.testing.assert_allclose(gradient, residual_sum_of_squares(A, y, theta)[1], rtol=1e-12)
    hessian = differences(lambda t: -2 * A.T @ (y - A @ t), theta)
    np.testing.assert_allclose(2 * A.T @ A, hessian, rtol=1e-8)
    np.testing.assert_allclose(2 * A.T @ A, J.hess(theta), rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-normal")
def test_normal_equations(seed):
    X, y, A = data(seed)
    reference = Reference().fit(X, y)
    theta = np.array([reference.intercept_, *reference.coef_])
    np.testing.assert_allclose(A.T @ A @ theta, A.T @ y, rtol=1e-9)
    np.testing.assert_allclose(np.linalg.inv(A.T @ A) @ A.T @ y, theta, rtol=1e-8)
    np.testing.assert_allclose(LinearRegression().fit(X, y).theta_, theta, rtol=1e-9)
    lowest = minimize(
        lambda t: ((y - A @ t) ** 2).sum(), np.zeros(4), jac=lambda t: -2 * A.T @ (y - A @ t), tol=1e-10
    )
    np.testing.assert_allclose(lowest.x, theta, rtol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-bowl")
def test_the_cost_is_a_bowl(seed):
    X, y, A = data(seed)
    best, v = LinearRegression().fit(X, y).theta_, np.random.default_rng(seed + 100).normal(size=4)
    J, e = LeastSquares(X, y), y - A @ best
    assert J.value(best + v) == pytest.approx(e @ e - 2 * v @ A.T @ e + v @ A.T @ A @ v)
    assert J.value(best + v) == pytest.approx(J.value(best) + np.linalg.norm(A @ v) ** 2)
    ring = level_curve(best[:2], (A.T @ A)[:2, :2], 7.0)  # the ellipses of the explorers lie on the bowl
    heights = [J.value([*point, *best[2:]]) - J.value(best) for point in ring.T]
    np.testing.assert_allclose(heights, 7.0, rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-orthogonal", "eq-projection")
def test_projection(seed):
    X, y, A = data(seed)
    fitted = Reference().fit(X, y).predict(X)
    e = y - fitted
    np.testing.assert_allclose(A.T @ e, 0, atol=1e-9)
    assert y @ y == pytest.approx(fitted @ fitted + e @ e)
    H = A @ np.linalg.inv(A.T @ A) @ A.T
    np.testing.assert_allclose(H @ y, fitted, rtol=1e-8)
    np.testing.assert_allclose(H, H.T, atol=1e-10)
    np.testing.assert_allclose(H @ H, H, atol=1e-10)
    assert np.trace(H) == pytest.approx(A.shape[1])
    nudged = y + 0.5 * np.eye(12)[4]  # h₄₄ = ∂ŷ₄/∂y₄
    assert (Reference().fit(X, nudged).predict(X)[4] - fitted[4]) / 0.5 == pytest.approx(H[4, 4])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-condition")
def test_forming_the_product_squares_the_condition_number(seed):
    _, _, A = data(seed)
    s = np.linalg.svd(A, compute_uv=False)
    assert np.linalg.cond(A) == pytest.approx(s.max() / s.min())
    assert np.linalg.cond(A.T @ A) == pytest.approx((s.max() / s.min()) ** 2, rel=1e-6)
    v = np.random.default_rng(seed).normal(size=(4, 500))
    lengths = np.linalg.norm(A @ (v / np.linalg.norm(v, axis=0)), axis=0)
    assert s.min() <= lengths.min() and lengths.max() <= s.max()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-stretch")
def test_how_much_a_matrix_stretches(seed):
    _, _, A = data(seed)
    eigenvalues, V = np.linalg.eigh(A.T @ A)
    c = np.random.default_rng(seed).normal(size=4)
    c /= np.linalg.norm(c)
    v = V @ c
    assert np.linalg.norm(v) == pytest.approx(1)
    assert np.linalg.norm(A @ v) ** 2 == pytest.approx(eigenvalues @ c**2)
    assert np.linalg.norm(A.T @ A @ v) ** 2 == pytest.approx(eigenvalues**2 @ c**2)
    np.testing.assert_allclose(np.sqrt(eigenvalues[::-1]), np.linalg.svd(A, compute_uv=False), rtol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-lost-digits")
def test_an_error_in_a_matrix_grows_by_its_condition_number(seed):
    rng = np.random.default_rng(seed)
    U, V = (np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(2))
    s, size = np.array([1.0, 0.3, 1e-3]), 1e-8
    M, theta = U * s @ V.T, V[:, 0]  # κ = 1000, and a θ that M stretches most
    for F in (size * U[:, [2]] @ V[:, [0]].T, size * U @ V.T):  # the worst error, and another
        p = np.linalg.solve(M + F, M @ theta) - theta
        np.testing.assert_allclose((M + F) @ p, -F @ theta, atol=1e-15)
        np.testing.assert_allclose(p, -np.linalg.solve(M, F @ theta), atol=1e-3 * np.linalg.norm(p))
        assert np.linalg.norm(p) <= 1.001 * 1000 * size
    F = size * U[:, [2]] @ V[:, [0]].T
    p = np.linalg.solve(M + F, M @ theta) - theta
    assert np.linalg.norm(p) == pytest.approx(1000 * size, rel=1e-3)  # the bound is reached


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-gram-schmidt")
def test_gram_schmidt(seed):
    _, _, A = data(seed)
    q1 = A[:, 0] / np.linalg.norm(A[:, 0])
    v = A[:, 1] - (q1 @ A[:, 1]) * q1
    q2 = v / np.linalg.norm(v)
    assert q1 @ q2 == pytest.approx(0, abs=1e-12)
    Q, R = gram_schmidt(A)
    np.testing.assert_allclose(Q[:, :2].T, [q1, q2], rtol=1e-10)
    np.testing.assert_allclose(R[:2, :2], [[np.linalg.norm(A[:, 0]), q1 @ A[:, 1]], [0, np.linalg.norm(v)]])
    np.testing.assert_allclose(Q @ R, A, atol=1e-12)
    np.testing.assert_allclose(Q.T @ Q, np.eye(4), atol=1e-10)
    np.testing.assert_array_equal(R, np.triu(R))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-back-substitution")
def test_back_substitution(seed):
    rng = np.random.default_rng(seed)
    R, c = np.triu(rng.normal(size=(4, 4))) + 3 * np.eye(4), rng.normal(size=4)
    theta = np.full(4, np.nan)  # so that no entry is used before it is known
    for j in (3, 2, 1, 0):
        theta[j] = (c[j] - sum(R[j, k] * theta[k] for k in range(j + 1, 4))) / R[j, j]
    np.testing.assert_allclose(theta, np.linalg.solve(R, c), rtol=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-qr")
def test_qr(seed):
    X, y, A = data(seed)
    Q, R = np.linalg.qr(A)
    assert Q.shape == (12, 4) and R.shape == (4, 4)
    np.testing.assert_allclose(Q.T @ Q, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(R.T @ R, A.T @ A, rtol=1e-9)
    assert np.linalg.cond(R) == pytest.approx(np.linalg.cond(A))
    reference = Reference().fit(X, y)
    theta = np.array([reference.intercept_, *reference.coef_])
    np.testing.assert_allclose(R @ theta, Q.T @ y, rtol=1e-9)
    np.testing.assert_allclose(solve_by_qr(A, y), theta, rtol=1e-9)


def test_the_experiment_measures_what_it_says():
    A = np.column_stack((np.ones(5), np.arange(5.0), np.arange(5.0) ** 2))
    np.testing.assert_array_equal(solve_exactly(A, A @ [2.0, -1.0, 0.5]), [2.0, -1.0, 0.5])
    assert relative_error(solve_by_inverse, np.ones((3, 2)), np.ones(3), np.ones(2)) == 1.0  # no inverse
    errors = []
    for X, y, noise in near_twins([1e-6] * 25, 20, np.random.default_rng(0)):  # κ about 10⁶
        np.testing.assert_allclose(X.T @ noise, 0, atol=1e-12)
        errors.append([relative_error(way, X, y, solve_exactly(X, y)) for way in WAYS.values()])
    # which way the rounding of one design falls depends on the processor; that of most of them does not
    inverse, normal, qr, ours = np.median(errors, axis=0)
    assert inverse > 1e-8 and normal > 1e-8 and qr < 1e-9 and ours < 1e-15


def test_the_race_draws_the_line_of_the_theory():
    kappas, errors = race(0.0)
    for power, way in (
        (2, "solve XᵀXθ = Xᵀy"),
        (1, "QR of X"),
    ):  # errors of size κ²u and κu, within two digits
        column = errors[:, list(WAYS).index(way)]
        inside = (kappas > 1e3) & (kappas < 1e7)
        off = np.log10(column[inside]) - np.log10(2.0**-53 * kappas[inside] ** power)
        assert abs(np.median(off)) < 2
    assert errors[kappas < 1e11, -1].max() < 1e-14


# ------------------------------------------------------------------------------------------------ uncertainty
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-sigma-ml")
def test_sigma_of_maximum_likelihood(seed):
    X, y, _ = data(seed)
    e = y - Reference().fit(X, y).predict(X)
    sigma = np.sqrt((e**2).sum() / len(y))
    best = minimize_scalar(
        lambda s: -norm.logpdf(e, scale=s).sum(),
        bounds=(0.01, 10),
        method="bounded",
        options={"xatol": 1e-10},
    )
    assert sigma == pytest.approx(best.x, rel=1e-6)
    assert LinearRegression().fit(X, y).sigma_ == pytest.approx(sigma, rel=1e-12)
    slope = approx_fprime([2.0], lambda v: norm.logpdf(e, scale=np.sqrt(v[0])).sum(), 1e-7)[
        0
    ]  # by σ², anywhere
    assert slope == pytest.approx(-len(y) / (2 * 2.0) + (e @ e) / (2 * 2.0**2), rel=1e-5)


@pytest.mark.equation("eq-theta-covariance")
def test_covariance_of_theta():
    _X, _, A = data(0)
    sigma, rng = 0.7, np.random.default_rng(1)
    ys = A @ [1, 2, 3, 4] + rng.normal(0, sigma, size=(20_000, 12))  # many experiments with the same X
    thetas = np.linalg.lstsq(A, ys.T)[0]  # (4, 20000)
    claimed = sigma**2 * np.linalg.inv(A.T @ A)
    scale = np.sqrt(np.outer(np.diag(claimed), np.diag(claimed)))
    np.testing.assert_allclose(np.cov(thetas) / scale, claimed / scale, atol=0.04)
    np.testing.assert_allclose(
        thetas.mean(axis=1), [1, 2, 3, 4], atol=5 * np.sqrt(np.diag(claimed).max() / 20_000)
    )


@pytest.mark.equation("eq-predictive-std")
def test_standard_deviation_of_a_prediction():
    X, y, A = data(0)
    new = np.array([[0.5, 8.0, -1.3], [-2.0, 3.0, 0.4]])
    rows = np.column_stack((np.ones(2), new))
    model = LinearRegression().fit(X, y)
    h = np.array([x @ np.linalg.inv(A.T @ A) @ x for x in rows])
    np.testing.assert_allclose(model.predictive_std(new), model.sigma_ * np.sqrt(1 + h), rtol=1e-9)

    sigma, rng = 0.7, np.random.default_rng(1)  # and in many experiments with known σ
    ys = A @ [1, 2, 3, 4] + rng.normal(0, sigma, size=(20_000, 12))
    wrong = (
        rows @ [1, 2, 3, 4] + rng.normal(0, sigma, size=(20_000, 2)) - (rows @ np.linalg.lstsq(A, ys.T)[0]).T
    )
    np.testing.assert_allclose(wrong.std(axis=0), sigma * np.sqrt(1 + h), rtol=0.03)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-leverage")
def test_leverage_from_the_means(seed):
    X, y, A = data(seed)
    Xc = X - X.mean(axis=0)
    for x in (X[0], np.array([3.0, -4.0, 0.5])):
        row = np.array([1, *x])
        direct = row @ np.linalg.inv(A.T @ A) @ row
        assert direct == pytest.approx(
            1 / 12 + (x - X.mean(axis=0)) @ np.linalg.inv(Xc.T @ Xc) @ (x - X.mean(axis=0))
        )
        std = LinearRegression().fit(X, y).predictive_std(x[None])[0]
        assert std == pytest.approx(LinearRegression().fit(X, y).sigma_ * np.sqrt(1 + direct))
    x, _ = line_data(seed)
    A = np.column_stack((np.ones_like(x), x))
    H = A @ np.linalg.inv(A.T @ A) @ A.T
    np.testing.assert_allclose(
        np.diag(H), 1 / len(x) + (x - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum(), rtol=1e-9
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.equation("eq-weighted-normal")
def test_weighted_normal_equations(seed):
    X, y, A = data(seed)
    w = np.random.default_rng(seed + 100).integers(1, 5, 12)
    repeated = Reference().fit(np.repeat(X, w, axis=0), np.repeat(y, w))
    W = np.diag(w)
    np.testing.assert_allclose(A.T @ W @ A @ [repeated.intercept_, *repeated.coef_], A.T @ W @ y, rtol=1e-9)
