"""Rules against their published recurrences; drivers against closed forms and SciPy, and what must not be."""

import pickle
from dataclasses import FrozenInstanceError

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize

from mlcore import (
    SGD,
    Adagrad,
    Adam,
    DivergenceWarning,
    LeastSquares,
    LinearRegression,
    LogisticNLL,
    Momentum,
    Objective,
    Ridge,
    RMSProp,
    SoftmaxNLL,
    irls,
    lbfgs,
    minibatches,
    minimise,
    newton,
    one_hot,
)

RULES = [SGD(0.1), Momentum(0.1, 0.8), Adagrad(0.1), RMSProp(0.01, 0.8), Adam(0.01, 0.8, 0.95)]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)


class Valley(Objective):
    """½(θ₁² − θ₂)² + ½(θ₁ − 1)²: curved, its minimum at (1, 1), its Hessian not everywhere positive."""

    def taylor(self, theta):
        (a, _b), r = theta, theta[0] ** 2 - theta[1]
        yield r**2 / 2 + (a - 1) ** 2 / 2
        yield np.array([2 * a * r + a - 1, -r])
        yield np.array([[2 * r + 4 * a**2 + 1, -2 * a], [-2 * a, 1]])


# -------------------------------------------------------------------------- the rules, as they were published
def by_hand(rule, gradients):
    """All θ from 0 on, one number at a time in 40 digits, from the formulas of the papers."""
    mp = mpmath.mpf
    eta, epsilon = mp(rule.eta), mp(getattr(rule, "epsilon", 0))
    theta, before, total, mean, first = mp(0), mp(0), mp(0), mp(0), mp(0)
    path = []
    for k, g in enumerate(map(mp, gradients), 1):
        last = theta
        if isinstance(rule, SGD):
            theta = theta - eta * g
        elif isinstance(rule, Momentum):  # Peeters, lecture slides: θₖ₊₁ = θₖ + α(θₖ − θₖ₋₁) + (1 − α)[−η∇J]
            alpha = mp(rule.alpha)
            theta = theta + alpha * (theta - before) + (1 - alpha) * (-eta * g)
        elif isinstance(rule, Adagrad):  # Duchi et al. 2011
            total += g**2
            theta = theta - eta / (mpmath.sqrt(total) + epsilon) * g
        elif isinstance(rule, RMSProp):  # Tieleman and Hinton 2012
            mean = mp(rule.rho) * mean + (1 - mp(rule.rho)) * g**2
            theta = theta - eta * g / (mpmath.sqrt(mean) + epsilon)
        else:  # Kingma and Ba 2015, algorithm 1
            beta1, beta2 = mp(rule.beta1), mp(rule.beta2)
            first = beta1 * first + (1 - beta1) * g
            mean = beta2 * mean + (1 - beta2) * g**2
            theta -= eta * (first / (1 - beta1**k)) / (mpmath.sqrt(mean / (1 - beta2**k)) + epsilon)
        before = last
        path.append(float(theta))
    return path


def follow(rule, gradients, dtype=float):
    """θ after each of the gradients (n, ...), from 0 on."""
    theta = np.zeros(np.shape(gradients)[1:], dtype)
    state, path = rule.init(theta), []
    for g in gradients:
        step, state = rule.update(g, state)
        assert step.dtype == dtype
        theta += step
        path.append(theta.copy())
    return np.array(path)


@each_rule
def test_each_entry_follows_the_published_recurrence(rule):
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(100, 3)) * [1, 1e-3, 1e6]
    gradients[::3, 0] = 0
    with mpmath.workdps(40):
        expected = np.column_stack([by_hand(rule, column) for column in gradients.T])
    size = np.abs(expected).max(axis=0)
    assert_allclose(follow(rule, gradients) / size, expected / size, rtol=1e-12, atol=1e-14)
    # in single precision, in another shape, from gradients in double precision, with gaps in memory
    single = follow(rule, np.asfortranarray(gradients[:, :, None])[::1], np.float32)[:, :, 0]
    assert_allclose(single / size, expected / size, atol=3e-5)


