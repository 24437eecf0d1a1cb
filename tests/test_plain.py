"""Each method stands twice in mlcore: in plain form, as the chapters show it, and as it runs; both agree.

A pair is a name and a function of a random generator that returns what the plain form gives, what the public
face gives, and the relative difference allowed: the plain form has no armour, so its digits are those that
the method itself leaves.
"""

from copy import copy

import numpy as np
import pytest
from scipy.optimize import linprog

import mlcore
from mlcore import (
    SGD,
    Adagrad,
    Adam,
    Bernoulli,
    Gaussian,
    LeastSquares,
    LinearRegression,
    LogisticNLL,
    LogisticRegression,
    MLPClassifier,
    MLPRegressor,
    Momentum,
    MultivariateGaussian,
    RBFRegression,
    Ridge,
    RMSProp,
    SoftmaxNLL,
    empirical_cov,
    empirical_mean,
    lasso,
    lbfgs,
    minimise,
    newton,
    one_hot,
    polynomial,
    rbf,
    rbf_grid,
    softmax,
)
from mlcore.basis import monomials, rbf_features
from mlcore.gradcheck import complex_step_gradient, numerical_gradient
from mlcore.layers import (
    ACTIVATIONS,
    Linear,
    Sequential,
    SigmoidCrossEntropy,
    SoftmaxCrossEntropy,
    SquaredError,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    squared_error,
)
from mlcore.linear import (
    gram_schmidt,
    least_absolute_deviations,
    leverage,
    linear_nll,
    most_likely,
    predictive_std,
    residual_sum_of_squares,
    solve_by_inverse,
    solve_by_qr,
    solve_normal_equations,
    standard_errors,
)
from mlcore.mlp import backward_pass, forward_pass, train_network
from mlcore.objectives import (
    PseudoHuber,
    least_squares_taylor,
    logistic_taylor,
    pseudo_huber_taylor,
    softmax_taylor,
)
from mlcore.optimisers import (
    adagrad_step,
    adam_step,
    bfgs_update,
    conjugate_gradients,
    descent_backtracking,
    gradient_descent,
    irls_weighted,
    lbfgs_backtracking,
    minibatches,
    momentum_step,
    newton_backtracking,
    rmsprop_step,
    sgd_step,
    stochastic_descent,
    two_loop_recursion,
)
from mlcore.probability import (
    discrete_entropy,
    gaussian_density,
    mean_and_cov,
    mvn_draws,
    mvn_log_density,
    tosses_log_likelihood,
)
from mlcore.rbf_regression import fit_rbf, predict_rbf
from mlcore.ridge import (
    degrees_of_freedom,
    leave_one_out,
    ridge_dof,
    ridge_loo,
    ridge_path,
    solve_ridge,
    solve_ridge_path,
)
from mlcore.softmax_regression import softmax_jacobian, softmax_layers, softmax_rows
from mlcore.validation import cross_validate, leave_blocks_out, prediction_weights

PAIRS = {}


def pair(function):
    """Register a pair under the name of the function."""
    PAIRS[function.__name__] = function
    return function


# --------------------------------------------------------------- least squares, ridge, radial basis functions
def line_data(rng, m=40, d=5):
    """X (m, d) away from the origin, in units of their own, and y (m,)."""
    X = (rng.normal(size=(m, d)) + rng.uniform(-3, 3, d)) * 10.0 ** rng.uniform(-1, 1, d)
    return X, X @ rng.normal(size=d) + rng.normal(size=m)


def with_ones(X):
    return np.column_stack((np.ones(len(X)), X))


@pair
def least_squares_by_inverse(rng):
    X, y = line_data(rng)
    return solve_by_inverse(with_ones(X), y), LinearRegression().fit(X, y).theta_, 1e-9


@pair
def least_squares_by_normal_equations(rng):
    X, y = line_data(rng)
    return solve_normal_equations(with_ones(X), y), LinearRegression().fit(X, y).theta_, 1e-9


@pair
def least_squares_by_qr(rng):
    X, y = line_data(rng)
    return solve_by_qr(with_ones(X), y), LinearRegression().fit(X, y).theta_, 1e-11


@pair
def orthonormal_columns_by_hand(rng):
    A = with_ones(line_data(rng)[0])
    Q, R = np.linalg.qr(A)
    sign = np.sign(np.diag(R))  # by hand the diagonal is positive
    plain, fast = gram_schmidt(A), (Q * sign, R * sign[:, None])
    return *(np.concatenate([part.ravel() for part in parts]) for parts in (plain, fast)), 1e-11


