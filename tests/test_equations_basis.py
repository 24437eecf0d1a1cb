"""The displayed equations of the chapter on basis functions, each against something independent of it.

Expectations are exact, not simulated: the equations use of the noise only its mean 0 and covariance σ²I, and
so they must hold for the noise that takes each of the 2m values ±σ√m eᵢ equally often.
"""

from math import comb

import numpy as np
import pytest
from scipy import integrate, optimize, stats
from sklearn.linear_model import Ridge as PeerRidge
from sklearn.model_selection import KFold, LeaveOneOut, cross_val_predict
from sklearn.preprocessing import PolynomialFeatures

from mlcore import LinearRegression, Ridge, polynomial, polynomial_names, ridge_dof
from mlcore.datasets import load_seattle, make_quadratic
from mlcore.exercises import basis_functions as exercises
from mlcore.ridge import leave_one_out
from mlcore.validation import (
    bias_and_variance,
    cross_validate,
    folds,
    one_standard_error,
    paired_difference,
    prediction_weights,
)

SIGMA = 0.7


def design(m=12, degree=3, seed=0):
    x = np.random.default_rng(seed).uniform(-1, 1, m)
    return np.column_stack([x**k for k in range(degree + 1)])


def noises(m):
    """All values of a noise with mean 0 and covariance σ²I, one a row."""
    values = SIGMA * np.sqrt(m) * np.vstack([np.eye(m), -np.eye(m)])
    np.testing.assert_allclose(values.T @ values / len(values), SIGMA**2 * np.eye(m))
    return values


def hat(P):
    return P @ np.linalg.inv(P.T @ P) @ P.T


def expected_errors(smoother, f):
    """Training and test error of ŷ = Sy, by summing over all values of the noise."""
    m = len(f)
    train = np.mean([np.mean((f + e - smoother @ (f + e)) ** 2) for e in noises(m)])
    test = np.mean([np.mean((f + fresh - smoother @ (f + e)) ** 2) for e in noises(m) for fresh in noises(m)])
    return train, test


@pytest.mark.equation("eq-polynomial")
@pytest.mark.parametrize("degree", [1, 2, 5])
def test_powers_of_one_feature(degree):
    x = np.random.default_rng(1).normal(size=7)
    by_hand = np.array([[v**k for k in range(1, degree + 1)] for v in x])
    np.testing.assert_allclose(polynomial(x, degree), by_hand, rtol=1e-14)


@pytest.mark.equation("eq-polynomial-2d")
def test_quadratic_features_of_two_inputs():
    X = np.random.default_rng(2).normal(size=(6, 2))
    a, b = X.T
    np.testing.assert_allclose(polynomial(X, 2), np.column_stack([a, b, a * a, a * b, b * b]), rtol=1e-14)
    np.testing.assert_allclose(
        polynomial(X, 2), PolynomialFeatures(2, include_bias=False).fit_transform(X), rtol=1e-14
    )


