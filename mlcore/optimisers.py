"""Ways downhill: rules that turn a gradient into a step, and drivers that follow them to a minimum.

A rule (`SGD`, `Momentum`, `Adagrad`, `RMSProp`, `Adam`) knows nothing of the cost it serves::

    state = rule.init(theta)
    for _ in range(steps):
        step, state = rule.update(objective.grad(theta), state)
        theta += step

It works for one array of any shape, in the precision of that array. Each rule stands here twice: as the
recurrence of its paper, a function of the gradient and the state (`adam_step`), and as a class with its
numbers, which checks and then does the same. `Adam` does it in place, since that is a third faster: its
arrays are used over and over, so that a step is valid until the next `update` only, and an old state is no
way back.

The drivers likewise: `gradient_descent`, `newton_backtracking`, `lbfgs_backtracking` and `irls_weighted` are
what `minimise`, `newton`, `lbfgs` and `irls` are at heart.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from . import _checks as check
from ._checks import DivergenceWarning, warn
from ._numerics import descent
from .functions import sigmoid
from .objectives import SEPARATED_BELOW, LogisticNLL


def sgd_step(grad, eta):
    """Step of gradient descent."""
    return -eta * grad  # (eq-gradient-descent)


def momentum_step(grad, last_step, eta, alpha):
    """Step with a memory of the last one; at first that is 0."""
    return alpha * last_step + (1 - alpha) * (-eta * grad)  # (eq-momentum)


def adagrad_step(grad, squares, eta, epsilon):
    """Step, and the sum of squared gradients so far; at first that is 0."""
    squares = squares + grad**2
    return -eta / (np.sqrt(squares) + epsilon) * grad, squares  # (eq-adagrad)


def rmsprop_step(grad, v, eta, rho, epsilon):
    """Step, and the mean v of squared gradients, which forgets; at first that is 0."""
    v = rho * v + (1 - rho) * grad**2
    return -eta / (np.sqrt(v) + epsilon) * grad, v  # (eq-rmsprop)


def adam_step(grad, state, eta, beta1, beta2, epsilon):
    """Step, and the state: steps taken, mean gradient u, mean squared gradient v; at first all 0."""
    k, u, v = state
    k = k + 1
    u = beta1 * u + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    u_hat, v_hat = u / (1 - beta1**k), v / (1 - beta2**k)
    return -eta * u_hat / (np.sqrt(v_hat) + epsilon), (k, u, v)  # (eq-adam)


def check_rule(optimiser):
    """Return the rule `optimiser`, or raise ``ValueError`` for what is none, such as the class of one."""
    form = "a rule, such as Adam() or SGD(eta=0.1)"
    return check.has(optimiser, "init", "update", name="optimiser", form=form)


def _check_grad(grad, like, epsilon=None):
    """Return `grad` as an array of the dtype of `like`, if it is finite and has the shape of `like`.

    A rule with an `epsilon` divides by a mean of squares: these must neither overflow nor vanish beside it.
    """
    grad = check.real(grad, name="grad")
    if grad.shape != like.shape:
        raise ValueError(f"grad must have the shape of theta, {like.shape}; got {grad.shape}.")
    with np.errstate(over="ignore", invalid="ignore"):
        grad, limits = grad.astype(like.dtype, copy=False), np.finfo(like.dtype)
        # far quicker than a look at each entry; Adagrad's sum has room for 10¹⁰ such steps
        fine = np.vdot(grad, grad) <= 1e-10 * float(limits.max)
    if not fine:
        wrong = int(np.sum(~np.isfinite(grad)))
        got = f"{wrong} entries of {grad.size} that are NaN or infinite"
        check.expect(wrong == 0, "grad must be finite", got, "Is the learning rate too large?")
        what = f"grad must be made of numbers whose squares add up within {grad.dtype}"
        got = f"entries up to {np.abs(grad).max():.3g}"
        check.expect(epsilon is None, what, got, "Measure the cost in a larger unit.")
    least = float(limits.tiny) ** 0.5
    if epsilon is not None and epsilon < least and np.any((np.abs(grad) < least) & (grad != 0)):
        where = f"where squares of the gradient vanish in {grad.dtype}"
        raise ValueError(f"epsilon must be at least {least:.1e} {where}; got {epsilon:g}.")
    return grad


class _Rule:
    """What the rules share: numbers in range, η and ε > 0 and the others in [0, 1), and a state of zeros."""

    def __post_init__(self):
        for name, value in vars(self).items():
            if name in ("eta", "epsilon"):
                number = check.at_least(value, 0, name=name, strict=True)
            else:
                number = check.fraction(value, name=name)
            object.__setattr__(self, name, number)  # a float: minus a small NumPy integer would wrap round

    def init(self, theta):
        """Return the state for a θ of this shape: what `update` remembers, at first 0."""
        return np.zeros_like(check.real(theta, name="theta"))


@dataclass(frozen=True)
class SGD(_Rule):
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
    Equation eq-gradient-descent. Source: Peeters, lecture slides, steepest descent.
    """

    eta: float

    def update(self, grad, state):
        """Return the step for this gradient, and the next state."""
        return sgd_step(_check_grad(grad, state), self.eta), state


