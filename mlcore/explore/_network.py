"""``network_playground``: a network that learns in the page, step by step, before the reader's eyes.

The start is drawn here; what moves, by network.js with the training of training.js.
"""

import html
import math

import mlcore._checks as check
from mlcore.explore._controls import Ask, Question, Slider
from mlcore.explore._playground import number_axes, playground
from mlcore.explore._svg import COLORS, panels, show
from mlcore.teach import minus

SIZE = (3.6, 3.1)  # inches of a panel
SIDE = 2  # the axes run from −2 to 2
SETS = ("circle", "two blobs", "exclusive or", "spiral", "your own points")
RARE = ("optimiser", "batch", "initial", "seed", "delta", "m", "sigma")
MAX_POINTS = 700
RUNS = 4  # that can be kept
ETAS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
DECAYS = (0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 3.0)
STARTS = dict(
    data=SETS[0], layer1=4, layer2=0, layer3=0, activation="tanh", eta=0.03,
    optimiser="Adam", batch="10", initial="Glorot", seed=1, delta=0.0, m=120, sigma=0.0,
)  # fmt: skip
LONGEST = (  # what the page may have to say: it keeps the place
    "2–8–8–8–1 sigmoid, momentum, η = 0.003; 667 points, every fourth of each class held out, chosen anew "
    "now that they are your own. After 1000 epochs, 501000 steps: training cost 0.00123, 100 of 501 wrong; "
    "held out 0.00123, 100 of 166 wrong. The held-out cost was least after epoch 1000, 0.00123, and has "
    "risen since: the network learns its points by heart."
)
CHOSEN = "Point 199 of 200: x1 = −0.123456, x2 = −0.123456, orange."
HELP = {
    "figure": "Press Train: in each epoch the network sees all training points once, in small batches, "
    "and moves its weights a little down the slope of the cost. Focus any part and press ? to learn what "
    "it is; where ? is typed, as in a name, press Explain and tap the part.",
    "data": "Where the points come from. Every fourth, of your own every fourth of each class, is held out: "
    "the network never learns from it. Points that you change are your own, and others of them are held out; "
    "choose them here to have them back.",
    "layers": "How many units a hidden layer has; 0 leaves the layer out. Each unit bends the plane along "
    "one line.",
    "activation": "The function g that each hidden unit applies to its weighted sum z. With the identity "
    "nothing bends, and the border stays a straight line.",
    "eta": "The learning rate η: how far a step goes. Too small, nothing seems to happen; too large, the "
    "cost jumps about, or units die.",
    "rare": "How it steps, where it begins, and how many points there are.",
    "optimiser": "How a gradient becomes a step. SGD steps straight down; momentum keeps a part of its "
    "last step; Adam gives every weight a rate of its own.",
    "batch": "How many points make one step. Few: many noisy steps in an epoch. All: one exact step.",
    "initial": "Where the weights begin. Glorot and He choose their size from the width of the layers; "
    "large is ten times Glorot; with zeros all units of a layer stay alike.",
    "seed": "The number that the random start and the order of the points come from: the same number, the "
    "same run.",
    "delta": "Weight decay: the penalty δ²‖W‖², which pulls all weights towards 0.",
    "m": "How many points the network learns from. A third as many again are held out.",
    "sigma": "Standard deviation of the noise by which every point is moved.",
    "train": "Trains on and on until you pause; it rests while out of sight.",
    "step": "One step: the gradient of one batch, and the move that follows.",
    "epoch": "One epoch: steps until every training point was seen once.",
    "hundred": "A hundred epochs, as quickly as can be.",
    "rewind": "Back to epoch 0, with the same random weights.",
    "speed": "How much is trained between two pictures.",
    "now": "An epoch is one pass over the training points. The cost is the mean cross-entropy, −log of "
    "the probability given to the right class; wrong are points on the wrong side of the border.",
    "points": "Training points, large, and held-out ones, small. The shading is what the network says of "
    "each place: blue or orange, the stronger the surer; where the colours meet, its border.",
    "cost": "The cost after each epoch, on a logarithmic scale: of the training points, drawn through, "
    "and of those held out, dashed. Kept runs are thinner and bear their number’s colour.",
    "input": "One coordinate of a point. Its map shows the coordinate itself, blue above 0 and orange below.",
    "unit": "A hidden unit adds up what comes in, each times its weight, and bends the sum by g. Its map "
    "shows what it gives for each place. Lines are its weights, blue above 0, orange and "
    "dashed below, the thicker the larger; their numbers, where there is room, are those of the unit in "
    "focus. With a keyboard, arrows go from unit to unit.",
    "output": "The last unit turns its sum by σ into the probability of blue. Its map is that of the left "
    "panel.",
    "formula": "What the unit in focus computes, with its weights and its bias put in. Choose a point in "
    "the left panel, and its numbers are put in, too. A superscript is the layer, in brackets here: a[1]₂ "
    "is what unit 2 of layer 1 gives.",
    "trouble": "What is going wrong now, if something is: units that no longer learn, or a cost that grows "
    "or jumps about.",
    "runs": "A run that you kept: its curves stay in the right panel. Give it a name. It is in the address, "
    "too, unless its points are your own and not in use.",
    "text": "The state of the training, in words.",
    "tools": "Points of your own: choose, move, add and delete them. Undo brings back points, settings and "
    "training, one change at a time; Start again, the page’s own data and settings.",
    "own": "Paste a table: two coordinates and a class in each line. It can be saved, too.",
    "python": "The same training by mlcore, and by its estimator. Where steps are too long, rounding "
    "grows: then the numbers may differ.",
}
SPEEDS = ("a step a frame", "an epoch a frame", "as fast as it can")
ABOVE = (
    '<div class="network-bar" inert>'
    '<button type="button" class="network-train" data-help="train">Train</button>'
    '<button type="button" class="network-step" data-help="step">Step</button>'
    '<button type="button" class="network-epoch" data-help="epoch">Epoch</button>'
    '<button type="button" class="network-hundred" data-help="hundred">'
    "100 ep<span>ochs</span></button>"
    '<button type="button" class="network-rewind" data-help="rewind">'
    "<span>Back </span>to 0</button>"
    '</div><div class="network-bar network-second" inert>'
    '<label class="network-speed" data-help="speed">Speed <select>{speeds}</select></label>'
    '<button type="button" class="network-explain" aria-pressed="false">? Explain</button></div>'
    '<dl class="network-now" data-help="now" inert>'
    '<div class="network-epochs"><dt>epoch</dt><dd><output>0</output></dd></div>'
    '<div class="network-learnt"><dt>training cost</dt><dd><output>–</output></dd></div>'
    '<div class="network-held"><dt>held out</dt><dd><output>–</output></dd></div></dl>'
)
BELOW = (
    '<div class="network-graph" role="group" aria-label="the network; arrow keys go from unit to unit" '
    'style="--network-rows: {rows}" inert></div>'
    '<p class="network-trouble" role="status" data-help="trouble" inert></p>'
    '<p class="network-formula" id="{name}-formula" data-help="formula" inert></p>'
)
AFTER = (
    '<div class="network-kept" data-help="runs" inert>'
    '<button type="button" class="network-keep">Keep this run</button>'
    '<ol class="network-runs"></ol></div>'
    '<div class="network-help" popover role="dialog" aria-label="explanation" tabindex="-1"><p></p></div>'
)


