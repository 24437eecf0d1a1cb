"""Is a `backward` right? One number tells, from derivatives taken in a way that knows no calculus.

Along a random direction v the derivative of a cost C is vᵀ∇C. `backward` gives ∇C; the left-hand side takes
no more than evaluating C:

- *complex step*: Im C(z + ihv)/h. Nothing is subtracted, so h can be 10⁻²⁰ and no digit is lost. `forward`
  must take complex numbers and be smooth there (no `numpy.abs`, no conjugate); the layers of mlcore do.
- *central differences*: (C(z + hv) − C(z − hv))/2h, for any `forward`; some 9 digits at best.

One direction checks all entries at once, whatever their number: an error in any of them goes unseen only if
v happens to be perpendicular to it.
"""

import numpy as np

from ._checks import check_rng


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
        About 1e-15 where all is right and computed in float64 (central differences: 1e-8); about 1 where
        something is wrong. NaN where a derivative is.

    Raises
    ------
    ValueError
        An unknown `method`, no generator, a loss without a target; with the complex step a `forward` that
        drops the imaginary part.

    See Also
    --------
    gradient_errors : the same, one number for each array, which tells where to look.

    Notes
    -----
    Equation eq-gradcheck. Source of the complex step: W. Squire, G. Trapp, "Using complex variables to
    estimate derivatives of real functions", SIAM Review 40 (1998), 110-112.
    """
    errors = gradient_errors(layer, z, target, loss=loss, rng=rng, method=method)
    return float(np.max(list(errors.values())))


def gradient_errors(layer, z, target=None, *, loss=None, rng, method="complex"):
    """Relative error of each array of derivatives: a dictionary with the keys "z", "params[0]", …

    Parameters, errors and equation as for `gradcheck`. An error is divided by the length of the gradient,
    which is the typical size of a derivative in a random direction.
    """
    check_rng(rng)
    if method not in ("complex", "central"):
        raise ValueError(f'method must be "complex" or "central"; got {method!r:.80}.')
    if loss is not None and target is None:
        raise ValueError("a loss needs a target to compare with; got none.")
    z = np.array(z, dtype=np.float64)
    if loss is not None:
        def cost(z): return loss.forward(layer.forward(z), target)
        def backward(): return layer.backward(loss.backward())
    elif target is not None:
        def cost(z): return layer.forward(z, target)
        def backward(): return layer.backward()
    else:
        weights = rng.normal(size=np.shape(layer.forward(z)))
        def cost(z): return np.sum(weights * layer.forward(z))
        def backward(): return layer.backward(weights)

    number = complex if method == "complex" else float
    places = list(_places(layer))
    originals = [params[i] for params, i in places]
    directions, slopes = {"z": rng.normal(size=z.shape)}, {}
    try:
        for params, i in places:
            params[i] = params[i].astype(number)
        slopes["z"] = _slope(cost, z, directions["z"], method)
        for k, (params, i) in enumerate(places):
            name, p = f"params[{k}]", params[i]
            directions[name] = v = rng.normal(size=p.shape)

            def cost_of_params(p):
                params[i] = p
                return cost(z)

            slopes[name] = _slope(cost_of_params, p, v, method)
            params[i] = p
    finally:
        for (params, i), p in zip(places, originals):
            params[i] = p
    cost(z)  # last, so that the layer is left with what it remembers of the real z
    gradients = {"z": backward()} | {f"params[{k}]": g for k, g in enumerate(getattr(layer, "grads", []))}
    return {name: _relative(v, gradients[name], slopes[name]) for name, v in directions.items()}


def _places(layer):
    """Where the parameters stand, as pairs of a list and an index; a layer uses what is put there."""
    for part in getattr(layer, "layers", [layer]):
        params = getattr(part, "params", [])
        yield from ((params, i) for i in range(len(params)))


def _slope(cost, p, v, method):
    """dC(p + tv)/dt at t = 0."""
    if method == "complex":
        h = 1e-20
        value = cost(p + 1j * h * v)
        if np.isrealobj(value):
            raise ValueError("the complex step needs a forward that keeps the imaginary part; got real "
                             'numbers for a complex z. Use method="central".')
        return value.imag / h  # (eq-gradcheck)
    h = np.finfo(float).eps ** (1 / 3) * max(1.0, np.max(np.abs(p), initial=0))
    return (cost(p + h * v) - cost(p - h * v)) / (2 * h)


def _relative(v, gradient, slope):
    """|vᵀg − slope| in units of ‖g‖, or of the slope if that is larger."""
    scale = max(np.linalg.norm(gradient), abs(slope))
    error = abs(np.sum(v * gradient) - slope)
    return float(error / scale if scale != 0 else error)