@pair
def cost_gradient_and_hessian_of_least_squares(rng):
    X, y = line_data(rng)
    theta, J = rng.normal(size=6), LeastSquares(X, y)
    plain, fast = (
        residual_sum_of_squares(with_ones(X), y, theta),
        (J.value(theta), J.grad(theta), J.hess(theta)),
    )
    return *(np.concatenate([np.ravel(part) for part in parts]) for parts in (plain, fast)), 1e-12


@pair
def predictive_band(rng):
    X, y = line_data(rng)
    rows = line_data(rng)[0]
    return predictive_std(X, y, rows), LinearRegression().fit(X, y).predictive_std(rows), 1e-9


@pair
def leverages(rng):
    X, y = line_data(rng)
    model = LinearRegression().fit(X, y)
    return leverage(X, X), (model.predictive_std(X) / model.sigma_) ** 2 - 1, 1e-9


@pair
def most_likely_line(rng):
    X, y = line_data(rng)
    theta, sigma = most_likely(with_ones(X), y)
    model = LinearRegression().fit(X, y)
    return np.append(theta, sigma), np.append(model.theta_, model.sigma_), 1e-9


@pair
def nll_of_a_line(rng):
    X, y = line_data(rng)
    theta, sigma, J = rng.normal(size=6), rng.uniform(0.5, 2), LeastSquares(X, y)
    nll, by_theta, by_sigma = linear_nll(with_ones(X), y, theta, sigma)
    residuals = y - with_ones(X) @ theta
    value = -Gaussian(0, sigma).log_likelihood(residuals)
    slope = len(y) / sigma - J.value(theta) / sigma**3
    fast = np.concatenate(([value], J.grad(theta) / (2 * sigma**2), [slope]))
    return np.concatenate(([nll], by_theta, [by_sigma])), fast, 1e-11


@pair
def standard_errors_of_slopes(rng):
    X, y = line_data(rng)
    model = LinearRegression().fit(X, y)
    slopes = np.linalg.inv(X.T @ X - len(X) * np.outer(X.mean(axis=0), X.mean(axis=0)))  # centred
    variance = model.sigma_**2 * len(y) / (len(y) - model.rank_)
    return standard_errors(with_ones(X), y)[1:], np.sqrt(variance * np.diag(slopes)), 1e-8


@pair
def least_absolute_deviations_by_a_linear_programme(rng):
    X, y = line_data(rng, m=15, d=2)
    A, m = with_ones(X), len(y)
    bounds = [(None, None)] * 3 + [(0, None)] * (2 * m)  # θ, and the two sides of the residuals
    cost, sides = np.append(np.zeros(3), np.ones(2 * m)), np.hstack((A, np.eye(m), -np.eye(m)))
    best = linprog(cost, A_eq=sides, b_eq=y, bounds=bounds).fun
    return [np.abs(y - A @ least_absolute_deviations(A, y)).sum()], [best], 1e-5


@pair
def likelihood_of_tosses(rng):
    tosses, p = rng.integers(0, 2, 30), rng.uniform(0.1, 0.9)
    plain = tosses_log_likelihood(tosses.sum(), 30, p)
    return [plain], [Bernoulli(p).log_likelihood(tosses)], 1e-12


@pair
def ridge(rng):
    X, y = line_data(rng)
    return solve_ridge(X, y, 2.0), Ridge(2.0).fit(X, y).theta_, 1e-11


@pair
def ridge_strengths(rng):
    X, y = line_data(rng)
    deltas = [0.01, 1.0, 50.0]
    return solve_ridge_path(X, y, deltas), ridge_path(X, y, deltas)[:, 1:], 1e-11


@pair
def effective_degrees_of_freedom(rng):
    X, _ = line_data(rng)
    deltas = [0.0, 1.0, 50.0]
    return degrees_of_freedom(X, deltas), ridge_dof(X, deltas), 1e-12


@pair
def leave_one_out_residuals(rng):
    X, y = line_data(rng)
    deltas = [0.01, 1.0, 50.0]
    return leave_one_out(X, y, deltas), ridge_loo(X, y, deltas), 1e-11


@pair
def weights_of_the_targets(rng):
    X, y = line_data(rng)
    rows = line_data(rng)[0]
    return prediction_weights(X, rows, 2.0) @ y, Ridge(2.0).fit(X, y).predict(rows), 1e-11