@dataclass(frozen=True)
class Momentum(_Rule):
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
    Equation eq-momentum. Source: Peeters, lecture slides, variations of SGD. The heavy-ball form, Δθₖ₊₁ =
    αΔθₖ − η′g (Polyak 1964; the form of most libraries), makes the very same steps with η′ = (1 − α)η. Only
    the meaning of the rate differs: with η′ held, a larger α means longer steps, by the factor 1/(1 − α).
    """

    eta: float
    alpha: float = 0.9

    def update(self, grad, state):
        """Return the step for this gradient, and the next state."""
        step = momentum_step(_check_grad(grad, state), state, self.eta, self.alpha)
        return step, step


@dataclass(frozen=True)
class Adagrad(_Rule):
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
    Equation eq-adagrad. Source: Peeters, lecture slides, variations of SGD (where the root is missing);
    Duchi, Hazan and Singer, "Adaptive subgradient methods" (2011), the diagonal form.
    """

    eta: float
    epsilon: float = 1e-8

    def update(self, grad, state):
        """Return the step for this gradient, and the next state."""
        return adagrad_step(_check_grad(grad, state, self.epsilon), state, self.eta, self.epsilon)


@dataclass(frozen=True)
class RMSProp(_Rule):
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

    def update(self, grad, state):
        """Return the step for this gradient, and the next state."""
        return rmsprop_step(_check_grad(grad, state, self.epsilon), state, self.eta, self.rho, self.epsilon)


