"""Newton's method and L-BFGS, armed: line searches, singular Hessians, and when to stop.

Both are given ``two_loops(grad, pairs, guess)``, the recursion that a reader finds in `mlcore.optimisers`.
"""

from collections import deque
from functools import partial

import numpy as np

from .columns import EPS


def newton(objective, theta, parts, steps, stop_below, two_loops):
    """Newton's method from `theta`, where value, gradient and Hessian are `parts`.

    Where the gain came out as the model said, within 4 %, the Hessian is used again, with the BFGS update
    that the step has taught: a new one costs more than it brings. Where the Hessian is singular to working
    precision, the shortest of the best steps is taken, each entry of θ in the unit in which its curvature
    is 1; where it curves downwards, the step goes down that way.

    Returns
    -------
    theta, history, converged
        Converged when the last step was so short that, errors being squared at each step, the next would be
        lost in rounding; or when rounding hides in two steps running what little was to be gained.
    """
    value, grad, hess = parts
    history, converged, last_gain, idle = [value], value < stop_below or grad.size == 0, 0.0, 0
    start_grad = grad.ravel()
    while not converged and len(history) <= steps:
        if hess is not None:
            unit = np.abs(np.diag(hess)) ** 0.5
            unit[unit == 0] = 1.0
            solve = _solver(hess / np.outer(unit, unit), noise=1e-8 * np.linalg.norm(start_grad / unit))
            pairs = []
        g = grad.ravel() / unit
        step = -two_loops(g, pairs, solve)
        gain = -g @ step  # twice what the quadratic model expects to gain
        last = _is_last_step(gain, last_gain, history)
        found = _newton_length(objective, theta, history[-1], (step / unit).reshape(theta.shape), gain, last)
        if found is None:  # what descent is left drowns in rounding
            converged = gain <= 1e-10 * abs(history[-1])
            break
        t, value, grad, expansion = found
        theta = theta + t * (step / unit).reshape(theta.shape)
        hidden = value >= history[-1] and gain <= 1e-10 * abs(value) and gain > 1e-2 * last_gain
        idle = idle + 1 if hidden else 0
        history.append(value)
        converged = last or idle == 2 or value < stop_below
        came_true = abs(history[-2] - value - gain / 2) < 0.02 * gain or gain < 1e-9 * abs(value)
        hess = None if converged or came_true else next(expansion)
        change, turn = t * step, grad.ravel() / unit - g
        if change @ turn > 0:  # the old Hessian, if it is to do once more, learns from the step
            pairs.append((change, turn, 1 / (change @ turn)))
        last_gain = gain if t == 1 else 0.0  # 0: says nothing of how errors shrink
    return theta, np.array(history), bool(converged)


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


def lbfgs(objective, theta, parts, steps, memory, precondition, stop_below, two_loops):
    """L-BFGS from `theta`, where value and gradient are `parts`; `precondition` as for the public face.

    Returns
    -------
    theta, history, converged
        Converged when what the next step could gain is lost in the rounding of the cost.
    """
    value, grad = parts
    history, pairs, renewal = [value], deque(maxlen=memory), 8
    guess = precondition(theta) if precondition else np.copy
    converged = value < stop_below or not grad.any()
    while not converged and len(history) <= steps:
        step = -two_loops(grad, pairs, guess)
        gain = -np.vdot(grad, step)
        converged = len(pairs) > 0 and 0 <= gain <= 1e-16 * abs(value) + 1e-30 * abs(history[0])
        found = line_search(objective, theta, value, step, -gain) if gain > 0 else None
        if found is None:
            # what descent is left drowns in rounding; but the first gain of all may be in any unit
            informed = pairs or precondition or gain == 0
            converged = converged or (informed and abs(gain) <= 1e-10 * abs(value))
            if converged or not pairs:
                break
            pairs.clear()  # it was misled: curvature is learnt anew
            guess = precondition(theta) if precondition else np.copy
            continue
        t, value, new_grad = found
        change, turn = t * step, new_grad - grad
        theta, grad = theta + change, new_grad
        history.append(value)
        converged = converged or value < stop_below or not grad.any()
        if (bend := np.vdot(change, turn)) > 0:  # rounding may hide that the slope has risen
            change, turn = change / np.sqrt(bend), turn / np.sqrt(bend)  # whatever the unit of the cost
            pairs.append((change, turn, 1.0))
            guess = guess if precondition else partial(np.multiply, 1 / np.vdot(turn, turn))
        if precondition and len(history) > renewal:
            guess, renewal = precondition(theta), 8 * renewal
    return theta, np.array(history), bool(converged)


def line_search(objective, theta, value, step, slope):
    """A length t that meets the Wolfe conditions, with the cost and gradient there; None if there is none.

    Bisection after Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods" (2013), section 3.
    The second condition, that the slope has risen, keeps sᵀr > 0 and with it the inverse Hessian positive
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
