"""``draw_digit``: a field to draw a digit on, and what a network says of it, with no Python behind it.

The network's forward pass is computed in the page (plain.js), from its own parameters. The panel (draw.js) is
the same HTML and script in a notebook and on a published page. There, the network is in a file of its own
(_moved.py), which is fetched when a reader begins to draw.
"""

import base64
import html
import json
from pathlib import Path

import numpy as np

import mlcore._checks as check
from mlcore.explore._explorer import Explorer
from mlcore.explore._page import check_name, claim_name, served
from mlcore.mlp import MLPClassifier

HERE = Path(__file__).parent
SIDE = 28  # pixels of an image, across and down
ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu")  # those of plain.js
MAX_BYTES = 500_000  # of a network, coded
BITS = 24  # of a parameter
NETWORK = '<script type="application/json" class="digit-network">{}</script>'


def draw_digit(net, X, y, *, scale=255, name="your-digit"):
    """A field to draw a digit on, and the probabilities that a network gives it, computed in the page.

    Parameters
    ----------
    net : MLPClassifier
        Fitted to images of 28 × 28 pixels of the digits 0 to 9, with the activation "identity", "sigmoid",
        "tanh" or "relu".
    X : array_like, shape (m, 784)
        Test images in bytes, 0 (paper) to 255 (ink), which `net` has not seen. Its share of errors on them
        stands below the field, and some of them, right and wrong, can be laid on it.
    y : array_like, shape (m,)
        Their digits.
    scale : float
        How many bytes are one unit of the data that `net` was fitted to: 255 after ``fit(X / 255, y)``.
    name : str
        Names the panel in links.

    Returns
    -------
    Explorer
        Leave it as the last expression of a cell.

    Raises
    ------
    ValueError
        A network of another kind, unfitted, of other inputs, classes or activations, or of more than some
        120,000 parameters; images that are not bytes, or labels that are not digits.

    Notes
    -----
    A parameter is kept in 24 bits, in steps of 2⁻²³ of the largest of its array, which leaves the
    probabilities within 10⁻⁵ of those of ``predict_proba``. Strokes are scaled and centred as the images of
    MNIST were: into a box of 20 × 20 pixels, then by whole pixels until the centre of mass is in the middle.
    """
    check.expect(isinstance(net, MLPClassifier), "net must be an MLPClassifier", type(net).__name__)
    check.fitted(net)
    inputs, classes = net.n_features_in_, np.asarray(net.classes_).tolist()
    check.expect(inputs == SIDE**2, f"net must take images of {SIDE} × {SIDE} = {SIDE**2} pixels", inputs)
    check.expect(classes == list(range(10)), "net must tell the digits 0 to 9 apart", classes)
    check.one_of(net.activation, ACTIVATIONS, name="activation")
    scale = check.at_least(scale, 0, name="scale", strict=True)
    X, y = check.columns(X, net), check.vector(y)
    check.rows(X=X, y=y)
    bytes_ = (X >= 0) & (X <= 255) & (np.floor(X) == X)
    check.every(bytes_, X, name="X", what="hold bytes, whole numbers from 0 to 255")
    check.every(np.isin(y, classes), y, name="y", what="hold digits, 0 to 9")
    name = check_name(name)

    said = net.predict(X / scale)
    shown = _samples(said, y)
    data = json.dumps(_packed(net, X[shown], y[shown], scale), separators=(",", ":"))
    if len(data) > MAX_BYTES:
        raise ValueError(
            f"net needs {len(data):,} bytes on a page; the limit is {MAX_BYTES:,}. Take fewer hidden units."
        )
    text = _caption(net, said, y, shown)
    page = _html(name, text, NETWORK.format(data))
    if served():
        claim_name(name)
    else:
        names = ("draw.css", "moved.js", "plain.js", "draw.js")
        files = {name: (HERE / name).read_text("utf-8") for name in names}
        style, *scripts = files.values()
        page = f"<style>{style}</style>{page}" + "".join(f"<script>{script}</script>" for script in scripts)
    return Explorer({"text/html": page, "text/plain": text})


