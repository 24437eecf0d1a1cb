"""Multi-layer perceptrons: the linear models without a hidden layer, and what those cannot do with one."""

import copy
import pickle
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_digits

from mlcore import (
    SGD,
    Adagrad,
    Adam,
    DivergenceWarning,
    LinearRegression,
    MLPClassifier,
    MLPRegressor,
    Momentum,
    Ridge,
    RMSProp,
    cost_and_grad,
    one_hot,
)
from mlcore.datasets import load_mnist
from mlcore.layers import (
    ACTIVATIONS,
    Linear,
    Sequential,
    SigmoidCrossEntropy,
    SoftmaxCrossEntropy,
    SquaredError,
)
from mlcore.logistic import LogisticRegression
from mlcore.objectives import LogisticNLL, SoftmaxNLL
from mlcore.softmax_regression import SoftmaxRegression

XOR = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])


def data(m=60, d=3, K=2, seed=0):
    """Standard normal columns, and labels that a linear model gets mostly right."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, d))
    return X, (X @ rng.normal(size=(d, K)) + rng.normal(size=(m, K))).argmax(axis=1)


def waves(m=80, seed=0):
    X = np.random.default_rng(seed).uniform(-2, 2, size=(m, 1))
    return X, np.sin(2 * X[:, 0])


def small(**changes):
    return dict(hidden=(6,), epochs=8, batch=16, random_state=0) | changes


# ------------------------------------------------------------------------------------ what it is all for
def test_handwritten_digits_that_it_has_not_seen():
    """19 of 20 are read, as the bundled part of MNIST was chosen for; a linear model reads 9 of 10."""
    train, test = load_mnist()
    X, X_new = (np.asarray(data.X, dtype=np.float32) / 255 for data in (train, test))
    network = MLPClassifier((64,), epochs=10, random_state=0, dtype="float32").fit(X, train.y)
    linear = MLPClassifier((), epochs=3, random_state=0, dtype="float32").fit(X, train.y)
    assert linear.score(X_new, test.y) < 0.92 < 0.95 <= network.score(X_new, test.y)


# --------------------------------------------------------------- without a hidden layer: linear models
@pytest.mark.parametrize("delta", [0.0, 1.3])
@pytest.mark.parametrize(
    "K, objective, loss", [(2, LogisticNLL, SigmoidCrossEntropy), (4, SoftmaxNLL, SoftmaxCrossEntropy)]
)
def test_cost_and_gradient_without_hidden_layer_are_those_of_linear_classifiers(K, objective, loss, delta):
    X, y = data(K=K)
    m, d = X.shape
    net = Sequential([Linear(d, 1 if K == 2 else K, np.random.default_rng(1))])
    net.layers[0].b[:] = 0.3
    W, b = net.layers[0].params
    theta = np.vstack((b, W))  # (d + 1, outputs), the intercept first
    target = y[:, None].astype(float) if K == 2 else one_hot(y, K)
    J = objective(X, y if K == 2 else target, delta)
    theta = theta[:, 0] if K == 2 else theta
    cost = cost_and_grad(net, loss(), X, target, delta**2 / m * net.is_weight)
    assert_allclose(m * cost, J.value(theta), rtol=1e-12)
    dW, db = net.layers[0].grads
    assert_allclose(m * np.vstack((db, dW)).ravel(), np.ravel(J.grad(theta)), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("linear, K", [(LogisticRegression, 2), (SoftmaxRegression, 3)])
def test_without_hidden_layer_training_ends_where_the_linear_classifier_is(linear, K):
    # N14: batches of all examples and a plain rule, until the gradient is zero
    X, y = data(K=K)
    theirs = linear(delta=1.0).fit(X, y)
    ours = MLPClassifier((), optimiser=SGD(2.0), batch=1000, epochs=1500, delta=1.0, random_state=0).fit(X, y)
    ((W, b),) = ours.theta_
    if K == 2:
        assert_allclose(np.append(b, W), theirs.theta_, rtol=1e-9)
    else:  # the biases are not penalised, so softmax leaves a common shift of them open
        assert_allclose(W, theirs.theta_[1:], atol=1e-8)
        assert_allclose(b - b.mean(), theirs.theta_[0] - theirs.theta_[0].mean(), atol=1e-8)
    assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=1e-8)
    assert_allclose(len(X) * ours.history_[-1], theirs.history_[-1], rtol=1e-9)
    assert_array_equal(ours.predict(X), theirs.predict(X))


@pytest.mark.parametrize("batch, decimals", [(1000, 9), (10, 1)])
def test_sgd_without_hidden_layer_reaches_least_squares(batch, decimals):
    X, y = waves(60)
    X = np.hstack((X, X**2))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    rule = SGD(0.2 if batch > 60 else 0.005)
    ((W, b),) = MLPRegressor((), optimiser=rule, batch=batch, epochs=300, random_state=0).fit(X, y).theta_
    assert_allclose(np.append(b, W), LinearRegression().fit(X, y).theta_, atol=10.0**-decimals)
    if batch > 60:  # the same δ, the same model
        decayed = MLPRegressor((), optimiser=rule, batch=batch, epochs=300, delta=3.0, random_state=0)
        ((W, b),) = decayed.fit(X, y).theta_
        assert_allclose(np.append(b, W), Ridge(3.0).fit(X, y).theta_, atol=1e-9)


def test_identity_activation_collapses_to_one_linear_map():
    X, y = waves()
    model = MLPRegressor((5, 4), "identity", Adam(0.02), batch=100, epochs=1500, random_state=0).fit(X, y)
    (W1, b1), (W2, b2), (W3, b3) = model.theta_
    W, b = W1 @ W2 @ W3, (b1 @ W2 + b2) @ W3 + b3
    assert_allclose(model.predict(X), X @ W[:, 0] + b[0], rtol=1e-10, atol=1e-12)
    line = LinearRegression().fit(X, y)
    assert_allclose(model.predict(X), line.predict(X), atol=1e-4)  # and no better than that


# ---------------------------------------------------------------------------------- with hidden layers
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_xor_is_learned(activation):
    X, y = XOR
    model = MLPClassifier((8,), activation, Adam(0.05), epochs=300, random_state=0).fit(X, y)
    assert model.score(X, y) == 1 and model.history_[-1] < 0.1
    linear = MLPClassifier((), optimiser=Adam(0.05), epochs=300, random_state=1).fit(X, y)
    assert_allclose(linear.predict_proba(X), 0.5, atol=1e-3)


def test_a_curve_is_learned_and_shapes_are_as_documented():
    X, y = waves(200)
    model = MLPRegressor((20, 10), "tanh", Adam(0.01), epochs=150, random_state=0).fit(X, y)
    assert model.score(X, y) > 0.99
    assert [W.shape for W, _ in model.theta_] == [(1, 20), (20, 10), (10, 1)]
    assert [b.shape for _, b in model.theta_] == [(20,), (10,), (1,)]
    assert model.predict(X).shape == (200,) and model.n_features_in_ == 1
    assert len(model.history_) == model.n_iter_ == 150 and len(model.validation_history_) == 0


def test_digits_are_learned_better_than_by_a_linear_model():
    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(X))
    X, y = X[order] / 16, y[order]

    def fit(hidden):
        return MLPClassifier(
            hidden,
            optimiser=Adam(0.005),
            epochs=15,
            random_state=0,
            dtype="float32",
        ).fit(X[:1400], y[:1400])

    model = fit((32,))
    assert model.score(X[1400:], y[1400:]) > 0.97 > 0.96 > fit(()).score(X[1400:], y[1400:])
    pi = model.predict_proba(X)
    assert pi.dtype == np.float32 and pi.shape == (len(X), 10)
    assert_allclose(pi.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("rule", [SGD(0.1), Momentum(0.1), Adagrad(0.1), RMSProp(0.01), Adam(0.01), None])
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_every_rule_goes_downhill_with_every_activation(rule, activation):
    X, y = data(K=3)
    model = MLPClassifier(activation=activation, optimiser=rule, **small()).fit(X, y)
    assert model.history_[-1] < model.history_[0] and np.isfinite(model.network_.theta).all()


def test_labels_come_back_as_they_were():
    X, codes = data(K=3)
    for labels in (np.array(["a", "b", "c"]), np.array([-1, 7, 40])):
        model = MLPClassifier(**small()).fit(X, labels[codes])
        assert_array_equal(model.classes_, labels)
        assert set(model.predict(X)) <= set(labels)
        assert_allclose(model.predict_proba(X), MLPClassifier(**small()).fit(X, codes).predict_proba(X))
    binary = MLPClassifier(**small()).fit(X, np.where(codes > 0, "yes", "no"))
    assert_array_equal(binary.classes_, ["no", "yes"])
    assert binary.theta_[-1][0].shape == (6, 1)  # one output, the log-odds
    assert_allclose(binary.predict_proba(X).sum(axis=1), 1, rtol=1e-15)


def test_probabilities_keep_their_digits_at_both_ends():
    model = MLPClassifier((), random_state=0, epochs=1).fit(*data(d=1))
    model.theta_[0][0][:], model.theta_[0][1][:] = 1, 0
    assert_allclose(model.predict_proba([[-600.0], [600.0]])[[0, 1], [1, 0]], np.exp(-600.0), rtol=1e-12)


# ----------------------------------------------------------------------------------- the training loop
def test_history_is_the_mean_cost_with_penalty_before_each_step():
    X, y = data()
    starts, m = [], len(X)

    def watch(model):
        starts.append(copy.deepcopy(model.network_))

    model = MLPClassifier(**small(batch=m, delta=2.0, progress=watch)).fit(X, y)
    assert len(starts) == model.n_iter_ == 8
    target = y[:, None].astype(float)
    for net, cost in zip(starts, model.history_[1:]):  # after epoch k the network is where epoch k + 1 starts
        penalty = 4.0 / m * sum((layer.W**2).sum() for layer in net.layers if isinstance(layer, Linear))
        assert_allclose(SigmoidCrossEntropy().forward(net(X), target) / m + penalty, cost, rtol=1e-12)


def test_one_epoch_is_one_step_for_each_batch_written_out():
    X, y = waves(10)
    model = MLPRegressor((3,), "tanh", SGD(0.1), batch=4, epochs=1, delta=0.5, random_state=7).fit(X, y)
    rng = np.random.default_rng(7)
    r1, r2 = np.sqrt(6 / (1 + 3)), np.sqrt(6 / (3 + 1))
    W1, W2, b1, b2 = rng.uniform(-r1, r1, (1, 3)), rng.uniform(-r2, r2, (3, 1)), np.zeros(3), np.zeros(1)
    order, costs = rng.permutation(10), []
    for rows in (order[:4], order[4:8], order[8:]):
        x, t, B = X[rows], y[rows][:, None], len(rows)
        a = np.tanh(x @ W1 + b1)
        e = a @ W2 + b2 - t
        costs.append((e**2).sum() + B * 0.25 / 10 * ((W1**2).sum() + (W2**2).sum()))
        d2 = 2 * e / B
        d1 = d2 @ W2.T * (1 - a**2)
        W1, W2, b1, b2 = (
            W1 - 0.1 * (x.T @ d1 + 0.5 / 10 * W1),
            W2 - 0.1 * (a.T @ d2 + 0.5 / 10 * W2),
            b1 - 0.1 * d1.sum(axis=0),
            b2 - 0.1 * d2.sum(axis=0),
        )
    for ours, theirs in zip([p for pair in model.theta_ for p in pair], (W1, b1, W2, b2)):
        assert_allclose(ours, theirs, rtol=1e-12)
    assert_allclose(model.history_, [sum(costs) / 10], rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_random_state_gives_the_same_bits(dtype):
    X, y = data(K=3)
    fits = [MLPClassifier(dtype=dtype, early_stopping=True, **small()).fit(X, y) for _ in range(2)]
    assert fits[0].network_.theta.tobytes() == fits[1].network_.theta.tobytes()
    assert fits[0].history_.tobytes() == fits[1].history_.tobytes()
    generator = small(random_state=np.random.default_rng(0), dtype=dtype, early_stopping=True)
    by_generator = MLPClassifier(**generator).fit(X, y)
    assert by_generator.network_.theta.tobytes() == fits[0].network_.theta.tobytes()
    other = MLPClassifier(dtype=dtype, **small(random_state=1)).fit(X, y)
    assert np.abs(other.network_.theta - fits[0].network_.theta).max() > 0.01
    assert fits[0].network_.theta.dtype == fits[0].predict_proba(X).dtype == dtype
    MLPClassifier(**small(random_state=None)).fit(X, y)


def test_single_precision_follows_double():
    X, y = data(K=3)
    single, double = (MLPClassifier(dtype=dtype, **small()).fit(X, y) for dtype in ("float32", "float64"))
    assert_allclose(single.network_.theta, double.network_.theta, atol=1e-5)


@pytest.mark.parametrize(
    "name, wide, narrow",
    [
        ("delta", 12, np.int8(12)),
        ("delta", 300, np.float16(300)),
        ("epochs", 127, np.int8(127)),
        ("batch", 100, np.int8(100)),
        ("hidden", (200, 100), (np.uint8(200), np.uint8(100))),
    ],
)
def test_parameters_in_a_small_type_mean_what_they_say(name, wide, narrow):
    X, y = waves()
    fits = [MLPRegressor(**small(activation="tanh", **{name: value})).fit(X, y) for value in (wide, narrow)]
    assert_array_equal(*(fit.network_.theta for fit in fits))
    assert_array_equal(*(fit.history_ for fit in fits))


def test_a_batch_larger_than_the_data_is_all_of_them():
    X, y = waves(12)
    fits = [MLPRegressor(**small(batch=batch)).fit(X, y).network_.theta for batch in (12, 10**9)]
    assert_array_equal(*fits)


def test_progress_sees_the_model_after_each_epoch():
    X, y = waves()
    seen = []

    def watch(net):
        seen.append((net.n_iter_, net.history_[-1], net.score(X, y)))

    model = MLPRegressor(progress=watch, **small()).fit(X, y)
    assert [n for n, _, _ in seen] == list(range(1, 9))
    assert_array_equal([cost for _, cost, _ in seen], model.history_)
    assert seen[-1][2] == model.score(X, y) and len({score for _, _, score in seen}) == 8


# -------------------------------------------------------------------------------------- early stopping
def test_early_stopping_keeps_the_best_parameters():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 5)), rng.normal(size=60)  # nothing to learn: soon it can only overfit
    thetas = []
    model = MLPRegressor(
        (50,),
        optimiser=Adam(0.01),
        epochs=500,
        early_stopping=True,
        patience=5,
        validation=0.25,
        random_state=0,
        progress=lambda net: thetas.append(net.network_.theta.copy()),
    ).fit(X, y)
    best = model.validation_history_.argmin()
    assert model.n_iter_ == best + 1 + 5 == len(model.history_) == len(model.validation_history_) < 500
    assert_array_equal(model.network_.theta, thetas[best])
    assert model.history_[-1] < model.history_[best]
    order = np.random.default_rng(0).permutation(60)  # the first of these are held out
    held = order[:15]
    error = np.mean((y[held] - model.predict(X[held])) ** 2)
    assert_allclose(error, model.validation_history_[best], rtol=1e-12)


def test_validation_counts_no_penalty_and_no_held_out_row_is_trained_on():
    X, y = waves(20)
    y = y.copy()
    held = np.random.default_rng(0).permutation(20)[:2]
    fit = lambda y: MLPRegressor(early_stopping=True, **small(epochs=3, delta=1.0)).fit(X, y)  # noqa: E731
    before = fit(y)
    y[held] += 100
    after = fit(y)
    assert_array_equal(before.history_, after.history_)
    assert np.all(after.validation_history_ > 1000)


# ------------------------------------------------------------------------------------------ divergence
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rule", [SGD(1e3), SGD(1e300), Momentum(1e4), SGD(50.0)])
def test_divergence_is_told_of_once_and_the_last_good_parameters_are_kept(rule, dtype):
    X, y = waves()
    with pytest.warns(DivergenceWarning) as caught:
        model = MLPRegressor(optimiser=rule, dtype=dtype, **small(epochs=50)).fit(X, y)
    assert len(caught) == 1 and caught[0].filename == __file__
    message = str(caught[0].message)
    assert "training stopped in epoch" in message and f"learning rate than η = {rule.eta:g}" in message
    assert "batch" in message and "last good step" in message and "standardise" in message
    assert np.isfinite(model.network_.theta).all() and np.isfinite(model.history_).all()
    assert len(model.history_) == model.n_iter_ < 50
    with np.errstate(all="ignore"):
        good = SquaredError().forward(model.network_(X.astype(dtype)), y[:, None])
    assert np.isfinite(good) or dtype == "float32"  # on the batch it was computed on, it was


def test_the_step_that_is_undone_is_the_last_one():
    X, y = np.ones((4, 1)), np.array([1.0, 1, 1, 1])

    class Bomb:
        """SGD for two steps, then a step out of this world."""

        eta = 0.1

        def init(self, theta):
            return 0, []

        def update(self, grad, state):
            k, trail = state
            trail.append(grad.copy())
            return (np.full_like(grad, np.inf) if k == 2 else -0.1 * grad), (k + 1, trail)

    two_steps = MLPRegressor((), optimiser=SGD(0.1), batch=4, epochs=2, random_state=0).fit(X, y)
    for batch, epoch, k in ((4, 3, 1), (2, 2, 2)):  # found out in the next batch, or at the end of the epoch
        with pytest.warns(DivergenceWarning, match=f"epoch {epoch}, batch {k}:"):
            model = MLPRegressor((), optimiser=Bomb(), batch=batch, epochs=5, random_state=0).fit(X, y)
        assert model.n_iter_ == epoch - 1
        if batch == 4:
            assert_array_equal(model.network_.theta, two_steps.network_.theta)


def test_overflow_before_the_first_step_is_not_blamed_on_the_learning_rate():
    with pytest.warns(DivergenceWarning, match="batch 1: .* before the first step: X or y hold numbers"):
        model = MLPRegressor(**small()).fit([[1.0], [2.0]], [1e200, -1e200])
    assert model.n_iter_ == len(model.history_) == 0 and np.isfinite(model.predict([[1.0]]))


def test_a_gradient_too_large_to_square_is_noticed_although_the_cost_is_not():
    X, y = data()
    with pytest.warns(DivergenceWarning, match="epoch 1, batch 1"):
        MLPClassifier(dtype="float32", **small()).fit(1e25 * X, y)


def test_divergence_with_early_stopping_returns_the_best():
    X, y = waves()
    with pytest.warns(DivergenceWarning):
        model = MLPRegressor(optimiser=SGD(3.0), early_stopping=True, **small(epochs=200)).fit(X, y)
    assert np.isfinite(model.predict(X)).all()


def test_large_numbers_that_do_not_diverge_give_no_warning():
    X, y = waves()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        MLPRegressor(**small()).fit(1e5 * X, y)
        MLPClassifier(**small()).fit(1e5 * X, y > 0)


# ----------------------------------------------------------------------------------------------- input
class Frame:
    """What a data frame is to NumPy."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return self.values


