"""Layers of a network: what goes forward, what comes back, and the derivative that links the two.

The contract, for every layer
-----------------------------
===================  =========================================================================================
``layer(z)``         the output a (m, n_out) for the input z (m, n_in); rows are examples
``forward(z)``       the same, and the layer remembers z and a for the way back
``backward(delta)``  takes δ = ∂C/∂a (m, n_out), the derivatives of some cost C by the output of the last
                     ``forward``; fills ``grads`` with ∂C/∂params and returns ∂C/∂z (m, n_in)
``params, grads``    lists of arrays of equal shapes, empty for a layer without parameters; ``forward``
                     looks up there what it computes with, for a network puts its own arrays in
===================  =========================================================================================

`backward` never changes a parameter: that is the optimiser's work. A loss ends the chain: ``forward(z,
target)`` returns the cost C, a *sum* over the examples, and ``backward()`` the first δ.

Everything keeps the dtype that it is given, float32 or float64. `forward` also takes complex z, so that
`mlcore.gradcheck` can differentiate it by the complex step; complex numbers are compared by their real parts.

Here W is (n_in, n_out) and an example is a row, a = zW + b. Lecture notes that write an example as a column
have the transposed matrix, a = Wz + b.
"""

from copy import deepcopy

import numpy as np

from . import _checks as check
from .functions import sigmoid, softplus
from .initialise import glorot_uniform


class Layer:
    """Base of the layers: a function that remembers its last input and output."""

    def __init__(self):
        self.params, self.grads = [], []
        self.forget()

    def forward(self, z):
        """Return ``self(z)``, and remember both for `backward`."""
        self._z = _floating(z)
        self._a = self(self._z)
        return self._a

    def fill_grads(self, delta):
        """The part of `backward` that fills ``grads``, without ∂C/∂z: all that a first layer needs."""

    def bind(self, theta, grad):
        """Let `params` look into the vector `theta` (P,), which holds them, and `grads` into `grad` (P,)."""
        self.params, self.grads = _views(theta, self.params), _views(grad, self.params)

    def forget(self):
        """Drop what `forward` remembered: arrays as large as the data."""
        self._z = self._a = None

    def _remembered(self, delta):
        """Input and output of the last `forward`, if `delta` is of the shape of the output."""
        if self._a is None:
            raise ValueError(f"backward of {type(self).__name__} needs a forward before it; got none.")
        if np.shape(delta) != self._a.shape:
            what = f"the shape {self._a.shape} of the output of forward"
            raise ValueError(f"delta must have {what}; got {np.shape(delta)}.")
        return self._z, self._a

    def __repr__(self):
        return f"{type(self).__name__}()"


def leaves(layers):
    """The layers in and within `layers`, one after another: a `Sequential` gives way to its own.

    Parameters
    ----------
    layers : sequence of Layer
        From input to output.

    Yields
    ------
    Layer
        None that holds others.
    """
    for layer in layers:
        yield from leaves(layer.layers) if hasattr(layer, "layers") else [layer]


