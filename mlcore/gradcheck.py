"""Is a `backward` right? One number tells, from derivatives taken in a way that knows no calculus.

Along a random direction v the derivative of a cost C is vᵀ∇C. `backward` gives ∇C; the left-hand side takes
no more than evaluating C:

- *complex step*: Im C(z + ihv)/h. Nothing is subtracted, so h can be 10⁻²⁰ and no digit is lost. `forward`
  must take complex numbers and be smooth there (no `numpy.abs`, no conjugate); the layers of mlcore do.
- *central differences*: (C(z + hv) − C(z − hv))/2h, for any `forward`; some 9 digits at best.

One direction checks all entries at once, whatever their number: an error in any of them goes unseen only if
v happens to be perpendicular to it.

Three plain forms for a function of a vector θ come first.
"""

from math import hypot
from types import SimpleNamespace

import numpy as np

from . import _checks as check
from .layers import Identity, Layer, Loss, leaves


def numerical_gradient(f, theta, h=1e-5):
    """∇f(θ) (n,) by central differences: two values of `f` for each entry of θ (n,)."""
    steps = h * np.eye(len(theta))
    differences = [f(theta + p) - f(theta - p) for p in steps]
    return np.array(differences) / (2 * h)  # (eq-central-difference)


def complex_step_gradient(f, theta, h=1e-20):
    """∇f(θ) (n,) by imaginary steps, to the last digits; `f` must take complex numbers."""
    steps = h * np.eye(len(theta))
    values = np.array([f(theta + 1j * p) for p in steps])
    return values.imag / h  # (eq-complex-step)


def check_gradient(f, gradient, theta, rng, h=1e-5):
    """Relative error of `gradient(theta)` along a random direction: above 1e-6 it wants an explanation."""
    v = rng.normal(size=len(theta))
    measured = (f(theta + h * v) - f(theta - h * v)) / (2 * h)  # (eq-gradcheck)
    claimed = v @ gradient(theta)  # (eq-directional)
    return abs(measured - claimed) / max(abs(measured), abs(claimed))


def gradcheck(layer, z, target=None, *, loss=None, rng, method="complex"):
    """Relative error of `backward`, of all derivatives that it computes the worst.

    Parameters
    ----------
    layer : Layer or loss
        A layer, a `Sequential`, or a loss; or anything with the same methods.
    z : array_like, shape (m, n_in)
        Where to check. Stay off kinks such as the 0 of ReLU.
    target : array_like, shape (m, K), optional
        For a loss. For a layer without a loss, the cost is a random weighted sum of its outputs.
    loss : loss, optional
        Put behind `layer`, so that the pair is checked.
    rng : numpy.random.Generator
        Where the direction comes from.
    method : "complex" or "central"
        How the derivative along the direction is measured.

    Returns
    -------
    float
        About 1e-15 where all is right and computed in float64 (central differences: 1e-8), and not above
        1e-13 where the terms of a derivative cancel, as at the minimum of a cost; about 1 where something is
        wrong. NaN where a derivative is.

    Raises
    ------
    ValueError
        An unknown `method`, no generator, a loss without a target, a target without a loss; derivatives that
        are not as many and of the same shapes as z and the parameters; with the complex step a `forward` that
        drops the imaginary part.

    See Also
    --------
    gradient_errors : The same, one number for each array, which tells where to look.

    Notes
    -----
    Equation eq-gradcheck. Source of the complex step: W. Squire, G. Trapp, "Using complex variables to
    estimate derivatives of real functions", SIAM Review 40 (1998), 110-112.
    """
    errors = gradient_errors(layer, z, target, loss=loss, rng=rng, method=method)
    return float(np.max(list(errors.values())))


