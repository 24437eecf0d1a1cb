"""The equations of the chapter on gradients and curvature, each against something of another origin."""

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize

from mlcore import LeastSquares
from mlcore.gradcheck import check_gradient, complex_step_gradient, numerical_gradient
from mlcore.objectives import least_squares_taylor

SEEDS = range(3)
U = 2.0**-53


def f(t):
    """A function of three variables that is neither quadratic nor symmetric in them."""
    return np.exp(t[0] * t[1]) + np.sin(t[1] + 2 * t[2]) * t[0] ** 2 + t[2] ** 4


def grad_f(t):
    e, c, s = np.exp(t[0] * t[1]), np.cos(t[1] + 2 * t[2]), np.sin(t[1] + 2 * t[2])
    return np.array([t[1] * e + 2 * t[0] * s, t[0] * e + t[0] ** 2 * c, 2 * t[0] ** 2 * c + 4 * t[2] ** 3])


def hess_f(t):
    return np.array([complex_step_gradient(lambda z, j=j: grad_f(z)[j], t) for j in range(3)])


def point(seed):
    rng = np.random.default_rng(seed)
    v = rng.normal(size=3)
    return rng.normal(size=3), v / np.linalg.norm(v)


# ------------------------------------------------------------------------------------ one variable, and steps
@pytest.mark.equation("eq-derivative")
@pytest.mark.parametrize("t", [-1.5, 0.0, 2.0])
def test_the_quotient_tends_to_the_derivative(t):
    with mpmath.workdps(60):
        h = mpmath.mpf(10) ** -30
        assert abs(((t + h) ** 2 - t**2) / h - 2 * t) < 1e-29
        assert abs((mpmath.exp(t + h) - mpmath.exp(t)) / h - mpmath.exp(t)) < 1e-28


@pytest.mark.equation("eq-forward-error", "eq-best-step")
@pytest.mark.parametrize("size", [1.0, 1e3])
def test_no_forward_quotient_errs_more_than_the_bound_and_the_best_is_where_it_says(size):
    h = 10.0 ** np.arange(-14, -2, 0.01)

    def value(t):
        return np.exp(t) + (size - 1)

    error = np.abs((value(h) - value(0.0)) / h - 1)
    bound = h / 2 * np.exp(h) + 2 * U * (size + 0.5) / h
    assert np.all(error <= bound * 1.001)
    rounding = (h > 1e-10) & (h < 1e-9)
    assert np.max(error[rounding] / bound[rounding]) > 0.2  # and it is not far off
    assert_allclose(error[h > 1e-4], h[h > 1e-4] / 2, rtol=0.02)
    found = optimize.minimize_scalar(lambda k: 10**k / 2 + 2 * U * size / 10**k, bounds=(-12, -2))
    assert_allclose(10**found.x, 2 * np.sqrt(U * size), rtol=1e-3)
    assert_allclose(found.fun, 2 * np.sqrt(U * size), rtol=1e-6)
    near = np.abs(np.log10(h / (2 * np.sqrt(U * size)))) < 0.1
    far = np.abs(np.log10(h / (2 * np.sqrt(U * size)))) > 1.5
    assert np.median(error[near]) < np.median(error[far & (h < 1e-8 * size)])
    assert np.median(error[near]) < np.median(error[far & (h > 1e-8)])


@pytest.mark.equation("eq-central-difference", "eq-central-best")
def test_central_quotients_miss_by_a_sixth_of_the_square_until_rounding_takes_over():
    h = 10.0 ** np.arange(-12, -1, 0.01)
    error = np.abs((np.exp(h) - np.exp(-h)) / (2 * h) - 1)
    assert_allclose(error[h > 1e-3], h[h > 1e-3] ** 2 / 6, rtol=1e-2)
    assert np.all(error <= h**2 / 6 * np.exp(h) + U * np.exp(h) / h * 1.001)
    found = optimize.minimize_scalar(lambda k: 10 ** (2 * k) / 6 + U / 10**k, bounds=(-10, -2))
    assert_allclose(10**found.x, (3 * U) ** (1 / 3), rtol=1e-3)
    assert_allclose((3 * U) ** (1 / 3), 7e-6, rtol=0.02)
    with mpmath.workdps(40):  # without rounding the quotient is f' plus h²/6 f''' of a point between
        t, h = mpmath.mpf("0.4"), mpmath.mpf("0.3")
        excess = (mpmath.sin(t + h) - mpmath.sin(t - h)) / (2 * h) - mpmath.cos(t)
        third = sorted(-mpmath.cos(t + s * h) for s in (-1, 0, 1))
        assert third[0] <= excess * 6 / h**2 <= third[-1]


