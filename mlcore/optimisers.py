"""Ways downhill: rules that turn a gradient into a step, and drivers that follow them to a minimum.

A rule (`SGD`, `Momentum`, `Adagrad`, `RMSProp`, `Adam`) knows nothing of the cost it serves::

    state = rule.init(theta)
    for _ in range(steps):
        step, state = rule.update(objective.grad(theta), state)
        theta += step

It works for one array of any shape, in the precision of that array. For speed the arrays of a state are used
over and over, the returned step among them: it is valid until the next `update`, and an old state is no way
back.
"""

from dataclasses import dataclass

import numpy as np

from ._checks import check_at_least, check_count, check_fraction, check_real, check_rng


def _check_rule(rule):
    """Raise ``ValueError`` unless every number of a rule is in its range: η and ε > 0, the others in [0, 1)."""
    for name, value in vars(rule).items():
        if name in ("eta", "epsilon"):
            check_at_least(value, 0, name=name, strict=True)
        else:
            check_fraction(value, name=name)


def _check_grad(grad, like):
    """Return `grad` as an array, if it is finite and has the shape of `like`."""
    grad = np.asarray(grad)
    if grad.shape != like.shape:
        raise ValueError(f"grad must have the shape of theta, {like.shape}; got {grad.shape}.")
    if not np.isfinite(np.vdot(grad, grad)) and not np.isfinite(grad).all():  # the first is far quicker
        raise ValueError(f"grad must be finite; got {int(np.sum(~np.isfinite(grad)))} entries of {grad.size} "
                         "that are NaN or infinite. Is the learning rate too large?")
    return grad


@dataclass(frozen=True)
class SGD:
    """Gradient descent, Δθ = −ηg; stochastic where g is the gradient of a part of the data.

    Parameters
    ----------
    eta : float
        Learning rate η > 0, in units of θ² per unit of cost.

    Raises
    ------
    ValueError
        η is not a finite number above 0; in `update`, a gradient of another shape than θ or not finite.

    Notes
    -----
    Equation eq-gradient-descent. Source: lecture deck D, steepest descent.
    """

    eta: float
    __post_init__ = _check_rule

    def init(self, theta):
        """Return the state for a θ of this shape: room for the step."""
        return np.empty_like(check_real(theta, name="theta"))

    def update(self, grad, state):
        """Return the step for this gradient, and the next state."""
        np.multiply(_check_grad(grad, state), -self.eta, out=state)  # (eq-gradient-descent)
        return state, state


@dataclass(frozen=True)
class Momentum:
    """Descent with a memory of the last step: Δθₖ₊₁ = αΔθₖ + (1 − α)(−ηg).

    Steps in an agreed direction add up, steps to and fro cancel.

    Parameters
    ----------
    eta : float
        Learning rate η > 0: under a constant gradient the steps tend to −ηg, whatever α is.
    alpha : float, default 0.9
        Share of the last step that is kept, 0 ≤ α < 1; 0 is `SGD`.

    Raises
    ------
    ValueError
        A parameter out of its range; in `update`, a gradient of another shape than θ or not finite.

    Notes
    -----
    Equation eq-momentum. Source: lecture deck D, variations of SGD. The heavy-ball form, Δθₖ₊₁ = αΔθₖ − η′g
    (Polyak 1964; the form of most libraries), makes the very same steps with η′ = (1 − α)η. Only the meaning of
    the rate differs: with η′ held, a larger α means longer steps, by the factor 1/(1 − α).
    """

    eta: float
    alpha: float = 0.9
    __post_init__ = _check_rule

    def init(self, theta):
        """Return the state for a θ of this shape: the last step, at first 0."""
        return np.zeros_like(check_real(theta, name="theta"))

    def update(self, grad, state):
        """Return the step for this gradient, and the next state."""
        state *= self.alpha
        state -= (1 - self.alpha) * self.eta * _check_grad(grad, state)  # (eq-momentum)
        return state, state


@dataclass(frozen=True)
class Adagrad:
    """Each entry of θ has its own rate, η over the root of the sum of its squared gradients so far.

    Entries that seldom have a gradient, those of rare features, keep a large rate. No rate ever recovers.

    Parameters
    ----------
    eta : float
        Length η > 0 of the first step, in units of θ.
    epsilon : float, default 1e-8
        Keeps the quotient finite where there has been no gradient yet; above 0, in units of the gradient.

    Raises
    ------
    ValueError
        A parameter out of its range; in `update`, a gradient of another shape than θ or not finite.

    Notes
    -----
    Equation eq-adagrad. Source: lecture deck D, variations of SGD (where the root is missing); Duchi, Hazan and
    Singer, "Adaptive subgradient methods" (2011), the diagonal form.
    """

    eta: float
    epsilon: float = 1e-8
    __post_init__ = _check_rule

    def init(self, theta):
        """Return the state for a θ of this shape: the sum of squares, 0, and room for the step."""
        theta = check_real(theta, name="theta")
        return np.zeros_like(theta), np.empty_like(theta)

    def update(self, grad, state):
        """Return the step for this gradient, and the next state."""
        squares, step = state
        grad = _check_grad(grad, step)
        squares += grad**2
        np.divide(-self.eta * grad, np.sqrt(squares) + self.epsilon, out=step)  # (eq-adagrad)
        return step, state