@each_rule
def test_two_runs_do_not_disturb_each_other_and_nothing_given_is_changed(rule):
    rng = np.random.default_rng(1)
    gradients = rng.normal(size=(5, 4))
    gradients.flags.writeable = False
    theta = np.ones(4)
    a, b, alone = rule.init(theta), rule.init(theta), follow(rule, gradients)
    path = np.zeros((2, 4))
    for g in gradients:
        step, a = rule.update(g, a)
        path[0] += step
        step, b = rule.update(-2 * g, b)
        path[1] += step
    assert_array_equal(path[0], alone[-1])
    assert_array_equal(theta, 1)
    assert pickle.loads(pickle.dumps(rule)) == rule
    with pytest.raises(FrozenInstanceError):
        rule.eta = 1.0


@each_rule
def test_all_rules_reach_the_minimum_of_the_valley(rule):
    found = minimise(Valley(), [0.0, 1.0], rule, steps=4000, tol=0)
    assert_allclose(found.theta, 1, atol=5e-2 if isinstance(rule, (RMSProp, Adagrad)) else 1e-6)


def test_adam_flushes_what_has_faded():
    rule, state = Adam(), Adam().init(np.zeros(3, np.float32))
    _, state = rule.update(np.float32([1, 1e-30, 0]), state)
    for _ in range(2000):  # 0.9²⁰⁰⁰ is far below what a float32 holds
        step, state = rule.update(np.zeros(3, np.float32), state)
    moments = np.concatenate(state[1:3])
    assert not np.any((moments != 0) & (np.abs(moments) < np.finfo(np.float32).tiny))
    assert np.all(np.isfinite(step))


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: SGD(0), "eta must be a finite number > 0; got 0"),
        (lambda: SGD(np.nan), "eta must be"),
        (lambda: SGD("fast"), "eta must be"),
        (lambda: Adam(-1e-3), "eta must be .*; got -0.001"),
        (lambda: Momentum(0.1, 1.0), "alpha must be a number >= 0 and < 1; got 1"),
        (lambda: Momentum(0.1, -0.1), "alpha must be"),
        (lambda: RMSProp(0.1, rho=1.5), "rho must be"),
        (lambda: Adam(beta1=1.0), "beta1 must be"),
        (lambda: Adam(beta2=-1), "beta2 must be"),
        (lambda: Adam(epsilon=0), "epsilon must be"),
        (lambda: Adagrad(0.1, -1), "epsilon must be"),
    ],
)
def test_numbers_out_of_range(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@each_rule
@pytest.mark.parametrize(
    "grad, words",
    [
        (np.ones(2), r"grad must have the shape of theta, \(3,\); got \(2,\)"),
        (1.0, "shape of theta"),
        ([1, np.nan, 2], "grad must be finite; got 1 entries of 3"),
        ([1, np.inf, np.nan], "got 2 entries"),
        ([1, 2j, 3], "grad must be an array of real numbers; got complex numbers"),
        (["1", "2", "3"], "grad must be an array of real numbers; got text"),
        ([1, 2, None], "grad must be .*; got a missing value"),
    ],
)
def test_bad_gradients(rule, grad, words):
    with pytest.raises(ValueError, match=words):
        rule.update(grad, rule.init(np.zeros(3)))


@pytest.mark.parametrize("rule", [SGD(0.1), Momentum(0.1)])
def test_large_gradients_are_no_bad_gradients(rule):
    step, _ = rule.update(np.array([1e155, -1e155]), rule.init(np.zeros(2)))  # whose squares overflow
    assert_allclose(step, rule.eta * (1 - getattr(rule, "alpha", 0)) * np.array([-1e155, 1e155]))


@pytest.mark.parametrize("rule", RULES[2:], ids=lambda rule: type(rule).__name__)
@pytest.mark.parametrize("dtype, large, small", [(np.float64, 1e200, 1e-200), (np.float32, 1e25, 1e-25)])
def test_gradients_whose_squares_leave_the_range(rule, dtype, large, small):
    with pytest.raises(ValueError, match="squares add up within float"):
        rule.update(np.array([large, 1.0]), rule.init(np.zeros(2, dtype)))
    step, _ = rule.update(np.array([small, 0.0]), rule.init(np.zeros(2, dtype)))  # ε is all that counts
    assert_allclose(step, by_hand(rule, [small])[0] * np.array([1, 0]), rtol=1e-6)
    with pytest.raises(ValueError, match="epsilon must be at least .* where squares of the gradient vanish"):
        bare = type(rule)(0.1, epsilon=1e-300)
        bare.update(np.array([small, 1.0]), bare.init(np.zeros(2, dtype)))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("rule", RULES[2:], ids=lambda rule: type(rule).__name__)
def test_large_gradients_are_refused_at_once_or_never(rule, dtype):
    state = rule.init(np.zeros(1, dtype))
    grad = np.array([0.9e-5 * float(np.finfo(dtype).max) ** 0.5], dtype)
    for _ in range(20_000):
        step, state = rule.update(grad, state)
    assert step < 0
    with pytest.raises(ValueError, match="squares add up within float"):
        rule.update(2 * grad, rule.init(np.zeros(1, dtype)))


# ----------------------------------------------------------------------------------------------- mini-batches
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 60), st.integers(1, 80), st.integers(0, 10**6))
def test_an_epoch_takes_every_row_once(m, batch, seed):
    batches = list(minibatches(m, batch, np.random.default_rng(seed)))
    assert [len(rows) for rows in batches[:-1]] == [batch] * (len(batches) - 1)
    assert 1 <= len(batches[-1]) <= batch and len(batches) == -(-m // batch)
    assert_array_equal(np.sort(np.concatenate(batches)), np.arange(m))
    again = list(minibatches(m, batch, np.random.default_rng(seed)))
    assert all(np.array_equal(a, b) for a, b in zip(batches, again))


def test_epochs_differ_and_every_order_comes_up():
    rng = np.random.default_rng(0)
    orders = [tuple(np.concatenate(list(minibatches(3, 2, rng)))) for _ in range(600)]
    counts = [orders.count(order) for order in set(orders)]
    assert len(counts) == 6 and min(counts) > 60  # 100 expected, with a deviation of 9


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((0, 1, np.random.default_rng(0)), "m must be a whole number >= 1"),
        ((3, 0, np.random.default_rng(0)), "batch"),
        ((3, 1.5, np.random.default_rng(0)), "batch must be"),
        ((3, 1, 0), "rng must be a numpy.random.Generator"),
    ],
)
def test_bad_batches(arguments, words):
    with pytest.raises(ValueError, match=words):
        minibatches(*arguments)


