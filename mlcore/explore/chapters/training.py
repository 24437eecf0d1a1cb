"""What the chapter *Training* draws: regions that grow, sick curves, stopping, decay, and double descent.

Networks are lists of pairs (W, b), trained by `mlcore.mlp.train_network` as the chapter shows it; nothing
here trains while a frame is drawn.
"""

import numpy as np

from mlcore.explore import COLORS, panels, show
from mlcore.explore._pieces import PAPER, counted
from mlcore.functions import one_hot
from mlcore.layers import ACTIVATIONS, ReLU, sigmoid_cross_entropy, softmax_cross_entropy, squared_error
from mlcore.mlp import MLPClassifier, forward_pass, train_network
from mlcore.optimisers import minibatches
from mlcore.teach import minus

CLASSES = (COLORS.warn, COLORS.fit, COLORS.truth)


# ------------------------------------------------------------------------------------------------- training
def follow(theta, X, Y, activation, loss, moments, **how):
    """A network at several epochs of one training: epoch -> θ, for `moments` that rise from 0.

    Parameters
    ----------
    theta : list of (ndarray, ndarray)
        The start.
    X : ndarray, shape (m, d)
    Y : ndarray, shape (m, K)
    activation : Elementwise
    loss : function
    moments : sequence of int
    **how
        ``eta``, ``batch``, ``rng`` and perhaps ``delta``, for `mlcore.mlp.train_network`.

    Returns
    -------
    dict
    """
    kept, done = {}, 0
    for epoch in moments:
        with np.errstate(all="ignore"):  # steps that are too long may overflow: that is the point
            theta = train_network(theta, X, Y, activation, loss, epochs=epoch - done, **how)
        kept[epoch], done = theta, epoch
    return kept


def follow_rates(theta, X, Y, activation, loss, moments, etas, batch, seed):
    """As `follow`, with several learning rates side by side: η -> epoch -> θ; `seed` orders the examples."""
    runs, rngs = [[theta] * len(etas)], [np.random.default_rng(seed) for _ in etas]
    for done, epoch in zip(moments, moments[1:]):
        how = {"eta": etas, "batch": batch, "epochs": epoch - done, "rngs": rngs}
        runs.append(train_together(runs[-1], X, Y, activation, loss, **how))
    return {eta: dict(zip(moments, run)) for eta, run in zip(etas, zip(*runs))}


def train_together(starts, X, Y, activation, loss, *, eta, batch, epochs, rngs, delta=0.0):
    """Several runs of `train_network` side by side, as a stack of arrays; each ends where it would alone.

    Parameters
    ----------
    starts : sequence of list of (ndarray, ndarray)
        Where each of the S networks starts; all have the same widths.
    X, Y : ndarray, shape (m, d), (m, K)
        Examples and targets, the same for all.
    activation : Elementwise
    loss : function
        As for `train_network`.
    eta, delta : float or sequence of S floats
        One for all networks, or one for each.
    batch, epochs : int
    rngs : sequence of numpy.random.Generator
        For the order of the examples, one for each.

    Returns
    -------
    list of list of (ndarray, ndarray)
        The parameters at the end, in the form of `starts`.
    """
    theta = [
        (np.array([W for W, _ in layer]), np.array([b[None] for _, b in layer])) for layer in zip(*starts)
    ]
    m, eta = len(X), np.reshape(eta, (-1, 1, 1))
    decay = 2 * np.reshape(delta, (-1, 1, 1)) ** 2 / m
    for _ in range(epochs):
        for rows in _batches(m, batch, rngs):
            Z, A = forward_pass(theta, X[rows], activation)
            _, dZ = loss(Z[-1], Y[rows])
            grads = _backward(theta, Z, A, dZ / rows.shape[1], activation)
            theta = [(W - eta * (dW + decay * W), b - eta * db) for (W, b), (dW, db) in zip(theta, grads)]
    return [[(W[s], b[s, 0]) for W, b in theta] for s in range(len(starts))]


def _batches(m, batch, rngs):
    """An epoch of `minibatches`, (S, batch) each: a row for each of the S generators."""
    return map(np.array, zip(*(minibatches(m, batch, rng) for rng in rngs)))