@pytest.mark.equation("eq-complex-step")
def test_an_imaginary_step_has_all_digits_and_an_error_of_second_order():
    for t in (0.3, 1.2):
        with mpmath.workdps(40):
            exact = float(mpmath.diff(lambda x: mpmath.exp(x) * mpmath.sin(x) / (1 + x**2), t))
            third = float(mpmath.diff(lambda x: mpmath.exp(x) * mpmath.sin(x) / (1 + x**2), t, 3))
        measured = lambda h, t=t: (np.exp(z := t + 1j * h) * np.sin(z) / (1 + z**2)).imag / h  # noqa: E731
        assert_allclose(measured(1e-20), exact, rtol=1e-14)
        assert_allclose((measured(1e-3) - exact) / (-1e-6 / 6), third, rtol=1e-3)


# ----------------------------------------------------------------------------------------------- the gradient
@pytest.mark.equation("eq-partial", "eq-gradient", "eq-gradient-bowl")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_holds_the_limit_along_each_axis(seed):
    theta, _ = point(seed)
    with mpmath.workdps(60):
        h = mpmath.mpf(10) ** -30
        value = lambda a, b, c: mpmath.exp(a * b) + mpmath.sin(b + 2 * c) * a**2 + c**4  # noqa: E731
        at = [mpmath.mpf(x) for x in theta]
        limits = [(value(*[x + h * (k == j) for k, x in enumerate(at)]) - value(*at)) / h for j in range(3)]
        limits = [float(x) for x in limits]
    assert_allclose(grad_f(theta), limits, rtol=1e-12)
    assert_allclose(complex_step_gradient(f, theta), limits, rtol=1e-12)
    assert_allclose(numerical_gradient(f, theta), limits, rtol=1e-6)
    assert numerical_gradient(f, theta).shape == theta.shape
    assert_allclose(numerical_gradient(lambda t: t[0] ** 2 + t[1] ** 2, theta[:2]), 2 * theta[:2], rtol=1e-8)


@pytest.mark.equation("eq-two-steps")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_in_the_plane_is_two_steps_with_a_slope_on_each(seed):
    (a, b, _), (p, q, _) = point(seed)
    g = lambda x, y: np.exp(x * y) + x**3 * y  # noqa: E731
    by_x = lambda x, y: y * np.exp(x * y) + 3 * x**2 * y  # noqa: E731
    by_y = lambda x, y: x * np.exp(x * y) + x**3  # noqa: E731
    first, second = g(a + p, b + q) - g(a, b + q), g(a, b + q) - g(a, b)
    assert_allclose(first + second, g(a + p, b + q) - g(a, b), atol=1e-12)
    way = np.linspace(0, 1, 2001)
    slopes = by_x(a + way * p, b + q), by_y(a, b + way * q)
    for step, change, slope in zip((p, q), (first, second), slopes):
        assert slope.min() - 1e-9 <= change / step <= slope.max() + 1e-9


@pytest.mark.equation("eq-first-order", "eq-directional")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_remainder_is_small_beside_the_step_and_the_slope_is_the_product(seed):
    theta, v = point(seed)
    rest = [abs(f(theta + t * v) - f(theta) - t * grad_f(theta) @ v) / t for t in (1e-2, 1e-3, 1e-4)]
    assert rest[1] < 0.2 * rest[0] and rest[2] < 0.2 * rest[1]
    slope = (f(theta + 1e-20j * v)).imag / 1e-20
    assert_allclose(slope, grad_f(theta) @ v, rtol=1e-12)
    assert_allclose(slope, sum(v[j] * complex_step_gradient(f, theta)[j] for j in range(3)), rtol=1e-12)