def _samples(said, y, each=10):
    """Rows to be laid on the field: of each digit one that is read rightly, in turn with some misread."""
    rows = np.arange(len(y))
    right = [found[0] for digit in range(10) if len(found := rows[(y == digit) & (said == y)])]
    wrong = rows[said != y]
    wrong = list(wrong[np.linspace(0, len(wrong) - 1, min(each, len(wrong))).astype(int)])
    pairs = ((right.pop(0) if right else None, wrong.pop(0) if wrong else None) for _ in range(each))
    return [row for pair in pairs for row in pair if row is not None]


def _packed(net, X, y, scale):
    """All that the page computes with, as text and numbers."""
    arrays, codes = [], []
    for array in (part for pair in net.theta_ for part in pair):
        step = float(np.abs(array).max(initial=0)) / (2 ** (BITS - 1) - 1) or 1.0
        whole = np.rint(np.asarray(array, np.float64) / step).astype("<i4").ravel()
        codes.append(whole.view(np.uint8).reshape(-1, 4)[:, : BITS // 8].tobytes())
        arrays.append([array.size, step])
    return {
        "activation": net.activation,
        "scale": scale,
        "arrays": arrays,
        "theta": base64.b64encode(b"".join(codes)).decode(),
        "images": base64.b64encode(X.astype(np.uint8).tobytes()).decode(),
        "labels": y.astype(int).tolist(),
    }


def _caption(net, said, y, shown):
    """What the network is, how often it is wrong, and what must not be expected of it."""
    m, wrong, among = len(y), int((said != y).sum()), int((said[shown] != y[shown]).sum())
    widths = " – ".join(str(n) for n in (SIDE**2, *net.hidden, 10))
    return (
        f"The network {widths} has {net.network_.theta.size:,} parameters. "
        f"It reads {wrong:,} of {m:,} test images wrongly, {100 * wrong / m:.1f} %; "
        f"of the {len(shown)} behind the button, {among}. "
        "Yours may be harder for it: it has only learnt from digits on paper, scanned and scaled alike. "
        "Its ten probabilities sum to 1 whatever is drawn, so a letter or a scribble is read as a digit, too."
    )


def _html(name, text, network):
    bars = "".join(f"<li><span>{k}</span><b><i></i></b><output>–</output></li>" for k in range(10))
    buttons = "".join(
        f'<button type="button" class="digit-{kind}">{words}</button>'
        for kind, words in {"undo": "Undo", "clear": "Clear", "image": "A test image"}.items()
    )
    return (
        f'<figure class="digit" id="{name}">'
        "<noscript><p>To draw on this page takes JavaScript.</p></noscript>"
        '<div class="digit-panel" role="group" aria-label="Draw a digit" inert '
        'data-lm-suppress-shortcuts="true">'  # JupyterLab leaves the keys to it
        f'<div class="digit-field" role="application" tabindex="0" aria-label="field to draw a digit on" '
        f'aria-describedby="{name}-keys"><canvas class="digit-paper" width="112" height="112"></canvas>'
        '<div class="digit-cursor"></div></div>'
        f'<div class="digit-tools"><div>{buttons}</div>'
        '<label><input type="range" class="digit-width" min="1" max="5" step="0.5" value="2.5"> '
        "width of the pen</label>"
        '<label><input type="checkbox" class="digit-centring" checked> '
        "scale and centre, as MNIST’s images were</label>"
        f'<p id="{name}-keys">By keyboard: arrows move, space puts the pen down or lifts it. '
        '<span class="digit-pen" role="status">The pen is up.</span></p></div>'
        '<div class="digit-view"><canvas class="digit-seen" role="img" width="28" height="28" '
        'aria-label="what the network sees, 28 by 28 pixels"></canvas><p>What the network sees</p></div>'
        f'<ol class="digit-bars" aria-label="probabilities">{bars}</ol>'
        '<p class="digit-says" role="status" aria-live="polite"></p></div>'
        f'<figcaption class="digit-text">{html.escape(text)}</figcaption>{network}</figure>'
    )
