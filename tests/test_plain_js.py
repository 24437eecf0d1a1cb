"""The plain forms in JavaScript give, in a real browser, what mlcore's plain forms give."""

from importlib.resources import files

import numpy as np
import pytest
from browser import HANG

from mlcore import initialise, layers, optimisers
from mlcore.basis import monomials, rbf_features
from mlcore.lasso import lasso_by_coordinate_descent, soft_threshold
from mlcore.mlp import backward_pass, forward_pass, train_network
from mlcore.objectives import LogisticNLL, logistic_taylor, softmax_taylor
from mlcore.optimisers import adam_step, minibatches, momentum_step, newton_backtracking, sgd_step
from mlcore.rbf_regression import fit_rbf, predict_rbf
from mlcore.ridge import leave_one_out, solve_ridge

PLAIN = ("plain.js", "plain_fits.js")
SEEDS = pytest.mark.parametrize("seed", range(4))


@pytest.fixture(scope="module")
def browser_page(chromium):
    page = chromium.new_page()
    page.set_default_timeout(1000 * HANG)
    for name in PLAIN:
        page.evaluate(files("mlcore.explore").joinpath(name).read_text("utf-8"))
    yield page
    page.close()


@pytest.fixture
def run(browser_page):
    """What a function of JavaScript gives for some arguments; arrays come and go as lists."""

    def lists(value):
        if isinstance(value, np.ndarray):
            return value.tolist()
        return [lists(one) for one in value] if isinstance(value, (list, tuple)) else value

    def run(function, *arguments):
        return browser_page.evaluate(
            """([text, values]) => {
                const plainly = (value) =>
                    ArrayBuffer.isView(value) || Array.isArray(value) ? Array.from(value, plainly) : value;
                return plainly((0, eval)(text)(...values));
            }""",
            [function, lists(arguments)],
        )

    return run


def near(got, wanted, tolerance=1e-9):
    got, wanted = np.array(got, float), np.asarray(wanted)
    assert got.shape == wanted.shape
    assert np.abs(got - wanted).max() <= tolerance * max(1, np.abs(wanted).max())


def table(rng, m=30, d=4):
    X = rng.normal(size=(m, d)) + rng.uniform(-2, 2, d)
    return X, X @ rng.normal(size=d) + rng.normal(size=m)


@SEEDS
def test_cholesky(run, seed):
    rng = np.random.default_rng(seed)
    B, b = rng.normal(size=(9, 6)), rng.normal(size=6)
    A = B.T @ B
    near(run("(A, n) => plain.cholesky(A, n)", A.ravel(), 6), np.linalg.cholesky(A).ravel())
    near(run("(A, b) => plain.choleskySolve(plain.cholesky(A, 6), b)", A.ravel(), b), np.linalg.solve(A, b))


@SEEDS
def test_basis_functions(run, seed):
    rng = np.random.default_rng(seed)
    for d, degree in ((1, 9), (2, 4), (3, 3)):
        X = rng.uniform(-1.5, 1.5, (12, d))
        near(run("plain.monomials", X, degree), monomials(X, degree))
        centers = rng.normal(size=(7, d))
        near(run("plain.rbfFeatures", X, centers, 0.3), rbf_features(X, centers, 0.3))


@SEEDS
@pytest.mark.parametrize("delta", [0.01, 0.5, 20])
def test_ridge_and_leave_one_out(run, seed, delta):
    X, y = table(np.random.default_rng(seed))
    near(run("plain.solveRidge", X, y, delta), solve_ridge(X, y, delta))
    near(run("plain.leaveOneOut", X, y, delta), leave_one_out(X, y, [delta])[0])


@SEEDS
def test_a_curve_of_bumps(run, seed):
    rng = np.random.default_rng(seed)
    X, rows = rng.uniform(-1, 1, (25, 1)), np.linspace(-1, 1, 40)[:, None]
    y = np.sin(3 * X[:, 0]) + rng.normal(size=25)
    theta = fit_rbf(X, y, X, 0.2, 0.3)
    got = run(
        """(X, y, rows, lam, delta) => {
            const theta = plain.solveRidge(plain.rbfFeatures(X, X, lam), y, delta);
            return plain.predict(plain.rbfFeatures(rows, X, lam), theta);
        }""",
        *(X, y, rows, 0.2, 0.3),
    )
    near(got, predict_rbf(rows, X, 0.2, theta))