def network_playground(*, ask=None, answer=None, because="", name="network", **starts):
    """A network that the reader shapes, and that learns to tell two classes of points apart in the page.

    Parameters
    ----------
    ask : str, optional
        Asks how many units the first hidden layer needs, before anything is trained.
    answer : int, optional
        What is right; "Show me" trains this network.
    because : str
        The reason, said with the answer.
    name : str
        Names the playground in links.
    **starts
        Where the reader begins: `data`, "circle", "two blobs", "exclusive or" or "spiral"; `layer1`, `layer2`
        and `layer3`, 0 to 8 units; `activation`, "tanh", "relu", "sigmoid" or "identity"; `eta`; `optimiser`,
        "SGD", "momentum" or "Adam"; `batch`, "1", "5", "10", "20", "50" or "all"; `initial`, "Glorot", "He",
        "zeros" or "large"; `seed`; `delta`; `m`, the points to learn from; `sigma`, their noise.

    Returns
    -------
    Explorer
        Leave it as the last expression of a cell.

    Raises
    ------
    ValueError
        For a start that the reader could not choose.

    Notes
    -----
    A third as many points as it learns from are held out. In a notebook the page's script does all the work;
    what the reader does is not known to Python.
    """
    for key in starts:
        check.one_of(key, STARTS, name="a start")
    start = STARTS | starts
    check.one_of(start["data"], SETS[:-1], name="data")
    sliders = _sliders(start)
    points = sample(start["data"], round(start["m"] * 4 / 3), start["sigma"])
    question = _question(ask, answer, because, sliders, start) if ask else None
    hidden = [start[key] for key in ("layer1", "layer2", "layer3") if start[key]]
    shape = "–".join(map(str, [2, *hidden, 1]))
    activation = f" {start['activation']}" if hidden else ""
    eta = minus(f"{start['eta']:g}")
    text = (
        f"{shape}{activation}, {start['optimiser']}, η = {eta}; {len(points)} points, every "
        "fourth held out. Nothing is learnt yet."
    )
    speeds = "".join(
        f'<option value="{k}"{" selected" * (k == 1)}>{words}</option>' for k, words in enumerate(SPEEDS)
    )
    return playground(
        "network",
        _draw(points),
        name=name,
        sliders=sliders,
        points=[],  # the script has the same
        axes=(-SIDE, SIDE, -SIDE, SIDE),
        columns=("x1", "x2", "class"),
        lead="<b>Press Train</b> and watch the border form. Then change one thing, and train again.",
        how="A tap adds a point, or chooses one to drag. Each change begins the training anew; Undo brings "
        "it back.",
        numbers={},
        text=text,
        longest=LONGEST,
        chosen=CHOSEN,
        classes=("orange", "blue"),
        colors=("warn", "fit"),
        question=question,
        needs=("network.css", "training.js", "graph.js"),
        limits={"points": MAX_POINTS},
        rare=RARE,
        above=ABOVE.format(speeds=speeds),
        below=BELOW.format(name=html.escape(name), rows=max(2, *hidden, 0)),
        after=AFTER,
        helps=HELP,
    )