class Linear(Layer):
    """a = zW + b: every output is a weighted sum of all inputs.

    Parameters
    ----------
    n_in, n_out : int
        Number of inputs and outputs, at least 1.
    rng : numpy.random.Generator
        Where the weights come from. Not needed if `initialise` is `mlcore.initialise.zeros`.
    initialise : function
        One of `mlcore.initialise`, called as ``initialise(n_in, n_out, rng)``.
    dtype : "float64" or "float32"
        Of the parameters. The same `rng` gives the same weights, rounded.

    Attributes
    ----------
    params : list
        W (n_in, n_out) and b (n_out,); also by the names ``W`` and ``b``. Write into them in place.
    grads : list
        ∂C/∂W and ∂C/∂b after `backward`.

    Raises
    ------
    ValueError
        A width below 1, another dtype; from `forward`, a z that is not (m, n_in); from `backward`, a delta of
        another shape than the output, or no `forward` before.

    Notes
    -----
    Equations eq-layer-forward, eq-backprop-weights, eq-backprop-biases, eq-layer-delta. Source: Peeters,
    lecture slides, linear layer (whose ∂C/∂θ_io carries a sum over o too many).
    """

    def __init__(self, n_in, n_out, rng=None, initialise=glorot_uniform, dtype=np.float64):
        super().__init__()
        self.n_in, self.n_out = check.count(n_in, 1, name="n_in"), check.count(n_out, 1, name="n_out")
        known = dtype in (np.float32, np.float64, "float32", "float64")
        check.expect(known, 'dtype must be "float32" or "float64"', f"{dtype!r:.80}")
        self.params = [initialise(self.n_in, self.n_out, rng).astype(dtype), np.zeros(n_out, dtype)]
        self.grads = [np.zeros_like(p) for p in self.params]

    @property
    def W(self):
        """Weights, shape (n_in, n_out)."""
        return self.params[0]

    @property
    def b(self):
        """Biases, shape (n_out,)."""
        return self.params[1]

    def __call__(self, z):
        z = _floating(z)
        if z.ndim != 2 or z.shape[1] != self.n_in:
            raise ValueError(f"z must have shape (m, {self.n_in}), one example a row; got {z.shape}.")
        return z @ self.W + self.b  # (m, n_out)  (eq-layer-forward)

    def fill_grads(self, delta):
        z, _ = self._remembered(delta)
        dW, db = self.grads
        np.matmul(z.T, delta, out=dW)  # (n_in, m) (m, n_out)  (eq-backprop-weights)
        np.sum(delta, axis=0, out=db)  # (eq-backprop-biases)

    def backward(self, delta):
        """Return ∂C/∂z from `delta` = ∂C/∂a, of the shapes of z and a, and fill ``grads``."""
        self.fill_grads(delta)
        return delta @ self.W.T  # (m, n_out) (n_out, n_in)  (eq-layer-delta)

    def jacobian(self, z):
        """∂a/∂z for one example z (n_in,): shape (n_out, n_in), the same for all z."""
        self(check.vector(z, name="z")[None])  # for what it says of a z of another length
        return self.W.T

    def __repr__(self):
        return f"Linear({self.n_in}, {self.n_out})"


class Elementwise(Layer):
    """a = g(z), entry by entry: the base of the activations.

    A subclass brings ``g(z)`` and its derivative ``dg(z, a)``; that gets a = g(z) too, where it helps. Its
    `backward` of ones is g′(z).

    Notes
    -----
    Equation eq-elementwise-jacobian. Output i depends on input i alone, so the Jacobian is diagonal, and a
    product with a diagonal matrix is an elementwise product ⊙.
    """

    def __call__(self, z):
        return self.g(_floating(z))

    def backward(self, delta):
        """Return ∂C/∂z from `delta` = ∂C/∂a, both of the shape of z."""
        return delta * self.dg(*self._remembered(delta))  # δ ⊙ g′(z)  (eq-elementwise-jacobian)

    def jacobian(self, z):
        """∂a/∂z for one example z (n,): shape (n, n)."""
        z = check.vector(z, name="z")
        return np.diag(self.dg(z, self.g(z)))  # (eq-elementwise-jacobian)


class Identity(Elementwise):
    """a = z: with it, layers collapse into a single linear map."""

    def g(self, z):
        return z

    def dg(self, z, a):
        return np.ones_like(z)


class Sigmoid(Elementwise):
    """σ(z) = 1/(1 + e⁻ᶻ), between 0 and 1; its slope is 1/4 at most, so it damps what comes back."""

    def g(self, z):
        e = np.exp(-_size(z))  # never above 1
        return np.where(z.real > 0, 1, e) / (1 + e)  # (eq-activation-sigmoid)

    def dg(self, z, a):
        e = np.exp(-np.abs(z))  # not a(1 − a), which would be 0 from z = 37 on
        return e / (1 + e) ** 2  # (eq-activation-sigmoid)


class Tanh(Elementwise):
    """tanh z = 2σ(2z) − 1, between −1 and 1, with slope 1 at 0."""

    def g(self, z):
        return np.tanh(z)  # (eq-activation-tanh)

    def dg(self, z, a):
        e = np.exp(-np.abs(z))  # not 1 − a², which would be 0 from z = 19 on
        return (2 * e / (1 + e**2)) ** 2  # (eq-activation-tanh)


class ReLU(Elementwise):
    """max(0, z): what is positive passes unchanged. At the kink z = 0 the derivative is taken as 0."""

    def g(self, z):
        return np.maximum(z, 0)  # (eq-activation-relu)

    def dg(self, z, a):
        return (z > 0).astype(z.dtype)  # (eq-activation-relu)