def _backward(theta, Z, A, dZ, activation):
    """`mlcore.mlp.backward_pass` for stacks W (S, n_in, n_out), b (S, 1, n_out)."""
    grads = []
    for l in reversed(range(len(theta))):
        grads.insert(0, (A[l].mT @ dZ, dZ.sum(axis=1, keepdims=True)))
        if l > 0:
            dZ = (dZ @ theta[l][0].mT) * activation.dg(Z[l - 1], A[l])
    return grads


def fit_together(nets, X, y):
    """Fit networks that differ in δ and in the random state alone, side by side: a stack of arrays.

    The numbers of each are those of its own ``fit``, to rounding; the time is that of a few.

    Parameters
    ----------
    nets : sequence of MLPRegressor or of MLPClassifier
        With the same widths, activation, optimiser, batch and epochs, and all stopped early or none.
    X : ndarray, shape (m, d) or (S, m, d)
        The same examples for all S networks, or some for each.
    y : ndarray, shape (m,) or (S, m)
        Targets. Labels are 0, 1, …, K − 1.

    Returns
    -------
    list
        The networks, fitted; they keep no history.
    """
    one, S, classes = nets[0], len(nets), isinstance(nets[0], MLPClassifier)
    rngs = [np.random.default_rng(net.random_state) for net in nets]
    X, y = (np.broadcast_to(a, (S, *a.shape)) if a.ndim == n else a for a, n in ((X, 2), (y, 1)))
    K = int(y.max()) + 1 if classes and y.max() > 1 else 1  # outputs
    Y = one_hot(y.ravel(), K).reshape(*y.shape, K) if K > 1 else y[:, :, None].astype(float)
    loss = softmax_cross_entropy if K > 1 else sigmoid_cross_entropy if classes else squared_error
    rows, n_held = np.tile(np.arange(X.shape[1]), (S, 1)), 0
    if one.early_stopping:  # as `fit` does it: the first of the rows in random order are held out
        n_held = max(1, round(one.validation * X.shape[1]))
        rows = np.array([rng.permutation(X.shape[1]) for rng in rngs])
    pick = np.arange(S)[:, None]
    held, used = rows[:, :n_held], rows[:, n_held:]
    (X_held, Y_held), (X, Y) = ((X[pick, r], Y[pick, r]) for r in (held, used))
    m, g = X.shape[1], ACTIVATIONS[one.activation]()
    for net, rng in zip(nets, rngs):
        net.network_ = net._network(X.shape[2], K, rng)
        if classes:
            net.classes_ = np.arange(max(K, 2))
    flat = np.array([net.network_.theta for net in nets])  # (S, P): what Adam moves
    theta = _as_layers(flat, one.network_)  # views of it
    decay = 2 * np.array([net.delta for net in nets])[:, None] ** 2 / m * one.network_.is_weight
    state, best, since = one.optimiser.init(flat), np.full(S, np.inf), np.zeros(S, dtype=int)
    kept = flat.copy()
    for _ in range(one.epochs):
        for rows in _batches(m, one.batch, rngs):
            Z, A = forward_pass(theta, X[pick, rows], g)
            dZ = loss(Z[-1], Y[pick, rows])[1] / rows.shape[1]
            grads = _backward(theta, Z, A, dZ, g)
            grad = np.concatenate([p.reshape(S, -1) for pair in grads for p in pair], axis=1)
            grad += decay * flat
            step, state = one.optimiser.update(grad, state)
            flat += step
        if one.early_stopping:
            e = forward_pass(theta, X_held, g)[0][-1]
            cost = np.array([loss(z, t)[0] for z, t in zip(e, Y_held)])
            better = (cost < best) & (since < one.patience)
            kept[better], best[better] = flat[better], cost[better]
            since = np.where(better, 0, since + 1)
            if np.all(since >= one.patience):
                break
    for net, end in zip(nets, kept if one.early_stopping else flat):
        net.network_.theta = end
    return nets


