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

import warnings
from collections import deque
from dataclasses import dataclass
from functools import partial

import numpy as np

from ._checks import DivergenceWarning, check_at_least, check_count, check_fraction, check_real, check_rng
from ._numerics.columns import EPS
from .objectives import LogisticNLL


def _check_rule(rule):
    """Raise ``ValueError`` unless the numbers of a rule are in range: η and ε > 0, the others in [0, 1)."""
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
        raise ValueError(
            f"grad must be finite; got {int(np.sum(~np.isfinite(grad)))} entries of {grad.size} "
            "that are NaN or infinite. Is the learning rate too large?"
        )
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
    (Polyak 1964; the form of most libraries), makes the very same steps with η′ = (1 − α)η. Only the meaning
    of the rate differs: with η′ held, a larger α means longer steps, by the factor 1/(1 − α).
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
    Equation eq-adagrad. Source: lecture deck D, variations of SGD (where the root is missing); Duchi, Hazan
    and Singer, "Adaptive subgradient methods" (2011), the diagonal form.
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
    Equation eq-rmsprop. Source: Tieleman and Hinton, "Neural networks for machine learning", lecture 6e
    (2012). The mean starts at 0 and is not corrected for that, so the first step is longer by the factor
    1/√(1 − ρ).
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
    return (order[start : start + batch] for start in range(0, m, batch))  # (eq-sgd)


@dataclass(frozen=True, eq=False)
class Minimum:
    """What a driver found.

    Attributes
    ----------
    theta : ndarray, the shape of θ
        The best θ that was met.
    history : ndarray, shape (steps + 1,)
        The cost at the start and after each step.
    steps : int
        How many steps were taken.
    converged : bool
        Whether the end was reached; each driver says what it takes for that.
    """

    theta: np.ndarray
    history: np.ndarray
    steps: int
    converged: bool


def minimise(objective, theta, optimiser, *, steps, tol=1e-8, enough=-np.inf):
    """Follow a rule downhill, each step with the gradient of the whole objective.

    Parameters
    ----------
    objective : Objective
        Anything with ``value_and_grad(theta)``.
    theta : array_like
        Where to start, in the shape that the objective expects.
    optimiser : SGD, Momentum, Adagrad, RMSProp, Adam, or another such rule
    steps : int
        How many steps at most.
    tol : float, default 1e-8
        The end is reached when no entry of the gradient is larger than `tol` times the largest at the start.
        With 0 all steps are taken.
    enough : float, default −∞
        The end is also reached when the cost is below this.

    Returns
    -------
    Minimum
        Its ``theta`` is the last one if converged, and otherwise that of the lowest cost.

    Raises
    ------
    ValueError
        Bad `steps` or `tol`, a start whose cost is not finite, or a θ that the objective refuses.

    Warns
    -----
    DivergenceWarning
        The cost was not finite any more, or a thousand times what it was at first. The descent ends there;
        the best θ so far is returned.
    """
    steps, tol = check_count(steps, 1, name="steps"), check_at_least(tol, 0, name="tol")
    theta = np.array(check_real(theta, name="theta"))
    value, grad = _start(objective.value_and_grad(theta))
    history, best, lowest = [value], theta.copy(), value
    state, goal = optimiser.init(theta), tol * np.abs(grad).max()
    while True:
        converged = bool(value < enough or (tol > 0 and np.abs(grad).max() <= goal))
        if converged or len(history) > steps:
            break
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is looked at below
            step, state = optimiser.update(grad, state)
            theta += step
            value, grad = objective.value_and_grad(theta) if np.isfinite(theta).all() else (np.inf, grad)
        history.append(value)
        high = 1000 * np.abs(history[:2]).max()
        if not (np.isfinite(value) and value <= high and np.isfinite(grad).all()):
            warnings.warn(
                f"the descent diverged: after step {len(history) - 1} the cost is {value:.3g}, and "
                f"at the start it was {history[0]:.3g}. The steps are too long for the curvature "
                f"of the cost: take a smaller learning rate than in {optimiser!r}, or standardise "
                "the columns. The best theta so far is returned.",
                DivergenceWarning,
                stacklevel=2,
            )
            break
        if value < lowest:
            lowest, best[...] = value, theta
    return Minimum(theta if converged else best, np.array(history), len(history) - 1, converged)