# --------------------------------------------------------------------------------------------------- minimise
def problem(seed, m=30, d=3, delta=0.5):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d))
    return X, X @ rng.normal(size=d) + rng.normal(size=m), delta


def test_gradient_descent_is_the_loop_that_the_lecture_writes():
    X, y, delta = problem(0)
    J, theta = LeastSquares(X, y, delta), np.ones(4)
    found = minimise(J, theta, SGD(0.005), steps=20, tol=0)
    costs, t = [J.value(theta)], theta.copy()
    for _ in range(20):
        t = t - 0.005 * J.grad(t)
        costs.append(J.value(t))
    assert_allclose(found.history, costs, rtol=1e-13)
    assert_allclose(found.theta, t, rtol=1e-13)
    assert (found.steps, found.converged) == (20, False)
    assert_array_equal(theta, 1)


def test_descent_ends_when_the_gradient_is_small():
    X, y, delta = problem(1)
    J = LeastSquares(X, y, delta)
    found = minimise(J, np.zeros(4), SGD(1 / J.max_curvature()), steps=10_000, tol=1e-9)
    assert found.converged and found.steps < 1000 and len(found.history) == found.steps + 1
    assert np.abs(J.grad(found.theta)).max() <= 1e-9 * np.abs(J.grad(np.zeros(4))).max()
    assert_allclose(found.theta, Ridge(delta).fit(X, y).theta_, atol=1e-7)
    at_once = minimise(J, found.theta, SGD(0.001), steps=5, stop_below=J.value(found.theta) + 1)
    assert at_once.converged and at_once.steps == 0