def _as_layers(flat, network):
    """Views of all parameters (S, P) as pairs W (S, n_in, n_out), b (S, 1, n_out)."""
    parts = np.split(flat, np.cumsum([p.size for p in network.params])[:-1], axis=1)
    shaped = [a.reshape(len(flat), *np.atleast_2d(p).shape) for a, p in zip(parts, network.params)]
    return list(zip(shaped[::2], shaped[1::2]))


def train_stack(X, Y, n, steps, eta, rng):
    """Networks with n hidden ReLUs, one for each data set, trained side by side by Adam on all examples.

    Parameters
    ----------
    X : ndarray, shape (R, m, d)
        The examples of R data sets.
    Y : ndarray, shape (R, m, 1)
    n, steps : int
    eta : float
    rng : numpy.random.Generator
        For the R starts.

    Returns
    -------
    predict : callable
        Takes examples (R, k, d), returns (R, k, 1).
    """
    (R, m, d), sizes = X.shape, (np.sqrt(2 / X.shape[2]), np.sqrt(1 / n))
    theta = [
        rng.normal(size=(R, d, n)) * sizes[0],
        np.zeros((R, 1, n)),
        rng.normal(size=(R, n, 1)) * sizes[1],
        np.zeros((R, 1, 1)),
    ]
    first, second = [np.zeros_like(p) for p in theta], [np.zeros_like(p) for p in theta]

    def predict(X):
        W, b, V, c = theta
        return np.maximum(X @ W + b, 0) @ V + c

    for k in range(1, steps + 1):
        W, b, V, c = theta
        A = np.maximum(X @ W + b, 0)
        e = 2 * (A @ V + c - Y) / m
        back = (e @ V.swapaxes(1, 2)) * (A > 0)
        grads = (
            X.swapaxes(1, 2) @ back,
            back.sum(axis=1, keepdims=True),
            A.swapaxes(1, 2) @ e,
            e.sum(axis=1, keepdims=True),
        )
        for p, g, u, v in zip(theta, grads, first, second):
            u += 0.1 * (g - u)
            v += 0.001 * (g**2 - v)
            p -= eta * u / (1 - 0.9**k) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
    return predict


def _points(ax, X, y, size=4.0):
    for k, marker in enumerate("os^"[: y.max() + 1]):
        ax.plot(*X[y == k].T, marker, color=CLASSES[k], markersize=size, markeredgewidth=0)


def _square(low, high, n):
    t = np.linspace(low, high, n)
    return t, np.stack(np.meshgrid(t, t), axis=-1).reshape(-1, 2)


def regions(runs, X, y, costs, wrong):
    """Explorer of a network on two spirals: epoch × width × learning rate.

    Parameters
    ----------
    runs : dict
        (width, η) -> epoch -> θ, with one output, the log-odds of class 1.
    X : ndarray, shape (m, 2)
    y : ndarray, shape (m,)
    costs : dict
        (width, η) -> mean cost at each epoch that is kept.
    wrong : dict
        (width, η) -> how many are on the wrong side at each of them.

    Returns
    -------
    draw, describe : callable
        Functions of ``epoch``, ``units`` and ``eta``.
    """
    t, grid = _square(-2.52, 2.52, 43)  # beyond the panel, where the region's edge is none of the network's
    epochs = list(next(iter(runs.values())))
    highest = max(cost.max() for cost in costs.values())

    def at(epoch, units, eta):
        k = epochs.index(epoch)
        return k, costs[units, eta], wrong[units, eta]

    def draw(epoch, units, eta):
        k, cost, missed = at(epoch, units, eta)
        score = forward_pass(runs[units, eta][epoch], grid, ReLU())[0][-1][:, 0]
        height = np.clip(score, -1, 1).reshape(t.size, t.size)
        fig, (left, right) = panels(2)
        region = left.contourf(t, t, height, [0, 2], colors=[(COLORS.fit, 0.16)])
        region.set(edgecolor=COLORS.fit, linewidth=1.4, gid=show("region"))
        _points(left, X, y)
        left.set(xlim=(-2.4, 2.4), ylim=(-2.4, 2.4), xlabel="x₁", ylabel="x₂")
        left.set_title(f"epoch {epoch}: {missed[k]} of {len(y)} wrong")
        x = np.sqrt(epochs)
        right.axhline(np.log(2), color=COLORS.muted, linewidth=0.8)
        right.text(x[-1], np.log(2) + 0.02, "a coin: log 2", color=COLORS.muted, ha="right", va="bottom")
        right.plot(x, cost, color=COLORS.muted, linewidth=1, gid=show("cost"))
        right.plot(x[: k + 1], cost[: k + 1], color=COLORS.fit, gid=show("cost"))
        right.plot(x[k], cost[k], "o", color=COLORS.fit, markersize=7, gid=show("cost"))
        right.set_xticks(x[::2], [str(e) for e in epochs[::2]])
        right.set(
            xlim=(-0.4, x[-1] + 0.4), ylim=(0, 1.05 * highest), xlabel="epoch", ylabel="cost per example"
        )
        right.set_title(f"{units} units, η = {eta:g}")
        return fig

    def describe(epoch, units, eta):
        k, cost, missed = at(epoch, units, eta)
        return (
            f"A network of {units} hidden units, trained with η = {eta:g} for "
            f"{counted(epoch, 'epoch')} on two spirals. The cost per example is {cost[k]:.2f}; {missed[k]} "
            f"of {len(y)} points are in the wrong region."
        )

    return draw, describe