def newton(objective, theta, *, steps=100, enough=-np.inf):
    """Newton's method: step to the minimum of the quadratic model, but never uphill.

    A step that does not lower the cost as it should is shortened until it does, and one that ends far up the
    slope is lengthened. Where the Hessian is singular to working precision, the shortest of the best steps is
    taken, each entry of θ in the unit in which the largest curvature it has met is 1; where it curves
    downwards, the step goes down that way. Where the gain came out as the model said, within 4 %, the Hessian
    is used again, with the BFGS update that the step has taught: a new one costs more than it brings.

    Parameters
    ----------
    objective : Objective
        Anything with ``taylor(theta)``.
    theta : array_like
        Where to start, in the shape that the objective expects.
    steps : int, default 100
        How many steps at most.
    enough : float, default −∞
        The end is also reached when the cost is below this.

    Returns
    -------
    Minimum
        Converged when the last step was so short that, errors being squared at each step, the next would be
        lost in rounding. Up to rounding the history never rises.

    Raises
    ------
    ValueError
        Bad `steps`, a start whose cost is not finite, or a θ that the objective refuses.

    Notes
    -----
    Equations eq-newton-step, eq-lbfgs-update. For a quadratic cost one step is enough, from anywhere. Source:
    lecture deck D, Newton/Hessian algorithm; the safeguards: Nocedal and Wright, "Numerical optimization"
    (2006), sections 3.1 and 3.4.
    """
    steps = check_count(steps, 1, name="steps")
    theta = np.array(check_real(theta, name="theta"), dtype=np.float64)
    value, grad, hess = _start(objective.taylor(theta))
    history, converged, last_gain = [value], value < enough, 0.0
    curvature, start_grad = np.zeros(grad.size), grad.ravel()
    while not converged and len(history) <= steps:
        if hess is not None:
            curvature = np.maximum(curvature, np.abs(np.diag(hess)))
            unit = np.sqrt(np.where(curvature > 0, curvature, 1.0))
            solve = _solver(hess / np.outer(unit, unit), noise=1e-8 * np.linalg.norm(start_grad / unit))
            pairs = []
        g = grad.ravel() / unit
        step = -_quasi_newton(g, pairs, solve)  # (eq-newton-step)
        gain = -g @ step  # twice what the quadratic model expects to gain
        last = _is_last_step(gain, last_gain, history)
        found = _newton_length(objective, theta, history[-1], (step / unit).reshape(theta.shape), gain, last)
        if found is None:  # what descent is left drowns in rounding
            converged = gain <= 1e-10 * abs(history[-1])
            break
        t, value, grad, expansion = found
        theta = theta + t * (step / unit).reshape(theta.shape)
        history.append(value)
        converged = last or value < enough
        came_true = abs(history[-2] - value - gain / 2) < 0.02 * gain or gain < 1e-9 * abs(value)
        hess = None if converged or came_true else next(expansion)
        change, turn = t * step, grad.ravel() / unit - g
        if change @ turn > 0:  # the old Hessian, if it is to do once more, learns from the step
            pairs.append((change, turn, change @ turn))
        last_gain = gain if t == 1 else 0.0  # 0: says nothing of how errors shrink
    return Minimum(theta, np.array(history), len(history) - 1, bool(converged))