@dataclass(frozen=True)
class RMSProp:
    """As `Adagrad`, with a mean of the squared gradients that forgets, in place of their sum.

    Parameters
    ----------
    eta : float
        Length η > 0 of a step where the gradient is steady, in units of θ.
    rho : float, default 0.9
        Share of the mean that is kept, 0 ≤ ρ < 1: it looks back over some 1/(1 − ρ) steps.
    epsilon : float, default 1e-8
        Keeps the quotient finite; above 0, in units of the gradient.

    Raises
    ------
    ValueError
        A parameter out of its range; in `update`, a gradient of another shape than θ or not finite.

    Notes
    -----
    Equation eq-rmsprop. Source: Tieleman and Hinton, "Neural networks for machine learning", lecture 6e (2012).
    The mean starts at 0 and is not corrected for that, so the first step is longer by the factor 1/√(1 − ρ).
    """

    eta: float
    rho: float = 0.9
    epsilon: float = 1e-8
    __post_init__ = _check_rule

    def init(self, theta):
        """Return the state for a θ of this shape: the mean square, 0, and room for the step."""
        theta = check_real(theta, name="theta")
        return np.zeros_like(theta), np.empty_like(theta)

    def update(self, grad, state):
        """Return the step for this gradient, and the next state."""
        square, step = state
        grad = _check_grad(grad, step)
        square *= self.rho
        square += (1 - self.rho) * grad**2
        np.divide(-self.eta * grad, np.sqrt(square) + self.epsilon, out=step)  # (eq-rmsprop)
        return step, state


@dataclass(frozen=True)
class Adam:
    """Momentum and `RMSProp` together, with both means corrected for their start at 0.

    Parameters
    ----------
    eta : float, default 1e-3
        Length η > 0 of a step where the gradient is steady, in units of θ.
    beta1, beta2 : float, default 0.9, 0.999
        Shares of the mean gradient and of the mean squared gradient that are kept, in [0, 1).
    epsilon : float, default 1e-8
        Keeps the quotient finite; above 0, in units of the gradient.

    Raises
    ------
    ValueError
        A parameter out of its range; in `update`, a gradient of another shape than θ or not finite.

    Notes
    -----
    Equation eq-adam. Source: Kingma and Ba, "Adam" (2015), algorithm 1. (Lecture deck D calls it momentum +
    Adagrad; it is the forgetful mean of `RMSProp` that it takes, not Adagrad's sum.)
    """

    eta: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    __post_init__ = _check_rule

    def init(self, theta):
        """Return the state for a θ of this shape: steps taken, two sums, both 0, and room for the step."""
        theta = check_real(theta, name="theta")
        return 0, np.zeros_like(theta), np.zeros_like(theta), np.empty_like(theta)

    def update(self, grad, state):
        """Return the step for this gradient, and the next state. Nothing is allocated but every 32nd time."""
        k, first, second, step = state
        k, grad = k + 1, _check_grad(grad, step)
        # Sums Σ βᵏ⁻ⁱgᵢ and Σ βᵏ⁻ⁱgᵢ² take fewer passes over memory than means; the factors come in at the end
        first *= self.beta1
        first += grad
        second *= self.beta2
        second += np.multiply(grad, grad, out=step)
        mean1 = (1 - self.beta1) / (1 - self.beta1**k)  # sum to mean, and the correction for the start at 0
        mean2 = ((1 - self.beta2) / (1 - self.beta2**k)) ** 0.5
        np.sqrt(second, out=step)
        step += self.epsilon / mean2
        np.divide(first, step, out=step)
        step *= -self.eta * mean1 / mean2  # −η first̂ / (√second̂ + ε)  (eq-adam)
        if k % 32 == 0:  # what has faded to a subnormal number would slow down every product by far
            for moment in (first, second):
                moment *= np.abs(moment) >= np.finfo(moment.dtype).tiny
        return step, (k, first, second, step)


def minibatches(m, batch, rng):
    """Cut the numbers 0 … m − 1, in random order, into batches: one epoch.

    Parameters
    ----------
    m : int
        Number of examples.
    batch : int
        Examples in a batch, at least 1 (online). The last batch holds what is left; `m` or more is one full
        batch.
    rng : numpy.random.Generator
        Shuffles, once for each call.

    Returns
    -------
    iterator of ndarray, shape (batch,), int
        Row numbers; over the epoch each comes once.

    Raises
    ------
    ValueError
        `m` or `batch` is not a whole number above 0, or `rng` is no generator.

    Notes
    -----
    Equation eq-sgd. Source: lecture deck D, variations of SGD (batch, online, mini-batch).
    """
    m, batch = check_count(m, 1, name="m"), check_count(batch, 1, name="batch")
    order = check_rng(rng).permutation(m)
    return (order[start:start + batch] for start in range(0, m, batch))  # (eq-sgd)
