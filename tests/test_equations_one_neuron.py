"""The equations of the chapter on one neuron that came in with it, each against something independent."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize, stats
from sklearn.linear_model import LinearRegression as WeightedPeer
from sklearn.metrics import roc_curve as their_roc

from mlcore import LogisticNLL, LogisticRegression, irls, logit, sigmoid
from mlcore.exercises import one_neuron as exercises
from mlcore.validation import reliability, roc_curve

SEEDS = range(4)
CORNERS = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])


def overlapping(seed, m=60, d=2):
    rng = np.random.default_rng(seed)
    A = np.column_stack((np.ones(m), rng.normal(size=(m, d))))
    return A, rng.binomial(1, sigmoid(A @ np.r_[0.3, rng.normal(size=d)]))


@pytest.mark.equation("eq-gaussian-log-odds")
@pytest.mark.parametrize("seed", SEEDS)
def test_gaussian_classes_of_one_covariance_have_linear_log_odds(seed):
    rng = np.random.default_rng(seed)
    mu, root, share = rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), rng.uniform(0.1, 0.9)
    Sigma, x = root @ root.T + 0.1 * np.eye(3), rng.normal(size=(8, 3))
    densities = [stats.multivariate_normal(mean, Sigma).logpdf(x) for mean in mu]
    found = (x - mu.mean(axis=0)) @ np.linalg.solve(Sigma, mu[1] - mu[0]) + logit(share)
    assert_allclose(found, densities[1] - densities[0] + np.log(share / (1 - share)), rtol=1e-8, atol=1e-9)
    wider = stats.multivariate_normal(mu[1], 2 * Sigma).logpdf(x)  # a covariance of its own: not linear
    A = np.column_stack((np.ones(8), x))
    for z, linear in ((found, True), (wider - densities[0], False)):
        assert (np.abs(z - A @ np.linalg.lstsq(A, z)[0]).max() < 1e-8) == linear


def separable_by_linear_program(A, y, margin=1.0):
    """Whether some θ has s·Aθ ≥ 1 for all rows."""
    s = 2 * np.asarray(y) - 1
    found = optimize.linprog(
        np.zeros(A.shape[1]), -s[:, None] * A, -margin * np.ones(len(s)), bounds=(None, None)
    )
    return found.status == 0


@pytest.mark.equation("eq-threshold-neuron")
def test_threshold_neurons_compute_logic():
    for theta, logic in (([-1.5, 1, 1], lambda a, b: a and b), ([-0.5, 1, 1], lambda a, b: a or b)):
        for corner in CORNERS:
            assert (corner @ theta > 0) == bool(logic(corner[1], corner[2]))


@pytest.mark.equation("eq-neuron")
def test_the_neuron_is_a_step_when_its_weights_are_large():
    A, y = overlapping(0)
    theta = np.array([0.2, 1.0, -0.7])
    steep = sigmoid(1e4 * (theta[0] + A[:, 1] * theta[1] + A[:, 2] * theta[2]))
    assert_allclose(steep, A @ theta > 0, atol=1e-12)
    model = LogisticRegression().fit(A[:, 1:], y)
    b, w = model.theta_[0], model.theta_[1:]
    assert_allclose(model.predict_proba(A[:, 1:])[:, 1], stats.logistic.cdf(b + A[:, 1:] @ w), rtol=1e-12)


@pytest.mark.equation("eq-odds")
def test_odds_of_counts():
    sick, well = 30, 70
    p = sick / (sick + well)
    assert_allclose(p / (1 - p), sick / well, rtol=1e-14)
    odds = optimize.brentq(lambda o: o / (1 + o) - p, 0, 10)
    assert_allclose(p / (1 - p), odds, rtol=1e-10)


@pytest.mark.equation("eq-odds-ratio")
def test_odds_ratio_of_a_binary_feature_is_that_of_the_table():
    a, b, c, d = 30, 20, 10, 50  # exposed sick, exposed well, other sick, other well
    x = np.repeat([1, 1, 0, 0], [a, b, c, d])
    y = np.repeat([1, 0, 1, 0], [a, b, c, d])
    theta = LogisticRegression().fit(x[:, None], y).theta_
    assert_allclose(
        np.exp(theta[1]), stats.contingency.odds_ratio([[a, b], [c, d]], kind="sample").statistic, rtol=1e-8
    )


@pytest.mark.equation("eq-plane-distance")
@pytest.mark.parametrize("seed", SEEDS)
def test_distance_from_the_plane_by_constrained_minimisation(seed):
    rng = np.random.default_rng(seed)
    theta, x = rng.normal(size=4), rng.normal(size=3)
    z = theta[0] + x @ theta[1:]
    plane = {"type": "eq", "fun": lambda v: theta[0] + v @ theta[1:]}
    near = optimize.minimize(lambda v: np.sum((v - x) ** 2), np.zeros(3), constraints=plane, tol=1e-14).x
    assert_allclose(abs(z) / np.linalg.norm(theta[1:]), np.linalg.norm(near - x), rtol=1e-5)
    assert_allclose(near, x - z / np.sum(theta[1:] ** 2) * theta[1:], atol=1e-5)


@pytest.mark.equation("eq-no-xor")
def test_no_plane_has_xor_by_linear_programming():
    for table, possible in (
        ([0, 0, 0, 1], True),
        ([0, 1, 1, 1], True),
        ([0, 1, 1, 0], False),
        ([1, 0, 0, 1], False),
    ):
        assert separable_by_linear_program(CORNERS, table) == possible
    s = np.array([-1, 1, 1, -1])  # the certificate: the four inequalities sum to 0 > 0
    assert_allclose(s @ CORNERS, 0)


@pytest.mark.equation("eq-squared-pull")
def test_slope_and_curvature_of_the_squared_error_by_differences():
    z = np.linspace(-6, 5, 45)
    for y in (0, 1):

        def cost(z, y=y):
            return (y - stats.logistic.cdf(z)) ** 2

        h, pi = 1e-4, sigmoid(z)
        assert_allclose(2 * (pi - y) * pi * (1 - pi), (cost(z + h) - cost(z - h)) / (2 * h), atol=1e-8)
    bend = (cost(z + h) - 2 * cost(z) + cost(z - h)) / h**2
    assert_allclose(2 * pi * (1 - pi) ** 2 * (3 * pi - 1), bend, atol=1e-6)
    assert np.all(bend[pi < 0.33] < 0) and np.all(bend[(pi > 0.34) & (pi < 0.99)] > 0)


@pytest.mark.equation("eq-logistic-balance")
@pytest.mark.parametrize("seed", SEEDS)
def test_at_the_minimum_predictions_add_up_to_what_was_found(seed):
    A, y = overlapping(seed)
    found = optimize.minimize(
        lambda t: np.sum(np.logaddexp(0, -(2 * y - 1) * (A @ t))), np.zeros(3), tol=1e-12
    )
    pi = stats.logistic.cdf(A @ found.x)
    assert_allclose(A.T @ pi, A.T @ y, atol=1e-3)
    assert_allclose(sigmoid(A @ irls(A[:, 1:], y).theta).sum(), y.sum(), rtol=1e-10)


@pytest.mark.equation("eq-logistic-step")
def test_a_step_downhill_moves_as_the_gradient_by_differences_says():
    A, y = overlapping(1)
    theta, eta, h = np.array([0.1, -0.4, 0.8]), 0.01, 1e-6

    def cost(t):
        return -np.sum(stats.bernoulli.logpmf(y, stats.logistic.cdf(A @ t)))

    slope = [(cost(theta + h * u) - cost(theta - h * u)) / (2 * h) for u in np.eye(3)]
    fitted = LogisticRegression(method="gradient", eta=eta, steps=1)
    with pytest.warns(UserWarning, match="steps"):
        fitted.fit(A[:, 1:], y)
    assert_allclose(theta - eta * A.T @ (sigmoid(A @ theta) - y), theta - eta * np.array(slope), atol=1e-8)
    assert_allclose(fitted.theta_, -eta * A.T @ (0.5 - y), atol=1e-12)


@pytest.mark.equation("eq-logistic-curvature")
@pytest.mark.parametrize("seed", SEEDS)
def test_curvature_is_a_sum_of_squares_and_bounded(seed):
    A, y = overlapping(seed)
    rng = np.random.default_rng(seed)
    theta, v, h = 2 * rng.normal(size=3), rng.normal(size=3), 1e-4
    J = LogisticNLL(A[:, 1:], y)
    bend = (J.value(theta + h * v) - 2 * J.value(theta) + J.value(theta - h * v)) / h**2
    pi = sigmoid(A @ theta)
    assert_allclose(np.sum(pi * (1 - pi) * (A @ v) ** 2), bend, rtol=1e-4)
    assert 0 <= bend <= 0.25 * np.sum((A @ v) ** 2) + 1e-6
    assert 0.25 * np.linalg.eigvalsh(A.T @ A)[-1] == pytest.approx(J.max_curvature(), rel=1e-10)


@pytest.mark.equation("eq-working-target")
@pytest.mark.parametrize("label", [0, 1])
def test_the_working_target_is_where_the_tangent_meets_the_label(label):
    z, h = 0.8, 1e-6
    slope = (stats.logistic.cdf(z + h) - stats.logistic.cdf(z - h)) / (2 * h)
    meets = optimize.brentq(lambda t: sigmoid(z) + slope * (t - z) - label, -50, 50)
    pi = sigmoid(z)
    assert_allclose(z + (label - pi) / (pi * (1 - pi)), meets, rtol=1e-8)
    draws = np.random.default_rng(0).binomial(1, pi, 200_000)
    assert_allclose(np.var(z + (draws - pi) / (pi * (1 - pi))), 1 / (pi * (1 - pi)), rtol=0.01)


@pytest.mark.equation("eq-irls-weighted")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_is_a_weighted_fit_of_another_library(seed):
    A, y = overlapping(seed)
    theta = np.random.default_rng(seed).normal(size=3) / 2
    pi = sigmoid(A @ theta)
    S = pi * (1 - pi)
    peer = WeightedPeer().fit(A[:, 1:], A @ theta + (y - pi) / S, sample_weight=S)
    J = LogisticNLL(A[:, 1:], y)
    newton = theta - np.linalg.solve(J.hess(theta), J.grad(theta))
    assert_allclose(newton, np.r_[peer.intercept_, peer.coef_], rtol=1e-8)


@pytest.mark.equation("eq-ridge-bounded")
@pytest.mark.parametrize("delta", [0.1, 1.0])
def test_the_penalty_bounds_the_slopes_of_separable_data(delta):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2))
    y = (X @ [1, -2] > 0).astype(int)
    theta = LogisticRegression(delta).fit(X, y).theta_
    assert theta[1:] @ theta[1:] <= len(y) * np.log(2) / delta**2
    A = np.column_stack((np.ones(30), X))
    found = optimize.minimize(
        lambda t: np.sum(np.logaddexp(0, -(2 * y - 1) * (A @ t))) + delta**2 * t[1:] @ t[1:],
        np.ones(3),
        tol=1e-12,
    )
    assert_allclose(found.x, theta, atol=1e-3)


@pytest.mark.equation("eq-logistic-se")
def test_standard_errors_are_the_scatter_of_simulated_fits():
    rng = np.random.default_rng(0)
    A = np.column_stack((np.ones(400), rng.normal(size=(400, 2))))
    truth = np.array([-0.3, 1.0, -0.5])
    fits = [irls(A[:, 1:], rng.binomial(1, sigmoid(A @ truth))).theta for _ in range(600)]
    H = LogisticNLL(A[:, 1:], np.zeros(400, dtype=int)).hess(truth)
    assert_allclose(np.std(fits, axis=0, ddof=1), np.sqrt(np.diag(np.linalg.inv(H))), rtol=0.1)


@pytest.mark.equation("eq-decision")
@pytest.mark.parametrize("price", [1, 4, 30])
def test_the_threshold_has_the_least_loss_in_a_simulation(price):
    rng = np.random.default_rng(price)
    pi = sigmoid(rng.normal(-1, 2, 400_000))
    y = rng.random(len(pi)) < pi
    grid = np.linspace(0.005, 0.995, 199)
    loss = [np.mean(np.where(y, price * (pi <= t), pi > t)) for t in [*grid, 1 / (1 + price)]]
    assert loss[-1] <= min(loss) * 1.01
    assert abs(grid[np.argmin(loss[:-1])] - 1 / (1 + price)) < 0.06


@pytest.mark.equation("eq-roc")
@pytest.mark.parametrize("seed", SEEDS)
def test_roc_curve_of_another_library_and_reliability_by_hand(seed):
    rng = np.random.default_rng(seed)
    pi = rng.random(80)
    y = rng.binomial(1, pi)
    false, true, _ = their_roc(y, pi, drop_intermediate=False)
    ours = roc_curve(pi, y)
    assert_allclose(ours[0], false, atol=1e-14)
    assert_allclose(ours[1], true, atol=1e-14)
    edges = np.array([0, 0.3, 0.8, 1.0])
    count, said, found = reliability(pi, y, edges)
    for k, (low, high) in enumerate(zip(edges, edges[1:])):
        inside = (pi >= low) & (pi < high)
        assert count[k] == inside.sum()
        assert_allclose([said[k], found[k]], [pi[inside].mean(), y[inside].mean()])
    assert np.isnan(reliability(pi, y, np.array([0, 1e-9, 1]))[1][0])


def test_prior_shift_of_an_exercise_by_simulation():
    """Where only the share of a class changes, θ̂ changes in θ₀ alone, by the change of its log-odds."""
    rng = np.random.default_rng(0)
    thetas = []
    for share in (0.4, 0.05):
        y = rng.binomial(1, share, 200_000)
        thetas.append(irls(rng.normal(y, 1.0)[:, None], y).theta)
    assert_allclose(thetas[1] - thetas[0], [logit(0.05) - logit(0.4), 0], atol=0.04)


def test_examples_on_the_hyperplane_keep_the_cost_high_and_still_there_is_no_minimum():
    J = LogisticNLL(np.array([[-1.0], [0.0], [0.0], [1.0]]), np.array([0, 0, 1, 1]))
    for start in np.random.default_rng(0).normal(size=(20, 2)) * 3:
        costs = [J.value(start + [0, t]) for t in range(30)]
        assert np.all(np.diff(costs) < 0) and costs[-1] > 2 * np.log(2) > np.log(2)


def test_labels_of_minus_one_have_a_minimum_only_if_the_positive_ones_are_more():
    # by hand: three of +1 and one of −1, the intercept alone: 4σ(θ₀) = 3 − 1 at θ₀ = 0
    assert np.sum(sigmoid(np.zeros(4)) - [1, 1, 1, -1]) == 0
    A, y = overlapping(0, m=61)
    y[:40] = 0  # most of them −1 now
    s = 2 * y - 1
    for theta in np.random.default_rng(1).normal(size=(50, 3)) * 10:
        assert (A.T @ (sigmoid(A @ theta) - s))[0] > -s.sum() > 0


def test_the_check_of_the_sigmoid_wants_digits_and_silence(capsys):
    def told(answer):
        exercises.stable_sigmoid(answer)
        return capsys.readouterr().out

    def plain(z):
        return 1 / (1 + np.exp(-z))

    assert told(sigmoid) == told(lambda z: np.exp(-np.logaddexp(0, -z))) == "σ(z): right\n"
    assert "lose their digits" in told(lambda z: 0.5 + 0.5 * np.tanh(z / 2))
    assert "lose their digits" in told(lambda z: np.where(z < 0, 1 - sigmoid(-z), sigmoid(z)))
    assert "clipping" in told(lambda z: plain(np.clip(z, -30, 30)))
    assert "clipping" in told(lambda z: plain(np.clip(z, -500, 500)))
    assert "overflow" in told(plain) and "raises" in told(plain)
    assert "raises" in told(lambda z: np.where(z >= 0, plain(z), np.exp(z) / (1 + np.exp(z))))
    assert "nothing to check yet" in told(None)


@pytest.mark.parametrize("answer", [1, [0, 1], [0, 1, 2, 3]])
def test_who_gives_a_gate_another_number_of_weights_is_told_how_many_it_has(answer, capsys):
    exercises.gate(answer)
    assert "θ₀, θ₁, θ₂: not yet: the shape should be (3,)" in capsys.readouterr().out


def test_gates_that_are_right_or_nearly(capsys):
    for answer in ([-0.5, 1, -1], [-1, 2, -3]):
        exercises.gate(answer)
    assert capsys.readouterr().out.count(": right") == 2
    exercises.gate([-1.5, 1, 1])
    assert "computes AND" in capsys.readouterr().out