def gradient_errors(layer, z, target=None, *, loss=None, rng, method="complex"):
    """Relative error of each array of derivatives, in a dictionary with the keys "z", "params[0]" and so on.

    Parameters, errors and equation as for `gradcheck`. An error is divided by the length of the gradient,
    which is the typical size of a derivative in a random direction. Where the gradient is 0 or almost, since
    its terms cancel, what rounding leaves of them is no error: so it is divided by at least the change of the
    gradient when the input of the loss moves by a tenth of the size of the target.
    """
    check.generator(rng)
    check.one_of(method, ("complex", "central"), name="method")
    at = [check.finite(z, name="z").copy()]
    if target is None:
        bare = loss is None and not isinstance(layer, Loss)
        check.expect(bare, "a loss needs a target to compare with", "none")
        weights = rng.normal(size=np.shape(layer.forward(at[0])))
        loss = SimpleNamespace(forward=lambda a, _: np.sum(weights * a), backward=lambda: weights)
    elif loss is None:
        hint = "Put it behind: loss=SquaredError()."
        check.expect(not isinstance(layer, Layer), "a target is for a loss", "a layer without one", hint)
        layer, loss = Identity(), layer

    def cost(shift=0.0):
        return loss.forward(layer.forward(at[0]) + shift, target)

    def gradients(shift):  # copies, for the next `backward` writes into the same arrays
        cost(shift)
        return [np.array(g) for g in (layer.backward(loss.backward()), *getattr(layer, "grads", []))]

    parts = [part for part in leaves([layer]) if hasattr(part, "params")]
    places = [(at, 0), *((part.params, i) for part in parts for i in range(len(part.params)))]
    originals = [arrays[i] for arrays, i in places]
    directions = [rng.normal(size=p.shape) for p in originals]
    try:
        for arrays, i in places:  # a layer uses what is put there
            arrays[i] = arrays[i].astype(complex if method == "complex" else float)
        measured = [_slope(cost, arrays, i, v, method) for (arrays, i), v in zip(places, directions)]
    finally:
        for (arrays, i), p in zip(places, originals):
            arrays[i] = p
    shift = 0.0
    if target is not None:
        largest = np.abs(np.asarray(target)).max(initial=0)
        shift = 0.1 * largest * rng.normal(size=layer.forward(at[0]).shape)
    nearby, claimed = gradients(shift), gradients(0.0)  # in this order: z itself is remembered in the end
    due, got = [p.shape for p in originals], [g.shape for g in claimed]
    what = f"backward must give a derivative for z and each of params, of shapes {due}"
    check.expect(got == due, what, f"shapes {got}")
    names = ["z", *(f"params[{k}]" for k in range(len(places) - 1))]
    return {name: _relative(*each) for name, *each in zip(names, directions, claimed, nearby, measured)}


def _slope(cost, arrays, i, v, method):
    """d cost/dt at t = 0, where arrays[i] is p + tv, and the size below which that cannot be measured."""

    def moved(t):
        arrays[i] = p + t * v
        value = cost()
        arrays[i] = p
        return value

    p, (eps, tiny) = arrays[i], (np.finfo(float).eps, np.finfo(float).tiny)
    if method == "central":
        h = eps ** (1 / 3) * max(1.0, np.max(np.abs(p), initial=0))
        above, below = moved(h), moved(-h)
        blur = eps * max(abs(above), abs(below)) / h
        return (above - below) / (2 * h), 1e9 * blur + tiny  # (eq-gradcheck)
    h = 1e-20
    value = moved(1j * h)
    what = "the complex step needs a forward that keeps the imaginary part"
    check.expect(np.iscomplexobj(value), what, "real numbers for a complex z", 'Use method="central".')
    return value.imag / h, tiny / h  # (eq-gradcheck)


def _relative(v, gradient, nearby, measured):
    """|vᵀg − slope| in units of ‖g‖, or of what else is the scale of the slope if that is larger."""
    slope, smallest = measured
    scale = max(hypot(*gradient.flat), hypot(*(nearby - gradient).flat), abs(slope), smallest)
    return float(abs(np.sum(v * gradient) - slope) / scale)
