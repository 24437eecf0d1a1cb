"""Objectives: value against definition, derivatives against differences, minimum against the estimators."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore import LeastSquares, LinearRegression, LogisticNLL, Objective, SoftmaxNLL, one_hot
from mlcore.datasets import load_diabetes
from mlcore.ridge import Ridge


def setting(seed, delta):
    rng = np.random.default_rng(seed)
    m, d = int(rng.integers(2, 20)), int(rng.integers(1, 6))
    X, y = rng.normal(size=(m, d)), rng.normal(size=m)
    return X, y, LeastSquares(X, y, delta), rng.normal(size=d + 1)


seeds, deltas = st.integers(0, 10**6), st.sampled_from([0.0, 0.3, 2.0, 10.0])


@settings(max_examples=40, deadline=None)
@given(seeds, deltas)
def test_value_is_the_sum_of_squares_and_the_penalty_without_the_intercept(seed, delta):
    X, y, J, theta = setting(seed, delta)
    total = 0.0
    for row, target in zip(X, y):
        total += (target - theta[0] - sum(a * t for a, t in zip(row, theta[1:]))) ** 2
    for t in theta[1:]:
        total += delta**2 * t**2
    assert J.value(theta) == pytest.approx(total, rel=1e-12)
    assert isinstance(J.value(theta), float)


@settings(max_examples=40, deadline=None)
@given(seeds, deltas)
def test_gradient_and_hessian_are_the_differences_of_value_and_gradient(seed, delta):
    # J is quadratic: a central difference has no truncation error whatever the step, so a step of 1 loses no
    # digits
    _X, _y, J, theta = setting(seed, delta)
    unit = np.eye(theta.size)
    gradient = np.array([(J.value(theta + u) - J.value(theta - u)) / 2 for u in unit])
    hessian = np.array([(J.grad(theta + u) - J.grad(theta - u)) / 2 for u in unit])
    np.testing.assert_allclose(J.grad(theta), gradient, rtol=1e-10, atol=1e-10 * np.abs(gradient).max())
    np.testing.assert_allclose(J.hess(theta), hessian, rtol=1e-10, atol=1e-10 * np.abs(hessian).max())


@settings(max_examples=40, deadline=None)
@given(seeds, deltas)
def test_gradient_by_a_complex_step(seed, delta):
    # the definition written out once more, for complex θ: the imaginary part of J(θ + ihu)/h, with no
    # difference taken
    X, y, J, theta = setting(seed, delta)

    def value(t):
        return np.sum((y - t[0] - X @ t[1:]) ** 2) + delta**2 * np.sum(t[1:] ** 2)

    step = [value(theta + 1e-30j * u).imag / 1e-30 for u in np.eye(theta.size)]
    np.testing.assert_allclose(J.grad(theta), step, rtol=1e-11, atol=1e-12 * np.abs(step).max())


@settings(max_examples=40, deadline=None)
@given(seeds, deltas)
def test_hessian_is_symmetric_and_not_negative(seed, delta):
    _, _, J, theta = setting(seed, delta)
    H = J.hess(theta)
    np.testing.assert_array_equal(
        H, H.T
    )  # AᵀA as a product of A with itself; (2A)ᵀA may round to either side
    assert np.linalg.eigvalsh(H).min() > -1e-12 * np.abs(H).max()
    np.testing.assert_array_equal(H, J.hess(np.zeros_like(theta)))


def test_one_newton_step_reaches_the_minimum_from_anywhere():
    X, y, J, theta = setting(4, 0.5)
    theta = theta - np.linalg.solve(J.hess(theta), J.grad(theta))
    np.testing.assert_allclose(theta, Ridge(0.5).fit(X, y).theta_, rtol=1e-10)


@pytest.mark.parametrize(
    "model, delta", [(LinearRegression(), 0.0), (Ridge(0.0), 0.0), (Ridge(3.0), 3.0), (Ridge(100.0), 100.0)]
)
def test_the_gradient_is_zero_at_the_estimates(model, delta):
    data = load_diabetes()
    J = LeastSquares(data.X, data.y, delta)
    theta = model.fit(data.X, data.y).theta_
    scale = np.abs(J.hess(theta)) @ np.abs(theta)  # the size of the terms that cancel
    assert np.all(np.abs(J.grad(theta)) <= 1e-12 * scale)
    rng = np.random.default_rng(0)
    for _ in range(20):
        assert J.value(theta + 1e-3 * rng.normal(size=11) * np.abs(theta)) > J.value(theta)


@pytest.mark.parametrize(
    "theta, words",
    [
        ([1.0, 2.0], r"theta must have shape \(4,\), the intercept first; got \(2,\)"),
        (1.0, r"theta must have shape \(4,\).*got \(\)"),
        (np.zeros((4, 1)), r"got \(4, 1\)"),
        ([1, 2, 3, np.nan], "theta must be .* finite"),
        ("abcd", "theta must be"),
    ],
)
@pytest.mark.parametrize("method", ["value", "grad", "hess"])
def test_bad_theta(method, theta, words):
    with pytest.raises(ValueError, match=words):
        getattr(LeastSquares(np.ones((5, 3)), np.ones(5)), method)(theta)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((np.ones(3), np.ones(3)), "X must be a 2-D"),
        ((np.ones((3, 1)), np.ones(2)), "same number of rows"),
        ((np.ones((3, 1)), np.ones(3), -1), "delta must be .* >= 0; got -1"),
        ((np.ones((3, 1)), np.ones(3), None), "delta must"),
    ],
)
def test_bad_data(arguments, words):
    with pytest.raises(ValueError, match=words):
        LeastSquares(*arguments)


def test_nothing_is_changed_in_place_nor_shared():
    X, y, theta = np.ones((3, 1)), np.ones(3), np.ones(2)
    J = LeastSquares(X, y, 1.0)
    before = J.value(theta)
    J.grad(theta), J.hess(theta)
    np.testing.assert_array_equal(theta, 1.0)
    X[:] = 5.0
    assert J.value(theta) == before


# ------------------------------------------------------------------------------------- logistic and softmax
def classes(seed, delta, K=2):
    """A random problem with K classes: X (m, d), labels (m,) and θ."""
    rng = np.random.default_rng(seed)
    m, d = int(rng.integers(1, 15)), int(rng.integers(1, 5))
    return rng.normal(size=(m, d)), rng.integers(0, K, size=m), rng.normal(size=(d + 1, K))


def nll(scores, labels):
    """Sum of −log softmax for rows of scores, complex ones too: no maximum taken out, no shortcut."""
    return sum(np.log(np.sum(np.exp(z))) - z[k] for z, k in zip(scores, labels))


def make(kind, X, labels, delta, theta):
    """The objective, a θ of its shape, and its definition for real and complex θ."""
    A = np.column_stack((np.ones(len(X)), X))
    if kind is LogisticNLL:

        def definition(t):
            z = A @ t
            return nll(np.column_stack((0 * z, z)), labels) + delta**2 * np.sum(t[1:] ** 2)

        return LogisticNLL(X, labels, delta), theta[:, 0], definition

    def definition(t):
        return nll(A @ t, labels) + delta**2 * np.sum(t[1:] ** 2)

    return SoftmaxNLL(X, one_hot(labels, theta.shape[1]), delta), theta, definition


kinds = pytest.mark.parametrize("kind", [LogisticNLL, SoftmaxNLL], ids=["logistic", "softmax"])


@kinds
@settings(max_examples=30, deadline=None, derandomize=True)
@given(seeds, deltas, st.integers(2, 5))
def test_likelihoods_and_their_gradients_by_definition_and_complex_step(kind, seed, delta, K):
    X, labels, theta = classes(seed, delta, 2 if kind is LogisticNLL else K)
    J, theta, definition = make(kind, X, labels, delta, theta)
    assert J.value(theta) == pytest.approx(definition(theta), rel=1e-12, abs=1e-12)
    assert isinstance(J.value(theta), float) and J.shape == theta.shape
    unit = np.eye(theta.size).reshape(-1, *theta.shape)
    step = np.array([definition(theta + 1e-30j * u).imag / 1e-30 for u in unit]).reshape(theta.shape)
    scale = max(1e-3, np.abs(step).max())
    np.testing.assert_allclose(J.grad(theta), step, rtol=1e-10, atol=1e-13 * scale)
    value, grad = J.value_and_grad(theta)
    assert value == J.value(theta)
    np.testing.assert_array_equal(grad, J.grad(theta))


@kinds
@settings(max_examples=20, deadline=None, derandomize=True)
@given(seeds, deltas, st.integers(2, 4))
def test_hessians_are_the_differences_of_gradients(kind, seed, delta, K):
    X, labels, theta = classes(seed, delta, 2 if kind is LogisticNLL else K)
    J, theta, _ = make(kind, X, labels, delta, theta)
    h, unit = 1e-3, np.eye(theta.size).reshape(-1, *theta.shape)

    def slope(u):  # Richardson: errors of order h⁶
        d = [(J.grad(theta + k * h * u) - J.grad(theta - k * h * u)) / (2 * k * h) for k in (1, 2, 3)]
        return 1.5 * d[0] - 0.6 * d[1] + 0.1 * d[2]

    numeric = np.array([slope(u).ravel() for u in unit])
    H = J.hess(theta)
    np.testing.assert_allclose(H, numeric, atol=1e-10 * max(1, np.abs(H).max()))
    np.testing.assert_array_equal(H, H.T)
    assert np.linalg.eigvalsh(H)[0] > -1e-13 * np.abs(H).max()  # convex: semi-definite, not more
    assert np.linalg.eigvalsh(H)[-1] <= J.max_curvature() * (1 + 1e-12)


@pytest.mark.parametrize("delta", [0.0, 0.7])
def test_no_curvature_is_above_the_bound_and_some_come_close(delta):
    X, labels, _ = classes(3, delta, 4)
    one, zero = one_hot(labels, 4), np.zeros((X.shape[1] + 1, 4))
    J = LogisticNLL(X, labels % 2, delta)
    assert np.linalg.eigvalsh(J.hess(zero[:, 0]))[-1] == pytest.approx(J.max_curvature(), rel=1e-12)
    J = SoftmaxNLL(X, one, delta)
    half = zero.copy()
    half[0] = [0, 0, -50, -50]  # π = (½, ½, 0, 0)
    assert np.linalg.eigvalsh(J.hess(half))[-1] == pytest.approx(J.max_curvature(), rel=1e-12)
    J = LeastSquares(X, labels, delta)
    assert np.linalg.eigvalsh(J.hess(zero[:, 0]))[-1] == pytest.approx(J.max_curvature(), rel=1e-12)


@pytest.mark.parametrize("size", [1.0, 100.0, 1e4])
def test_scores_of_any_size_keep_their_digits(size):
    rng = np.random.default_rng(0)
    X, labels, theta = rng.normal(size=(12, 2)), rng.integers(0, 3, size=12), size * rng.normal(size=(3, 3))
    with mpmath.workdps(60):
        A, one = mpmath.matrix(np.column_stack((np.ones(12), X)).tolist()), one_hot(labels, 3)

        def exact(t, k):  # value and gradient for the scores A t and the columns k
            Z = A * mpmath.matrix(t.tolist())
            E = [[mpmath.exp(Z[i, j]) for j in range(3)] for i in range(12)]
            P = [[e / mpmath.fsum(row) for e in row] for row in E]
            value = -mpmath.fsum(mpmath.log(P[i][j]) for i, j in enumerate(k))
            G = A.T * mpmath.matrix([[P[i][j] - (j == k[i]) for j in range(3)] for i in range(12)])
            return float(value), np.array(G.tolist(), dtype=float)

        value, grad = exact(theta, labels)
        two = np.column_stack((0 * theta[:, 0], theta[:, 0], 0 * theta[:, 0]))
        two[0, 2] = -(10**7)  # a third class that never comes
        value2, grad2 = exact(two, labels // 2)
    with np.errstate(all="raise", under="ignore"):
        J, J2 = SoftmaxNLL(X, one), LogisticNLL(X, labels // 2)
        assert J.value(theta) == pytest.approx(value, rel=1e-13)
        assert J2.value(theta[:, 0]) == pytest.approx(value2, rel=1e-13)
        np.testing.assert_allclose(J.grad(theta), grad, atol=1e-13 * (1 + np.abs(grad).max()))
        np.testing.assert_allclose(J2.grad(theta[:, 0]), grad2[:, 1], rtol=1e-12, atol=1e-13)
        J.hess(theta), J2.hess(theta[:, 0])


def test_the_gradient_of_a_sure_logistic_unit_keeps_its_digits():
    # π − 1 = −e⁻⁵⁰ would be 0 by subtraction
    J = LogisticNLL([[1.0]], [1])
    assert J.grad([0.0, 50.0])[1] == pytest.approx(-np.exp(-50), rel=1e-14)
    assert J.value([0.0, 50.0]) == pytest.approx(np.exp(-50), rel=1e-14)
    assert J.hess([0.0, 50.0])[1, 1] == pytest.approx(np.exp(-50), rel=1e-14)


@pytest.mark.parametrize("delta", [0.0, 0.5])
def test_two_classes_of_softmax_are_logistic(delta):
    X, labels, theta = classes(11, delta)
    J2, J = SoftmaxNLL(X, one_hot(labels, 2), delta), LogisticNLL(X, labels, delta / np.sqrt(2))
    t = theta[:, 0]
    pair = np.column_stack((-t / 2, t / 2))
    assert J2.value(pair) == pytest.approx(J.value(t), rel=1e-13)
    np.testing.assert_allclose(
        J2.grad(pair)[:, 1] - J2.grad(pair)[:, 0], 2 * J.grad(t), rtol=1e-12, atol=1e-13
    )


@kinds
@pytest.mark.parametrize("delta", [1e-170, 1.35e154, 1e300])
def test_penalties_whose_square_leaves_float64(kind, delta):
    with pytest.raises(ValueError, match="delta must be 0 or from 1e-150 to 1e150"):
        make(kind, np.ones((3, 1)), np.array([0, 1, 1]), delta, np.zeros((2, 2)))


@kinds
@pytest.mark.parametrize("unit, origin", [(1.0, 0.0), (1e-9, 0.0), (1e6, 1e7)])
def test_steepness_does_not_depend_on_the_units_of_the_columns(kind, unit, origin):
    X, labels, theta = classes(2, 0.0)
    plain, theta, _ = make(kind, X, labels, 0.0, theta)
    moved, _, _ = make(kind, unit * X + origin, labels, 0.0, np.zeros((X.shape[1] + 1, 2)))
    there = theta / unit
    there[0] = theta[0] - origin / unit * theta[1:].sum(axis=0)  # the same scores
    standardised, _, _ = make(
        kind, (X - X.mean(axis=0)) / X.std(axis=0), labels, 0.0, np.zeros((X.shape[1] + 1, 2))
    )
    here = np.concatenate(([theta[0] + X.mean(axis=0) @ theta[1:]], (theta[1:].T * X.std(axis=0)).T))
    expected = np.abs(standardised.grad(here)).max()
    assert plain.steepness(plain.grad(theta)) == pytest.approx(expected, rel=1e-9)
    assert moved.steepness(moved.grad(there)) == pytest.approx(expected, rel=1e-5)


def test_preconditioner_inverts_the_blocks_of_each_class():
    X, labels, theta = classes(5, 0.3, 3)
    J = SoftmaxNLL(X, one_hot(labels, 3), 0.3)
    n = len(theta)
    H, v = J.hess(theta).reshape(n, 3, n, 3), np.random.default_rng(0).normal(size=(n, 3))
    expected = np.column_stack([np.linalg.solve(H[:, k, :, k], v[:, k]) for k in range(3)])
    np.testing.assert_allclose(J.preconditioner(theta)(v), expected, rtol=1e-6)
    flat = SoftmaxNLL(np.zeros((4, 2)), one_hot([0, 1, 0, 1], 2)).preconditioner(np.zeros((3, 2)))
    assert np.all(np.isfinite(flat(np.ones((3, 2)))))


@kinds
@pytest.mark.parametrize(
    "theta, words",
    [
        (np.zeros(2), "theta must"),
        (np.zeros((3, 2)), "theta must"),
        (np.full((2, 2), np.nan), "theta must"),
        ("abc", "theta must"),
        (1.0, "theta must"),
    ],
)
@pytest.mark.parametrize("method", ["value", "grad", "hess", "value_and_grad"])
def test_bad_theta_of_likelihoods(kind, method, theta, words):
    J, good, _ = make(kind, np.ones((5, 3)), [0, 1, 0, 1, 1], 0.0, np.zeros((4, 2)))
    getattr(J, method)(good)
    with pytest.raises(ValueError, match=words):
        getattr(J, method)(theta)


def test_shapes_are_named_in_the_error():
    with pytest.raises(
        ValueError, match=r"theta must have shape \(2, 3\), the intercept first; got \(2, 2\)"
    ):
        SoftmaxNLL([[1.0]], [[0, 1, 0]]).value(np.zeros((2, 2)))


@pytest.mark.parametrize(
    "arguments, words",
    [
        (([[1.0]], [2]), "y must be made of 0 and 1; got 2 at position 0"),
        (([[1.0]], [0.5]), "got 0.5"),
        (([[1.0], [2]], [0, -1]), "got -1 at position 1"),
        (([[1.0]], [0, 1]), "same number of rows"),
        (([[1.0]], ["a"]), "y must"),
        (([[1.0]], [1], -2), "delta must"),
        (([1.0], [1]), "X must be a 2-D"),
    ],
)
def test_bad_data_of_logistic(arguments, words):
    with pytest.raises(ValueError, match=words):
        LogisticNLL(*arguments)


@pytest.mark.parametrize(
    "Y, words",
    [
        ([[1, 1], [0, 1]], "Y must be one-hot.*in row 0"),
        ([[0, 1], [0, 0]], "one-hot.*in row 1"),
        ([[0, 1], [0.5, 0.5]], "one-hot.*0.5.*in row 1"),
        ([[2, -1], [0, 1]], "one-hot.*in row 0"),
        ([0, 1], "Y must be a 2-D"),
        ([[0, 1]], "X and Y must have the same number of rows"),
        ([[0, np.nan], [0, 1]], "Y must be .*finite"),
    ],
)
def test_wrong_one_hot(Y, words):
    with pytest.raises(ValueError, match=words):
        SoftmaxNLL([[1.0], [2.0]], Y)


@kinds
def test_likelihoods_share_nothing_with_what_they_were_given(kind):
    X, labels, theta = np.ones((3, 1)), np.array([0, 1, 1]), np.ones((2, 2))
    X.flags.writeable = labels.flags.writeable = theta.flags.writeable = False
    J, theta, _ = make(kind, X, labels, 0.5, theta)
    before = J.value(theta), J.grad(theta), J.hess(theta)
    free = X.copy()
    again, _, _ = make(kind, free, labels, 0.5, np.ones((2, 2)))
    free[:] = 7
    for each in (J, again):
        for old, new in zip(before, (each.value(theta), each.grad(theta), each.hess(theta))):
            np.testing.assert_array_equal(old, new)


def test_an_objective_of_ones_own_takes_one_method():
    class Square(Objective):
        def taylor(self, theta):
            yield float(theta @ theta)
            yield 2 * theta
            raise AssertionError("nobody asked for the Hessian")

    J, theta = Square(), np.array([1.0, 2.0])
    assert J.value(theta) == 5 and J.value_and_grad(theta)[0] == 5
    np.testing.assert_array_equal(J.grad(theta), [2, 4])
    with pytest.raises(TypeError, match="Objective must have a method taylor"):
        Objective().value(theta)


@pytest.mark.parametrize("Cost", [LeastSquares, LogisticNLL, SoftmaxNLL])
def test_a_small_penalty_in_other_columns_keeps_its_digits(Cost):
    y = np.eye(2) if Cost is SoftmaxNLL else np.array([0.0, 1.0])
    J = Cost(np.zeros((2, 2)), y)  # X says nothing: all that slopes change is the penalty
    theta = np.zeros(J.shape)
    without = J.value(theta)
    long, short = np.array([[3.1e8, -3.1e8 * (1 + 2.0**-30)]]), 3.1e8 * 2.0**-30  # root·(1, 1), exactly
    J.penalise(long)
    theta[1:] = 1.0
    assert J.value(theta) - without == pytest.approx(theta[0].size * short**2, rel=1e-7)