# ------------------------------------------------------------------------------------------------ diagnosis
def sick_curves(curves, chance):
    """Explorer of costs over the epochs, one letter at a time: training and validation.

    Parameters
    ----------
    curves : dict
        Letter -> array (epochs + 1, 2) of training and validation cost per example.
    chance : float
        The cost of a network that gives all classes the same probability.

    Returns
    -------
    draw, describe : callable
        Functions of ``case``.
    """

    def draw(case):
        c = curves[case]
        fig, ax = panels(size=(4.6, 3.6))
        k = np.arange(len(c))
        ax.axhline(chance, color=COLORS.muted, linewidth=0.9, gid=show("chance"))
        over = c[40:] - chance  # the curves where the words stand: these are on the emptier side of the line
        below = np.sum((over > 0) & (over < 0.4)) > np.sum((over < 0) & (over > -0.4))
        ax.text(
            60,
            chance + (-0.06 if below else 0.06),
            "all alike: log 10",
            color=COLORS.muted,
            ha="right",
            va="top" if below else "bottom",
            gid=show("chance"),
            bbox=PAPER,
            zorder=4,
        )
        ax.plot(k, c[:, 0], color=COLORS.fit, linewidth=2.2, gid=show("training"))
        ax.plot(k, c[:, 1], "--", color=COLORS.warn, gid=show("validation"))
        ax.set(xlim=(-1, 61), ylim=(0, 4), xlabel="epoch", ylabel="cost per example")
        ax.plot([4, 8], [3.75, 3.75], color=COLORS.fit, linewidth=2.2, gid=show("training"))
        ax.text(9, 3.75, "training", color=COLORS.fit, va="center", gid=show("training"))
        ax.plot([23, 27], [3.75, 3.75], "--", color=COLORS.warn, gid=show("validation"))
        ax.text(28, 3.75, "validation", color=COLORS.warn, va="center", gid=show("validation"))
        ax.set_title(f"run {case}, starts at {c[0, 0]:.1f}", gid=show("training"))  # it tells the answer
        return fig

    def describe(case):
        last, held = curves[case][-1]
        return (
            f"Run {case}: training and validation cost per example over 60 epochs, on an axis from 0 to "
            f"4. At the end they are {last:.2g} and {held:.2g}."
        )

    return draw, describe