class LeakyReLU(Elementwise):
    """z where it is positive, else slope·z: no unit is ever without a gradient.

    Parameters
    ----------
    slope : float
        At least 0 (ReLU) and at most 1 (identity).

    Raises
    ------
    ValueError
        A slope out of that range.
    """

    def __init__(self, slope=0.01):
        super().__init__()
        self.slope = check.at_least(slope, 0, name="slope")
        check.expect(self.slope <= 1, "slope must be a number from 0 to 1", f"{self.slope:g}")

    def g(self, z):
        # 0·∞ is no number
        return np.maximum(z, self.slope * z if self.slope > 0 else 0)  # (eq-activation-leaky)

    def dg(self, z, a):
        return np.where(z > 0, 1, self.slope).astype(z.dtype)  # (eq-activation-leaky)

    def __repr__(self):
        return f"LeakyReLU(slope={self.slope:g})"


class Softplus(Elementwise):
    """log(1 + eᶻ), a ReLU with a rounded corner; its slope is the sigmoid."""

    def g(self, z):
        return np.where(z.real > 0, z, 0) + np.log1p(np.exp(-_size(z)))  # (eq-activation-softplus)

    def dg(self, z, a):
        return sigmoid(z)  # (eq-activation-softplus)


class ELU(Elementwise):
    """z where it is positive, else eᶻ − 1: bends smoothly down to −1."""

    def g(self, z):
        return np.maximum(z, 0) + np.expm1(np.minimum(z, 0))  # (eq-activation-elu)

    def dg(self, z, a):
        return np.exp(np.minimum(z, 0))  # 1 where z > 0  (eq-activation-elu)


#: The activations by the names that `MLPRegressor` and `MLPClassifier` know them by.
#:
#: :meta hide-value:
ACTIVATIONS = {
    "identity": Identity,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "softplus": Softplus,
    "elu": ELU,
}


class Sequential(Layer):
    """Layers one after another, and all their parameters in one flat vector.

    Parameters
    ----------
    layers : sequence of Layer
        From input to output, at least one, all different objects; a `Sequential` is a layer too. From now on
        their ``params`` and ``grads`` are views into the vectors below. So a layer belongs to one network,
        the last that it was put into; the one before can still be called, but no longer trained.

    Attributes
    ----------
    theta : ndarray, shape (P,)
        All parameters: W row by row, then b, layer after layer. Assigning to it writes into the vector.
    grad : ndarray, shape (P,)
        Their gradient after `backward`, in the same order. One rule steps for all: ``net.theta += step``.
        Assigning to it writes into the vector.
    is_weight : ndarray of bool, shape (P,)
        Where `theta` holds an entry of a W, not of a b. Weight decay acts on these.
    layers : list

    Raises
    ------
    ValueError
        No layer, something that is not a layer, a layer that is there twice, or one whose n_in is not the
        n_out before it; from `theta` and `backward`, layers that no longer look into the vectors (one was put
        into another network, replaced, or got new arrays).

    Notes
    -----
    A copy (`copy.copy`, `copy.deepcopy`, pickle) is a network of its own.

    Equations eq-network-forward and eq-layer-delta. Source: Peeters, lecture slides, derivative via
    layer-specification.
    """

    def __init__(self, layers):
        self.layers = list(layers)
        _check_layers(self.layers)
        params = [p for part in leaves(self.layers) for p in part.params]
        self.is_weight = np.concatenate([np.full(p.size, p.ndim == 2) for p in params] or [np.zeros(0, bool)])
        theta = np.concatenate([p.ravel() for p in params] or [np.zeros(0)])
        self.bind(theta, np.zeros_like(theta))

    def bind(self, theta, grad):
        self._theta, self._grad = theta, grad
        stops = np.cumsum([sum(p.size for p in layer.params) for layer in self.layers])[:-1]
        for layer, *parts in zip(self.layers, np.split(theta, stops), np.split(grad, stops)):
            layer.bind(*parts)
        self.params = [p for layer in self.layers for p in layer.params]
        self.grads = [g for layer in self.layers for g in layer.grads]

    @property
    def theta(self):
        """All parameters, shape (P,): the vector that the layers look into."""
        self._check_bound()
        return self._theta

    @theta.setter
    def theta(self, value):
        self._check_bound()
        self._theta[...] = value  # the layers look into this very array

    @property
    def grad(self):
        """∂C/∂θ after `backward`, shape (P,)."""
        return self._grad

    @grad.setter
    def grad(self, value):
        self._grad[...] = value

    def _check_bound(self):
        """Raise ``ValueError`` unless the layers still look into the vectors of this network."""
        parts = list(leaves(self.layers))
        params, grads = [p for part in parts for p in part.params], [g for part in parts for g in part.grads]
        if [*map(id, params), *map(id, grads)] != [*map(id, self.params), *map(id, self.grads)]:
            why = "a layer was put into another network, replaced, or got new arrays"
            cure = "Write into params in place, or make a new Sequential"
            raise ValueError(f"parameters of the layers must be views into theta; got others: {why}. {cure}.")

    def __call__(self, z):
        for layer in self.layers:
            z = layer(z)  # (eq-network-forward)
        return z

    def forward(self, z):
        for layer in self.layers:
            z = layer.forward(z)  # (eq-network-forward)
        return z

    def fill_grads(self, delta):
        self._check_bound()
        for layer in self.layers[:0:-1]:  # all but the first, from the last on
            delta = layer.backward(delta)
        self.layers[0].fill_grads(delta)

    def backward(self, delta):
        """Return ∂C/∂z from `delta` = ∂C/∂a, of the shapes of z and a, and fill ``grads``."""
        self._check_bound()
        for layer in reversed(self.layers):
            delta = layer.backward(delta)  # (eq-layer-delta)
        return delta

    def forget(self):
        for layer in self.layers:
            layer.forget()

    def __reduce__(self):
        return type(self), (self.layers,)  # what is copied array by array has lost the views: cut them anew

    def __copy__(self):
        return deepcopy(self)  # a copy around the same layers would take them away

    def __repr__(self):
        return f"Sequential([{', '.join(map(repr, self.layers))}])"