def _sliders(start):
    def one(values, label, key, **options):
        return Slider(values, label, start=start[key], **options)

    layers = {f"layer{k}": one(range(9), f"units in layer {k}", f"layer{k}") for k in (1, 2, 3)}
    return {
        "data": one(SETS, "data", "data"),
        **layers,
        "activation": one(("tanh", "relu", "sigmoid", "identity"), "activation g", "activation"),
        "eta": one(ETAS, "η, learning rate", "eta"),
        "optimiser": one(("SGD", "momentum", "Adam"), "optimiser", "optimiser"),
        "batch": one(("1", "5", "10", "20", "50", "all"), "points in a batch", "batch"),
        "initial": one(("Glorot", "He", "zeros", "large"), "initial weights", "initial"),
        "seed": one(range(1, 31), "random start, number", "seed"),
        "delta": one(DECAYS, "δ, weight decay", "delta"),
        "m": one((15, 30, 60, 120, 240, 500), "points to learn from", "m"),
        "sigma": one((0.0, 0.05, 0.1, 0.2, 0.3, 0.5), "σ, noise", "sigma"),
    }


def _question(text, answer, because, sliders, start):
    """How many units? Shown by the network that has as many."""
    guess = Slider(range(1, 9), "hidden units", start=start["layer1"] or 1)
    ask = Ask(text, lambda **_: answer, {"layer1": answer}, guess=guess, because=because)
    return Question(ask, ask.positions(sliders), None, start | {"layer1": answer})