def irls(X, y, delta=0.0, *, steps=100):
    """Logistic regression by iteratively reweighted least squares: Newton's method from θ = 0.

    Its step solves XᵀSX θₖ₊₁ = XᵀS[Xθₖ + S⁻¹(y − π)], the normal equations of a least-squares problem with
    the weights S = diag(π(1 − π)) and with what is in brackets as target. Here it is computed as a correction
    of θₖ, which loses no digits where little is left to correct.

    Parameters
    ----------
    X : array_like, shape (m, d)
    y : array_like, shape (m,)
        0 or 1.
    delta : float, default 0.0
        Strength of the penalty δ²‖θ₁…d‖².
    steps : int, default 100
        How many steps at most.

    Returns
    -------
    Minimum
        As from `newton`; theta (d + 1,). Without a penalty the end is also reached when the cost is below log
        2: then every example is on its own side of the hyperplane and there is no minimum to be found.

    Raises
    ------
    ValueError
        Bad input.

    Notes
    -----
    Equation eq-irls. Source: lecture deck D, IRLS (which calls H positive definite; on separable data it is
    semi-definite in the limit, and no θ is best).
    """
    objective = LogisticNLL(X, y, delta)
    start, enough = np.zeros(objective.shape), objective.separated_below
    return newton(objective, start, steps=steps, enough=enough)  # (eq-irls)


def lbfgs(objective, theta, *, steps=1000, memory=10, precondition=None, enough=-np.inf):
    """Quasi-Newton descent without a Hessian: curvature is learnt from the last few steps.

    Parameters
    ----------
    objective : Objective
        Anything with ``value_and_grad(theta)``.
    theta : array_like
        Where to start, in the shape that the objective expects.
    steps : int, default 1000
        How many steps at most.
    memory : int, default 10
        How many steps are remembered, at least 1.
    precondition : callable, optional
        ``precondition(theta)`` returns a function that multiplies an array of the shape of θ by a first guess
        of the inverse Hessian there, symmetric and positive definite. Called at the start and after 8, 64,
        512, … steps. Without it the guess is the multiple of the identity that the last step suggests.
    enough : float, default −∞
        The end is also reached when the cost is below this.

    Returns
    -------
    Minimum
        Converged when what the next step could gain is lost in the rounding of the cost: θ is then right to
        half the digits of a double, more or less. Up to rounding the history never rises.

    Raises
    ------
    ValueError
        Bad `steps` or `memory`, a start whose cost is not finite, or a θ that the objective refuses.

    Notes
    -----
    Equations eq-lbfgs-secant, eq-lbfgs-update. Source: Nocedal and Wright, "Numerical optimization" (2006),
    algorithms 7.4 and 7.5, the first guess scaled by their equation 7.20. (Lecture deck D names L-BFGS.)
    """
    steps, memory = check_count(steps, 1, name="steps"), check_count(memory, 1, name="memory")
    theta = np.array(check_real(theta, name="theta"), dtype=np.float64)
    value, grad = _start(objective.value_and_grad(theta))
    history, pairs, renewal = [value], deque(maxlen=memory), 8
    guess = precondition(theta) if precondition else np.copy
    converged = value < enough or not grad.any()
    while not converged and len(history) <= steps:
        step = -_quasi_newton(grad, pairs, guess)
        gain = -np.vdot(grad, step)
        converged = len(pairs) > 0 and gain <= 1e-16 * abs(value) + 1e-30 * abs(history[0])
        found = _line_search(objective, theta, value, step, -gain)
        if found is None:  # what descent is left drowns in rounding
            converged = converged or gain <= 1e-10 * abs(value)
            break
        t, value, new_grad = found
        change, turn = t * step, new_grad - grad
        pairs.append((change.ravel(), turn.ravel(), np.vdot(change, turn)))
        theta, grad = theta + change, new_grad
        history.append(value)
        converged = converged or value < enough or not grad.any()
        if not precondition:
            guess = partial(np.multiply, pairs[-1][2] / np.vdot(turn, turn))
        elif len(history) > renewal:
            guess, renewal = precondition(theta), 8 * renewal
    return Minimum(theta, np.array(history), len(history) - 1, bool(converged))