def linear_backward(delta, z, W):
    """∂C/∂z, ∂C/∂W, ∂C/∂b from delta = ∂C/∂a (B, n_out): the plain form of `Linear.backward`."""
    dW = z.T @ delta  # (n_in, B) (B, n_out)  (eq-backprop-weights)
    db = delta.sum(axis=0)  # (n_out,)  (eq-backprop-biases)
    dz = delta @ W.T  # (B, n_out) (n_out, n_in)  (eq-layer-delta)
    return dz, dW, db


def squared_error(Z, Y):
    """C and ∂C/∂Z for outputs Z and targets Y, both (m, K): the plain form of `SquaredError`."""
    C = np.sum((Z - Y) ** 2)  # (eq-loss-squared)
    return C, 2 * (Z - Y)  # (eq-loss-squared)


def sigmoid_cross_entropy(Z, Y):
    """C and ∂C/∂Z for log-odds Z and targets Y, both (m, 1): the plain form of `SigmoidCrossEntropy`."""
    C = np.sum(softplus(Z) - Y * Z)  # (eq-loss-sigmoid)
    return C, sigmoid(Z) - Y  # (eq-backprop-output)


def softmax_cross_entropy(Z, Y):
    """C and ∂C/∂Z for scores Z and one-hot rows Y, both (m, K): the plain form of `SoftmaxCrossEntropy`."""
    Z = Z - Z.max(axis=-1, keepdims=True)  # only differences matter
    E = np.exp(Z)  # at most 1
    total = E.sum(axis=-1, keepdims=True)  # (m, 1)
    C = np.sum(np.log(total)) - np.sum(Y * Z)  # (eq-loss-softmax)
    return C, E / total - Y  # (eq-backprop-output)


class Loss:
    """Base of the losses: a cost that remembers its derivative.

    A subclass brings ``_cost_and_slope(z, y)``, C and ∂C/∂z for an output z and a target y, both (m, K), and
    refuses targets that it cannot take.
    """

    def forward(self, z, target):
        """Return the cost C of the output `z` (m, K) for the target, of the same shape."""
        z, y = _floating(z), check.real(target, name="target")
        if z.ndim != 2 or z.shape != y.shape:  # (m,) and (m, 1) would make (m, m)
            raise ValueError(f"z and target must be arrays of one shape (m, K); got {z.shape} and {y.shape}.")
        cost, self._delta = self._cost_and_slope(z, y)
        return cost

    def backward(self):
        """Return ∂C/∂z, shape (m, K), for the last `forward`."""
        if not hasattr(self, "_delta"):
            raise ValueError(f"backward of {type(self).__name__} needs a forward before it; got none.")
        return self._delta


class SquaredError(Loss):
    """C = Σᵢₖ (ŷᵢₖ − yᵢₖ)², the negative log-likelihood of Gaussian noise up to a factor and a constant.

    Notes
    -----
    Equation eq-loss-squared. `forward(z, target)` takes ŷ = z and the targets, both (m, K), and returns C;
    `backward()` returns ∂C/∂z (m, K). Neither halved nor divided by m, as `LeastSquares`.
    """

    _cost_and_slope = staticmethod(squared_error)