@pair
def left_out_blocks(rng):
    X, y = line_data(rng)
    blocks = [range(5), range(5, 30), range(30, 40)]

    def refit(X, y):
        return Ridge(2.0).fit(X, y).predict

    H = prediction_weights(X, X, 2.0)
    return leave_blocks_out(H, y, blocks), cross_validate(refit, X, y, blocks), 1e-10


@pair
def leave_one_out_error_of_bumps(rng):
    X, y = rng.uniform(0, 4, size=(30, 2)), rng.normal(size=30)
    lams, deltas = [0.1, 2.0], [0.1, 1.0]
    plain = [(leave_one_out(rbf_features(X, X, lam), y, deltas) ** 2).mean(axis=1) for lam in lams]
    return plain, rbf_grid(X, y, lams, deltas), 1e-9


@pair
def radial_basis_functions(rng):
    X, centers = rng.normal(size=(20, 3)), rng.normal(size=(7, 3))
    return rbf_features(X, centers, 0.7), rbf(X, centers, 0.7), 1e-14


@pair
def regression_on_bumps(rng):
    X, y, new = rng.normal(size=(20, 2)), rng.normal(size=20), rng.normal(size=(9, 2))
    theta, model = fit_rbf(X, y, X[:7], 0.7, 0.5), RBFRegression(0.7, 0.5, X[:7]).fit(X, y)
    plain, fast = predict_rbf(new, X[:7], 0.7, theta), model.predict(new)
    return np.append(theta, plain), np.append(model.theta_, fast), 1e-11


@pair
def polynomials(rng):
    X = rng.normal(size=(9, 3))
    return monomials(X, 4), polynomial(X, 4), 1e-14


# ------------------------------------------------------------------------------------------------ probability
def positive_definite(rng, d=4):
    """A mean (d,) and a covariance matrix (d, d)."""
    A = rng.normal(size=(d, d + 2))
    return rng.normal(size=d), A @ A.T


@pair
def mean_and_covariance(rng):
    X, _ = line_data(rng)
    both = np.vstack(mean_and_cov(X)), np.vstack((empirical_mean(X), empirical_cov(X)))
    return *both, 1e-12


@pair
def density_of_a_gaussian(rng):
    mu, sigma = rng.normal(), rng.uniform(0.1, 3)
    x = mu + sigma * rng.normal(size=20)
    return gaussian_density(x, mu, sigma), Gaussian(mu, sigma).pdf(x), 1e-12


@pair
def log_density_of_a_multivariate_gaussian(rng):
    mu, Sigma = positive_definite(rng)
    X = rng.normal(size=(20, 4))
    return mvn_log_density(X, mu, Sigma), MultivariateGaussian(mu, Sigma).log_pdf(X), 1e-10


@pair
def draws_from_a_multivariate_gaussian(rng):
    mu, Sigma = positive_definite(rng)
    seed = int(rng.integers(1000))
    plain = mvn_draws(mu, Sigma, 20, np.random.default_rng(seed))
    return plain, MultivariateGaussian(mu, Sigma).sample(20, np.random.default_rng(seed)), 1e-10


@pair
def entropy_of_coins(rng):
    coins = [0.0, *rng.uniform(size=5)]
    return (
        [discrete_entropy(np.array([p, 1 - p])) for p in coins],
        [Bernoulli(p).entropy() for p in coins],
        1e-12,
    )


# ------------------------------------------------------------------------------------------------------ lasso
def correlated(rng, m, d):
    """X (m, d) with correlated columns whose means are not zero, y (m,) that depends on some of them."""
    X = rng.normal(size=(m, d)) @ (np.eye(d) + 0.4 * rng.normal(size=(d, d))) + rng.normal(size=d)
    return X, 3 + X @ (rng.normal(size=d) * (np.arange(d) % 2)) + rng.normal(size=m)


@pair
def lasso_by_coordinate_descent(rng):
    X, y = correlated(rng, 40, 6)
    delta = 0.3 * mlcore.lasso_path(X, y).deltas[0]
    return lasso.lasso_by_coordinate_descent(X, y, delta), mlcore.Lasso(delta).fit(X, y).theta_, 1e-9


@pair
def lasso_path_by_homotopy(rng):
    X, y = correlated(rng, 40, 6)
    path = mlcore.lasso_path(X, y)
    deltas, thetas = lasso.lasso_path_by_homotopy(X, y)
    return np.column_stack((deltas, thetas)), np.column_stack((path.deltas, path.thetas)), 1e-9