@pytest.mark.filterwarnings("ignore::mlcore.DivergenceWarning")
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.floats(0.1, 3.0))
def test_two_over_the_largest_curvature_is_the_border_of_divergence(seed, part):
    # the costs of a quadratic fall below the border from the first step on, and rise for ever above it
    X, y, delta = problem(seed)
    J = LeastSquares(X, y, delta)
    if 0.99 < part / 2 < 1.01:
        return
    found = minimise(J, np.ones(4), SGD(part / J.max_curvature()), steps=3000, tol=1e-6)
    assert found.converged == (part < 2)


def test_divergence_is_said_and_the_best_theta_kept():
    X, y, delta = problem(2)
    J, start = LeastSquares(X, y, delta), np.full(4, 0.3)
    with pytest.warns(
        DivergenceWarning, match=r"after step \d+ the cost is .* smaller learning rate than in SGD"
    ):
        found = minimise(J, start, SGD(10.0), steps=1000)
    assert not found.converged and found.steps < 20 and found.history[-1] > 1000 * found.history[0]
    assert_array_equal(found.theta, start)


@pytest.mark.parametrize("rule", [SGD(1e200), Momentum(1e300), SGD(1e308)])
def test_infinite_costs_and_steps_are_divergence_too(rule):
    X, y, delta = problem(3)
    with pytest.warns(DivergenceWarning):
        found = minimise(LeastSquares(X, y, delta), np.zeros(4), rule, steps=10)
    assert np.all(np.isfinite(found.theta)) and found.steps <= 2


def test_nan_in_the_gradient_stops_the_descent():
    class Broken(Objective):
        def taylor(self, theta):
            yield float(theta @ theta)
            yield 2 * theta if theta[0] > 0.5 else np.full(2, np.nan)

    with pytest.warns(DivergenceWarning, match="after step 4"):
        found = minimise(Broken(), [1.0, 1.0], SGD(0.1), steps=100)
    assert_allclose(found.theta, 0.8**3 if 0.8**3 > 0.5 else 0.8**4, atol=0.11)
    with pytest.raises(ValueError, match="cost and its derivatives are finite"):
        minimise(Broken(), [0.0, 0.0], SGD(0.1), steps=100)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"steps": 0}, "steps must be"),
        ({"steps": 2.5}, "steps must be"),
        ({"steps": 5, "tol": -1}, "tol must be"),
    ],
)
def test_bad_options(options, words):
    X, y, delta = problem(4)
    with pytest.raises(ValueError, match=words):
        minimise(LeastSquares(X, y, delta), np.zeros(4), SGD(0.01), **options)


@pytest.mark.parametrize("driver", [lambda J, t: minimise(J, t, SGD(0.01), steps=3), newton, lbfgs])
@pytest.mark.parametrize(
    "theta, words", [(np.zeros(3), r"shape \(4,\)"), ("a", "real numbers"), ([0, 0, 0, np.nan], "finite")]
)
def test_bad_starts(driver, theta, words):
    X, y, delta = problem(4)
    with pytest.raises(ValueError, match=words):
        driver(LeastSquares(X, y, delta), theta)


# ----------------------------------------------------------------------------------------- Newton and L-BFGS
@pytest.mark.equation("eq-newton-step")
@pytest.mark.parametrize("seed", range(4))
def test_one_newton_step_solves_least_squares_from_anywhere(seed):
    X, y, delta = problem(seed)
    start = np.random.default_rng(seed).normal(size=4) * 100
    for d in (0.0, delta):
        expected = (Ridge(d) if d else LinearRegression()).fit(X, y).theta_
        found = newton(LeastSquares(X, y, d), start, steps=1)
        assert found.steps == 1
        assert_allclose(found.theta, expected, rtol=1e-9)
        found = newton(LeastSquares(X, y, d), start)
        assert found.converged and found.steps == 2  # the second only confirms, and polishes
        assert_allclose(found.theta, expected, rtol=1e-12)


def classification(seed, m=60, d=3, K=2):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d))
    return X, (X @ rng.normal(size=(d, K)) + 2 * rng.gumbel(size=(m, K))).argmax(axis=1)