@pytest.mark.parametrize(
    "convert",
    [
        lambda a: a.tolist(),
        np.asfortranarray,
        lambda a: np.repeat(a, 2, axis=0)[::2],
        Frame,
        lambda a: (a.setflags(write=False), a)[1],
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_any_array_gives_the_same_bits(convert, dtype):
    X, y = data()
    X = X.astype("float32").astype("float64")
    expected = MLPClassifier(dtype=dtype, **small()).fit(X, y)
    for given in (X, X.astype("float32")):
        model = MLPClassifier(dtype=dtype, **small()).fit(convert(given.copy()), convert(y.copy()))
        assert_array_equal(model.network_.theta, expected.network_.theta)
        assert_array_equal(model.predict_proba(convert(given.copy())), expected.predict_proba(X))


@pytest.mark.parametrize("kind", [np.float16, np.int8, np.uint8, bool, np.int64])
def test_other_numbers_are_fine(kind):
    X = (np.arange(24) % 7).reshape(12, 2).astype(kind)
    y = (np.arange(12) % 3).astype(kind if kind is not bool else int)
    for model in (MLPClassifier(**small()), MLPRegressor(**small())):
        model.fit(X, y)
        by_floats = type(model)(**small()).fit(X.astype(float), y.astype(float))
        assert_array_equal(model.predict(X), by_floats.predict(X))


@pytest.mark.parametrize("make", [MLPRegressor, MLPClassifier])
def test_nothing_is_changed(make):
    X, y = data()
    X = X.astype("float32")
    before, rule = (X.copy(), y.copy()), Adam(0.01)
    model = make(optimiser=rule, dtype="float32", early_stopping=True, **small(epochs=2)).fit(X, y)
    model.predict(X), model.score(X, y)
    assert_array_equal(X, before[0]), assert_array_equal(y, before[1])
    assert model.optimiser is rule and rule == Adam(0.01)


def test_a_second_fit_starts_anew():
    X, y = data(K=3)
    model = MLPClassifier(**small())
    first = model.fit(X, y).network_.theta.copy()
    model.fit(X[:, :2], y > 1)
    assert model.n_features_in_ == 2 and len(model.classes_) == 2
    assert_array_equal(model.fit(X, y).network_.theta, first)


def test_clone_and_pickle():
    X, y = data(K=3)
    model = MLPClassifier(optimiser=Adam(0.01), **small()).fit(X, y)
    assert_array_equal(pickle.loads(pickle.dumps(model)).predict_proba(X), model.predict_proba(X))
    large = MLPClassifier(**small(batch=1000)).fit(*data(1000))
    assert len(pickle.dumps(large)) < 6000  # no batch of 24,000 bytes, and no activations
    assert_array_equal(clone(model).fit(X, y).predict_proba(X), model.predict_proba(X))
    start = "MLPRegressor(hidden=(3, 2), activation='relu', optimiser=None, batch=32, epochs=100"
    assert repr(MLPRegressor((3, 2))).startswith(start)


X, Y = data(20)


@pytest.mark.parametrize("make", [MLPRegressor, MLPClassifier])
@pytest.mark.parametrize(
    "changes, words",
    [
        (dict(hidden=(0,)), "every width in hidden must be a whole number >= 1; got int: 0"),
        (dict(hidden=(5, -2)), "every width in hidden"),
        (dict(hidden=(2.5,)), "every width in hidden"),
        (dict(hidden=64), r"hidden must be a sequence of widths, such as \(64,\) or \(\); got 64"),
        (dict(hidden="64"), "hidden must be a sequence"),
        (dict(hidden=None), "hidden must be a sequence"),
        (dict(hidden={30, 4, 200}), "hidden must be a sequence"),
        (dict(activation="swish"), "activation must be one of identity, sigmoid, .* got 'swish'"),
        (dict(activation=np.tanh), "activation must be one of"),
        (dict(activation=["relu"]), "activation must be one of"),
        (
            dict(optimiser="adam"),
            r"optimiser must be a rule, such as Adam\(\) or SGD\(eta=0.1\); got str: 'adam'",
        ),
        (dict(optimiser=Adam), "optimiser must be a rule"),
        (dict(optimiser=0.1), "optimiser must be a rule"),
        (dict(batch=0), "batch must be a whole number >= 1"),
        (dict(batch=1.5), "batch must be"),
        (dict(epochs=0), "epochs must be a whole number >= 1"),
        (dict(patience=0), "patience must be"),
        (dict(delta=-1), "delta must be a finite number >= 0; got -1"),
        (dict(delta=None), "delta must be"),
        (dict(delta=1e200), r"delta must be at most 1.3e\+154, for its square counts; got 1e\+200"),
        (dict(delta=1e30, dtype="float32"), r"delta must be at most 1.8e\+19"),
        (dict(progress="yes"), "progress must be a function"),
        (dict(progress=True), "progress must be a function"),
        (dict(random_state=-1), "random_state must be a whole number >= 0"),
        (dict(random_state="0"), "random_state must"),
        (dict(random_state=1.5), "random_state must"),
        (dict(random_state=True), "random_state must"),
        (dict(dtype="float16"), "dtype must be"),
        (dict(dtype=None), "dtype must be"),
        (dict(dtype=int), "dtype must be"),
        (dict(hidden=(n for n in [4])), "hidden must be a sequence"),
        (dict(early_stopping=True, validation=1.0), "validation must be a number"),
        (dict(early_stopping=True, validation=0), "validation must be a finite number > 0"),
        (
            dict(early_stopping=True, validation=0.99),
            "must have more rows than early stopping holds out; got 20",
        ),
    ],
)
def test_bad_parameters(make, changes, words):
    model = make(**changes)
    with pytest.raises(ValueError, match=words):
        model.fit(X, Y)
    with pytest.raises(ValueError, match="must be fitted first"):
        model.predict(X)


@pytest.mark.parametrize("eta", [0, -0.1, np.nan, "0.1"])
def test_learning_rates_that_are_none(eta):
    with pytest.raises(ValueError, match="eta must be a finite number > 0"):
        MLPRegressor(optimiser=SGD(eta))


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: MLPRegressor().fit(X, Y[:-1]), "same number of rows; got X of shape"),
        (lambda: MLPClassifier().fit(X, Y[:-1]), "same number of rows"),
        (lambda: MLPRegressor().fit(X[:, 0], Y), "X must be a 2-D array"),
        (lambda: MLPRegressor().fit(X, np.eye(20)), "y must be a 1-D array"),
        (lambda: MLPRegressor().fit(X * np.nan, Y), "finite"),
        (lambda: MLPRegressor().fit(X, Y * np.nan), "finite"),
        (lambda: MLPRegressor(dtype="float32").fit(X.astype("float32") * np.nan, Y), "finite"),
        (
            lambda: MLPRegressor(dtype="float32").fit(X * 1e39, Y),
            "X must be within the range of float32; got",
        ),
        (lambda: MLPRegressor(dtype="float32").fit(X, Y * 1e39), "y must be within the range of float32"),
        (lambda: MLPClassifier().fit(X, np.zeros(20)), "at least two classes"),
        (lambda: MLPClassifier().fit(X, X[:, 0]), "Unknown label type"),
        (
            lambda: MLPClassifier(**small()).fit(X, Y).predict(X[:, :2]),
            "2 features, but MLPClassifier is expecting 3",
        ),
        (
            lambda: MLPRegressor(dtype="float32", **small()).fit(X, Y).predict(np.ones((4, 2), "float32")),
            "2 features, but MLPRegressor is expecting 3",
        ),
        (lambda: MLPClassifier(**small()).fit(X, Y).score(X, Y + 1), "labels met at fit"),
        (lambda: MLPRegressor().theta_, "must be fitted first"),
        (lambda: MLPClassifier().predict_proba(X), "must be fitted first"),
        (lambda: MLPRegressor().score(X, Y), "must be fitted first"),
    ],
)
def test_bad_data(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("Model", [MLPRegressor, MLPClassifier])
@pytest.mark.parametrize("dtype, huge", [("float64", 1.7e308), ("float32", 3e38)])
def test_examples_for_which_the_network_overflows_are_refused(Model, dtype, huge):
    X, y = data()
    model = Model(**small(dtype=dtype)).fit(X, y)
    with pytest.raises(ValueError, match=f"outputs of the network are beyond that of {dtype}"):
        model.predict(np.full((2, 3), huge))
    assert np.isfinite(model.predict(np.full((2, 3), 1e30))).all()