@pair
def lasso_kkt(rng):
    X, y = correlated(rng, 40, 6)
    theta, delta = np.append(y.mean() - X[:, :2].mean(axis=0) @ [1.0, -2.0], [1.0, -2.0, 0, 0, 0, 0]), 2.0
    most = 2 * np.linalg.norm(X - X.mean(axis=0), axis=0) * np.linalg.norm(y - y.mean())
    plain = np.max(lasso.kkt_violations(X, y, theta, delta) / most)
    return plain, mlcore.lasso_kkt(X, y, theta, delta), 1e-12


# --------------------------------------------------------------------- descent, logistic, softmax, optimisers
def classes(rng, K, m=60, d=3):
    """X (m, d + 1) with its column of ones, labels 0 … K − 1 that overlap, and a δ."""
    X = np.column_stack((np.ones(m), rng.normal(size=(m, d))))
    return (
        X,
        (X @ rng.normal(size=(d + 1, K)) + 2 * rng.gumbel(size=(m, K))).argmax(axis=1),
        rng.uniform(0.1, 2),
    )


def in_one_vector(parts):
    """Value, gradient and Hessian in one vector."""
    return np.concatenate([np.ravel(part) for part in parts])


@pair
def ridge_cost_gradient_hessian(rng):
    X, y = line_data(rng)
    theta, delta = rng.normal(size=6), rng.uniform(0.1, 2)
    fast = LeastSquares(X, y, delta).taylor(theta)
    return in_one_vector(least_squares_taylor(theta, with_ones(X), y, delta)), in_one_vector(fast), 1e-12


@pair
def gradient_by_central_differences(rng):
    X, y, delta = classes(rng, 2)
    theta = rng.normal(size=4)
    plain = numerical_gradient(lambda t: logistic_taylor(t, X, y, delta)[0], theta)
    return plain, LogisticNLL(X[:, 1:], y, delta).grad(theta), 1e-7


@pair
def gradient_by_complex_steps(rng):
    X, y = line_data(rng)
    theta = rng.normal(size=6)
    plain = complex_step_gradient(lambda t: least_squares_taylor(t, with_ones(X), y, 0.7)[0], theta)
    return plain, LeastSquares(X, y, 0.7).grad(theta), 1e-12


@pair
def logistic_cost_gradient_hessian(rng):
    X, y, delta = classes(rng, 2)
    theta = rng.normal(size=4)
    fast = LogisticNLL(X[:, 1:], y, delta).taylor(theta)
    return in_one_vector(logistic_taylor(theta, X, y, delta)), in_one_vector(fast), 1e-13


@pair
def softmax_cost_gradient_hessian(rng):
    X, y, delta = classes(rng, 4)
    Y, theta = one_hot(y, 4), rng.normal(size=(4, 4))
    fast = SoftmaxNLL(X[:, 1:], Y, delta).taylor(theta)
    return in_one_vector(softmax_taylor(theta, X, Y, delta)), in_one_vector(fast), 1e-13


@pair
def softmax_of_rows(rng):
    Z = 300 * rng.normal(size=(6, 4))
    return softmax_rows(Z), softmax(Z), 1e-13


@pair
def softmax_and_its_jacobian(rng):
    z = rng.normal(size=4)
    hess = SoftmaxNLL(np.zeros((1, 1)), np.eye(4)[:1]).hess(np.array([z, np.zeros(4)]))
    return softmax_jacobian(softmax(z)), hess[:4, :4], 1e-12


@pair
def softmax_by_layers(rng):
    x, theta, y = np.append(1.0, rng.normal(size=3)), rng.normal(size=(4, 3)), np.eye(3)[1]
    fast = SoftmaxNLL(x[None, 1:], y[None]).taylor(theta)
    return in_one_vector(softmax_layers(theta, x, y)), in_one_vector((next(fast), next(fast))), 1e-12


@pair
def pseudo_huber_cost_gradient_hessian(rng):
    X, y = line_data(rng)
    theta, J = rng.normal(size=6), PseudoHuber(X, y, 2.0)
    return (
        in_one_vector(pseudo_huber_taylor(theta, with_ones(X), y, 2.0)),
        in_one_vector(J.taylor(theta)),
        1e-12,
    )