@dataclass(frozen=True)
class Adam(_Rule):
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
    Equation eq-adam. Source: Kingma and Ba, "Adam" (2015), algorithm 1. (Peeters's slides call it momentum +
    Adagrad; it is the forgetful mean of `RMSProp` that it takes, not Adagrad's sum.)
    """

    eta: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def init(self, theta):
        """Return the state for a θ of this shape: steps taken, two sums, both 0, and room for the step."""
        theta = check.real(theta, name="theta")
        return 0, np.zeros_like(theta), np.zeros_like(theta), np.empty_like(theta)

    def update(self, grad, state):
        """Return the step for this gradient, and the next state. Nothing is allocated but every 32nd time."""
        k, first, second, step = state
        k, grad = k + 1, _check_grad(grad, step, self.epsilon)
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
        step *= -self.eta * mean1 / mean2  # −η first̂ / (√second̂ + ε)
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
    Equation eq-stochastic-gradient. Source: Peeters, lecture slides, variations of SGD (batch, online,
    mini-batch).
    """
    m, batch = check.count(m, 1, name="m"), check.count(batch, 1, name="batch")
    order = check.generator(rng).permutation(m)
    return (order[start : start + batch] for start in range(0, m, batch))


def stochastic_descent(grad, theta, m, batch, rate, epochs, rng):
    """θ after each epoch of gradient descent with a few examples at a time: the whole training loop.

    Parameters
    ----------
    grad : callable
        ``grad(theta, rows)`` is the sum of the gradients ∇Jᵢ(θ) of the examples `rows`, in the shape of θ.
    theta : ndarray
        Where to start.
    m : int
        Number of examples.
    batch : int
        Examples in a batch: 1 is online, `m` is steepest descent.
    rate : callable
        ``rate(k)`` is the learning rate of step k = 1, 2, …, for the gradient of the sum over all examples.
    epochs : int
        Passes over the data, each in a new random order.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (epochs + 1, the shape of θ)
        The start, and θ after each epoch.

    Notes
    -----
    Equations eq-stochastic-gradient, eq-sgd-noise.
    """
    path, k = [theta], 0
    for _ in range(epochs):
        for rows in minibatches(m, batch, rng):
            k += 1
            g_hat = m / len(rows) * grad(theta, rows)  # (eq-stochastic-gradient)
            theta = theta - rate(k) * g_hat  # (eq-sgd-noise)
        path.append(theta)
    return np.array(path)


@dataclass(frozen=True, eq=False)
class Minimum:
    """What a driver found.

    Attributes
    ----------
    theta : ndarray, the shape of θ
        Where the descent ended, or the best θ that was met: each driver says which.
    history : ndarray, shape (steps + 1,)
        The cost at the start and after each step.
    steps : int
        How many steps were taken.
    converged : bool
        Whether the end was reached; each driver says what it takes for that.
    """

    theta: np.ndarray
    history: np.ndarray
    converged: bool

    @property
    def steps(self):
        """How many steps were taken."""
        return len(self.history) - 1


def minimise(objective, theta, optimiser, *, steps, tol=1e-8, stop_below=-np.inf):
    """Follow a rule downhill, each step with the gradient of the whole objective.

    Parameters
    ----------
    objective : Objective
    theta : array_like
        Where to start, in the shape that the objective expects.
    optimiser : SGD, Momentum, Adagrad, RMSProp, Adam, or another such rule
    steps : int
        How many steps at most.
    tol : float, default 1e-8
        The end is reached when the steepness of the objective, the largest entry of its gradient (that of
        `LeastSquares`, `LogisticNLL` and `SoftmaxNLL` with the columns standardised), is at most `tol`
        times what it was at the start. With 0 all steps are taken.
    stop_below : float, default −∞
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
    check_rule(optimiser)
    tol = check.at_least(tol, 0, name="tol")
    theta, steps, (value, grad) = _start(objective, theta, steps, order=1)
    history, best, lowest = [value], theta.copy(), value
    state, goal = optimiser.init(theta), tol * objective.steepness(grad)
    while True:
        converged = bool(value < stop_below or (tol > 0 and objective.steepness(grad) <= goal))
        if converged or len(history) > steps:
            break
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is looked at below
            step, state = optimiser.update(grad, state)
            theta += step
            value, grad = objective.value_and_grad(theta) if np.isfinite(theta).all() else (np.inf, grad)
        history.append(value)
        high = 1000 * np.abs(history[:2]).max()
        if not (np.isfinite(value) and value <= high and np.isfinite(grad).all()):
            what = f"after step {len(history) - 1} the cost is {value:.3g}, {history[0]:.3g} at the start"
            why = "The steps are too long for the curvature of the cost"
            cure = f"take a smaller learning rate than in {optimiser!r}, or standardise the columns"
            end = "The best theta so far is returned."
            warn(f"the descent diverged: {what}. {why}: {cure}. {end}", DivergenceWarning)
            break
        if value < lowest:
            lowest, best[...] = value, theta
    return Minimum(theta if converged else best, np.array(history), converged)


def gradient_descent(objective, theta, eta, steps):
    """All θ that steepest descent at a constant rate visits, (steps + 1, n)."""
    path = [theta]
    for _ in range(steps):
        theta = theta - eta * objective.grad(theta)  # (eq-gradient-descent)
        path.append(theta)
    return np.array(path)


def backtrack(objective, theta, value, grad, step, t=1.0):
    """The first of t, t/2, t/4, … for which t·step lowers the cost by its share of what the slope says."""
    slope = grad @ step  # below 0: downhill
    while objective.value(theta + t * step) > value + 1e-4 * t * slope:  # (eq-armijo)
        t = t / 2
    return t


def descent_backtracking(objective, theta, steps, tol=1e-6):
    """θ by steepest descent, the length of each step found by backtracking from twice the last one."""
    value, grad = objective.value_and_grad(theta)
    t, goal = 1.0, tol * np.linalg.norm(grad)
    for _ in range(steps):
        if np.linalg.norm(grad) <= goal:
            break
        t = backtrack(objective, theta, value, grad, -grad, 2 * t)
        theta = theta - t * grad
        value, grad = objective.value_and_grad(theta)
    return theta


def newton_backtracking(objective, theta, steps=100):
    """θ by Newton's method; a step that does not lower the cost as it should is halved."""
    for _ in range(steps):
        value, grad, hess = objective.taylor(theta)
        step = -np.linalg.solve(hess, grad)  # (eq-newton-step)
        gain = -grad @ step  # twice what the quadratic model expects to gain
        if gain <= 1e-12 * abs(value):
            break
        theta = theta + backtrack(objective, theta, value, grad, step) * step
    return theta


def irls_weighted(X, y, steps=12):
    """θ of logistic regression by weighted least squares, again and again, from 0.

    `X` (m, d + 1) has its column of ones, `y` (m,) is 0 or 1.
    """
    theta = np.zeros(X.shape[1])
    for _ in range(steps):
        pi = sigmoid(X @ theta)
        S = pi * (1 - pi)  # (m,), the diagonal of S
        target = X @ theta + (y - pi) / S
        XtS = X.T * S
        theta = np.linalg.solve(XtS @ X, XtS @ target)  # (eq-irls)
    return theta


def two_loop_recursion(grad, pairs, guess):
    """M·grad, with the M that a first guess becomes once each step s has taught it Mr = s.

    `pairs` holds s, r and γ = 1/rᵀs, the newest last; ``guess(q)`` is the first M times q.
    """
    q, shares = grad, []
    for s, r, gamma in reversed(pairs):
        shares.append(gamma * np.vdot(s, q))
        q = q - shares[-1] * r  # q = (I − γ r sᵀ) q
    z = guess(q)
    for s, r, gamma in pairs:  # z = (I − γ s rᵀ) z + γ s sᵀ q, with the q of that pair
        z = z - gamma * np.vdot(r, z) * s + shares.pop() * s  # (eq-lbfgs-update)
    return z


def bfgs_update(M, s, r):
    """The inverse Hessian that M becomes when the step s, which turned the gradient by r, teaches Mr = s."""
    gamma = 1 / (r @ s)
    left = np.eye(len(s)) - gamma * np.outer(s, r)
    return left @ M @ left.T + gamma * np.outer(s, s)  # (eq-lbfgs-update)


def conjugate_gradients(hess_times, theta, grad, steps, tol=1e-6):
    """θ where a bowl with this gradient at `theta` is lowest; ``hess_times(p)`` is its Hessian times p."""
    p, goal = -grad, tol * np.linalg.norm(grad)
    for _ in range(steps):
        if np.linalg.norm(grad) <= goal:
            break
        Hp, before = hess_times(p), grad @ grad
        t = before / (p @ Hp)  # (eq-conjugate-gradients)
        theta, grad = theta + t * p, grad + t * Hp
        p = -grad + grad @ grad / before * p
    return theta


def lbfgs_backtracking(objective, theta, steps, memory=10, tol=1e-6):
    """θ by L-BFGS with backtracking; a step that shows no upward curvature teaches nothing."""
    value, grad = objective.value_and_grad(theta)
    goal, pairs, scale = tol * np.linalg.norm(grad), [], 1 / np.linalg.norm(grad)
    for _ in range(steps):
        if np.linalg.norm(grad) <= goal:
            break
        step = -two_loop_recursion(grad, pairs, partial(np.multiply, scale))
        s = backtrack(objective, theta, value, grad, step) * step
        theta, before = theta + s, grad
        value, grad = objective.value_and_grad(theta)
        r = grad - before
        if r @ s > 0:
            pairs = [*pairs, (s, r, 1 / (r @ s))][-memory:]
            scale = (r @ s) / (r @ r)
    return theta


def newton(objective, theta, *, steps=100, stop_below=-np.inf):
    """Newton's method: step to the minimum of the quadratic model, but never uphill.

    A step that does not lower the cost as it should is shortened until it does, and one that ends far up
    the slope is lengthened. Where the Hessian is singular to working precision, the shortest of the best
    steps is taken; where it curves downwards, the step goes down that way. Where the model has come true,
    the Hessian is used once more, corrected by what the step has taught. `newton_backtracking` is the
    method without all that.

    Parameters
    ----------
    objective : Objective
        Anything with ``taylor(theta)``.
    theta : array_like
        Where to start, in the shape that the objective expects.
    steps : int, default 100
        How many steps at most.
    stop_below : float, default −∞
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
    Peeters, lecture slides, Newton/Hessian algorithm; the safeguards: Nocedal and Wright, "Numerical
    optimization" (2006), sections 3.1 and 3.4.
    """
    theta, steps, parts = _start(objective, theta, steps, order=2, dtype=np.float64)
    return Minimum(*descent.newton(objective, theta, parts, steps, stop_below, two_loop_recursion))


def irls(X, y, delta=0.0, *, steps=100):
    """Logistic regression by iteratively reweighted least squares: Newton's method from θ = 0.

    Its step solves XᵀSX θₖ₊₁ = XᵀS[Xθₖ + S⁻¹(y − π)], the normal equations of a least-squares problem with
    the weights S = diag(π(1 − π)) and with what is in brackets as target: `irls_weighted`. Here it is
    computed as a correction of θₖ, which loses no digits where little is left to correct.

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
    Equation eq-irls. Source: Peeters, lecture slides, IRLS (which calls H positive definite; on separable
    data it is semi-definite in the limit, and no θ is best).
    """
    objective = LogisticNLL(X, y, delta)
    stop_below = SEPARATED_BELOW if delta == 0 else -np.inf
    return newton(objective, np.zeros(objective.shape), steps=steps, stop_below=stop_below)


def lbfgs(objective, theta, *, steps=1000, memory=10, precondition=None, stop_below=-np.inf):
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
    stop_below : float, default −∞
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
    algorithms 7.4 and 7.5, the first guess scaled by their equation 7.20. (Peeters's slides name L-BFGS.)
    """
    theta, steps, parts = _start(objective, theta, steps, order=1, dtype=np.float64)
    options = steps, check.count(memory, 1, name="memory"), precondition, stop_below, two_loop_recursion
    return Minimum(*descent.lbfgs(objective, theta, parts, *options))


def _start(objective, theta, steps, order, dtype=None):
    """θ as a new array, the number of steps, and the cost and `order` of its derivatives there, if finite."""
    form = "a cost, such as LogisticNLL(X, y) or another Objective"
    check.has(objective, "value_and_grad", "taylor", name="objective", form=form)
    steps = check.count(steps, 1, name="steps")
    theta = np.array(check.real(theta, name="theta"), dtype=dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        parts = list(objective.value_and_grad(theta) if order == 1 else objective.taylor(theta))
    what = "theta must be a start at which the cost and its derivatives are finite"
    hint = "Where the columns of X hold huge numbers, standardise them."
    check.expect(all(np.isfinite(part).all() for part in parts), what, f"a cost of {parts[0]:g}", hint)
    return theta, steps, parts