@SEEDS
def test_lasso(run, seed):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=20)
    near([run("plain.softThreshold", value, 0.7) for value in z.tolist()], soft_threshold(z, 0.7))
    X, y = table(rng)
    for delta in (0.5, 4):
        near(
            run("plain.lassoByCoordinateDescent", X, y, delta, 200),
            lasso_by_coordinate_descent(X, y, delta, 200),
        )


def labels(rng, X):
    return (X @ rng.normal(size=X.shape[1]) + rng.logistic(size=len(X)) > 0).astype(float)


@SEEDS
@pytest.mark.parametrize("delta", [0.1, 2])
def test_logistic_newton(run, seed, delta):
    rng = np.random.default_rng(seed)
    X, _ = table(rng, m=60, d=3)
    A, y = np.column_stack((np.ones(60), X)), labels(rng, X)
    theta = rng.normal(size=4)
    value, grad, hess = run("plain.logisticTaylor", theta, A, y, delta)
    for got, wanted in zip((value, grad, np.reshape(hess, (4, 4))), logistic_taylor(theta, A, y, delta)):
        near(got, wanted)
    got = run(
        """(A, y, delta) =>
            plain.newtonBacktracking((t) => plain.logisticTaylor(t, A, y, delta), [0, 0, 0, 0])""",
        *(A, y, delta),
    )
    near(got, newton_backtracking(LogisticNLL(X, y, delta), np.zeros(4)), 1e-7)
    assert np.abs(logistic_taylor(np.array(got), A, y, delta)[1]).max() < 1e-5


@SEEDS
@pytest.mark.parametrize("delta", [0, 0.5])
def test_softmax_taylor(run, seed, delta):
    rng = np.random.default_rng(seed)
    X, _ = table(rng, m=30, d=3)
    A, theta = np.column_stack((np.ones(30), X)), rng.normal(size=(4, 3))
    Y = np.eye(3)[rng.integers(3, size=30)]
    call = "(theta, A, Y, delta) => plain.softmaxTaylor(theta, A, Float64Array.from(Y), delta)"
    value, grad, hess = run(call, theta.ravel(), A, Y.ravel(), delta)
    for got, wanted in zip((value, grad, np.reshape(hess, (12, 12))), softmax_taylor(theta, A, Y, delta)):
        near(got, np.ravel(wanted) if np.ndim(got) == 1 else wanted)


def test_newton_stops_below_a_cost(run):
    A, y = np.column_stack((np.ones(4), [-2.0, -1, 1, 2])), np.array([0.0, 0, 1, 1])
    theta = run(
        """(A, y) =>
            plain.newtonBacktracking((t) => plain.logisticTaylor(t, A, y, 0), [0, 0], 100, Math.log(2))""",
        *(A, y),
    )
    value = logistic_taylor(np.array(theta), A, y, 0)[0]
    assert 0.05 < value < np.log(2)


def network(rng, widths):
    return [(rng.normal(size=(n, k)), rng.normal(size=k)) for n, k in zip(widths, widths[1:])]


def flat(theta):
    return [[W.ravel(), b] for W, b in theta]


def flattened(theta):
    return np.concatenate([np.concatenate([np.ravel(W), np.ravel(b)]) for W, b in theta])


LOSSES = {
    "squaredError": layers.squared_error,
    "sigmoidCrossEntropy": layers.sigmoid_cross_entropy,
    "softmaxCrossEntropy": layers.softmax_cross_entropy,
}


def targets(rng, loss, m, K):
    if loss == "squaredError":
        return rng.normal(size=(m, K))
    return np.eye(K)[rng.integers(0, K, m)] if K > 1 else rng.integers(0, 2, (m, 1)).astype(float)


@SEEDS
@pytest.mark.parametrize(
    ("loss", "K"), [("squaredError", 2), ("sigmoidCrossEntropy", 1), ("softmaxCrossEntropy", 3)]
)
@pytest.mark.parametrize("activation", ["identity", "sigmoid", "tanh", "relu"])
def test_backward(run, seed, activation, loss, K):
    rng = np.random.default_rng(seed)
    theta, X, Y = network(rng, (3, 5, 4, K)), rng.normal(size=(6, 3)), targets(rng, loss, 6, K)
    g = layers.ACTIVATIONS[activation]()
    Z, A = forward_pass(theta, X, g)
    C, dZ = LOSSES[loss](Z[-1], Y)
    cost, grads = run("plain.batchGradient", flat(theta), X, Y, activation, loss)
    near(cost, C / 6)
    near(flattened(grads), flattened(backward_pass(theta, Z, A, dZ / 6, g)))