@pair
def steepest_descent(rng):
    X, y, delta = classes(rng, 2)
    J, start = LogisticNLL(X[:, 1:], y, delta), rng.normal(size=4)
    fast = minimise(J, start, SGD(0.01), steps=50, tol=0)
    return gradient_descent(J, start, 0.01, 50)[-1], fast.theta, 1e-12


@pair
def steepest_descent_with_backtracking(rng):
    X, y, delta = classes(rng, 2)
    J, start = LogisticNLL(X[:, 1:], y, delta), 3 * rng.normal(size=4)
    return descent_backtracking(J, start, 5000, tol=1e-9), newton(J, start).theta, 1e-6


@pair
def lbfgs_with_backtracking(rng):
    X, y, delta = classes(rng, 2)
    J, start = LogisticNLL(X[:, 1:], y, delta), 3 * rng.normal(size=4)
    return lbfgs_backtracking(J, start, 200, tol=1e-9), lbfgs(J, start).theta, 1e-6


@pair
def newton_with_backtracking(rng):
    X, y, delta = classes(rng, 2)
    J, start = LogisticNLL(X[:, 1:], y, delta), 3 * rng.normal(size=4)
    return newton_backtracking(J, start), newton(J, start).theta, 1e-7


@pair
def conjugate_gradients_with_products(rng):
    X, y = rng.normal(size=(30, 5)), rng.normal(size=30)
    J, start = LeastSquares(X, y, 1.0), rng.normal(size=6)
    H = J.hess(start)
    plain = conjugate_gradients(lambda p: H @ p, start, J.grad(start), 20, tol=1e-11)
    return plain, newton(J, start).theta, 1e-8


@pair
def iteratively_reweighted_least_squares(rng):
    X, y, _ = classes(rng, 2)
    return irls_weighted(X, y), LogisticRegression().fit(X[:, 1:], y).theta_, 1e-10


@pair
def two_loops_of_lbfgs(rng):
    B, S = rng.normal(size=(5, 5)), rng.normal(size=(3, 5))
    H, M, grad = B @ B.T + np.eye(5), np.diag(rng.uniform(0.5, 2, size=5)), rng.normal(size=5)
    pairs = [(s, H @ s, 1 / (s @ H @ s)) for s in S]
    plain = two_loop_recursion(grad, pairs, lambda q, M=M: M @ q)
    for s, r, _ in pairs:  # the matrices, one after another
        M = bfgs_update(M, s, r)
    return plain, M @ grad, 1e-10


def both_paths(rng, rule, step, state):
    """θ after 50 steps of a recurrence as printed, and of its class."""
    plain, fast, ours = np.zeros(6), np.zeros(6), rule.init(np.zeros(6))
    for grad in rng.normal(size=(50, 6)) * np.logspace(-3, 3, 6):
        change, state = step(grad, state)
        plain += change
        change, ours = rule.update(grad, ours)
        fast += change
    return plain, fast, 1e-12


@pair
def sgd(rng):
    return both_paths(rng, SGD(0.1), lambda grad, state: (sgd_step(grad, 0.1), state), None)


@pair
def stochastic_gradient_descent(rng):
    X, y = rng.normal(size=(50, 3)), rng.normal(size=50)
    A, batch, seed = with_ones(X), int(rng.integers(1, 50)), int(rng.integers(100))

    def grad(theta, rows):
        return 2 * A[rows].T @ (A[rows] @ theta - y[rows])

    path = stochastic_descent(
        grad, np.zeros(4), 50, batch, lambda k: 0.002 / k, 3, np.random.default_rng(seed)
    )
    theta, k, order = np.zeros(4), 0, np.random.default_rng(seed)
    for _ in range(3):
        for rows in minibatches(50, batch, order):
            k += 1
            rule = SGD(0.002 / k * 50 / len(rows))
            theta = theta + rule.update(LeastSquares(X[rows], y[rows]).grad(theta), rule.init(theta))[0]
    return path[-1], theta, 1e-11


@pair
def momentum(rng):
    return both_paths(
        rng, Momentum(0.1, 0.8), lambda grad, last: 2 * (momentum_step(grad, last, 0.1, 0.8),), 0
    )


@pair
def adagrad(rng):
    return both_paths(rng, Adagrad(0.1), lambda grad, state: adagrad_step(grad, state, 0.1, 1e-8), 0)


@pair
def rmsprop(rng):
    return both_paths(
        rng, RMSProp(0.1, 0.8), lambda grad, state: rmsprop_step(grad, state, 0.1, 0.8, 1e-8), 0
    )