# ------------------------------------------------------------------------------------------- early stopping
def stopping(x, y, truth, fits, costs):
    """Explorer of a network that follows the noise: the curve at an epoch, and both costs over the epochs.

    Parameters
    ----------
    x, y : ndarray, shape (m,)
    truth : function
    fits : dict
        Epoch -> curve at 161 points from 0 to 4.
    costs : tuple of ndarray
        Of every 10th epoch: the epoch, training cost per example, squared error expected on a new target.

    Returns
    -------
    draw, describe : callable
        Functions of ``epoch``.
    at : callable
        Where the point on the curve of new targets stands, likewise.
    """
    t, (k, train, new) = np.linspace(0, 4, 161), costs

    def at(epoch):
        i = int(np.searchsorted(k, epoch))
        return epoch, float(new[i])

    def draw(epoch):
        i = int(np.searchsorted(k, epoch))
        fig, (left, right) = panels(2)
        left.plot(t, truth(t), "--", color=COLORS.truth, linewidth=1.3, gid=show("truth"))
        left.plot(x, y, "o", color=COLORS.data, markersize=4)
        left.plot(t, np.clip(fits[epoch], -4, 4), color=COLORS.fit, gid=show("network"))
        left.set(xlim=(0, 4), ylim=(-2.4, 4.1), xlabel="x", ylabel="y", title=f"after {epoch} epochs")
        right.plot(k, train, color=COLORS.fit, gid=show("training cost"))
        right.plot(k, new, color=COLORS.warn, gid=show("new targets"))
        right.plot([epoch], [train[i]], "o", color=COLORS.fit, markersize=6, gid=show("training cost"))
        right.plot([epoch], [new[i]], "o", color=COLORS.warn, markersize=8, gid=show("new targets"))
        right.text(12, 0.06, "training", color=COLORS.fit, gid=show("training cost"))
        right.text(900, 1.2, "new targets", color=COLORS.warn, ha="right", gid=show("new targets"))
        right.set(xscale="log", yscale="log", xlim=(9, 3400), ylim=(0.03, 3))
        right.set_yticks([0.03, 0.1, 0.3, 1, 3], ["0.03", "0.1", "0.3", "1", "3"])
        right.set_xticks([10, 100, 1000], ["10", "100", "1000"])
        right.minorticks_off()
        right.set(xlabel="epoch", ylabel="mean squared error")
        return fig

    def describe(epoch):
        i = int(np.searchsorted(k, epoch))
        return (
            f"A network of 50 tanh units after {epoch} epochs on {len(x)} noisy points of a sine, dashed. "
            f"Its mean squared error is {train[i]:.2f} on the points that it sees."
        )

    return draw, describe, at


def draw_two_paths(steps, early, ridge):
    """Test error of features under descent after k steps, and under ridge with δ² = m/2ηk."""
    fig, ax = panels(size=(4.6, 3.6))
    ax.plot(steps, ridge, color=COLORS.alt, gid=show("ridge"))
    ax.plot(steps, early, color=COLORS.warn, gid=show("descent"))
    ax.text(steps[0] * 12, 30, "ridge, δ² = m/2ηk", color=COLORS.alt, gid=show("ridge"))
    ax.text(steps[-1] * 0.3, 26, "descent, k steps", color=COLORS.warn, ha="right", gid=show("descent"))
    ax.set(xscale="log", xlabel="steps k", ylabel="mean squared error, (mpg)²")
    ax.set(xlim=(steps[0] * 0.9, steps[-1] * 1.1), ylim=(8, 36))
    return fig