@SEEDS
def test_steps(run, seed):
    rng = np.random.default_rng(seed)
    grads = rng.normal(size=(5, 8))
    got = run(
        """(grads) => {
            const rates = { eta: 0.1, alpha: 0.9, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 };
            return [plain.sgdStep, plain.momentumStep, plain.adamStep].map((rule) => {
                let [step, state] = [];
                return grads.map((grad) => ([step, state] = rule(grad, state, rates))[0]);
            });
        }""",
        grads,
    )
    last, state = np.zeros(8), (0, np.zeros(8), np.zeros(8))
    for k, grad in enumerate(grads):
        near(got[0][k], sgd_step(grad, 0.1))
        last = momentum_step(grad, last, 0.1, 0.9)
        near(got[1][k], last)
        step, state = adam_step(grad, state, 0.1, 0.8, 0.95, 1e-6)
        near(got[2][k], step)


@SEEDS
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_a_hundred_steps_of_training(run, seed, activation):
    rng = np.random.default_rng(seed)
    theta, X, Y = (
        network(rng, (2, 6, 3)),
        rng.normal(size=(20, 2)),
        targets(rng, "softmaxCrossEntropy", 20, 3),
    )
    order = np.random.default_rng(seed)
    batches = [rows for _ in range(20) for rows in minibatches(20, 4, order)]
    assert len(batches) == 100
    wanted = train_network(
        theta, X, Y, layers.ACTIVATIONS[activation](), layers.softmax_cross_entropy,
        eta=0.1, batch=4, epochs=20, rng=np.random.default_rng(seed), delta=0.2,
    )  # fmt: skip
    train = "(theta, X, Y, options) => plain.trainNetwork(theta, X, Y, options)"
    options = dict(activation=activation, loss="softmaxCrossEntropy", eta=0.1, delta=0.2)
    options["batches"] = [rows.tolist() for rows in batches]
    near(flattened(run(train, flat(theta), X, Y, options)), flattened(wanted), 1e-6)


@SEEDS
@pytest.mark.parametrize(("rule", "optimiser"), [("momentumStep", "Momentum"), ("adamStep", "Adam")])
def test_a_hundred_steps_of_other_rules(run, seed, rule, optimiser):
    rng = np.random.default_rng(seed)
    theta, X, Y = network(rng, (2, 6, 3)), rng.normal(size=(20, 2)), rng.normal(size=(20, 3))
    rates = dict(eta=0.02, alpha=0.9) if rule == "momentumStep" else dict(eta=0.02)
    update = getattr(optimisers, optimiser)(**rates)
    order, g = np.random.default_rng(seed), layers.Tanh()
    batches = [rows for _ in range(20) for rows in minibatches(20, 4, order)]
    states = [[update.init(array) for array in pair] for pair in theta]
    wanted = theta
    for rows in batches:
        Z, A = forward_pass(wanted, X[rows], g)
        grads = backward_pass(wanted, Z, A, layers.squared_error(Z[-1], Y[rows])[1] / len(rows), g)
        moved = []
        for l, pair in enumerate(wanted):
            moved.append([])
            for part, array in enumerate(pair):
                step, states[l][part] = update.update(grads[l][part], states[l][part])
                moved[l].append(array + step)
        wanted = moved
    got = run(
        """(theta, X, Y, { rule, ...options }) =>
            plain.trainNetwork(theta, X, Y, { rule: plain[rule], ...options })""",
        *(flat(theta), X, Y),
        dict(
            rule=rule, activation="tanh", loss="squaredError", batches=[b.tolist() for b in batches], **rates
        ),
    )
    near(flattened(got), flattened(wanted), 1e-6)


@SEEDS
@pytest.mark.parametrize("name", ["glorot_uniform", "glorot_normal", "he_uniform", "he_normal"])
def test_initial_weights(run, seed, name):
    rng = np.random.default_rng(seed)
    numbers = rng.random(35) if name.endswith("uniform") else rng.standard_normal(35)
    first, second = name.split("_")
    got = run(
        "(name, numbers) => plain[name](5, 7, () => numbers.shift())", first + second.capitalize(), numbers
    )
    near(got, getattr(initialise, name)(5, 7, np.random.default_rng(seed)).ravel())


def test_the_plain_forms_are_short():
    texts = [files("mlcore.explore").joinpath(name).read_text("utf-8") for name in PLAIN]
    assert sum(len(text.splitlines()) for text in texts) <= 400