def _is_last_step(gain, last_gain, history):
    """Whether a step that expects this gain is the last: √gain, the error, will shrink at least as it has."""
    left = gain * min(1.0, gain / last_gain) if last_gain > 0 else gain
    stalled = gain > 1e-2 * last_gain and gain <= 8 * EPS * abs(history[-1])
    return stalled or left <= 1e-32 * (abs(history[-1]) + abs(history[0]))


def _newton_length(objective, theta, value, step, gain, last):
    """A length t of the Newton step, with cost, gradient and the rest of the expansion there; or None.

    From 1 it is shrunk, faster and faster, until the cost falls by some of what is expected. Where much of
    the slope is left at the end of the step, the curvature was overrated, as that of a likelihood is at
    θ = 0: then t is doubled while that lowers the cost.
    """
    t, shrink = 1.0, 0.5
    while True:
        expansion = objective.taylor(theta + t * step)
        new = next(expansion)
        if new <= value - 1e-4 * t * gain + 8 * EPS * abs(value) or (last and np.isfinite(new)):
            break
        t, shrink = t * shrink, shrink / 2
        if t < 1e-300:
            return None
    grad = next(expansion)
    while -np.vdot(grad, step) > 0.1 * gain:
        longer = objective.taylor(theta + 2 * t * step)
        value = next(longer)
        if not value < new:
            break
        t, new, expansion, grad = 2 * t, value, longer, next(longer)
    return t, new, grad, expansion


def _quasi_newton(grad, pairs, guess):
    """H·grad, with the inverse Hessian H that `guess` becomes once each pair s, y has taught it Hy = s."""
    q, shares = grad.ravel(), []
    for s, y, sy in reversed(pairs):
        shares.append(s @ q / sy)
        q = q - shares[-1] * y
    r = guess(q.reshape(grad.shape)).ravel()
    for s, y, sy in pairs:
        r += (shares.pop() - y @ r / sy) * s  # (eq-lbfgs-update)
    return r.reshape(grad.shape)


def _line_search(objective, theta, value, step, slope):
    """A length t that meets the Wolfe conditions, with the cost and gradient there; None if there is none.

    Bisection after Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods" (2013), section 3.
    The second condition, that the slope has risen, keeps sᵀy > 0 and with it the inverse Hessian positive
    definite.
    """
    low, high, t = 0.0, np.inf, 1.0
    for _ in range(100):
        new, grad = objective.value_and_grad(theta + t * step)
        new_slope = np.vdot(grad, step)
        level = new <= value + 8 * EPS * abs(value) and abs(new_slope) <= -slope  # all that rounding shows
        if not (new <= value + 1e-4 * t * slope or level):
            high = t
        elif new_slope < 0.9 * slope:
            low = t
        else:
            return t, new, grad
        t = (low + high) / 2 if high < np.inf else 2 * t
    return None


def _start(expansion):
    """Value, gradient and what else is in `expansion`, if all of it is finite."""
    parts = list(expansion)
    if not all(np.isfinite(part).all() for part in parts):
        raise ValueError(
            "theta must be a start at which the cost and its derivatives are finite; got a cost "
            f"of {parts[0]:g}. Where the columns of X hold huge numbers, standardise them."
        )
    return parts


def _solver(H, noise):
    """The function that takes g to the shortest p that minimises pᵀ|H|p/2 − gᵀp.

    |H| is H with its eigenvalues made positive. Where H is flat but g is more than `noise`, on a plateau, p
    is long rather than 0: it will be shortened.
    """
    try:
        if np.linalg.cholesky(H).diagonal().min() > 1e-5:  # its squares are what is left of unit columns
            return lambda g: np.linalg.solve(H, g)
    except np.linalg.LinAlgError:
        pass
    eigenvalues, V = np.linalg.eigh(H)
    curvature = np.abs(eigenvalues)
    floor = 1e-13 * curvature.max() + np.finfo(np.float64).tiny

    def solve(g):
        slope = V.T @ g
        wanted = (curvature > floor) | (np.abs(slope) > noise)
        return V[:, wanted] @ (slope[wanted] / np.maximum(curvature[wanted], floor))

    return solve