def _draw(points):
    fig, (left, right) = panels(2, size=SIZE)
    for held, size in ((True, 4), (False, 7)):
        for k, (color, marker) in enumerate(((COLORS.warn, "o"), (COLORS.fit, "s"))):
            x1, x2 = zip(*[p[:2] for i, p in enumerate(points) if p[2] == k and (i % 4 == 3) == held])
            part = show(f"{'held' if held else 'points'}-{k}")
            left.plot(x1, x2, marker, color=color, markersize=size, gid=part)
    number_axes(left, (-SIDE, SIDE), (-SIDE, SIDE))
    left.set(xlabel="x₁", ylabel="x₂")
    left.set_title("Points, and what the network says")
    for k, color in enumerate((COLORS.truth, COLORS.warn, COLORS.rose, COLORS.data)):
        for part, style in (("run", "-"), ("run-held", "--")):
            right.plot([0, 1], [1, 1], style, color=color, linewidth=1.2, gid=show(f"{part}-{k}"))
    right.plot([0, 1], [0.7, 0.7], "--", color=COLORS.alt, linewidth=1.6, gid=show("cost-held"))
    right.plot([0, 1], [0.7, 0.7], color=COLORS.fit, linewidth=2, gid=show("cost"))
    right.set_yscale("log")
    right.set(xlim=(0, 20), ylim=(1e-3, 10), xlabel="epoch", ylabel="cost")
    right.set_yticks([1e-3, 1e-2, 1e-1, 1, 10], ["0.001", "0.01", "0.1", "1", "10"])
    right.set_yticks([], minor=True)
    right.set_xticks([0, 5, 10, 15, 20])
    for k, label in enumerate(right.get_xticklabels()):
        label.set_gid(show(f"epoch-tick-{k}"))
    right.set_title("Cost after each epoch, dashed: held out")
    return fig


def sample(name, m, sigma, seed=1):
    """The points that training.js gives a page: m triples [x1, x2, class]."""
    random = _generator(seed)

    def polar(r, turns):
        return [r * math.cos(2 * math.pi * turns), r * math.sin(2 * math.pi * turns)]

    def circle(i, u, v):
        return [*polar(0.8 * u**0.5 if i % 2 else 1.25 + 0.5 * u**0.5, v), i % 2]

    def blobs(i, u, v):
        return [*[x + (0.8 if i % 2 else -0.8) for x in polar(0.6 * u**0.5, v)], i % 2]

    def xor(i, u, v):
        a, b = i & 1, (i & 2) // 2
        return [(2 * a - 1) * (0.15 + 1.55 * u), (2 * b - 1) * (0.15 + 1.55 * v), a ^ b]

    def spiral(i, u, v):
        return [*polar(0.1 + 1.7 * u**0.5, 1.5 * u**0.5 + (i % 2) / 2), i % 2]

    points = []
    for i in range(m):
        *place, label = dict(zip(SETS, (circle, blobs, xor, spiral)))[name](i, random(), random())
        noise = [math.sqrt(-2 * math.log(random())) * math.cos(2 * math.pi * random()) for _ in place]
        noisy = [min(max(x + sigma * e, -SIDE), SIDE) for x, e in zip(place, noise)]
        points.append([*[round(x, 3) + 0.0 for x in noisy], label])
    keys = [random() for _ in points]
    return [points[i] for i in sorted(range(m), key=keys.__getitem__)]


def _generator(seed):
    state = seed + 1

    def random():
        nonlocal state
        state = state * 48271 % 2147483647
        return state / 2147483647

    for _ in range(4):
        random()
    return random
