"""The equations of the chapter on many classes, each against something that does not share its origin."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize, special, stats
from sklearn.linear_model import LogisticRegression as Peer
from sklearn.metrics import confusion_matrix
from sklearn.multiclass import OneVsRestClassifier

from mlcore import SoftmaxNLL, SoftmaxRegression, one_hot, sigmoid, softmax
from mlcore.exercises import many_classes as exercises
from mlcore.explore.chapters.many_classes import region
from mlcore.softmax_regression import softmax_jacobian, softmax_layers

each_seed = pytest.mark.parametrize("seed", range(3))


def jacobian(f, z, h=1e-6):
    """∂f/∂z by central differences: row k, column j."""
    return np.array([(f(z + h * e) - f(z - h * e)) / (2 * h) for e in np.eye(len(z))]).T


def data(seed, m=20, d=2, K=3):
    rng = np.random.default_rng(seed)
    X = np.column_stack((np.ones(m), rng.normal(size=(m, d))))
    return X, one_hot(rng.integers(0, K, size=m), K), rng.normal(size=(d + 1, K))


@pytest.mark.equation("eq-softmax-odds")
@each_seed
def test_only_the_softmax_has_differences_of_scores_for_its_log_odds(seed):
    z = np.random.default_rng(seed).normal(size=4) * 2

    def fault(logs):  # of positive numbers: the odds demanded, and the sum of 1
        pi = np.exp(logs)
        return np.append(logs[:-1] - logs[-1] - (z[:-1] - z[-1]), pi.sum() - 1)

    solved = np.exp(optimize.fsolve(fault, np.zeros(4), xtol=1e-13))
    assert_allclose(solved, softmax(z), rtol=1e-9)
    pi = softmax(z)
    assert_allclose(np.log(pi[:, None] / pi), z[:, None] - z, atol=1e-12)


@pytest.mark.equation("eq-softmax-gaussian")
@each_seed
def test_gaussian_classes_of_one_covariance_have_a_softmax_of_linear_scores(seed):
    rng = np.random.default_rng(seed)
    means, root, shares = rng.normal(size=(4, 3)), rng.normal(size=(3, 3)), rng.dirichlet(np.ones(4))
    Sigma, x = root @ root.T + 0.1 * np.eye(3), rng.normal(size=(6, 3))
    joint = np.column_stack(
        [p * stats.multivariate_normal(mean, Sigma).pdf(x) for p, mean in zip(shares, means)]
    )
    weights = np.linalg.solve(Sigma, means.T)  # (3, 4)
    z = x @ weights - 0.5 * np.sum(means.T * weights, axis=0) + np.log(shares)
    assert_allclose(softmax(z), joint / joint.sum(axis=1, keepdims=True), rtol=1e-8)


@pytest.mark.equation("eq-softmax-first-step")
@each_seed
def test_the_first_step_of_a_descent_from_zero_favours_frequent_classes(seed):
    rng = np.random.default_rng(seed)
    label, x = rng.integers(0, 10, size=70), rng.normal(size=(70, 3))
    cost = SoftmaxNLL(x, one_hot(label, 10), 0.3)
    step = -cost.grad(np.zeros((4, 10)))[1:]  # (3, 10), without the intercepts
    n, mu = np.bincount(label, minlength=10), x.mean(axis=0)
    for k in range(10):
        own = x[label == k].mean(axis=0)
        assert_allclose(n[k] * own - 7 * mu, step[:, k], atol=1e-12)
        assert_allclose(n[k] * (own - mu) + (n[k] - 7) * mu, step[:, k], atol=1e-12)


@pytest.mark.equation("eq-softmax-boundary")
@each_seed
def test_classes_meet_in_a_line_across_the_difference_of_their_weights(seed):
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(3, 3))
    for k, l in ((0, 1), (0, 2), (1, 2)):
        (b, *w), along = theta[:, k] - theta[:, l], rng.normal(size=5)
        foot = -b * np.array(w) / np.dot(w, w)
        points = foot + along[:, None] * np.array([-w[1], w[0]])  # across w
        pi = softmax(theta[0] + points @ theta[1:])
        assert_allclose(pi[:, k], pi[:, l], rtol=1e-10)
        off = softmax(theta[0] + (points + w) @ theta[1:])
        assert np.all(off[:, k] > off[:, l])


@each_seed
def test_regions_in_the_picture_are_where_a_class_leads(seed):
    rng = np.random.default_rng(seed)
    theta, box = rng.normal(size=(3, 3)), ((-3, 3), (-2, 2))
    areas = []
    for k in range(3):
        corners = region(theta, k, box)
        x, y = corners.T if len(corners) else np.zeros((2, 1))
        areas.append(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)
        lead = theta[0] + corners @ theta[1:]
        assert np.all(lead[:, k] >= lead.max(axis=1) - 1e-9)
    assert_allclose(sum(areas), 24)


@pytest.mark.equation("eq-softmax-own", "eq-softmax-other")
@each_seed
def test_both_cases_of_the_derivative(seed):
    z = np.random.default_rng(seed).normal(size=4)
    measured, pi = jacobian(special.softmax, z), softmax(z)
    for k in range(4):
        for j in range(4):
            expected = pi[k] * (1 - pi[k]) if j == k else -pi[k] * pi[j]
            assert_allclose(measured[k, j], expected, rtol=1e-7)
    assert_allclose(softmax_jacobian(pi), measured, rtol=1e-7)


@pytest.mark.equation("eq-softmax-variance")
@each_seed
def test_the_jacobian_is_a_variance(seed):
    rng = np.random.default_rng(seed)
    pi, v = softmax(rng.normal(size=4)), rng.normal(size=4)
    expected = stats.rv_discrete(values=(range(4), pi)).expect(lambda k: v[np.asarray(k, int)] ** 2)
    expected -= stats.rv_discrete(values=(range(4), pi)).expect(lambda k: v[np.asarray(k, int)]) ** 2
    assert_allclose(v @ softmax_jacobian(pi) @ v, expected, rtol=1e-10)
    assert expected > 0
    assert_allclose(softmax_jacobian(pi) @ np.ones(4), 0, atol=1e-15)


@pytest.mark.equation("eq-softmax-residual")
@each_seed
def test_the_error_sent_back(seed):
    z, rng = np.random.default_rng(seed).normal(size=5), np.random.default_rng(seed + 9)
    y = one_hot([rng.integers(5)], 5)[0]
    measured = jacobian(lambda t: -np.array([y @ np.log(special.softmax(t))]), z)[0]
    assert_allclose(softmax(z) - y, measured, rtol=1e-6)
    by_chain = (-y / softmax(z)) @ softmax_jacobian(softmax(z))
    assert_allclose(by_chain, measured, rtol=1e-6)


@pytest.mark.equation("eq-softmax-convex")
@each_seed
def test_curvature_is_a_sum_of_variances_with_flat_directions(seed):
    X, Y, theta = data(seed)
    V, delta = np.random.default_rng(seed + 5).normal(size=(3, 3)), 0.8
    cost = SoftmaxNLL(X[:, 1:], Y, delta)
    h = 1e-3
    along = (cost.value(theta + h * V) - 2 * cost.value(theta) + cost.value(theta - h * V)) / h**2
    pi = softmax(X @ theta)
    expected = 2 * delta**2 * np.sum(V[1:] ** 2)
    for p, x in zip(pi, X):
        a = V.T @ x
        expected += p @ (a - p @ a) ** 2
    assert_allclose(along, expected, rtol=1e-5)
    for strength, flat in ((0.0, 3), (delta, 1)):
        curvature = np.linalg.eigvalsh(SoftmaxNLL(X[:, 1:], Y, strength).hess(theta))
        assert np.sum(curvature < 1e-10) == flat and curvature[0] > -1e-10


@pytest.mark.equation("eq-softmax-squares")
@each_seed
def test_squared_errors_and_their_fading_slope(seed):
    z, y = np.random.default_rng(seed).normal(size=4), np.eye(4)[1]
    measured = jacobian(lambda t: np.array([np.sum((special.softmax(t) - y) ** 2)]), z)[0]
    pi = softmax(z)
    assert_allclose(2 * (np.diag(pi) - np.outer(pi, pi)) @ (pi - y), measured, rtol=1e-6)


@pytest.mark.equation("eq-one-vs-rest")
def test_one_vs_rest_and_a_library():
    X, Y, _ = data(0, m=60)
    labels = Y.argmax(axis=1)
    peer = OneVsRestClassifier(Peer(C=0.5, tol=1e-10)).fit(X[:, 1:], labels)  # 1/(2δ²) with δ = 1
    z = np.column_stack([own.decision_function(X[:, 1:]) for own in peer.estimators_])
    pi = sigmoid(z) / sigmoid(z).sum(axis=1, keepdims=True)
    assert_allclose(pi, peer.predict_proba(X[:, 1:]), rtol=1e-9)


@pytest.mark.equation("eq-softmax-outer")
@each_seed
def test_the_gradient_of_one_example_is_input_times_error(seed):
    X, Y, theta = data(seed)
    for x, y in zip(X[:4], Y[:4]):

        def cost(t, x=x, y=y):
            return np.array([-y @ special.log_softmax(t.reshape(3, 3).T @ x)])

        measured = jacobian(cost, theta.ravel())[0].reshape(3, 3)
        assert_allclose(np.outer(x, softmax(theta.T @ x) - y), measured, rtol=1e-6, atol=1e-9)
        value, grad = softmax_layers(theta, x, y)
        assert_allclose(value, cost(theta)[0], rtol=1e-12)
        assert_allclose(grad, measured, rtol=1e-6, atol=1e-9)


@pytest.mark.equation("eq-classes-error")
def test_standard_error_of_an_error_rate():
    n, p = 400, 0.03
    found = np.random.default_rng(0).binomial(n, p, size=100_000) / n
    assert_allclose(found.std(), np.sqrt(p * (1 - p) / n), rtol=1e-2)


@pytest.mark.equation("eq-classes-confusion")
def test_confusion_matrix_as_a_product():
    rng = np.random.default_rng(0)
    true, said = rng.integers(0, 4, size=(2, 50))
    assert_allclose(one_hot(true, 4).T @ one_hot(said, 4), confusion_matrix(true, said))


@pytest.mark.equation("eq-softmax-prior")
def test_other_shares_of_the_classes_move_the_scores_by_their_log_ratio():
    rng, centres = np.random.default_rng(0), np.array([[0.0, 0], [1.5, 0], [0, 1.5]])
    old, new = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.2, 0.6])
    x = rng.normal(size=(9, 2))
    likelihood = np.array([stats.multivariate_normal(c, np.eye(2)).pdf(x) for c in centres]).T
    z = np.log(likelihood * old)  # scores of the posterior under the old shares
    expected = likelihood * new / (likelihood * new).sum(axis=1, keepdims=True)
    assert_allclose(softmax(z + np.log(new / old)), expected, rtol=1e-10)
    labels = rng.choice(3, size=20_000, p=old)  # and for a fit
    fit = SoftmaxRegression(0.0).fit(centres[labels] + rng.normal(size=(20_000, 2)), labels)
    assert_allclose(softmax(fit.decision_function(x) + np.log(new / old)), expected, atol=0.03)


def test_the_checks_want_the_largest_score_of_each_row(capsys):
    def told(check, answer):
        check(answer)
        return capsys.readouterr().out

    def by_one_maximum(Z):
        return Z - np.log(np.exp(Z - Z.max()).sum(axis=1, keepdims=True)) - Z.max()

    def shares(E):
        total = E.sum(axis=1, keepdims=True)
        return E / total, total

    def half_mended(Z):
        return shares(np.exp(Z - Z.max(axis=0)))[0]

    assert "each row's own" in told(exercises.log_softmax, by_one_maximum)
    with np.errstate(all="ignore"):
        assert "has rounded to 0" in told(exercises.log_softmax, lambda Z: np.log(softmax(Z)))
        assert "overflows" in told(exercises.log_softmax, lambda Z: Z - np.log(shares(np.exp(Z))[1]))
        assert "overflows" in told(exercises.mended_probabilities, lambda Z: shares(np.exp(Z))[0])
        assert "each row's own" in told(
            exercises.mended_probabilities, lambda Z: shares(np.exp(Z - Z.max()))[0]
        )
    assert ": right" in told(exercises.log_softmax, lambda Z: special.log_softmax(Z, axis=1))
    assert "row's own" in told(exercises.mended_probabilities, half_mended)
    assert ": right" in told(exercises.mended_probabilities, lambda Z: special.softmax(Z, axis=1))