# ---------------------------------------------------------------------------------------------------- decay
def decay(networks, X, y, results):
    """Explorer of weight decay: regions of three classes, and the costs against δ.

    Parameters
    ----------
    networks : dict
        δ -> a fitted `MLPClassifier`.
    X : ndarray, shape (m, 2)
    y : ndarray, shape (m,)
    results : ndarray, shape (n, 4)
        δ, training cost and test cost per example, size of the weights.

    Returns
    -------
    draw, describe : callable
        Functions of ``delta``.
    """
    t, grid = _square(-3, 3, 61)
    place = np.arange(len(results))
    images = {delta: net.predict_proba(grid) for delta, net in networks.items()}

    def draw(delta):
        i = int(np.flatnonzero(results[:, 0] == delta)[0])
        fig, (left, right) = panels(2)
        for k, color in enumerate(CLASSES):
            rest = np.delete(images[delta], k, axis=1).max(axis=1)
            lead = (images[delta][:, k] - rest).reshape(t.size, t.size)
            left.contourf(t, t, lead, [0, 1.01], colors=[color], alpha=0.17).set_gid(show("regions"))
        _points(left, X, y, 3.5)
        left.set(xlim=(-3, 3), ylim=(-3, 3), xlabel="x₁", ylabel="x₂", title=minus(f"δ = {delta:g}"))
        for column, color in ((1, COLORS.fit), (2, COLORS.warn)):
            gid = show(("training cost", "test cost")[column - 1])
            right.plot(place, results[:, column], ".-", color=color, markersize=5, linewidth=1.2, gid=gid)
            right.plot([i], results[i, column], "o", color=color, markersize=8, gid=gid)
        right.text(0.1, results[0, 1] - 0.09, "training", color=COLORS.fit, gid=show("training cost"))
        right.text(0.1, results[0, 2] + 0.05, "test", color=COLORS.warn, gid=show("test cost"))
        right.set_xticks(place, [f"{d:g}" for d in results[:, 0]])
        right.set(xlim=(-0.4, place[-1] + 0.4), ylim=(0, 1.2), xlabel="δ", ylabel="cost per example")
        right.set_title(f"length of the weights: {results[i, 3]:.1f}")
        return fig

    def describe(delta):
        i = int(np.flatnonzero(results[:, 0] == delta)[0])
        return (
            f"Regions of three spirals by a network of 50 units with weight decay δ = {delta:g}. The "
            f"training cost per example is {results[i, 1]:.2f}; the weights have the length "
            f"{results[i, 3]:.1f}."
        )

    return draw, describe


def draw_three_classes(X, y, networks, names):
    """Regions of three classes by two models: title -> function of points (k, 2) to probabilities."""
    fig, axes = panels(2)
    (a, b), (c, d) = X.min(axis=0) - 0.4, X.max(axis=0) + 0.4
    s, t = np.linspace(a, c, 81), np.linspace(b, d, 81)
    grid = np.stack(np.meshgrid(s, t), axis=-1).reshape(-1, 2)
    for ax, (title, proba) in zip(axes, networks.items()):
        pi = proba(grid)
        for k, color in enumerate(CLASSES):
            lead = (pi[:, k] - np.delete(pi, k, axis=1).max(axis=1)).reshape(81, 81)
            ax.contourf(s, t, lead, [0, 1.01], colors=[color], alpha=0.17).set_gid(show("regions"))
        _points(ax, X, y, 3.5)
        ax.set(xlim=(a, c), ylim=(b, d), xlabel=names[0], ylabel=names[1], title=title)
    return fig


# ------------------------------------------------------------------------------------------- double descent
def random_features(X, n, rng):
    """n ReLUs with random weights and biases: a function from examples (m, d) to features (m, n).

    Parameters
    ----------
    X : ndarray, shape (m, d)
        Only its width is used.
    n : int
    rng : numpy.random.Generator

    Returns
    -------
    callable
    """
    W, b = rng.normal(size=(X.shape[1], n)), rng.normal(size=n)
    return lambda X: np.maximum(X @ W + b, 0)


