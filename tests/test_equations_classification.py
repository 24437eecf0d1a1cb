"""The equations on classification, each against something that does not share its origin."""

import itertools

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, optimize, special, stats
from sklearn.linear_model import LogisticRegression as Peer
from sklearn.metrics import log_loss

from mlcore import (
    LogisticNLL,
    LogisticRegression,
    SoftmaxNLL,
    SoftmaxRegression,
    irls,
    log_sum_exp,
    logit,
    one_hot,
    sigmoid,
    softmax,
    softplus,
)

SEEDS = range(4)
Z = np.linspace(-8, 8, 33)


def complex_step(f, theta, h=1e-30):
    """∂f/∂θ for a real function written for complex numbers too: the imaginary part, no difference taken."""
    theta = np.asarray(theta, dtype=float)
    unit = np.eye(theta.size).reshape(-1, *theta.shape)
    return np.array([np.imag(f(theta + 1j * h * u)) / h for u in unit])


def binary(seed, m=30, d=3):
    """A (m, d + 1) with its column of ones, y of 0 and 1, a θ and a δ."""
    rng = np.random.default_rng(seed)
    A = np.column_stack((np.ones(m), rng.normal(size=(m, d))))
    return A, rng.integers(0, 2, size=m), rng.normal(size=d + 1), rng.uniform(0.1, 2)


def several(seed, m=25, d=2, K=4):
    """A (m, d + 1), labels 0 … K − 1, a θ (d + 1, K) and a δ."""
    rng = np.random.default_rng(seed)
    A = np.column_stack((np.ones(m), rng.normal(size=(m, d))))
    return A, rng.integers(0, K, size=m), rng.normal(size=(d + 1, K)), rng.uniform(0.1, 2)


def plain_sigmoid(z):
    return 1 / (1 + np.exp(-z))


def plain_softmax(z):
    return np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)


def logistic_cost(A, y, theta, delta):
    """Term by term, for real and complex θ."""
    total = delta**2 * sum(t**2 for t in theta[1:])
    for row, label in zip(A, y):
        pi = plain_sigmoid(row @ theta)
        total -= label * np.log(pi) + (1 - label) * np.log(1 - pi)
    return total


def softmax_cost(A, labels, theta, delta):
    """Term by term, for real and complex θ."""
    total = delta**2 * np.sum(theta[1:] ** 2)
    for row, label in zip(A, labels):
        total -= np.log(plain_softmax(row @ theta)[label])
    return total


# ------------------------------------------------------------------------------------------------ the sigmoid
@pytest.mark.equation("eq-sigmoid")
def test_three_forms_of_the_sigmoid_and_a_library():
    for form in (
        1 / (1 + np.exp(-Z)),
        np.exp(Z) / (1 + np.exp(Z)),
        (1 + np.tanh(Z / 2)) / 2,
        special.expit(Z),
        stats.logistic.cdf(Z),
    ):
        assert_allclose(sigmoid(Z), form, rtol=1e-12)
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan(np.exp(1000.0) / (1 + np.exp(1000.0))) and sigmoid(1000.0) == 1


@pytest.mark.equation("eq-sigmoid-symmetry")
def test_the_other_class_has_the_rest():
    assert_allclose(1 - plain_sigmoid(Z), sigmoid(-Z), rtol=1e-10)
    assert 1 - sigmoid(38.0) == 0 and sigmoid(-38.0) == pytest.approx(float(mpmath.exp(-38)), rel=1e-12)


@pytest.mark.equation("eq-sigmoid-derivative")
def test_slope_of_the_sigmoid():
    slope = [complex_step(lambda t: plain_sigmoid(t[0]), [z])[0] for z in Z]
    assert_allclose(sigmoid(Z) * (1 - sigmoid(Z)), slope, rtol=1e-11)
    assert_allclose(stats.logistic.pdf(Z), slope, rtol=1e-11)
    assert max(slope) == slope[16] == pytest.approx(0.25)


@pytest.mark.equation("eq-logit")
def test_logit_is_the_inverse_and_not_the_sigmoid():
    p = np.linspace(0.01, 0.99, 21)
    assert_allclose(plain_sigmoid(np.log(p / (1 - p))), p, rtol=1e-13)
    assert_allclose(logit(p), special.logit(p), rtol=1e-12, atol=1e-15)
    roots = [optimize.brentq(lambda z, q=q: plain_sigmoid(z) - q, -20, 20, xtol=1e-13) for q in p]
    assert_allclose(logit(p), roots, atol=1e-11)
    assert np.abs(logit(p) - sigmoid(p)).max() > 5