@pytest.mark.parametrize("delta", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(40))
def test_newton_converges_quadratically_to_the_last_digits(seed, delta):
    X, y = classification(seed)
    J = LogisticNLL(X, y, delta)
    found = newton(J, np.zeros(4))
    assert found.converged and found.steps <= 12
    terms = np.abs(np.column_stack((np.ones(60), X))).sum(axis=0)  # what cancels in the gradient
    assert np.all(np.abs(J.grad(found.theta)) <= 1e-15 * terms * 4)
    assert np.all(np.diff(found.history) <= 8e-16 * found.history[0])
    assert_allclose(irls(X, y, delta).theta, found.theta, rtol=1e-12)


@pytest.mark.parametrize("start", [[0.0, 1.0], [-3.0, -5.0], [0.0, 3.0], [10.0, -40.0]])
def test_newton_goes_downhill_where_the_hessian_does_not_help(start):
    # at (0, 3) the Hessian of the valley has a negative eigenvalue, and a plain Newton step goes up
    found = newton(Valley(), start)
    assert found.converged
    assert_allclose(found.theta, 1, atol=1e-12)
    assert np.all(np.diff(found.history) <= 1e-15 * found.history[0])


def test_newton_follows_negative_curvature_down_to_a_minimum():
    class TwoHollows(Objective):  # (x² − 1)²/4 + y²/2, with a saddle at 0
        def taylor(self, theta):
            x, y = theta
            yield (x**2 - 1) ** 2 / 4 + y**2 / 2
            yield np.array([x**3 - x, y])
            yield np.diag([3 * x**2 - 1, 1.0])

    for start, end in (([0.1, 1.0], [1, 0]), ([-1e-3, 0.0], [-1, 0])):
        found = newton(TwoHollows(), start)
        assert found.converged
        assert_allclose(found.theta, end, atol=1e-10)


def test_newton_takes_the_shortest_step_where_the_minimum_is_a_line():
    class Trough(Objective):
        def taylor(self, theta):
            s = theta.sum() - 4
            yield s**2
            yield 2 * s * np.ones(2)
            yield 2 * np.ones((2, 2))

    found = newton(Trough(), [0.0, 0.0])
    assert found.converged
    assert_allclose(found.theta, 2, rtol=1e-12)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.floats(-2, 3.5))
def test_newton_never_rises_from_a_wild_start(seed, scale):
    X, y = classification(seed, m=30)
    J = LogisticNLL(X, y, 0.3)
    start = 10.0**scale * np.random.default_rng(seed).normal(size=4)
    found = newton(J, start)
    assert found.converged
    assert np.all(np.diff(found.history) <= 1e-14 * np.abs(found.history[:-1]))
    assert_allclose(found.theta, newton(J, np.zeros(4)).theta, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    "make",
    [
        lambda: (LogisticNLL(*classification(0), 0.5), np.zeros(4)),
        lambda: (LeastSquares(*problem(0)), np.zeros(4)),
        lambda: (Valley(), np.array([-3.0, -5.0])),
    ],
)
def test_lbfgs_finds_what_scipy_finds(make):
    J, start = make()
    found = lbfgs(J, start)
    theirs = optimize.minimize(J.value, start, jac=J.grad, method="BFGS", options={"gtol": 1e-9})
    assert found.converged and found.history[-1] <= theirs.fun * (1 + 1e-12) + 1e-15
    assert_allclose(found.theta, theirs.x, atol=1e-6)
    assert np.all(np.diff(found.history) <= 1e-14 * found.history[:-1])
    assert_array_equal(start, make()[1])


def test_lbfgs_needs_no_more_steps_than_scipy_and_a_good_guess_saves_some():
    X, y = classification(1, m=400, d=10, K=4)
    X = X * np.logspace(-1, 1, 10)
    J, start = SoftmaxNLL(X, one_hot(y, 4), 0.01), np.zeros((11, 4))

    def flat(theta):
        value, grad = J.value_and_grad(theta.reshape(11, 4))
        return value, grad.ravel()

    theirs = optimize.minimize(
        flat,
        start.ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"ftol": 1e-15, "gtol": 1e-12, "maxiter": 5000, "maxfun": 10_000},
    )
    plain, guided = lbfgs(J, start, steps=5000), lbfgs(J, start, precondition=J.preconditioner)
    assert plain.steps <= 1.5 * theirs.nit and guided.steps < 0.2 * plain.steps
    for found in (plain, guided):
        assert found.converged and found.history[-1] <= theirs.fun + 1e-9 * abs(theirs.fun)