def double_descent(widths, errors, spread, predictions, y):
    """Explorer of random features: predictions on cars that were not fitted, and the errors against width.

    Parameters
    ----------
    widths : sequence of int
    errors : dict
        δ -> median test error at each width.
    spread : dict
        δ -> quartiles (2, widths) of the test error.
    predictions : dict
        (width, δ) -> predictions (k,) of one draw.
    y : ndarray, shape (k,)
        Their targets.

    Returns
    -------
    draw, describe : callable
        Functions of ``n`` and ``delta``.
    """
    colors = dict(zip(errors, (COLORS.warn, COLORS.alt, COLORS.good)))
    low, high = -18, 68  # what lies beyond stands here, in the panel

    def outside(n, delta):
        return int(np.sum((predictions[n, delta] < low) | (predictions[n, delta] > high)))

    def draw(n, delta):
        fig, (left, right) = panels(2)
        left.plot([-100, 200], [-100, 200], color=COLORS.muted, linewidth=0.8)
        left.plot(y, np.clip(predictions[n, delta], low, high), "o", color=colors[delta], markersize=2.6)
        left.set(xlim=(5, 50), ylim=(-20, 70), xlabel="measured (mpg)", ylabel="predicted (mpg)")
        beyond = outside(n, delta)
        left.set_title(f"{n} random features" + (f", {beyond} dots beyond" if beyond else ""))
        for (d, color), height in zip(colors.items(), (27, 16.5, 10)):
            right.fill_between(widths, *spread[d], color=color, alpha=0.15, linewidth=0, gid=show("errors"))
            right.plot(widths, errors[d], color=color, linewidth=1.4, gid=show("errors"))
            right.text(1350, height, f"δ = {d:g}", color=color, va="center", gid=show("errors"))
        right.plot(
            [n],
            [errors[delta][list(widths).index(n)]],
            "o",
            color=colors[delta],
            markersize=8,
            gid=show("errors"),
        )
        right.set(xscale="log", yscale="log", xlim=(1.8, 9000), ylim=(8, 6000))
        right.set_xticks([2, 10, 40, 200, 1000], ["2", "10", "40", "200", "1000"])
        right.set_yticks([10, 100, 1000], ["10", "100", "1000"])
        right.minorticks_off()
        right.set(xlabel="features n", ylabel="test error, (mpg)²")
        return fig

    def describe(n, delta):
        how = "the shortest least-squares solution" if delta == 0 else f"ridge with δ = {delta:g}"
        beyond, middle = outside(n, delta), errors[delta][list(widths).index(n)]
        edge = f", {beyond} of them beyond the panel and drawn at its edge" if beyond else ""
        return (
            f"{n} random features and {how}, fitted to 40 cars. Left, the predictions for the other 352 "
            f"in one draw{edge}; right, the median over draws of the mean squared error, here "
            f"{middle:.0f} (mpg)²."
        )

    return draw, describe


def draw_widths(widths, train, test, plane):
    """Training and test error against width, (centre, low, high) of each, and a plane's test error."""
    fig, axes = panels(2)
    parts = (train, COLORS.fit, "training error, (mpg)²"), (test, COLORS.warn, "test error, (mpg)²")
    for ax, ((mean, low, high), color, name) in zip(axes, parts):
        gid = show(name.split()[0])
        ax.fill_between(widths, low, high, color=color, alpha=0.15, linewidth=0, gid=gid)
        ax.plot(widths, mean, ".-", color=color, gid=gid)
        ax.set(xscale="log", xlim=(widths[0] * 0.9, widths[-1] * 1.1), xlabel="hidden units", ylabel=name)
        ax.set_xticks(widths, [str(n) for n in widths])
        ax.minorticks_off()
    axes[0].set(yscale="log", ylim=(0.001, 20))
    axes[1].axhline(plane, color=COLORS.alt, linewidth=1, gid=show("plane"))
    axes[1].text(widths[-1], plane - 1.2, "plane", color=COLORS.alt, ha="right", va="top", gid=show("plane"))
    axes[1].set(ylim=(0, 60))
    return fig


# ---------------------------------------------------------------------------------------------------- seeds
def draw_seeds(groups, noise):
    """Error rates of runs that differ by their seed alone, a row for each network: name -> rates."""
    fig, ax = panels(size=(4.6, 2.6))
    for row, (name, rates) in enumerate(groups.items()):
        lift = 0.11 * (np.arange(rates.size) % 3 - 1)
        ax.plot(100 * rates, row + lift, "o", color=COLORS.fit, markersize=4, alpha=0.7)
        ax.plot([100 * rates.mean()], [row], "d", color=COLORS.warn, markersize=9)
        ax.text(3.05, row + 0.28, name, color=COLORS.data)
    ax.plot([100 * (rates.mean() - noise), 100 * (rates.mean() + noise)], [-0.55, -0.55], color=COLORS.alt)
    ax.text(100 * (rates.mean() + noise) + 0.08, -0.55, "± sampling error", color=COLORS.alt, va="center")
    ax.set(xlim=(3, 8.5), ylim=(-0.85, len(groups) - 0.4), yticks=[], xlabel="validation error (%)")
    return fig