@pytest.mark.equation("eq-softplus")
def test_softplus_is_the_integral_of_the_sigmoid_and_a_cost():
    for z in (-5.0, 0.0, 0.7, 6.0):
        area, _ = integrate.quad(plain_sigmoid, -60, z, epsabs=1e-12)
        assert_allclose([softplus(z), max(z, 0) + np.log(1 + np.exp(-abs(z)))], area, rtol=1e-9)
    assert_allclose(softplus(Z), -np.log(plain_sigmoid(-Z)), rtol=1e-10)


# ---------------------------------------------------------------------------------------- logistic regression
@pytest.mark.equation("eq-hyperplane")
def test_the_classes_meet_in_a_plane_which_can_tell_and_and_or_but_not_xor():
    X, y = np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) % 2
    model = LogisticRegression(0.1).fit(X, y)
    theta, along = model.theta_, np.linspace(-3, 3, 7)
    on_it = np.column_stack((along, -(theta[0] + theta[1] * along) / theta[2]))
    assert_allclose(model.predict_proba(on_it), 0.5, atol=1e-12)
    side = theta[0] + X @ theta[1:]
    assert np.array_equal(model.predict_proba(X)[:, 1] > 0.5, side > 0)
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    best = {}
    for name, table in {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "xor": [0, 1, 1, 0]}.items():
        planes = itertools.product(np.arange(-2, 2.5, 0.5), repeat=3)
        best[name] = max(np.sum((a + corners @ [b, c] > 0) == table) for a, b, c in planes)
    assert best == {"and": 4, "or": 4, "xor": 3}
    assert LogisticRegression(0.01).fit(corners, [0, 0, 0, 1]).score(corners, [0, 0, 0, 1]) == 1
    assert LogisticRegression(0.01).fit(corners, [0, 1, 1, 0]).score(corners, [0, 1, 1, 0]) < 1


@pytest.mark.equation("eq-logistic-likelihood")
@pytest.mark.parametrize("seed", SEEDS)
def test_likelihood_is_the_product_of_bernoulli_probabilities(seed):
    A, y, theta, _ = binary(seed, m=10)
    pi = plain_sigmoid(A @ theta)
    product = np.prod(pi**y * (1 - pi) ** (1 - y))
    assert_allclose(product, np.prod(stats.bernoulli.pmf(y, pi)), rtol=1e-12)
    assert_allclose(np.exp(-LogisticNLL(A[:, 1:], y).value(theta)), product, rtol=1e-11)
    everything = sum(
        np.prod(np.where(np.array(other), pi[:6], 1 - pi[:6]))
        for other in itertools.product((0, 1), repeat=6)
    )
    assert_allclose(everything, 1, rtol=1e-12)


@pytest.mark.equation("eq-logistic-nll")
@pytest.mark.parametrize("seed", SEEDS)
def test_cost_term_by_term_by_a_library_and_with_the_misprint(seed):
    A, y, theta, delta = binary(seed)
    J = LogisticNLL(A[:, 1:], y, delta)
    assert_allclose(J.value(theta), logistic_cost(A, y, theta, delta), rtol=1e-12)
    pi, s = plain_sigmoid(A @ theta), 2 * y - 1
    library = log_loss(y, pi, normalize=False, labels=[0, 1]) + delta**2 * theta[1:] @ theta[1:]
    assert_allclose(J.value(theta), library, rtol=1e-10)
    assert_allclose(
        J.value(theta),
        np.sum(np.log(1 + np.exp(-s * (A @ theta)))) + delta**2 * theta[1:] @ theta[1:],
        rtol=1e-12,
    )
    printed = -np.sum(y * np.log(pi)) + np.sum((1 - y) * np.log(1 - pi))  # the minus covers one term only
    assert abs(printed - LogisticNLL(A[:, 1:], y).value(theta)) > 1


@pytest.mark.equation("eq-logistic-chain")
@pytest.mark.parametrize("label", [0, 1])
def test_each_factor_of_the_chain(label):
    x, theta = np.array([1.0, 0.3, -2.0]), np.array([0.2, -0.5, 0.7])
    z = x @ theta
    pi = plain_sigmoid(z)
    by_pi = complex_step(lambda p: -(label * np.log(p[0]) + (1 - label) * np.log(1 - p[0])), [pi])[0]
    by_z = complex_step(lambda t: plain_sigmoid(t[0]), [z])[0]
    by_theta = complex_step(lambda t: x @ t, theta)
    assert_allclose((pi - label) / (pi * (1 - pi)), by_pi, rtol=1e-12)
    assert_allclose(pi * (1 - pi), by_z, rtol=1e-12)
    assert_allclose(by_theta, x)
    assert_allclose(by_pi * by_z * by_theta, LogisticNLL(x[None, 1:], [label]).grad(theta), rtol=1e-11)