class SigmoidCrossEntropy(Loss):
    """C = −Σᵢ [yᵢ log ŷᵢ + (1 − yᵢ) log(1 − ŷᵢ)] with ŷ = σ(z): two classes, one output.

    Sigmoid and cost in one layer: the derivative is ŷ − y, with no division by ŷ(1 − ŷ) that would be 0/0
    where the sigmoid saturates. Cost and derivative keep their digits where ŷ is close to y.

    Notes
    -----
    Equations eq-loss-sigmoid, eq-backprop-output. `forward(z, target)` takes log-odds z (m, 1) and targets in
    [0, 1] of the same shape, else it raises a ``ValueError``; `backward()` returns ∂C/∂z (m, 1).
    """

    def _cost_and_slope(self, z, y):
        check.every((y >= 0) & (y <= 1), y, name="target", what="be made of probabilities, 0 <= y <= 1")
        e, positive = np.exp(-_size(z)), z.real > 0
        # softplus(z) − yz, with the large parts of both subtracted by hand: 0 where z is on the side of y
        cost = np.sum(np.log1p(e) + np.where(positive, 1 - y, -y) * z)  # (eq-loss-sigmoid)
        near, far = np.where(positive, 1, e) / (1 + e), np.where(positive, e, 1) / (1 + e)  # σ(z), σ(−z)
        return cost, (1 - y) * near - y * far  # ŷ − y  (eq-backprop-output)


class SoftmaxCrossEntropy(Loss):
    """C = −Σᵢₖ yᵢₖ log ŷᵢₖ with ŷ = softmax(z): K classes, K outputs.

    Softmax and cost in one layer: log ŷₖ = zₖ − log Σⱼ exp(zⱼ) never takes the logarithm of 0, and the
    derivative is ŷ − y. Cost and derivative keep their digits where ŷ is close to y.

    Notes
    -----
    Equations eq-loss-softmax, eq-backprop-output. `forward(z, target)` takes scores z (m, K) and targets of
    the same shape whose rows are probabilities, one-hot for labels (`one_hot`), else it raises a
    ``ValueError``; `backward()` returns ∂C/∂z (m, K). That is ŷ − y only because each row of y sums to 1.
    """

    def _cost_and_slope(self, z, y):
        check.every(~(y < 0), y, name="target", what="be made of probabilities, 0 <= y <= 1")
        right = np.abs((sums := y.sum(axis=1)) - 1) < 1e-5
        check.every(right, sums, name="every row of target", what="sum to 1, as one-hot rows do")
        top = np.arange(0, z.size, z.shape[1]) + z.argmax(axis=1)  # the largest score of each example
        z = z - z.take(top)[:, None]  # only differences matter, and now no exponential is above 1
        e = np.exp(z)
        e.put(top, 0)
        rest = e.sum(axis=1)  # (m,), all but the largest, which is 1
        total = 1 + rest
        delta = e / total[:, None] - y  # (eq-backprop-output)
        delta.put(top, 1 - y.take(top) - rest / total)  # the same, with all digits where ŷ is close to 1
        return np.log1p(rest).sum() - np.vdot(y, z), delta  # (eq-loss-softmax)


def _floating(z):
    """`z` as an array of floating numbers; only the complex step has complex ones."""
    return z if type(z) is np.ndarray and z.dtype.kind in "fc" else check.real(z, name="z")


def _size(z):
    """|z| for real z, and a function that the complex step can differentiate."""
    return np.where(z.real > 0, z, -z)


def _views(vector, arrays):
    """`vector` cut into pieces with the shapes of `arrays`."""
    stops = np.cumsum([a.size for a in arrays], dtype=int)[:-1]
    return [part.reshape(a.shape) for part, a in zip(np.split(vector, stops), arrays)]


def _check_layers(layers):
    good = layers and all(isinstance(layer, Layer) for layer in layers)
    check.expect(good, "layers must be a sequence of at least one Layer", f"{layers!r:.80}")
    parts, what = list(leaves(layers)), "layers must be different objects, for each remembers its own input"
    check.expect(len({id(part) for part in parts}) == len(parts), what, "one twice")
    linear = [part for part in parts if isinstance(part, Linear)]
    for before, after in zip(linear, linear[1:]):
        what = f"a layer with {before.n_out} outputs must be followed by one with as many inputs"
        check.expect(before.n_out == after.n_in, what, f"{before!r} before {after!r}")