def test_lbfgs_begins_anew_where_it_was_misled():
    class Bowl(Objective):
        def taylor(self, theta):
            curvature = np.arange(1.0, 41) ** 2
            yield curvature @ theta**2 / 2
            yield curvature * theta

    guesses = []

    def precondition(theta):  # the second points uphill
        guesses.append(-1 if len(guesses) == 1 else 1)
        return lambda v, sign=guesses[-1]: sign * v

    found = lbfgs(Bowl(), np.ones(40), precondition=precondition)
    assert found.converged and guesses[:3] == [1, -1, 1]
    assert_allclose(found.theta, 0, atol=1e-6)
    assert not lbfgs(Bowl(), np.ones(40), precondition=lambda theta: np.negative).converged


def test_a_slope_too_long_for_the_line_search_is_no_minimum():
    class Ramp(Objective):  # down by 1 a step, for 1e100 steps
        def taylor(self, theta):
            yield float(np.abs(theta - 1e100).sum())
            yield np.sign(theta - 1e100)

    assert not lbfgs(Ramp(), np.zeros(2)).converged


@pytest.mark.parametrize("unit", [1e-100, 1e-150, 1e-154])
def test_costs_near_the_least_of_float64_have_a_minimum(unit):
    X, y, delta = problem(0)
    found = lbfgs(LeastSquares(X, y * unit, delta), np.zeros(4))
    assert found.converged
    assert_allclose(found.theta / unit, Ridge(delta).fit(X, y).theta_, rtol=1e-5)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_units_of_theta_do_not_stop_lbfgs(unit):
    class Scaled(Objective):
        def taylor(self, theta):
            value, grad, hess = Valley().taylor(unit * theta)
            yield value
            yield unit * grad
            yield unit**2 * hess

    for driver in (lbfgs, newton):
        found = driver(Scaled(), np.array([-3.0, -5.0]) / unit)
        assert found.converged
        assert_allclose(unit * found.theta, 1, atol=1e-6)


def test_drivers_stop_at_their_limit_and_where_enough_is_reached():
    X, y = classification(2)
    J = LogisticNLL(X, y, 0.5)
    for driver in (newton, lbfgs):
        assert driver(J, np.zeros(4), steps=2).steps == 2
        assert not driver(J, np.zeros(4), steps=2).converged
        found = driver(J, np.zeros(4), stop_below=0.9 * J.value(np.zeros(4)))
        assert found.converged and found.history[-1] < 0.9 * found.history[0] <= found.history[-2]
        assert driver(J, np.zeros(4), stop_below=np.inf).steps == 0
    best = newton(J, np.zeros(4)).theta
    assert newton(J, best).steps <= 2 and lbfgs(J, best).steps <= 3


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda J: newton(J, np.zeros(4), steps=0), "steps must be"),
        (lambda J: lbfgs(J, np.zeros(4), memory=0), "memory must be"),
        (lambda J: irls(np.ones((3, 1)), [0, 1, 2]), "y must be made of 0 and 1; got 2"),
        (
            lambda J: newton(LeastSquares([[1e200], [2.0]], [1, 2]), [0, 1e150]),
            "cost and its derivatives are finite",
        ),
        (lambda J: Objective().value(np.zeros(2)), "taylor"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_bad_calls(call, words):
    X, y = classification(3)
    with pytest.raises((ValueError, TypeError), match=words):
        call(LogisticNLL(X, y))


@pytest.mark.parametrize("kind", [SGD, Momentum, Adagrad, RMSProp, Adam])
def test_a_rate_of_a_small_numpy_type_is_the_number_that_it_is(kind):
    theta, grad = np.ones(2), np.array([1.0, -2.0])
    steps = [
        np.array(rule.update(grad, rule.init(theta))[0]) for rule in (kind(eta=np.uint8(1)), kind(eta=1.0))
    ]
    np.testing.assert_array_equal(*steps)