@pytest.mark.equation("eq-cauchy-schwarz")
@pytest.mark.parametrize("seed", SEEDS)
def test_no_direction_is_steeper_than_the_gradient(seed):
    theta, v = point(seed)
    g = complex_step_gradient(f, theta)
    rest = g - (g @ v) * v
    assert_allclose(rest @ rest, g @ g - (g @ v) ** 2, rtol=1e-9, atol=1e-9)
    many = np.random.default_rng(seed).normal(size=(4000, 3))
    many /= np.linalg.norm(many, axis=1)[:, None]
    slopes = np.array([f(theta + 1e-20j * w).imag / 1e-20 for w in many])
    size = np.linalg.norm(g)
    assert np.all(np.abs(slopes) <= size * (1 + 1e-12))
    assert slopes.max() > 0.99 * size and many[slopes.argmax()] @ g > 0.99 * size
    assert_allclose(slopes, size * np.cos(np.arccos(np.clip(many @ g / size, -1, 1))), atol=1e-9)


@pytest.mark.equation("eq-along-curve", "eq-level-curve")
def test_slope_along_a_curve_and_the_right_angle_on_a_level_curve():
    curve = lambda t: np.array([np.cos(t), t**2, np.sin(3 * t)])  # noqa: E731
    for t in (0.2, 1.1):
        velocity = np.array([-np.sin(t), 2 * t, 3 * np.cos(3 * t)])
        measured = (f(curve(t + 1e-5)) - f(curve(t - 1e-5))) / 2e-5
        assert_allclose(measured, grad_f(curve(t)) @ velocity, rtol=1e-7)
    # a level curve of θ₁² + θ₂² + θ₁θ₂, found by root finding: its chord is orthogonal to the gradient
    g = lambda w: w[0] ** 2 + w[1] ** 2 + w[0] * w[1]  # noqa: E731
    y = lambda x: optimize.brentq(lambda y: g((x, y)) - 7, 0.1, 5, xtol=1e-14)  # noqa: E731
    h = 1e-4
    tangent = np.array([2 * h, y(1 + h) - y(1 - h)]) / (2 * h)
    gradient = numerical_gradient(g, np.array([1.0, y(1.0)]))
    assert abs(tangent @ gradient) < 1e-6 * np.linalg.norm(gradient)


# -------------------------------------------------------------------------------------------------- curvature
@pytest.mark.equation("eq-hessian", "eq-symmetry")
@pytest.mark.parametrize("seed", SEEDS)
def test_second_derivatives_by_four_values_in_either_order(seed):
    theta, _ = point(seed)
    H, h, b = hess_f(theta), 1e-4, np.eye(3)
    around = lambda j, k: f(theta + h * (b[j] + b[k])) - f(theta + h * (b[j] - b[k]))  # noqa: E731
    back = lambda j, k: f(theta - h * (b[j] - b[k])) - f(theta - h * (b[j] + b[k]))  # noqa: E731
    four = [[(around(j, k) - back(j, k)) / (4 * h * h) for k in range(3)] for j in range(3)]
    assert_allclose(H, four, atol=2e-6 * np.abs(H).max())
    assert_allclose(H, H.T, rtol=1e-12)
    h = 1e-5
    corner = f(theta + h * b[0] + h * b[1]) - f(theta + h * b[0]) - f(theta + h * b[1]) + f(theta)
    assert_allclose(corner / h**2, H[0, 1], rtol=1e-3, atol=1e-3)
    h = 0.3  # no small step: the four values are h² times a mixed derivative somewhere in the square
    corner = f(theta + h * b[0] + h * b[1]) - f(theta + h * b[0]) - f(theta + h * b[1]) + f(theta)
    side = np.linspace(0, h, 21)
    inside = [hess_f(theta + s * b[0] + t * b[1])[1, 0] for s in side for t in side]
    assert min(inside) - 1e-9 <= corner / h**2 <= max(inside) + 1e-9


@pytest.mark.equation("eq-symmetry")
def test_without_continuity_the_order_matters():
    g = lambda x, y: x * y * (x * x - y * y) / (x * x + y * y) if x or y else 0.0  # noqa: E731
    by_y = lambda x: (g(x, 1e-8) - g(x, -1e-8)) / 2e-8  # noqa: E731
    by_x = lambda y: (g(1e-8, y) - g(-1e-8, y)) / 2e-8  # noqa: E731
    assert_allclose((by_y(1e-3) - by_y(-1e-3)) / 2e-3, 1, rtol=1e-6)
    assert_allclose((by_x(1e-3) - by_x(-1e-3)) / 2e-3, -1, rtol=1e-6)