@pytest.mark.equation("eq-logistic-gradient")
@pytest.mark.parametrize("seed", SEEDS)
def test_gradient_by_complex_step(seed):
    A, y, theta, delta = binary(seed)
    expected = complex_step(lambda t: logistic_cost(A, y, t, delta), theta)
    D = np.diag([0.0, 1, 1, 1])
    assert_allclose(
        A.T @ (plain_sigmoid(A @ theta) - y) + 2 * delta**2 * D @ theta, expected, rtol=1e-10, atol=1e-12
    )
    assert_allclose(LogisticNLL(A[:, 1:], y, delta).grad(theta), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.equation("eq-logistic-hessian")
@pytest.mark.parametrize("seed", SEEDS)
def test_hessian_by_complex_step_and_semidefinite(seed):
    A, y, theta, delta = binary(seed)
    D = np.diag([0.0, 1, 1, 1])

    def gradient(t, j):
        return (A.T @ (plain_sigmoid(A @ t) - y) + 2 * delta**2 * D @ t)[j]

    expected = np.array([complex_step(lambda t, j=j: gradient(t, j), theta) for j in range(4)])
    pi = plain_sigmoid(A @ theta)
    assert_allclose(A.T @ np.diag(pi * (1 - pi)) @ A + 2 * delta**2 * D, expected, rtol=1e-10, atol=1e-12)
    assert_allclose(LogisticNLL(A[:, 1:], y, delta).hess(theta), expected, rtol=1e-10, atol=1e-12)
    v = np.random.default_rng(seed).normal(size=4)
    H = LogisticNLL(A[:, 1:], y).hess(theta)
    assert_allclose(v @ H @ v, np.sum(pi * (1 - pi) * (A @ v) ** 2), rtol=1e-10)
    double = np.column_stack((A[:, 1], A[:, 1]))  # dependent columns: not definite
    flat = LogisticNLL(double, y).hess(np.zeros(3))
    assert_allclose(np.array([0, 1, -1]) @ flat @ [0, 1, -1], 0, atol=1e-12)


@pytest.mark.equation("eq-irls")
@pytest.mark.parametrize("seed", SEEDS)
def test_irls_is_weighted_least_squares_again_and_again(seed):
    A, y, _, _ = binary(seed, m=60)
    theta = np.zeros(4)
    for _ in range(12):
        pi = plain_sigmoid(A @ theta)
        S = pi * (1 - pi)
        target = A @ theta + (y - pi) / S
        weighted = np.linalg.lstsq(np.sqrt(S)[:, None] * A, np.sqrt(S) * target, rcond=None)[0]
        newton = theta + np.linalg.solve(A.T @ (S[:, None] * A), A.T @ (y - pi))
        assert_allclose(weighted, newton, atol=1e-9)
        theta = np.linalg.inv(A.T @ np.diag(S) @ A) @ A.T @ np.diag(S) @ target
        assert_allclose(theta, newton, atol=1e-9)
    assert_allclose(irls(A[:, 1:], y).theta, theta, rtol=1e-9)
    theirs = Peer(C=np.inf, solver="newton-cholesky", tol=1e-12).fit(A[:, 1:], y)
    assert_allclose(theta, np.append(theirs.intercept_, theirs.coef_), atol=1e-8)


@pytest.mark.equation("eq-separable", "eq-separable-proof")
def test_separating_planes_have_no_best_length_and_a_low_cost_proves_them():
    rng = np.random.default_rng(0)
    A = np.column_stack((np.ones(20), rng.normal(size=(20, 2))))
    theta = np.array([0.1, 1.0, -2.0])
    y = (A @ theta > 0).astype(int)
    J = LogisticNLL(A[:, 1:], y)
    costs = [J.value(t * theta) for t in (1, 3, 10, 30, 100, 1000)]
    assert np.all(np.diff(costs) < 0) and costs[-1] < 1e-3
    # the converse, for random θ and labels that are right or wrong in one place
    low = {True: 0, False: 0}
    for t in rng.normal(size=(2000, 3)) * 30:
        labels = (A @ t > 0).astype(int)
        labels[rng.integers(20)] ^= rng.integers(0, 2)
        s = 2 * labels - 1
        low[bool(np.all(s * (A @ t) > 0))] += np.sum(np.logaddexp(0, -s * (A @ t))) < np.log(2)
    assert low[True] > 50 and low[False] == 0
    assert LogisticNLL([[0.0]], [1]).value([0.0, 0.0]) == pytest.approx(
        np.log(2)
    )  # on the plane: just not below


# ---------------------------------------------------------------------------------------------------- softmax
@pytest.mark.equation("eq-softmax", "eq-softmax-shift")
@pytest.mark.parametrize("seed", SEEDS)
def test_softmax_by_definition_its_sum_and_a_shift(seed):
    z = np.random.default_rng(seed).normal(size=(6, 5)) * 4
    expected = np.array([[np.exp(a) / sum(np.exp(b) for b in row) for a in row] for row in z])
    assert_allclose(softmax(z), expected, rtol=1e-12)
    assert_allclose(softmax(z), special.softmax(z, axis=1), rtol=1e-12)
    assert_allclose(expected.sum(axis=1), 1, rtol=1e-13)
    for c in (-3.0, 7.0):
        assert_allclose(plain_softmax(z + c), plain_softmax(z), rtol=1e-12)
    assert_allclose(softmax(z + 1e4), softmax(z), rtol=1e-10)
    printed = np.exp(z) / z.sum(axis=1, keepdims=True)  # the denominator without its exponential
    assert np.all(np.abs(printed.sum(axis=1) - 1) > 0.1)


@pytest.mark.equation("eq-log-sum-exp")
@pytest.mark.parametrize("seed", SEEDS)
def test_log_of_softmax_is_a_difference(seed):
    z = np.random.default_rng(seed).normal(size=(6, 5)) * 4
    b = z.max(axis=1)
    for form in (
        np.log(np.exp(z).sum(axis=1)),
        b + np.log(np.exp(z - b[:, None]).sum(axis=1)),
        special.logsumexp(z, axis=1),
        log_sum_exp(z),
    ):
        assert_allclose(np.log(plain_softmax(z)), z - form[:, None], rtol=1e-10, atol=1e-12)
    assert np.all((log_sum_exp(z) >= b) & (log_sum_exp(z) <= b + np.log(5)))


@pytest.mark.equation("eq-softmax-jacobian")
@pytest.mark.parametrize("seed", SEEDS)
def test_jacobian_of_softmax_by_complex_step(seed):
    z = np.random.default_rng(seed).normal(size=4)
    pi = softmax(z)
    expected = np.array([complex_step(lambda t, k=k: plain_softmax(t)[k], z) for k in range(4)])
    jacobian = np.array([[pi[k] * ((k == j) - pi[j]) for j in range(4)] for k in range(4)])
    assert_allclose(jacobian, expected, rtol=1e-11)
    assert_allclose(jacobian, jacobian.T)
    assert_allclose(jacobian.sum(axis=1), 0, atol=1e-14)


@pytest.mark.equation("eq-softmax-likelihood", "eq-softmax-nll")
@pytest.mark.parametrize("seed", SEEDS)
def test_likelihood_and_cost_of_several_classes(seed):
    A, labels, theta, delta = several(seed)
    Y, pi = one_hot(labels, 4), plain_softmax(A @ theta)
    likelihood = np.prod([np.prod(p**y) for p, y in zip(pi, Y)])
    assert_allclose(
        likelihood, np.prod(stats.multinomial.pmf(Y, 1, pi / pi.sum(axis=1, keepdims=True))), rtol=1e-10
    )
    assert_allclose(SoftmaxNLL(A[:, 1:], Y).value(theta), -np.log(likelihood), rtol=1e-11)
    library = log_loss(labels, pi, normalize=False, labels=range(4)) + delta**2 * np.sum(theta[1:] ** 2)
    for cost in (SoftmaxNLL(A[:, 1:], Y, delta).value(theta), softmax_cost(A, labels, theta, delta)):
        assert_allclose(cost, library, rtol=1e-10)


@pytest.mark.equation("eq-softmax-layers", "eq-softmax-chain")
@pytest.mark.parametrize("seed", SEEDS)
def test_cost_as_a_chain_of_layers_and_back(seed):
    A, labels, theta, _ = several(seed)
    for x, y in zip(A, one_hot(labels, 4)):
        z = theta.T @ x
        log_pi = z - np.log(np.sum(np.exp(z)))
        C = -np.sum(y * log_pi)
        assert_allclose(C, SoftmaxNLL(x[None, 1:], y[None]).value(theta), rtol=1e-11)
        back = complex_step(lambda t, y=y: -np.sum(y * (t - np.log(np.sum(np.exp(t))))), z)
        to_log_pi = np.array(
            [complex_step(lambda t, j=j: (t - np.log(np.sum(np.exp(t))))[j], z) for j in range(4)]
        )
        pi = plain_softmax(z)
        assert_allclose(to_log_pi, np.eye(4) - pi, atol=1e-12)  # row j, column k: 1{j = k} − πₖ
        assert_allclose(-y @ to_log_pi, back, atol=1e-12)
        assert_allclose(pi - y, back, atol=1e-12)
    first = one_hot([0], 4)[0]
    misprint = -first[0] * log_pi[0] + first[1:] @ log_pi[1:]  # the minus before one term only, for other y
    second = one_hot([1], 4)[0]
    assert_allclose(misprint, -first @ log_pi, rtol=1e-12)  # right by chance for the first class …
    assert -second[0] * log_pi[0] + second[1:] @ log_pi[1:] < 0 < -second @ log_pi  # … and wrong for others


@pytest.mark.equation("eq-softmax-gradient")
@pytest.mark.parametrize("seed", SEEDS)
def test_softmax_gradient_by_complex_step(seed):
    A, labels, theta, delta = several(seed)
    expected = complex_step(lambda t: softmax_cost(A, labels, t, delta), theta).reshape(3, 4)
    Y, D = one_hot(labels, 4), np.diag([0.0, 1, 1])
    assert_allclose(
        A.T @ (plain_softmax(A @ theta) - Y) + 2 * delta**2 * D @ theta, expected, rtol=1e-10, atol=1e-12
    )
    assert_allclose(SoftmaxNLL(A[:, 1:], Y, delta).grad(theta), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.equation("eq-softmax-hessian")
@pytest.mark.parametrize("seed", SEEDS)
def test_softmax_hessian_block_by_block(seed):
    A, labels, theta, delta = several(seed)
    Y, D = one_hot(labels, 4), np.diag([0.0, 1, 1])
    pi, H = plain_softmax(A @ theta), np.zeros((3, 4, 3, 4))
    for k, l in itertools.product(range(4), repeat=2):
        H[:, k, :, l] = A.T @ np.diag(pi[:, k] * ((k == l) - pi[:, l])) @ A + (k == l) * 2 * delta**2 * D

    def gradient(t):
        return (A.T @ (plain_softmax(A @ t) - Y) + 2 * delta**2 * D @ t).ravel()

    expected = np.array([complex_step(lambda t, i=i: gradient(t)[i], theta) for i in range(12)])
    assert_allclose(H.reshape(12, 12), expected, rtol=1e-9, atol=1e-11)
    assert_allclose(SoftmaxNLL(A[:, 1:], Y, delta).hess(theta), expected, rtol=1e-9, atol=1e-11)


@pytest.mark.equation("eq-softmax-gauge")
@pytest.mark.parametrize("seed", SEEDS)
def test_of_all_thetas_with_the_same_probabilities_the_shortest_has_rows_that_sum_to_0(seed):
    A, labels, theta, _ = several(seed)
    found = optimize.minimize(lambda c: np.sum((theta + c[:, None]) ** 2), np.zeros(3), method="BFGS").x
    assert_allclose(found, -theta.mean(axis=1), atol=1e-6)
    assert_allclose(softmax(A @ (theta + found[:, None])), softmax(A @ theta), rtol=1e-12)
    fitted = SoftmaxRegression(0.1).fit(A[:, 1:], labels).theta_
    assert_allclose(fitted.sum(axis=1), 0, atol=1e-12)


@pytest.mark.equation("eq-softmax-two-classes")
@pytest.mark.parametrize("seed", SEEDS)
def test_two_classes_of_softmax_are_a_sigmoid_and_the_same_fit(seed):
    A, y, _, delta = binary(seed)
    theta = np.random.default_rng(seed + 50).normal(size=(4, 2))
    both = np.exp(A @ theta)
    assert_allclose(both[:, 1] / both.sum(axis=1), plain_sigmoid(A @ (theta[:, 1] - theta[:, 0])), rtol=1e-12)
    two = SoftmaxRegression(np.sqrt(2) * delta, method="newton").fit(A[:, 1:], y)
    one = Peer(C=1 / (2 * delta**2), solver="newton-cholesky", tol=1e-12).fit(A[:, 1:], y)
    assert_allclose(two.theta_[:, 1] - two.theta_[:, 0], np.append(one.intercept_, one.coef_), atol=1e-8)
    assert_allclose(two.predict_proba(A[:, 1:]), one.predict_proba(A[:, 1:]), atol=1e-8)
