"""Multi-layer perceptrons: linear layers with an activation between them, trained on mini-batches.

The cost is J(θ) = Σᵢ L(yᵢ, ŷᵢ) + δ²‖W‖², a sum over all m examples as for every model of the book, so the
same δ means the same penalty as in `Ridge`, `LogisticRegression` and `SoftmaxRegression`. Training minimises
J/m: a batch of B examples gives the estimate (1/B) Σ L + (δ²/m)‖W‖², whose size, and with it the learning
rate that suits it, depends neither on m nor on B. ``history_`` records J/m too.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import _checks as check
from ._checks import DivergenceWarning, warn
from ._estimator import Classifier, Estimator
from .functions import one_hot, sigmoid, softmax
from .initialise import glorot_uniform, he_uniform
from .layers import ACTIVATIONS, Linear, Sequential, SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError
from .optimisers import Adam, check_rule, minibatches


def forward_pass(theta, X, activation):
    """Z⁽ˡ⁾ and A⁽ˡ⁻¹⁾ of all layers: the plain form of `Sequential.forward`.

    Parameters
    ----------
    theta : list of (ndarray, ndarray)
        A pair W (n_in, n_out), b (n_out,) for each linear layer.
    X : ndarray, shape (B, d)
        Examples.
    activation : Elementwise
        Between the layers; with a method ``g``.

    Returns
    -------
    Z : list of ndarray
        What each linear layer gives, (B, n_out). The last is the output.
    A : list of ndarray
        What each linear layer takes, (B, n_in). The first is X.

    Notes
    -----
    Equations eq-layer-forward, eq-network-forward.
    """
    A, Z = [X], []
    for W, b in theta:
        Z.append(A[-1] @ W + b)  # (B, n_l)  (eq-layer-forward)
        A.append(activation.g(Z[-1]))  # (eq-network-forward)
    return Z, A[:-1]  # none behind the last


def backward_pass(theta, Z, A, dZ, activation):
    """∂C/∂W and ∂C/∂b of all layers: the plain form of `Sequential.backward`.

    Parameters
    ----------
    theta : list of (ndarray, ndarray)
        As for `forward_pass`.
    Z, A : list of ndarray
        What `forward_pass` gave.
    dZ : ndarray, shape (B, K)
        ∂C/∂Z of the last layer.
    activation : Elementwise
        As for `forward_pass`; with a method ``dg``, its derivative.

    Returns
    -------
    list of (ndarray, ndarray)
        Pairs ∂C/∂W, ∂C/∂b in the form of `theta`.

    Notes
    -----
    Equations eq-backprop-weights, eq-backprop-biases, eq-backprop-hidden.
    """
    grads = []
    for l in reversed(range(len(theta))):
        dW = A[l].T @ dZ  # (n_in, B) (B, n_out)  (eq-backprop-weights)
        db = dZ.sum(axis=0)  # (eq-backprop-biases)
        grads.insert(0, (dW, db))
        if l > 0:
            W, _ = theta[l]
            dZ = (dZ @ W.T) * activation.dg(Z[l - 1], A[l])  # (eq-backprop-hidden)
    return grads


def train_network(theta, X, Y, activation, loss, *, eta, batch, epochs, rng, delta=0.0):
    """θ after mini-batch gradient descent on J/m: the plain form of `MLPRegressor` and `MLPClassifier`.

    Parameters
    ----------
    theta : list of (ndarray, ndarray)
        Where to start: a pair W (n_in, n_out), b (n_out,) for each linear layer.
    X : ndarray, shape (m, d)
        Examples.
    Y : ndarray, shape (m, K)
        Targets.
    activation : Elementwise
        Between the layers; with the methods ``g`` and ``dg``.
    loss : function
        ``loss(Z, Y)`` gives a cost and its derivative by Z, as `squared_error`, `sigmoid_cross_entropy` and
        `softmax_cross_entropy` of `mlcore.layers` do.
    eta : float
        Learning rate η.
    batch : int
        Examples in a mini-batch.
    epochs : int
        Passes over the data.
    rng : numpy.random.Generator
        For the order of the examples.
    delta : float
        Weight decay: the penalty is δ²‖W‖².

    Returns
    -------
    list of (ndarray, ndarray)
        The parameters at the end, in the form of `theta`.

    Notes
    -----
    Equations eq-network-step, eq-network-decay.
    """
    m = len(X)
    decay = 2 * delta**2 / m  # (eq-network-decay)
    for _ in range(epochs):
        for rows in minibatches(m, batch, rng):
            Z, A = forward_pass(theta, X[rows], activation)
            _, dZ = loss(Z[-1], Y[rows])
            grads = backward_pass(theta, Z, A, dZ / len(rows), activation)
            theta = [
                (W - eta * (dW + decay * W), b - eta * db)  # (eq-network-step)
                for (W, b), (dW, db) in zip(theta, grads)
            ]
    return theta


def cost_and_grad(net, loss, X, target, decay=None):
    """Mean cost of a batch with weight decay; its gradient is in ``net.grad`` afterwards.

    Parameters
    ----------
    net : Sequential
    loss : SquaredError, SigmoidCrossEntropy or SoftmaxCrossEntropy
    X : ndarray, shape (B, d)
    target : ndarray, shape (B, K)
    decay : ndarray, shape (P,), optional
        The cost of the square of each entry of ``net.theta``: δ²/m for a weight, 0 for a bias.

    Returns
    -------
    float
        (1/B) Σ L + Σ decay·θ².

    Notes
    -----
    Equations eq-batch-cost, eq-network-decay. Source: two sets of lecture notes, training loop.
    """
    B = len(X)
    cost = float(loss.forward(net.forward(X), target)) / B  # (eq-batch-cost)
    net.fill_grads(loss.backward() / B)
    if decay is not None:
        cost += float(decay @ net.theta**2)  # (eq-batch-cost)
        net.grad += 2 * decay * net.theta  # (eq-network-decay)
    return cost


@dataclass(eq=False, repr=False)
class _MLP:
    """Parameters, training loop and forward pass of both estimators."""

    hidden: tuple = (64,)
    activation: str = "relu"
    optimiser: object = None
    batch: int = 32
    epochs: int = 100
    delta: float = 0.0
    early_stopping: bool = False
    patience: int = 10
    validation: float = 0.1
    progress: Callable = None
    random_state: int = None
    dtype: str = "float64"

    @property
    def theta_(self):
        """θ̂ by layers: a list of the pairs (W, b), W of shape (n_in, n_out) and b (n_out,)."""
        check.fitted(self)
        return [(layer.W, layer.b) for layer in self.network_.layers if isinstance(layer, Linear)]

    @property
    def n_features_in_(self):
        """Number of columns d at fit, under the name that scikit-learn looks for."""
        return self.network_.layers[0].n_in

    def _outputs(self, X):
        """The last linear layer's outputs for `X` (m, d): (m, K)."""
        check.fitted(self)
        X = np.ascontiguousarray(check.columns(X, self, dtype=self.network_.theta.dtype))
        with np.errstate(all="ignore"):
            z = self.network_(X)
        if not np.isfinite(z).all():
            got = f"{np.abs(X).max():g}, for which the outputs of the network are beyond that of {z.dtype}"
            raise ValueError(f"X must be within the range of the data of fit; got entries up to {got}.")
        return z

    def _train(self, X, target, loss, rule, rng):
        """Fit a network to `X` (m, d) and `target` (m, K)."""
        X = np.ascontiguousarray(X)  # row by row in memory, so that its order changes no bit
        if self.early_stopping:
            X, target, X_held, target_held = self._split(X, target, rng)
        self.network_ = net = self._network(X.shape[1], target.shape[1], rng)
        self.history_ = self.validation_history_ = np.zeros(0)
        self.n_iter_, best, best_epoch, best_theta = 0, np.inf, 0, net.theta.copy()
        for cost in self._epochs(net, loss, X, target, rule, rng):
            self.n_iter_ += 1
            self.history_ = np.append(self.history_, cost)
            if self.early_stopping:
                with np.errstate(all="ignore"):
                    cost = float(loss.forward(net(X_held), target_held)) / len(X_held)
                self.validation_history_ = np.append(self.validation_history_, cost)
                if cost < best:
                    best, best_epoch, best_theta = cost, self.n_iter_, net.theta.copy()
            if self.progress is not None:
                self.progress(self)
            if self.early_stopping and self.n_iter_ - best_epoch >= self.patience:
                break
        if self.early_stopping:
            net.theta = best_theta
        net.forget()
        return self

    def _epochs(self, net, loss, X, target, rule, rng):
        """Train `net`, and yield the mean cost of an epoch after each; end early where training diverges."""
        m, theta = len(X), net.theta
        good, state = theta.copy(), rule.init(theta)
        delta = float(self.delta)  # the square of a small NumPy integer wraps round
        decay = (delta**2 / m * net.is_weight).astype(X.dtype) if delta > 0 else None
        for epoch in range(1, int(self.epochs) + 1):
            total = 0.0
            with np.errstate(all="ignore"):  # what overflows is told of in one warning
                for k, rows in enumerate(minibatches(m, self.batch, rng), start=1):
                    cost = cost_and_grad(net, loss, X.take(rows, axis=0), target.take(rows, axis=0), decay)
                    if not np.isfinite(cost + np.vdot(net.grad, net.grad)):
                        return _diverged(theta, good, rule, epoch, k)
                    good[:] = theta  # gives a finite cost
                    step, state = rule.update(net.grad, state)
                    theta += step
                    total += cost * len(rows)
                if not np.isfinite(theta).all():
                    return _diverged(theta, good, rule, epoch, k)
            yield total / m

    def _network(self, d, K, rng):
        """Linear layers of the widths d, hidden, K with the activation between them."""
        activation = ACTIVATIONS[self.activation]
        # half of what goes through a ReLU or one of its kin is lost
        halves = self.activation in ("relu", "leaky_relu", "softplus", "elu")
        initialise = he_uniform if halves else glorot_uniform
        layers, n_in = [], d
        for n_out in self.hidden:
            layers += [Linear(n_in, n_out, rng, initialise, self.dtype), activation()]
            n_in = n_out
        return Sequential([*layers, Linear(n_in, K, rng, glorot_uniform, self.dtype)])

    def _split(self, X, target, rng):
        """Rows to train on, and a random part of them that is held out for early stopping."""
        m = len(X)
        n, rows = max(1, round(float(self.validation) * m)), rng.permutation(m)
        check.expect(n < m, "X must have more rows than early stopping holds out", m)
        return X[rows[n:]], target[rows[n:]], X[rows[:n]], target[rows[:n]]

    def _check_parameters(self):
        """The dtype, the rule and the source of randomness, after a look at all parameters."""
        listed = np.iterable(self.hidden) and hasattr(self.hidden, "__getitem__")
        form = "hidden must be a sequence of widths, such as (64,) or ()"
        check.expect(listed and not isinstance(self.hidden, str), form, f"{self.hidden!r:.80}")
        for width in self.hidden:
            check.count(width, 1, name="every width in hidden")
        check.one_of(self.activation, ACTIVATIONS, name="activation")
        for name in ("batch", "epochs", "patience"):
            check.count(getattr(self, name), 1, name=name)
        delta = check.at_least(self.delta, 0, name="delta")
        check.truth(self.early_stopping, name="early_stopping")
        check.at_least(check.fraction(self.validation, name="validation"), 0, name="validation", strict=True)
        told = self.progress is None or callable(self.progress)
        check.expect(told, "progress must be a function of the estimator", f"{self.progress!r:.80}")
        rule = Adam() if self.optimiser is None else check_rule(self.optimiser)
        dtype = np.dtype(check.one_of(self.dtype, ("float32", "float64"), name="dtype"))
        largest = float(np.finfo(dtype).max) ** 0.5
        check.expect(delta <= largest, f"delta must be at most {largest:.2g}, for its square counts", delta)
        rng = self.random_state
        if rng is not None and not isinstance(rng, np.random.Generator):
            check.count(rng, 0, name="random_state")
        return dtype, rule, np.random.default_rng(rng)