@pytest.mark.equation("eq-curvature", "eq-taylor-two")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_cut_bends_as_the_hessian_says(seed):
    theta, v = point(seed)
    cut = lambda t: f(theta + t * v)  # noqa: E731
    assert_allclose((cut(1e-4) - 2 * cut(0) + cut(-1e-4)) / 1e-8, v @ hess_f(theta) @ v, rtol=1e-4, atol=1e-5)
    p = 0.3 * v
    wanted = f(theta + p) - f(theta) - grad_f(theta) @ p
    on_the_way = [p @ hess_f(theta + s * p) @ p / 2 for s in np.linspace(0, 1, 101)]
    assert min(on_the_way) - 1e-9 <= wanted <= max(on_the_way) + 1e-9


@pytest.mark.equation("eq-spectral", "eq-rayleigh")
@pytest.mark.parametrize("seed", SEEDS)
def test_curvature_is_a_weighted_mean_of_eigenvalues(seed):
    rng = np.random.default_rng(seed)
    B = rng.normal(size=(4, 4))
    H = B + B.T
    roots = np.sort(np.roots(np.poly(H)).real)[::-1]  # of the characteristic polynomial
    eigenvalues, V = (a[..., ::-1] for a in np.linalg.eigh(H))
    assert_allclose(eigenvalues, roots, rtol=1e-8, atol=1e-8)
    assert_allclose(H @ V, V * eigenvalues, atol=1e-12)
    assert_allclose(sum(l * np.outer(v, v) for l, v in zip(eigenvalues, V.T)), H, atol=1e-12)
    assert_allclose(V.T @ V, np.eye(4), atol=1e-12)
    many = rng.normal(size=(20_000, 4))
    many /= np.linalg.norm(many, axis=1)[:, None]
    bends = np.einsum("ni,ij,nj->n", many, H, many)
    assert_allclose(bends, (many @ V) ** 2 @ eigenvalues, atol=1e-12)
    assert_allclose(np.sum((many @ V) ** 2, axis=1), 1, rtol=1e-12)
    assert roots[-1] - 1e-9 <= bends.min() and bends.max() <= roots[0] + 1e-9
    assert np.ptp(bends) > 0.9 * (roots[0] - roots[-1])


@pytest.mark.equation("eq-eigen-by-hand")
def test_the_matrix_done_by_hand():
    H, v1, v2 = np.array([[5.0, -2], [-2, 2]]), np.array([2.0, -1]), np.array([1.0, 2])
    assert_allclose(H @ v1, 6 * v1)
    assert_allclose(H @ v2, 1 * v2)
    assert_allclose(np.poly(H), [1, -7, 6])
    angles = np.degrees(np.arctan2([-1, 2], [2, 1])) % 180
    assert_allclose(angles, [153.4, 63.4], atol=0.05)


@pytest.mark.equation("eq-necessary", "eq-sufficient")
def test_conditions_at_minima_that_a_search_found_and_where_they_do_not_decide():
    g = lambda w: (w[0] ** 2 - 1) ** 2 + (w[1] - w[0]) ** 2 + w[0] / 5  # noqa: E731
    slope = lambda w: complex_step_gradient(g, w)  # noqa: E731

    def bend(w):
        return np.array([slope(w + s) - slope(w - s) for s in 1e-5 * np.eye(2)]) / 2e-5

    for start in ([-1.2, -1.0], [1.1, 1.0]):
        w = optimize.minimize(g, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14}).x
        assert np.abs(slope(w)).max() < 1e-5
        smallest = np.linalg.eigvalsh(bend(w))[0]
        assert smallest > 0
        for p in 0.02 * np.random.default_rng(0).normal(size=(200, 2)):
            assert g(w + p) - g(w) >= smallest / 4 * p @ p - 1e-9
    saddle = optimize.root(slope, [0.0, 0.0]).x
    assert np.prod(np.linalg.eigvalsh(bend(saddle))) < 0
    t = np.array([-1e-2, 1e-2])
    assert np.all(t**4 > 0) and not np.all(t**3 > 0)  # both with second derivative 0 at 0