@pair
def adam(rng):
    def step(grad, state):
        return adam_step(grad, state, 0.1, 0.8, 0.95, 1e-8)

    return both_paths(rng, Adam(0.1, 0.8, 0.95), step, (0, 0, 0))


# --------------------------------------------------------------------------------------------------- networks
WIDTHS, ROWS = (3, 5, 4, 2), 23


def flat(pairs):
    """All entries of a list of pairs (W, b), in the order of `Sequential.theta`."""
    return np.concatenate([np.ravel(a) for pair in pairs for a in pair])


def draw_network(rng, activation):
    """A network with two hidden layers, θ as a list of pairs (W, b), and examples X for it."""
    layers = []
    for n_in, n_out in zip(WIDTHS, WIDTHS[1:]):
        layers += [Linear(n_in, n_out, rng), activation]
        layers[-2].b[:] = rng.normal(size=n_out)
        activation = copy(activation)
    net = Sequential(layers[:-1])
    theta = [(layer.W.copy(), layer.b.copy()) for layer in net.layers[::2]]
    return net, theta, rng.normal(size=(ROWS, WIDTHS[0]))


@pair
def network_forward(rng):
    net, theta, X = draw_network(rng, activation := ACTIVATIONS[rng.choice(sorted(ACTIVATIONS))]())
    Z, _ = forward_pass(theta, X, activation)
    return Z[-1], net(X), 1e-13


@pair
def network_backward(rng):
    net, theta, X = draw_network(rng, activation := ACTIVATIONS[rng.choice(sorted(ACTIVATIONS))]())
    dZ = rng.normal(size=(ROWS, WIDTHS[-1]))
    net.forward(X)
    net.backward(dZ)
    return flat(backward_pass(theta, *forward_pass(theta, X, activation), dZ, activation)), net.grad, 1e-13


def both_losses(plain, loss, Z, Y):
    C, dZ = plain(Z, Y)
    cost = loss.forward(Z, Y)
    return np.append(dZ, C), np.append(loss.backward(), cost), 1e-13


@pair
def loss_squared(rng):
    return both_losses(squared_error, SquaredError(), *rng.normal(size=(2, ROWS, 3)))


@pair
def loss_sigmoid(rng):
    z, y = rng.normal(size=(ROWS, 1)), rng.uniform(size=(ROWS, 1))
    return both_losses(sigmoid_cross_entropy, SigmoidCrossEntropy(), z, y)


@pair
def loss_softmax(rng):
    z, y = rng.normal(size=(ROWS, 4)), rng.dirichlet(np.ones(4), ROWS)
    return both_losses(softmax_cross_entropy, SoftmaxCrossEntropy(), z, y)


def both_trainings(rng, Model, y, Y, loss):
    """θ after four epochs, from the same start through the same batches."""
    seed, activation = int(rng.integers(1000)), rng.choice(sorted(ACTIVATIONS))
    X, steps = rng.normal(size=(ROWS, 3)), dict(batch=5, epochs=4, delta=0.7)
    model = Model((5, 4), activation, SGD(0.1), random_state=seed, **steps).fit(X, y)
    rng = np.random.default_rng(seed)
    start = model._network(3, Y.shape[1], rng)
    theta = [(layer.W, layer.b) for layer in start.layers[::2]]
    plain = train_network(theta, X, Y, ACTIVATIONS[activation](), loss, eta=0.1, rng=rng, **steps)
    return flat(plain), flat(model.theta_), 1e-11


@pair
def training_a_regression(rng):
    y = rng.normal(size=ROWS)
    return both_trainings(rng, MLPRegressor, y, y[:, None], squared_error)


@pair
def training_two_classes(rng):
    y = rng.permutation(ROWS) % 2
    return both_trainings(rng, MLPClassifier, y, y[:, None], sigmoid_cross_entropy)


@pair
def training_many_classes(rng):
    y = rng.permutation(ROWS) % 4
    return both_trainings(rng, MLPClassifier, y, np.eye(4)[y], softmax_cross_entropy)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", PAIRS)
def test_the_plain_form_equals_what_runs(name, seed):
    plain, fast, rtol = PAIRS[name](np.random.default_rng(seed))
    plain, fast = np.asarray(plain), np.asarray(fast)
    assert plain.shape == fast.shape
    assert np.abs(plain - fast).max() <= rtol * np.abs(fast).max()