class MLPRegressor(_MLP, Estimator):
    """A network with one linear output, trained for the least squared error.

    Parameters
    ----------
    hidden : sequence of int, default (64,)
        Widths of the hidden layers, from input to output. Empty: linear regression.
    activation : str, default "relu"
        After each hidden layer: "identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus" or "elu".
    optimiser : rule, default Adam()
        `SGD`, `Momentum`, `Adagrad`, `RMSProp` or `Adam`, with its learning rate.
    batch : int, default 32
        Examples in a mini-batch. m or more: all at once.
    epochs : int, default 100
        Passes over the data, at most.
    delta : float, default 0.0
        Weight decay, the penalty δ²‖W‖² on all weights, against a sum over the examples as in `Ridge`;
        biases are free.
    early_stopping : bool, default False
        Hold out a part of the examples, stop when their cost has not fallen for a while, and keep the best
        parameters on the way.
    patience : int, default 10
        How many epochs that while is.
    validation : float, default 0.1
        The share that is held out.
    progress : function, optional
        Called with the estimator after each epoch, say ``lambda net: print(net.n_iter_, net.history_[-1])``.
    random_state : int or numpy.random.Generator, optional
        For the initial weights, the held-out part and the order of the examples. The same number gives the
        same network to the last bit.
    dtype : "float64" or "float32"
        Precision of everything; "float32" is up to twice as fast and as exact as training needs.

    Attributes
    ----------
    theta_ : list of (ndarray, ndarray)
        A pair W (n_in, n_out), b (n_out,) for each linear layer.
    network_ : Sequential
        Its ``layers``, and all parameters in one vector, ``theta``.
    history_ : ndarray, shape (n_iter_,)
        Cost of each epoch, J/m with the penalty: the mean over its batches, each before its step.
    validation_history_ : ndarray
        Mean cost of the held-out examples after each epoch, without the penalty; empty without early
        stopping.
    n_iter_ : int
        Number of epochs.

    Raises
    ------
    ValueError
        Bad input, or a parameter out of its range.

    Warns
    -----
    DivergenceWarning
        From `fit`, where cost, gradient or parameters are no longer finite. It says at which step; the
        parameters are those of the last good one.

    Notes
    -----
    Equations eq-network-forward, eq-loss-squared, eq-batch-cost. Targets and columns should be of the size of
    1: standardise them (`StandardScaler`). Hidden layers of ReLU and its kin start as `he_uniform`, all
    others as `glorot_uniform`. Source: Peeters, lecture slides, multi-layer perceptron, regression.
    """

    def fit(self, X, y):
        """Train on `X` (m, d) and targets `y` (m,), and return the estimator."""
        dtype, rule, rng = self._check_parameters()
        X, y = check.matrix(X, dtype=dtype), check.vector(y, dtype=dtype)
        check.rows(X=X, y=y)
        return self._train(X, y[:, None], SquaredError(), rule, rng)

    def predict(self, X):
        """Return ŷ, shape (m,), for `X` (m, d)."""
        return self._outputs(X)[:, 0]