@pytest.mark.equation("eq-convex", "eq-convex-tangent", "eq-chord")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_semidefinite_hessian_everywhere_puts_the_graph_under_chords_and_over_tangents(seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(5, 3))
    convex = lambda w: np.sum(np.logaddexp(0, A @ w))  # noqa: E731
    for a, b, s in zip(rng.normal(size=(50, 3)), 2 * rng.normal(size=(50, 3)), rng.uniform(size=50)):
        between = (1 - s) * a + s * b
        pi = 1 / (1 + np.exp(-A @ between))
        assert np.linalg.eigvalsh(A.T @ (A * (pi * (1 - pi))[:, None]))[0] >= -1e-12
        plane = [convex(between) + A.T @ pi @ (w - between) for w in (a, b)]
        assert convex(a) >= plane[0] - 1e-9 and convex(b) >= plane[1] - 1e-9
        assert_allclose((1 - s) * plane[0] + s * plane[1], convex(between), rtol=1e-9)
        assert convex(between) <= (1 - s) * convex(a) + s * convex(b) + 1e-12
    valley = lambda w: (w[0] ** 2 - w[1]) ** 2 / 2 + (w[0] - 1) ** 2 / 2  # noqa: E731
    ends = np.array([[-0.5, 4.0], [0.5, 4.0]])  # there the valley bends downwards
    assert valley(ends.mean(axis=0)) > np.mean([valley(w) for w in ends])


@pytest.mark.equation("eq-jacobian", "eq-jacobian-linear")
@pytest.mark.parametrize("seed", SEEDS)
def test_columns_are_gradients_and_the_transpose_predicts_the_change(seed):
    theta, v = point(seed)
    outputs = lambda t: np.array([t[0] * t[1], np.sin(t[2]), np.exp(t[0] - t[2]), t[1] ** 2])  # noqa: E731
    layout = np.column_stack([complex_step_gradient(lambda t, k=k: outputs(t)[k], theta) for k in range(4)])
    assert layout.shape == (3, 4)
    jacobian = optimize.approx_fprime(theta, outputs, 1e-7)
    assert jacobian.shape == (4, 3)
    assert_allclose(layout.T, jacobian, atol=1e-5)
    error = [np.abs(outputs(theta + t * v) - outputs(theta) - layout.T @ (t * v)).max() for t in (1e-2, 1e-3)]
    assert error[1] < 0.02 * error[0]
    X = np.random.default_rng(seed).normal(size=(5, 3))
    assert_allclose(optimize.approx_fprime(theta, lambda t: X @ t, 1e-6), X, atol=1e-6)


@pytest.mark.equation("eq-average-gradient")
def test_derivatives_of_a_sum_are_sums_of_derivatives():
    rng = np.random.default_rng(0)
    X, theta = rng.normal(size=(7, 3)), rng.normal(size=3)
    each = [lambda t, x=x: np.exp(x @ t) + np.sin(t[0] * x[1]) for x in X]
    total = lambda t: sum(one(t) for one in each)  # noqa: E731
    assert_allclose(
        numerical_gradient(total, theta),
        np.sum([complex_step_gradient(one, theta) for one in each], axis=0),
        rtol=1e-7,
    )
    bend = lambda g, v: (g(theta + 1e-4 * v) - 2 * g(theta) + g(theta - 1e-4 * v)) / 1e-8  # noqa: E731
    v = rng.normal(size=3)
    assert_allclose(bend(total, v), np.sum([bend(one, v) for one in each]), rtol=1e-5)


# --------------------------------------------------------------------------------------------- the chain rule
@pytest.mark.equation("eq-chain-steps", "eq-chain-rule", "eq-chain-local", "eq-chain-numbers")
def test_paths_multiplied_and_added_are_the_derivative_of_the_whole():
    z = lambda u, v: (u * v) ** 2 * (u + v**2)  # noqa: E731
    u, v = 2.0, 1.0
    x, y = u * v, u + v**2
    assert (x, y, z(u, v)) == (2, 3, 12)
    h = 1e-6
    local = {
        "xu": ((u + h) * v - (u - h) * v) / (2 * h),
        "xv": (u * (v + h) - u * (v - h)) / (2 * h),
        "yu": 1.0,
        "yv": ((v + h) ** 2 - (v - h) ** 2) / (2 * h),
        "zx": ((x + h) ** 2 * y - (x - h) ** 2 * y) / (2 * h),
        "zy": (x**2 * (y + h) - x**2 * (y - h)) / (2 * h),
    }
    assert_allclose(list(local.values()), [1, 2, 1, 2, 12, 4], rtol=1e-8)
    whole = complex_step_gradient(lambda w: z(*w), np.array([u, v]))
    assert_allclose(whole, [16, 32], rtol=1e-13)
    assert_allclose(local["zx"] * local["xu"] + local["zy"] * local["yu"], whole[0], rtol=1e-8)
    assert_allclose(local["zx"] * local["xv"] + local["zy"] * local["yv"], whole[1], rtol=1e-8)
    assert_allclose(np.array([[1, 1], [2, 2]]) @ [12, 4], whole)
    for h in (1e-3, 1e-4):  # the steps of the proof: p/h tends to the local derivatives, the rest to 0
        p = np.array([(u + h) * v - x, (u + h) + v**2 - y])
        rest = (x + p[0]) ** 2 * (y + p[1]) - x**2 * y - p @ [12, 4]
        assert_allclose(p / h, [1, 1], rtol=1e-6)
        assert abs(rest) / np.linalg.norm(p) < 20 * h