@pytest.mark.equation("eq-basis-model", "eq-basis-normal")
def test_normal_equations_hold_for_any_basis():
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-1, 1, 15), rng.normal(size=15)
    Phi = np.column_stack([np.sin(x), np.exp(x), np.abs(x)])
    model = LinearRegression().fit(Phi, y)
    tilde = np.column_stack([np.ones(15), Phi])
    np.testing.assert_allclose(model.predict(Phi), tilde @ model.theta_, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(tilde.T @ tilde @ model.theta_, tilde.T @ y, rtol=1e-11, atol=1e-13)

    def cost(theta):
        return (y - tilde @ theta) @ (y - tilde @ theta)

    theta = rng.normal(size=4)
    by_complex_step = [cost(theta + 1e-30j * np.eye(4)[j]).imag / 1e-30 for j in range(4)]
    np.testing.assert_allclose(2 * tilde.T @ (tilde @ theta - y), by_complex_step, rtol=1e-13)


@pytest.mark.equation("eq-monomial-count")
@pytest.mark.parametrize(("d", "degree"), [(1, 4), (2, 2), (3, 4), (6, 3)])
def test_number_of_monomials(d, degree):
    exponents = {e for e in np.ndindex(*[degree + 1] * d) if 0 < sum(e) <= degree}
    assert comb(d + degree, d) - 1 == len(exponents) == polynomial(np.ones((1, d)), degree).shape[1]
    assert len(set(polynomial_names(d, degree))) == len(exponents)
    assert comb(64 + 3, 64) - 1 == 47904  # the number in the text


@pytest.mark.equation("eq-quadratic-truth")
def test_made_data_follow_the_stated_truth():
    X, y = make_quadratic(50_000, SIGMA, np.random.default_rng(4))
    x = X[:, 0]
    np.testing.assert_allclose(
        make_quadratic(9, 0.0, np.random.default_rng(4))[1],
        [1 - v + 2 * v**2 for v in make_quadratic(9, 0.0, np.random.default_rng(4))[0][:, 0]],
    )
    noise = y - (1 - x + 2 * x**2)
    assert abs(noise.mean()) < 5 * SIGMA / np.sqrt(50_000)
    assert abs(np.mean(noise**2) - SIGMA**2) < 5 * np.sqrt(2) * SIGMA**2 / np.sqrt(50_000)


@pytest.mark.equation("eq-hat")
def test_hat_matrix_is_a_projection_and_fits():
    P = design()
    H, y = hat(P), np.random.default_rng(5).normal(size=12)
    np.testing.assert_allclose(H @ y, LinearRegression().fit(P[:, 1:], y).predict(P[:, 1:]), rtol=1e-10)
    np.testing.assert_allclose(H, H.T, atol=1e-12)
    np.testing.assert_allclose(H @ H, H, atol=1e-12)
    np.testing.assert_allclose(np.trace(H), 4, rtol=1e-12)


@pytest.mark.equation("eq-train-error", "eq-test-error", "eq-optimism")
@pytest.mark.parametrize("degree", [1, 3])
def test_expected_errors_of_least_squares(degree):
    P = design(degree=degree)
    m, p = P.shape
    f = np.random.default_rng(6).normal(size=m)  # no polynomial: the bias is not zero
    train, test = expected_errors(hat(P), f)
    bias = np.mean((f - hat(P) @ f) ** 2)
    np.testing.assert_allclose(train, bias + SIGMA**2 * (1 - p / m), rtol=1e-11)
    np.testing.assert_allclose(test, bias + SIGMA**2 * (1 + p / m), rtol=1e-11)
    np.testing.assert_allclose(test - train, 2 * SIGMA**2 * p / m, rtol=1e-10)


@pytest.mark.equation("eq-ridge-training")
@pytest.mark.parametrize("delta", [0.1, 1.0, 7.0])
def test_training_error_of_ridge_by_singular_values(delta):
    rng = np.random.default_rng(7)
    Phi, y = rng.normal(size=(12, 4)) + 3, rng.normal(size=12)
    residual = y - Ridge(delta).fit(Phi, y).predict(Phi)
    U, s, _ = np.linalg.svd(Phi - Phi.mean(axis=0), full_matrices=False)
    yc = y - y.mean()
    outside = yc - U @ (U.T @ yc)
    np.testing.assert_allclose(
        residual @ residual,
        outside @ outside + np.sum((delta**2 / (s**2 + delta**2)) ** 2 * (U.T @ y) ** 2),
        rtol=1e-11,
    )


@pytest.mark.equation("eq-ridge-optimism")
@pytest.mark.parametrize("delta", [0.1, 2.0])
def test_optimism_of_ridge(delta):
    Phi = np.random.default_rng(8).normal(size=(10, 3)) + 2
    smoother = np.column_stack([Ridge(delta).fit(Phi, e).predict(Phi) for e in np.eye(10)])
    f = np.random.default_rng(9).normal(size=10)
    train, test = expected_errors(smoother, f)
    np.testing.assert_allclose(test - train, 2 * SIGMA**2 / 10 * np.trace(smoother), rtol=1e-10)
    np.testing.assert_allclose(test - train, 2 * SIGMA**2 / 10 * (1 + ridge_dof(Phi, [delta])[0]), rtol=1e-10)


# ------------------------------------------------------------------------------- at new inputs, and left out
@pytest.mark.equation("eq-waves")
def test_waves_by_least_squares_are_those_of_a_search():
    t, y = load_seattle().X[::20, 0], load_seattle().y[::20]
    omega = 2 * np.pi / 365.25
    columns = np.column_stack([np.cos(omega * t), np.sin(omega * t)])
    theta = LinearRegression().fit(columns, y).theta_

    def curve(t, mean, amplitude, phase):
        return mean + amplitude * np.cos(omega * t - phase)

    (mean, amplitude, phase), _ = optimize.curve_fit(curve, t, y, [15.0, 9.0, 3.0])
    waves = [mean, amplitude * np.cos(phase), amplitude * np.sin(phase)]
    np.testing.assert_allclose(theta, waves, rtol=1e-6)


@pytest.mark.equation("eq-paired")
def test_paired_difference_is_a_paired_t_test():
    e1, e2 = np.random.default_rng(10).normal(size=(2, 30))
    mean, se = paired_difference(e1, e2)
    peer = stats.ttest_rel(e1**2, e2**2)
    np.testing.assert_allclose(mean / se, peer.statistic, rtol=1e-12)
    np.testing.assert_allclose(mean, np.mean(e1**2) - np.mean(e2**2), rtol=1e-12)


@pytest.mark.equation("eq-two-errors")
def test_a_large_test_set_estimates_the_test_error():
    X, y = make_quadratic(20, SIGMA, np.random.default_rng(11))
    model = LinearRegression().fit(polynomial(X, 3), y)

    def gap(x):
        return (1 - x + 2 * x**2 - model.predict(polynomial([x], 3))[0]) ** 2

    exact = SIGMA**2 + integrate.quad(gap, -1, 1)[0] / 2
    X_new, y_new = make_quadratic(100_000, SIGMA, np.random.default_rng(12))
    squares = (y_new - model.predict(polynomial(X_new, 3))) ** 2
    assert abs(squares.mean() - exact) < 4 * squares.std() / np.sqrt(len(squares))
    assert np.mean((y - model.predict(polynomial(X, 3))) ** 2) < exact


def made(delta, seed=13, m=12, k=5):
    """Columns, new rows, truths at both, and a function that fits ridge by scikit-learn."""
    rng = np.random.default_rng(seed)
    Phi, rows = rng.normal(size=(m, 3)) + 1, rng.normal(size=(k, 3))

    def fit(y):
        return PeerRidge(alpha=delta**2).fit(Phi, y).predict(rows)

    return Phi, rows, rng.normal(size=m), rng.normal(size=k), fit


@pytest.mark.equation("eq-weights", "eq-smoother")
@pytest.mark.parametrize("delta", [0.0, 0.4, 3.0])
def test_predictions_are_weighted_sums_of_the_targets(delta):
    Phi, rows, y, _, fit = made(delta)
    W = prediction_weights(Phi, rows, delta)
    np.testing.assert_allclose(W, np.column_stack([fit(unit) for unit in np.eye(12)]), atol=1e-10)
    np.testing.assert_allclose(W @ y, fit(y), rtol=1e-9)
    H = prediction_weights(Phi, Phi, delta)
    np.testing.assert_allclose(H @ y, PeerRidge(alpha=delta**2).fit(Phi, y).predict(Phi), rtol=1e-9)
    tilde, D = np.column_stack([np.ones(12), Phi]), np.diag([0.0, 1, 1, 1])
    np.testing.assert_allclose(H, tilde @ np.linalg.inv(tilde.T @ tilde + delta**2 * D) @ tilde.T, atol=1e-10)


@pytest.mark.equation("eq-bias-variance", "eq-weights-moments")
@pytest.mark.parametrize("delta", [0.0, 0.4, 3.0])
def test_noise_bias_and_variance_make_the_error_at_a_new_point(delta):
    Phi, rows, f, f_rows, fit = made(delta)
    predictions = np.array([fit(f + noise) for noise in noises(12)])  # all values that ŷ can take
    fresh = np.array([-SIGMA, SIGMA])
    error = np.mean((f_rows + fresh[:, None, None] - predictions) ** 2, axis=(0, 1))
    bias, variance = bias_and_variance(prediction_weights(Phi, rows, delta), f, f_rows, SIGMA)
    np.testing.assert_allclose(bias, predictions.mean(axis=0) - f_rows, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(variance, predictions.var(axis=0), rtol=1e-9)
    np.testing.assert_allclose(error, SIGMA**2 + bias**2 + variance, rtol=1e-9)


@pytest.mark.equation("eq-new-error", "eq-new-average")
def test_error_at_new_inputs_by_the_leverage_and_its_average():
    Phi, rows, f, f_rows, fit = made(0.0)
    tilde, new = (np.column_stack([np.ones(len(Z)), Z]) for Z in (Phi, rows))
    inverse = np.linalg.inv(tilde.T @ tilde)
    h = np.array([row @ inverse @ row for row in new])
    predictions = np.array([fit(f + noise) for noise in noises(12)])
    error = SIGMA**2 + np.mean((f_rows - predictions) ** 2, axis=0)
    np.testing.assert_allclose(
        error, SIGMA**2 * (1 + h) + (predictions.mean(axis=0) - f_rows) ** 2, rtol=1e-9
    )
    G = new.T @ new / len(new)  # new inputs: one of the rows, each as often
    np.testing.assert_allclose(h.mean(), np.trace(inverse @ G), rtol=1e-10)
    many = np.random.default_rng(14).uniform(-1, 1, 20_000)  # Φ̃ᵀΦ̃ ≈ mG
    P = np.column_stack([many**k for k in range(3)])
    by_moments = np.array([[(1 + (-1) ** (a + b)) / 2 / (a + b + 1) for b in range(3)] for a in range(3)])
    average = np.trace(np.linalg.inv(P.T @ P) @ by_moments)
    np.testing.assert_allclose(average, 3 / 20_000, rtol=0.03)


@pytest.mark.equation("eq-new-more")
def test_new_inputs_cost_more_on_average_over_samples_of_the_same_law():
    law, m = np.array([[1.0, -2.0], [1.0, -0.5], [1.0, 0.0], [1.0, 1.5]]), 6  # four rows, each as often
    G = law.T @ law / 4
    B = m * G
    samples = [law[list(rows)] for rows in np.ndindex(*[4] * m)]
    grams = np.array([S.T @ S for S in samples])
    np.testing.assert_allclose(grams.mean(axis=0), B, rtol=1e-12)
    kept = [A for A in grams if np.linalg.det(A) > 1e-9]  # a sample of six equal rows has no inverse
    assert len(grams) - len(kept) == 4
    for A in kept:
        inverse, of_mean = np.linalg.inv(A), np.linalg.inv(B)
        terms = np.trace(inverse @ G) - 2 * 2 / m + np.trace(of_mean @ A @ of_mean @ G)
        squares = [v @ A @ v for v in law @ (inverse - of_mean)]  # v of each new input
        np.testing.assert_allclose(np.mean(squares), terms, rtol=1e-8)
        assert terms > -1e-12
    assert np.mean([np.trace(np.linalg.inv(A) @ G) for A in kept]) > 2 / m
    chosen = np.column_stack([np.ones(30), np.repeat([-1.0, 1.0], 15)])  # 30 chosen inputs can do better
    uniform = np.diag([1, 1 / 3])
    np.testing.assert_allclose(np.trace(np.linalg.inv(chosen.T @ chosen) @ uniform), 4 / 90, rtol=1e-12)


@pytest.mark.equation("eq-loo-mean")
@pytest.mark.parametrize("delta", [0.3, 2.0])
def test_leave_one_out_is_on_average_the_test_error_of_fits_to_one_example_less(delta):
    law = np.array([[-1.0, 2.0], [0.0, 0.5], [0.3, 1.0], [2.0, -1.0], [1.0, 3.0]])  # (x, y), each as often

    def fit(rows):
        X, y = law[list(rows), :1], law[list(rows), 1]
        return PeerRidge(alpha=delta**2).fit(np.column_stack([X, X**2]), y)

    fits = {rows: fit(rows) for rows in np.ndindex(5, 5, 5)}  # all samples of three
    errors = {
        rows: (law[:, 1] - model.predict(np.column_stack([law[:, 0], law[:, 0] ** 2]))) ** 2
        for rows, model in fits.items()
    }
    average = np.mean(list(errors.values()))
    left_out = []
    for rows in np.ndindex(5, 5, 5, 5):  # all samples of four
        Phi = np.column_stack([law[list(rows), 0], law[list(rows), 0] ** 2])
        left_out.append(np.mean(leave_one_out(Phi, law[list(rows), 1], [delta])[0] ** 2))
    np.testing.assert_allclose(np.mean(left_out), average, rtol=1e-9)


@pytest.mark.equation("eq-cross-validation")
def test_cross_validation_is_that_of_scikit_learn():
    Phi, _, y, _, _ = made(0.4)
    peer = PeerRidge(alpha=0.16)
    parts = [test for _, test in KFold(5, shuffle=True, random_state=0).split(Phi)]
    e = cross_validate(lambda X, y: Ridge(0.4).fit(X, y).predict, Phi, y, parts)
    wanted = y - cross_val_predict(peer, Phi, y, cv=KFold(5, shuffle=True, random_state=0))
    np.testing.assert_allclose(np.mean(e**2), np.mean(wanted**2), rtol=1e-9)
    dealt = folds(12, 5, np.random.default_rng(0))
    assert sorted(np.concatenate(dealt)) == list(range(12)) and {len(part) for part in dealt} == {2, 3}


@pytest.mark.equation("eq-loo", "eq-loo-argument", "eq-rbf-leverage")
@pytest.mark.parametrize("delta", [0.1, 2.0])
def test_leave_one_out_of_polynomials(delta):
    x, rng = np.linspace(-1, 1, 12) ** 3, np.random.default_rng(15)
    Phi, y = np.column_stack([x, x**2, x**3]), rng.normal(size=12)
    peer = PeerRidge(alpha=delta**2)
    refits = y - cross_val_predict(peer, Phi, y, cv=LeaveOneOut())
    np.testing.assert_allclose(leave_one_out(Phi, y, [delta])[0], refits, rtol=1e-8)
    for i in range(12):  # put on the curve fitted without it, the point does not pull
        moved = y.copy()
        moved[i] = y[i] - refits[i]
        np.testing.assert_allclose(peer.fit(Phi, moved).predict(Phi)[i], moved[i], rtol=1e-8, atol=1e-10)


@pytest.mark.equation("eq-one-se")
def test_one_standard_error_rule_by_hand():
    squares = np.array([[4.0, 6.0], [1.0, 5.0], [2.0, 4.5], [0.0, 10.0], [3.0, 7.5]])
    # means 5, 3, 3.25, 5, 5.25; standard error of the smallest: 2√2/√2 = 2
    assert one_standard_error(squares) == 3
    assert one_standard_error(squares + [[0], [0], [0], [0.01], [0]]) == 2


@pytest.mark.parametrize(
    "name, answer, said",
    [
        ("row", [3, -2, 9, 6, 4], "is negative"),
        ("points", [200, 0.95], ": right"),
        ("points", [200, 0.9], "2p/m is the gap"),
        ("points", [200, 0.952], "not 1/(1 + p/m)"),
        ("points", [200, 1.0], "the noise floor is 1"),
        ("points", [200, 0.05], "p/m alone"),
        ("points", [190, 0.95], "m = 20p"),
        ("constant_loo", 4.16, ": right"),
        ("gcv", 1.11, ": right"),
    ],
)
def test_checks_take_rounded_answers_and_name_mistakes(name, answer, said, capsys):
    getattr(exercises, name)(answer)
    assert said in capsys.readouterr().out