class MLPClassifier(_MLP, Classifier):
    """A network whose outputs become probabilities of classes, trained for the largest likelihood.

    With two classes it has one output, the log-odds of ``classes_[1]``: without a hidden layer it is
    `LogisticRegression`. With K > 2 it has K outputs and a softmax: without one, `SoftmaxRegression`.

    Parameters, attributes, warnings and errors are those of `MLPRegressor`, and:

    Attributes
    ----------
    classes_ : ndarray, shape (K,)
        The labels, sorted.

    Notes
    -----
    Equations eq-network-forward, eq-loss-sigmoid, eq-loss-softmax, eq-batch-cost. Source: Peeters, lecture
    slides, multi-layer perceptron, binary and multi-class (whose likelihood adds up what should be
    multiplied).
    """

    def fit(self, X, y):
        """Train on `X` (m, d) and labels `y` (m,), numbers or text, and return the estimator."""
        dtype, rule, rng = self._check_parameters()
        X = check.matrix(X, dtype=dtype)
        self.classes_, codes = self._encode(y)
        check.rows(X=X, y=codes)
        if (K := len(self.classes_)) == 2:
            return self._train(X, codes[:, None].astype(dtype), SigmoidCrossEntropy(), rule, rng)
        return self._train(X, one_hot(codes, K).astype(dtype), SoftmaxCrossEntropy(), rule, rng)

    def predict_proba(self, X):
        """Return the probabilities of the classes, shape (m, K), in the order of ``classes_``."""
        z = self._outputs(X)
        if len(self.classes_) == 2:
            return np.hstack((sigmoid(-z), sigmoid(z)))
        return softmax(z)


def _diverged(theta, good, rule, epoch, k):
    """Go back to the parameters `good`, and say why."""
    theta[:] = good
    rate = f" than η = {rule.eta:g}" if hasattr(rule, "eta") else ""
    why = "The steps are too long for these data, and the parameters those of the last good step"
    cure = f"Take a smaller learning rate{rate}, or standardise the columns of X"
    if (epoch, k) == (1, 1):
        why = "That was before the first step: X or y hold numbers too large to square, or delta is one"
        cure = "Standardise the data, or take a smaller delta"
    what = f"in epoch {epoch}, batch {k}: the cost, its gradient or the parameters are no longer finite"
    warn(f"training stopped {what}. {why}. {cure}.", DivergenceWarning)