@pytest.mark.equation("eq-chain-matrix")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_product_of_layouts_with_the_inner_derivative_on_the_left(seed):
    theta, _ = point(seed)
    inner = lambda t: np.array([t[0] * t[1], np.sin(t[2]), t[0] + t[2] ** 2, t[1] ** 3])  # noqa: E731
    outer = lambda w: w[0] * w[1] + np.exp(w[2]) * w[3]  # noqa: E731
    layout = np.column_stack([complex_step_gradient(lambda t, k=k: inner(t)[k], theta) for k in range(4)])
    product = layout @ complex_step_gradient(outer, inner(theta))  # (3, 4) (4,)
    assert_allclose(product, complex_step_gradient(lambda t: outer(inner(t)), theta), rtol=1e-12)


# ------------------------------------------------------------------------------------------ linear regression
def data(seed, m=20, d=1):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, d)) + 1, rng.normal(size=m), rng.normal(size=d + 1)


@pytest.mark.equation("eq-regression-scalar", "eq-regression-partials", "eq-regression-hessian-sums")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_sums_for_one_feature(seed):
    (X, y, theta), delta = data(seed), 1.7
    x = X[:, 0]

    def cost(t):
        return sum((yi - t[0] - xi * t[1]) ** 2 for xi, yi in zip(x, y)) + delta**2 * t[1] ** 2

    assert_allclose(cost(theta), LeastSquares(X, y, delta).value(theta), rtol=1e-12)
    miss = theta[0] + x * theta[1] - y
    sums = [2 * sum(miss), 2 * sum(x * miss) + 2 * delta**2 * theta[1]]
    assert_allclose(sums, complex_step_gradient(cost, theta), rtol=1e-11)
    hessian = 2 * np.array([[len(y), x.sum()], [x.sum(), (x**2).sum() + delta**2]])
    bend = lambda v: cost(theta + v) - 2 * cost(theta) + cost(theta - v)  # noqa: E731
    assert_allclose(bend(np.array([1.0, 0])), hessian[0, 0], rtol=1e-9)
    assert_allclose(bend(np.array([0, 1.0])), hessian[1, 1], rtol=1e-9)
    assert_allclose(bend(np.array([1.0, 1.0])), hessian.sum(), rtol=1e-9)


@pytest.mark.equation("eq-regression-gradient", "eq-regression-hessian")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_matrix_form_against_the_cost_alone(seed):
    (X, y, theta), delta = data(seed, d=4), 0.8
    A = np.column_stack((np.ones(20), X))
    cost = lambda t: np.sum((y - A @ t) ** 2) + delta**2 * np.sum(t[1:] ** 2)  # noqa: E731
    value, grad, hess = least_squares_taylor(theta, A, y, delta)
    assert_allclose(value, cost(theta), rtol=1e-12)
    assert_allclose(grad, complex_step_gradient(cost, theta), rtol=1e-11)
    by_differences = [
        numerical_gradient(lambda t, j=j: complex_step_gradient(cost, t)[j], theta) for j in range(5)
    ]
    assert_allclose(hess, by_differences, atol=1e-6)


# -------------------------------------------------------------------------------------------------- the check
@pytest.mark.equation("eq-gradcheck", "eq-directional")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_plain_check_passes_the_right_gradient_and_no_wrong_one(seed):
    theta, _ = point(seed)
    check = lambda gradient: check_gradient(f, gradient, theta, np.random.default_rng(seed))  # noqa: E731
    assert check(grad_f) < 1e-8
    assert_allclose(check(lambda t: grad_f(t) / 2), 0.5, atol=1e-6)
    assert_allclose(check(lambda t: -grad_f(t)), 2, atol=1e-6)
    assert check(lambda t: grad_f(t) + [0, 0.01, 0]) > 1e-4
