"""A network that learns in the page, in a real browser: its numbers are those of mlcore, and all can play."""

import numpy as np
import pytest
from browser import swipe
from playgrounds import (
    END,
    HEAD,
    PLACES,
    STILL,
    awkward,
    drag,
    finger,
    follow,
    made,
    of,
    paste,
    spot,
    text_of,
    touch,
    violations,
    visiting,
    write,
)

import mlcore
from mlcore.explore import _network, network_playground

SCRIPTS = ("network.css", "training.js", "graph.js", "network.js")
ENGINE = ("plain.js", "plain_fits.js", "training.js")
QUESTION = dict(ask="How many units does the circle need?", answer=3, because="Three lines close.", layer1=2)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("network")
    write(folder, "page.html", made(network_playground)["text/html"], SCRIPTS)
    write(folder, "asked.html", made(network_playground, **QUESTION)["text/html"], SCRIPTS)
    gap = "<p style='height: 400vh'>Far below.</p>"
    write(folder, "far.html", made(network_playground)["text/html"], SCRIPTS, before=gap)
    two = made(network_playground, face="", name="one")["text/html"]
    two += made(network_playground, face="", name="two", data="spiral")["text/html"]
    (folder / "notebook.html").write_text(f"{HEAD}{two}{END}", "utf-8")
    return folder.as_uri()


@pytest.fixture
def visit(chromium, address):
    with visiting(chromium, address, settled) as visit:
        yield visit


def settled(page):
    """Wait until what the address asks for is trained."""
    page.wait_for_function("it => { it = explorers.get('network'); return it?.canvas && !it.goal; }")


@pytest.fixture(scope="module")
def engine(chromium):
    page = chromium.new_page()
    for name in ENGINE:
        page.evaluate(text_of(name))
    yield page
    page.close()


SETTINGS = dict(
    hidden=[4], activation="tanh", initial="Glorot", seed=3, optimiser="SGD", eta=0.1, batch=7, delta=0.0
)


def costs(page, histories):
    """The costs after each epoch."""
    found = of(page, f"({histories}).map((history) => history.map((pair) => pair.map((part) => part.cost)))")
    return np.array(found)


def alike(a, b):
    """To rounding, which may change in a browser once its code is warm."""
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=0)


def trained(page, expression, points=None, steps=0, epochs=0, **settings):
    """What is true of a training after some steps."""
    return page.evaluate(
        """([points, settings, steps, epochs, expression]) => {
            const it = new training.Training(points, settings);
            for (let k = 0; k < steps; k++) it.step();
            for (let k = 0; k < epochs; k++) it.epochOn();
            return new Function("it", `return ${expression}`)(it);
        }""",
        [points or _network.sample("circle", 40, 0.1), SETTINGS | settings, steps, epochs, expression],
    )


# ------------------------------------------------------------------------------------- what is computed


@pytest.mark.parametrize("name", _network.SETS[:-1])
@pytest.mark.parametrize("sigma", [0, 0.3])
def test_the_points_are_those_of_the_start(engine, name, sigma):
    got = engine.evaluate("([name, sigma]) => training.sample(name, 83, sigma)", [name, sigma])
    assert np.array(got) == pytest.approx(np.array(_network.sample(name, 83, sigma)), abs=1.1e-3)
    x, y = np.array(got)[:, :2], np.array(got)[:, 2]
    assert np.abs(x).max() <= 2 and abs(y.mean() - 0.5) < 0.01
    held = y[3::4]
    assert 0.2 < held.mean() < 0.8  # both classes are held out


@pytest.mark.parametrize("optimiser, rule", [("SGD", "sgd"), ("momentum", "momentum"), ("Adam", "adam")])
@pytest.mark.parametrize("activation", ["identity", "sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("initial, hidden", [("Glorot", [5, 4]), ("He", [6]), ("large", []), ("zeros", [3])])
def test_a_hundred_steps_are_those_of_the_plain_form(engine, optimiser, rule, activation, initial, hidden):
    got, wanted, steps = engine.evaluate(
        """([points, settings, rule]) => {
            const it = new training.Training(points, settings);
            const pairs = () => it.net.layers.map(({ W, b }) => [[...W], [...b]]);
            const [start, batches] = [pairs().map((pair) => pair.map((a) => Float64Array.from(a))), []];
            for (let k = 0; k < 100; k++) {
                const { at } = it;
                it.step();
                batches.push(it.order.slice(at, at + it.batch));
            }
            const used = points.filter((_, i) => i % 4 !== 3);
            const [X, Y] = [used.map((p) => p.slice(0, 2)), used.map((p) => [p[2]])];
            const { activation, eta, delta } = settings;
            const options = { activation, eta, delta, alpha: 0.9, batches, loss: "sigmoidCrossEntropy" };
            const theta = plain.trainNetwork(start, X, Y, { ...options, rule: plain[`${rule}Step`] });
            return [pairs(), theta.map((pair) => pair.map((a) => [...a])), it.steps];
        }""",
        [
            _network.sample("spiral", 40, 0.1),
            SETTINGS
            | dict(optimiser=optimiser, activation=activation, initial=initial, hidden=hidden, delta=0.3),
            rule,
        ],
    )
    flat = [np.concatenate([np.concatenate(pair) for pair in theta]) for theta in (got, wanted)]
    assert steps == 100 and np.abs(flat[0] - flat[1]).max() <= 1e-9 * max(1, np.abs(flat[1]).max())


CELLS = [
    "optimiser=SGD,eta=0.3",
    "optimiser=momentum,eta=1,batch=1,m=30,layer2=3",
    "activation=relu,initial=He,batch=all,delta=0.3",
    "activation=sigmoid,initial=large,data=spiral,sigma=0.2,layer3=5",
    "activation=identity,initial=zeros,layer1=0,data=two blobs",
]


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("settings", CELLS)
def test_the_python_cell_does_the_same(visit, settings, own, capsys):
    page = visit(f"page.html#network:{settings.replace(' ', '%20')}")
    if own:
        paste(page, "\n".join(f"{3 * k} {100 + k % 11} {'ab'[k % 3 == 0]}" for k in range(40)))
    for _ in range(9):
        page.locator(".network-epoch").click()
    page.locator(".network-step").click()  # all but one setting have more of them in an epoch
    exec(page.locator(".playground-python pre").text_content(), {"mlcore": mlcore})
    train, held, *estimator = (line.split() for line in capsys.readouterr().out.splitlines())
    for part, said in zip(of(page, "it.training.measure()"), (train, held[1:])):
        assert float(said[1]) == pytest.approx(part["cost"], rel=1e-7) and int(said[2]) == part["wrong"]
    if "zeros" in settings or "large" in settings:  # which the estimator does not know
        assert not estimator
    else:
        assert " ".join(estimator[0]).startswith("MLPClassifier, from another random start: ")


def test_what_is_wrong_with_units(engine):
    word = "it.health()[0]"
    assert trained(engine, word, initial="zeros", epochs=5) == ["alike"] * 4
    assert trained(engine, word, initial="zeros", activation="relu", epochs=5) == ["alike"] * 4
    assert trained(engine, word, epochs=5) == [None] * 4
    stuck = "(it.net.layers[0].b.set([-9, -9, 9, 0]), it.measure(), it.health()[0])"
    assert trained(engine, stuck, activation="relu") == ["dead", "dead", None, None]
    assert trained(engine, stuck, activation="tanh") == ["saturated"] * 3 + [None]
    assert trained(engine, stuck, activation="sigmoid") == ["saturated"] * 3 + [None]


def test_divergence_keeps_the_last_good_parameters(engine):
    step, finite, more = trained(
        engine,
        "[it.diverged, it.net.theta.every(Number.isFinite), (it.step(), it.steps)]",
        **dict(activation="identity", hidden=[8, 8, 8], eta=100, initial="large", delta=3, epochs=200),
    )
    assert step and finite and more == step


# ----------------------------------------------------------------------------------- what a reader does


def test_it_trains_until_paused(visit):
    page = visit()
    train = page.locator(".network-train")
    assert "Nothing is learnt yet" in page.locator(".explorer-text").text_content()
    train.click()
    page.wait_for_function("explorers.get('network').training.epoch > 20")
    assert train.text_content() == "Pause"
    train.click()
    epoch = of(page, "it.training.epoch")
    assert page.locator(".network-epochs output").text_content() == str(epoch)
    assert f"After {epoch} epochs" in page.locator(".explorer-text").text_content()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert of(page, "it.training.epoch") == epoch
    page.locator(".network-epoch").click()
    page.locator(".network-step").click()
    assert of(page, "[it.training.epoch, it.training.at]") == [epoch + 1, 10]
    ends = [page.locator(f"[data-show={name}] path").get_attribute("d") for name in ("cost", "cost-held")]
    (_, top, _, bottom), last = of(page, "it.boxes[1]"), of(page, "it.training.history.at(-1)")
    for end, part in zip(ends, last):
        share = (bottom - float(end.split()[-1])) / (bottom - top)
        assert 10 ** (4 * share - 3) == pytest.approx(part["cost"], rel=0.01)  # from 0.001 to 10
    start = of(page, "it.training.history[0]")
    page.locator(".network-rewind").click()
    assert of(page, "[it.training.epoch, it.training.history]") == [0, [start]]
    assert page.locator(".network-rewind").is_disabled()


def test_a_hundred_epochs_end_there(visit):
    page = visit()
    hundred = page.get_by_role("button", name="100 epochs")
    for epochs in (100, 200):
        hundred.click()
        page.wait_for_function("!explorers.get('network').running")
        assert of(page, "it.training.epoch") == epochs
    page.locator(".network-train").click()  # goes on beyond
    page.wait_for_function("explorers.get('network').training.epoch > 202")
    assert of(page, "it.running")


@pytest.mark.parametrize("speed", [0, 1, 2])
def test_all_speeds_train_alike(visit, speed):
    page = visit()
    page.locator(".network-speed select").select_option(str(speed))
    page.locator(".network-train").click()
    page.wait_for_function("explorers.get('network').training.epoch > 2")
    page.locator(".network-train").click()
    got = costs(page, "[it.training.history.slice(0, 3)]")
    page.locator(".network-rewind").click()
    page.locator(".network-epoch").click()
    page.locator(".network-epoch").click()
    assert alike(costs(page, "[it.training.history]"), got)


def test_it_rests_out_of_sight(visit):
    page = visit()
    page.locator(".network-train").click()
    page.wait_for_function("explorers.get('network').training.epoch > 3")
    page.evaluate("document.body.style.marginBottom = '400vh'; scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("!explorers.get('network').visible && !explorers.get('network').ticket")
    assert of(page, "it.running")
    epoch = of(page, "it.training.epoch")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("epoch => explorers.get('network').training.epoch > epoch", arg=epoch)


def test_without_motion_it_trains_at_once(visit):
    page = visit(reduced_motion="reduce")
    assert page.locator(".network-train").text_content() == "Train 100 epochs"
    page.evaluate("explorers.get('network').drawings = 0")
    page.evaluate(
        "it => { it = explorers.get('network'); const draw = it.picture;"
        "it.picture = (whole) => { it.drawings++; draw.call(it, whole); }; }"
    )
    page.locator(".network-train").click()
    page.wait_for_function("!explorers.get('network').running")
    assert of(page, "[it.training.epoch, it.drawings]") == [100, 1]


def test_a_change_begins_anew(visit):
    page = visit()
    page.locator(".network-epoch").click()
    layer = page.locator("[data-param=layer1]")
    layer.focus()
    page.keyboard.press("ArrowRight")
    assert of(page, "[it.training.epoch, it.training.net.widths]") == [0, [2, 5, 1]]
    assert page.locator(".network-unit").count() == 8
    boxes = [
        [unit.bounding_box() for unit in page.locator(name).all()]
        for name in (".network-unit", ".network-unit canvas")
    ]
    assert all(abs(a["y"] - b["y"]) <= 3 and abs(a["width"] - b["width"]) < 7 for a, b in zip(*boxes))
    page.locator(".network-train").click()
    page.wait_for_function("explorers.get('network').training.epoch > 3")
    layer.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("explorers.get('network').training.net.widths[1] === 4")
    page.wait_for_function("explorers.get('network').training.epoch > 3")  # it goes on
    page.locator("[data-param=layer1]").fill("0")
    assert of(page, "it.training.net.widths") == [2, 1]


def test_points_are_dragged_and_pasted(visit):
    page = visit()
    first = of(page, "it.points[0]")
    drag(page, first[:2], (0.5, 1.9))
    page.wait_for_function("!explorers.get('network').dragging")
    assert of(page, "it.points[0]") == pytest.approx([0.5, 1.9, first[2]], abs=0.05)
    page.locator(".playground-undo").click()
    assert of(page, "it.points[0]") == first
    paste(page, "1 2 yes\n3 4 no\n5 6 no\n7 1 yes")
    assert of(page, "[it.word('data'), it.classes, it.training.used.y, it.training.held.y]") == [
        "your own points",
        ["no", "yes"],
        [1, 0, 0, 1],
        [],
    ]
    page.locator("[data-param=layer1]").fill("6")
    assert of(page, "it.points.length") == 4  # stay
    page.locator("[data-param=data]").select_option("3")
    assert of(page, "it.points") == [*map(list, _network.sample("spiral", 160, 0.0))]


def test_hardly_any_points_are_no_error(visit):
    page = visit("page.html#network:data=your%20own%20points,points=0_0_1~1_1_0")
    for left in (1, 0):
        page.locator(".playground-field").focus()
        page.keyboard.press("PageDown")
        page.keyboard.press("Delete")
        assert of(page, "it.points.length") == left
        page.locator(".network-epoch").click()
    assert page_text(page).startswith("0 points, and not of two classes: there is nothing to tell apart.")
    page.locator(".network-train").click()
    page.wait_for_function("!explorers.get('network').running")


def test_who_touches_a_point_is_told_that_others_are_held_out(visit):
    page = visit()
    page.locator(".playground-field").focus()
    before, said = of(page, "it.training.held.A[0].join()"), []
    for key in ("PageDown", "ArrowUp", "ArrowDown", "Control+z"):
        page.keyboard.press(key)
        said.append("chosen anew" in page_text(page))
        assert (of(page, "it.training.held.A[0].join()") != before) == said[-1]
    assert said == [False, True, True, True]


def test_a_table_has_the_names_of_the_python_cell(visit):
    assert of(visit(), "it.csv()").startswith("x1,x2,class\n")


def test_the_formula_of_scaled_points_has_a_letter_of_its_own(visit):
    page = visit("page.html#network:layer1=1")
    formula = page.locator(".network-formula")

    def spelt(letter):
        page.locator(".network-unit").nth(2).focus()
        said = formula.text_content()
        assert f"·{letter}₁" in said and ("where u is x scaled to −2 … 2" in said) == (letter == "u")
        page.locator(".network-unit").nth(3).focus()
        assert "scaled" not in formula.text_content()

    spelt("x")
    paste(page, "\n".join(f"{100 + k} {k % 7} {'ab'[k % 2]}" for k in range(100)))
    spelt("u")
    page.locator(".playground-undo").click()
    spelt("x")


def test_of_one_class_there_is_nothing_to_learn(visit):
    page = visit()
    paste(page, "\n".join(f"{k % 7} {k % 5} yes" for k in range(20)))
    for button in ("network-step", "network-epoch", "network-train"):
        page.locator(f".{button}").click()
    page.wait_for_function("!explorers.get('network').running")
    assert of(page, "it.training.steps") == 0
    assert page_text(page).startswith("20 points, and not of two classes: there is nothing to tell apart.")
    assert page.locator(".network-formula").text_content().startswith("The output: P(another class) = σ(")
    exec(page.locator(".playground-python pre").text_content(), {})


def test_own_points_are_held_out_class_by_class(visit, capsys):
    page = visit("page.html#network:layer1=2")
    held = "[it.training.held.y, it.training.reading[1].m]"
    each, anew = ", every fourth of each class held out", ", chosen anew now that they are your own"
    for names, classes, said in (
        (40 * "ab", 10 * [0, 1], f"; 80 points{each}{anew}. "),
        (4 * "mf", [1, 0], f"; 8 points{each}{anew}. "),
        ("mmmmmfff", [1], f"; 8 points{each} (of f there are too few){anew}. "),
        ("mfm", [], "; 3 points. "),
    ):
        paste(page, "\n".join(f"{k % 9} {k % 7} {name}" for k, name in enumerate(names)))
        assert of(page, held) == [classes, len(classes)] and said in page_text(page)
        small = "[...document.querySelectorAll('[data-show^=held] path')].map(it => it.getAttribute('d'))"
        assert "".join(page.evaluate(small)).count("M") == len(classes)
        page.locator(".network-epoch").click()
        assert ("held out" in page_text(page)) == bool(classes)
        exec(page.locator(".playground-python pre").text_content(), {"mlcore": mlcore})
        printed = capsys.readouterr().out
        assert ("held out" in printed) == bool(classes) and "nan" not in printed
        if classes:
            part = of(page, "it.training.measure()[1]")
            shown = printed.splitlines()[1].split()
            assert float(shown[2]) == pytest.approx(part["cost"], rel=1e-7) and int(shown[3]) == part["wrong"]


def test_the_address_keeps_all(visit):
    page = visit("page.html#network:data=spiral,layer1=8,layer2=3,optimiser=momentum,seed=7,eta=0.3,m=60")
    for _ in range(3):
        page.locator(".network-epoch").click()
    page.wait_for_function("location.hash.includes('epochs=3')")
    wanted = of(page, "[it.points, it.positions]")
    learnt = costs(page, "[it.training.history]")
    assert "points=" not in page.evaluate("location.hash")
    other = visit("page.html" + page.evaluate("location.hash"))
    assert of(other, "[it.points, it.positions]") == wanted
    assert alike(costs(other, "[it.training.history]"), learnt)
    drag(page, of(page, "it.points[0]")[:2], (0.5, 1.9))
    page.wait_for_function("location.hash.includes('points=')")
    other = visit("page.html" + page.evaluate("location.hash"))
    assert of(other, "it.points") == of(page, "it.points")
    page.locator(".playground-reset").click()
    page.wait_for_function("!location.hash")
    assert of(page, "it.positions") == of(page, "it.start")
    assert of(page, "it.points") == [*map(list, _network.sample("circle", 160, 0.0))]


def test_runs_are_kept_and_named(visit):
    page = visit()
    keep = page.locator(".network-keep")
    assert keep.is_disabled()
    for k in range(4):
        page.locator("[data-param=layer1]").fill(str(k + 1))
        page.locator(".network-epoch").click()
        keep.click()
        assert page.locator(f"[data-show=run-{k}] path").get_attribute("d")
    assert keep.is_disabled()
    names = page.locator(".network-runs input")
    assert [name.input_value() for name in names.all()] == [
        f"2–{k}–1 tanh, Adam, η = 0.03" for k in (1, 2, 3, 4)
    ]
    names.first.fill("one unit")
    page.locator(".network-runs button").nth(1).click()
    assert [run["name"] for run in of(page, "it.runs.map(({ name }) => ({ name }))")] == [
        "one unit",
        "2–3–1 tanh, Adam, η = 0.03",
        "2–4–1 tanh, Adam, η = 0.03",
    ]
    assert page.locator("[data-show=run-3] path").get_attribute("d") == ""
    assert page.locator(".network-labels").text_content() == "123" and keep.is_enabled()
    shown = page.locator(".network-labels span")
    assert len({label.evaluate("node => getComputedStyle(node).color") for label in shown.all()}) == 3


def test_the_address_keeps_runs(visit):
    page = visit()
    for optimiser, name in (("0", "SGD; a/b!, 100 %"), ("1", "momentum")):
        page.locator(".playground-rare").evaluate("node => (node.open = true)")
        page.locator("[data-param=optimiser]").select_option(optimiser)
        page.locator(".network-epoch").click()
        page.locator(".network-epoch").click()
        page.locator(".network-keep").click()
        page.locator(".network-runs input").last.fill(name)
    page.wait_for_function("location.hash.endsWith('/momentum')")
    wanted = costs(page, "it.runs.map(({ history }) => history)")
    other = visit("page.html" + page.evaluate("location.hash"))
    for _ in range(2):
        other.wait_for_function("!explorers.get('network').recalling")
        assert of(other, "it.runs.map(({ name }) => name)") == ["SGD; a/b!, 100 %", "momentum"]
        assert alike(costs(other, "it.runs.map(({ history }) => history)"), wanted)
        assert other.locator("[data-show=run-held-1] path").get_attribute("d")
        other.reload()
        settled(other)
    spoilt = visit("page.html#network:runs=!x/y!circle/4!circle/%/1,epochs=-3")
    spoilt.wait_for_function("!explorers.get('network').recalling")
    assert of(spoilt, "it.training.epoch") == 0


def test_a_link_begins_with_what_the_page_sets(visit):
    page = visit("page.html#network:initial=zeros,layer1=2")
    page.evaluate("location.hash = 'network:layer1=3'")
    page.wait_for_function("explorers.get('network').training.settings.hidden[0] === 3")
    assert of(page, "it.positions") == of(visit("page.html#network:layer1=3"), "it.positions")


def test_numbers_within_an_epoch_are_those_of_the_network_that_is_drawn(visit):
    page = visit()
    start = of(page, "it.training.history[0][0].cost")
    for _ in range(5):
        page.locator(".network-step").click()
    now, held = of(page, "it.training.measure()")
    assert now["cost"] < start and of(page, "it.training.epoch") == 0
    said = f"{now['cost']:.3g}, {now['wrong']} of 120 wrong"
    assert page.locator(".network-learnt output").text_content() == said
    words = f"After 0 epochs, 5 steps: training cost {said}; held out {held['cost']:.3g}, {held['wrong']} of"
    assert words in page.locator(".explorer-text").text_content()


def test_a_finger_that_scrolls_leaves_the_training(visit):
    page = visit("page.html#network:epochs=3", phone=True)
    x, y, _ = of(page, "it.points[0]")
    spot(page, 0, 0)
    page.evaluate("scrollBy(0, 50)")
    start = page.evaluate("scrollY")
    touch(page, *[(x, y + step) for step in (0, 0.3, 0.6, 0.9, 1.2)])
    page.wait_for_function("start => scrollY !== start", arg=start)
    assert of(page, "[it.points[0].slice(0, 2), it.training.epoch]") == [[x, y], 3]
    finger(page, (x, y), (x, y + 1))
    page.wait_for_function("explorers.get('network').training.epoch === 0")
    assert of(page, "it.points[0][1]") == pytest.approx(y + 1, abs=0.05)


def test_a_finger_that_scrolls_from_a_slider_leaves_the_training(visit):
    page = visit("page.html#network:epochs=3", phone=True)
    box = page.locator("[data-param=layer1]").bounding_box()
    x, y = box["x"] + 20, box["y"] + box["height"] / 2
    swipe(page, [(x, y - 12 * k) for k in range(9)])
    page.wait_for_function("scrollY > 0")
    page.wait_for_function("!explorers.get('network').moving")
    assert of(page, "[it.positions, it.start, it.training.epoch, it.before.length]") == [
        *2 * [of(page, "it.start")],
        3,
        0,
    ]


def test_undo_brings_back_the_training(visit):
    page = visit("page.html#network:epochs=3")
    learnt, undo = of(page, "[...it.training.net.theta]"), page.locator(".playground-undo")
    x, y, _ = of(page, "it.points[0]")
    for change in (
        lambda: drag(page, (x, y), (0.5, 1.9)),
        lambda: page.locator(".playground-add").click(),
        lambda: page.locator("[data-param=data]").select_option("2"),
        lambda: page.locator("[data-param=layer1]").fill("6"),
        lambda: page.locator(".network-rewind").click(),
        lambda: page.locator(".playground-reset").click(),
    ):
        before = of(page, "[it.points, it.positions]")
        change()
        page.wait_for_function("explorers.get('network').training.epoch === 0")
        undo.click()
        assert of(page, "[it.points, it.positions]") == before
        assert of(page, "[...it.training.net.theta]") == learnt
        assert page.locator(".network-epochs output").text_content() == "3"
        assert page.locator("[data-show=cost] path").get_attribute("d").count("L") == 3
        assert undo.is_disabled()
    page.locator(".network-epoch").click()
    assert of(page, "it.training.epoch") == 4


def test_who_moves_a_point_has_points_of_their_own(visit):
    page = visit()
    page.locator(".playground-add").click()
    data = page.locator("[data-param=data]")
    assert data.input_value() == str(_network.SETS.index("your own points"))
    assert all(page.locator(f"[data-param={name}]").is_disabled() for name in ("m", "sigma"))
    page.wait_for_function("location.hash.includes('points=')")
    assert "data=your%20own%20points," in page.evaluate("location.hash")
    own = of(page, "it.points")
    data.select_option("2")
    page.wait_for_function(
        "location.hash.includes('data=exclusive%20or') && !location.hash.includes('points=')"
    )
    page.locator(".playground-undo").click()
    assert of(page, "[it.points, it.word('data')]") == [own, "your own points"]
    page.locator(".playground-undo").click()
    assert of(page, "[it.points.length, it.word('data')]") == [160, "circle"]
    told = visit("page.html#network:data=spiral,points=0_0_1~1_1_0~1_0_1")
    assert of(told, "[it.points, it.word('data')]") == [
        [[0, 0, 1], [1, 1, 0], [1, 0, 1]],
        "your own points",
    ]
    told.evaluate("location.hash = 'network:data=spiral'")
    told.wait_for_function("explorers.get('network').points.length === 160")
    told.evaluate("location.hash = 'network:data=spiral,layer1=3'")  # another link, of the same data
    told.wait_for_function("explorers.get('network').training.settings.hidden[0] === 3")
    assert of(told, "it.points") == [*map(list, _network.sample("spiral", 160, 0.0))]


def test_own_points_come_back_when_they_are_chosen(visit):
    page = visit()
    data = page.locator("[data-param=data]")
    data.select_option("4")  # before there are any: those that are seen
    seen = of(page, "it.points")
    assert seen == [*map(list, _network.sample("circle", 160, 0.0))]
    page.locator(".playground-add").click()
    page.locator(".playground-undo").click()
    assert of(page, "[it.points, it.word('data')]") == [seen, "your own points"]
    paste(page, "\n".join(f"{3 * k} {100 + k % 5} {'mf'[k % 2]}" for k in range(9)))
    page.locator(".network-epoch").click()
    page.locator(".network-keep").click()
    wanted = of(page, "[it.points, it.axes, it.classes]")
    lost = page.locator(".network-lost:visible")
    for _ in range(2):
        data.select_option("3")
        assert of(page, "[it.points.length, it.axes[0], it.classes]") == [160, -2, ["orange", "blue"]]
        assert lost.count() == 1
        data.select_option("4")
        assert of(page, "[it.points, it.axes, it.classes]") == wanted and lost.count() == 0
    assert page.locator("[data-show=x-tick-4]").text_content() == f"{wanted[1][1]:g}"
    page.locator(".playground-undo").click()
    assert of(page, "[it.points.length, it.word('data')]") == [160, "spiral"]


def test_runs_on_own_points_are_in_the_address_while_the_points_are(visit):
    page = visit()
    for button in ("network-epoch", "network-keep", "playground-add", "network-epoch", "network-keep"):
        page.locator(f".{button}").click()
    page.wait_for_function("location.hash.includes('!')")
    wanted = costs(page, "it.runs.map(({ history }) => history)")
    lost = page.locator(".network-lost:visible")
    assert lost.count() == 0
    other = visit("page.html" + page.evaluate("location.hash"))
    other.wait_for_function("!explorers.get('network').recalling")
    assert alike(costs(other, "it.runs.map(({ history }) => history)"), wanted)
    page.locator(".playground-add").click()
    assert lost.count() == 1 and len(of(page, "it.runsText()").split("!")) == 1
    page.locator(".playground-undo").click()
    assert lost.count() == 0 and len(of(page, "it.runsText()").split("!")) == 2


def test_the_words_while_it_trains(visit):
    page, text = visit(), page_text
    page.locator(".network-train").click()
    assert text(page) == "2–4–1 tanh, Adam, η = 0.03 learns; its numbers stand above the figure."
    page.locator("[data-param=layer1]").fill("6")
    assert text(page).startswith("2–6–1 tanh, Adam, η = 0.03 learns;")
    page.locator(".network-train").click()
    assert "training cost" in text(page)


def page_text(page):
    return page.locator(".explorer-text").text_content()


@pytest.mark.parametrize(
    "settings, heart",
    [
        ("layer1=8,layer2=8,m=60,sigma=0.5,epochs=300", True),
        ("eta=0.1,epochs=25", False),  # has risen, for a moment
        *((f"layer1=4,optimiser=SGD,eta=10,sigma=0.5,m=60,epochs={k}", False) for k in (50, 55, 58, 60, 64)),
    ],
)
def test_by_heart_is_said_of_who_learns_and_goes_on(visit, settings, heart):
    page = visit(f"page.html#network:{settings}")
    page.wait_for_function("!explorers.get('network').running")
    assert ("by heart" in page_text(page)) == heart
    assert heart or "at its own points alone" not in page_text(page)
    assert ("smaller η" in page.locator(".network-trouble").text_content()) == ("eta=10," in settings)


def test_labels_of_runs_are_not_upon_each_other(visit):
    page = visit()
    for _ in range(4):
        page.locator(".network-epoch").click()
        page.locator(".network-keep").click()
    boxes = sorted(label.bounding_box()["y"] for label in page.locator(".network-labels span").all())
    assert np.diff(boxes).min() > 10


def test_start_again_leaves_the_kept_runs(visit):
    page = visit()
    page.locator(".network-epoch").click()
    page.locator(".network-keep").click()
    page.locator(".playground-reset").click()
    assert of(page, "it.runs.length") == 1 and of(page, "it.training.epoch") == 0


def test_units_are_looked_at_by_keyboard(visit):
    page = visit("page.html#network:layer2=3,epochs=5")
    formula = page.locator(".network-formula")
    assert formula.text_content().startswith("The output: P(blue) = σ(")
    page.locator(".network-unit[tabindex='0']").focus()
    press = page.keyboard.press
    press("ArrowLeft")
    assert formula.text_content().startswith("Unit 2 of layer 2: a[2]₂ = tanh(")
    press("ArrowUp")
    W, b = of(page, "[[...it.training.net.layers[1].W], [...it.training.net.layers[1].b]]")
    numbers = [
        float(text.replace("−", "-")) for text in page.locator(".network-numbers span").all_text_contents()
    ]
    assert numbers == [pytest.approx(w, rel=0.05) for w in np.reshape(W, (4, 3))[:, 0]]
    assert page.locator("line.network-in").count() == 4
    press("ArrowLeft")
    press("ArrowLeft")
    press("ArrowLeft")
    assert formula.text_content().startswith("Input x₁: the place across")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "input x₁"
    press("ArrowRight")
    page.locator(".playground-field").focus()
    press("PageDown")
    point = of(page, "it.points[it.chosen]")
    W, b = of(page, "[[...it.training.net.layers[0].W], [...it.training.net.layers[0].b]]")
    j = of(page, "it.graph.unit[1]")
    a = np.tanh(np.dot(point[:2], np.reshape(W, (2, 4))[:, j]) + b[j])
    assert float(formula.text_content().rstrip(".").split()[-1].replace("−", "-")) == pytest.approx(
        a, rel=0.01
    )


@pytest.mark.parametrize(
    "settings, said",
    [
        ("initial=zeros,epochs=3", "Layer 1: 4 of 4 units are all alike"),
        (
            "initial=zeros,layer1=1,epochs=3",
            "the same of all its training points, P(blue) = 0.48: all weights are 0",
        ),
        (
            "initial=zeros,layer1=0,batch=all,epochs=10,points=-1_-1_0~1_1_0~-1_1_1~1_-1_1",
            "the same of all its training points, P(blue) = 0.5.",
        ),
        ("layer1=8,layer2=8,m=60,sigma=0.5,delta=1,epochs=100", "= 0.52: δ = 1 holds its weights near 0."),
        ("activation=relu,eta=30,optimiser=SGD,epochs=20", "units are dead"),
        ("activation=tanh,eta=3,epochs=20", "units are saturated"),
        ("activation=identity,layer2=8,eta=100,optimiser=SGD,epochs=40", "Divergence in step"),
        ("activation=tanh,eta=30,optimiser=SGD,epochs=20", "The cost jumps about and has not fallen: 0.724"),
        ("layer1=8,activation=relu,optimiser=SGD,eta=10,epochs=20", "about and has not fallen: 0.838"),
        (
            "layer1=8,layer2=8,activation=identity,initial=large,eta=100,epochs=1",
            "The cost has grown from 191 to 1.4·10⁷. The steps are too long, and rounding",
        ),
        ("layer1=8,activation=identity,eta=3,epochs=1", "The cost has grown from 0.7"),
        (
            "layer1=4,layer2=3,layer3=1,activation=identity,eta=100,batch=5,epochs=12",
            "from 0.836 to 292. The steps are too long, and rounding may change the numbers: take a",
        ),
        ("layer1=8,activation=sigmoid,eta=10,epochs=1", "a smaller η. Layer 1: 8 of 8 units are saturated"),
    ],
)
def test_what_goes_wrong_is_named(visit, settings, said):
    page = visit(f"page.html#network:{settings}")
    assert said in page.locator(".network-trouble").text_content()
    if "units" in said:
        word = said.split()[-1]
        assert page.locator(f"[data-trouble={word}]").count()
        assert page.get_by_role("button", name=word).count()
    page.locator(".playground-reset").click()
    assert page.locator(".network-trouble").text_content() == ""


@pytest.mark.parametrize(
    "settings",
    [
        "layer1=4,optimiser=SGD,eta=3,batch=1,seed=2,epochs=60",  # falls, after a leap
        "layer1=8,layer2=8,layer3=8,activation=relu,eta=1,epochs=20",  # is flat, all units of a layer dead
        "eta=3,epochs=1",  # one epoch shows nothing
    ],
)
def test_steps_are_too_long_only_where_the_cost_leaps(visit, settings):
    page = visit(f"page.html#network:{settings}")
    assert of(page, "it.training.epoch") == int(settings.rpartition("=")[2])
    trouble = page.locator(".network-trouble").text_content()
    assert "steps are too long" not in trouble and "Divergence" not in trouble


def test_in_a_name_a_question_mark_is_typed_and_explain_explains(visit):
    page = visit()
    page.locator(".network-epoch").click()
    page.locator(".network-keep").click()
    name, box = page.get_by_label("name of run 1"), page.locator(".network-help")
    name.fill("deeper")
    page.keyboard.press("?")
    assert name.input_value() == "deeper?" and box.is_hidden()
    page.locator(".network-explain").click()
    name.click()
    assert box.text_content() == _network.HELP["runs"] and "press Explain" in _network.HELP["figure"]


def test_who_is_sure_and_right_is_not_ill(visit):
    page = visit("page.html#network:data=two%20blobs,layer1=1,activation=sigmoid,initial=zeros,epochs=100")
    page.wait_for_function("!explorers.get('network').running")
    assert "saturated" in of(page, "it.training.health()[0]") and not of(page, "it.training.reading[0].wrong")
    assert page.locator(".network-trouble").text_content() == ""
    assert not page.locator("[data-trouble=saturated]").count()
    page.evaluate("location.hash = 'network:layer1=1,activation=relu,optimiser=SGD,eta=100,epochs=20'")
    page.wait_for_function("explorers.get('network').training.epoch === 20")
    assert page.locator(".network-trouble").text_content().count("Layer 1: its one unit is dead: z")


def test_a_curve_leaves_the_chart_and_its_end_is_named(visit):
    page = visit("page.html#network:data=two%20blobs,layer1=8,eta=0.3,epochs=100")
    page.wait_for_function("!explorers.get('network').running")
    bottom, last = of(page, "[it.boxes[1][3], it.training.history.at(-1)[0].cost]")
    assert 0 < last < 0.001
    end = float(page.locator("[data-show=cost] path").get_attribute("d").split()[-1])
    assert end > bottom + 5  # of which nothing is seen
    above, below = page.locator(".network-edges span").all()
    assert above.text_content() == "" and below.text_content().startswith(
        f"▾ {of(page, f'playground.short({last})')}"
    )
    page.evaluate(
        "location.hash = 'network:layer1=8,layer2=8,activation=identity,initial=large,eta=100,epochs=2'"
    )
    page.wait_for_function("explorers.get('network').training.epoch === 2")
    assert of(page, "it.training.history.at(-1)[0].cost") > 10
    assert above_text(page).startswith("▴ ")


def above_text(page):
    return page.locator(".network-edges span").first.text_content()


def test_undo_brings_back_the_runs_that_a_link_has_taken(visit):
    page = visit()
    for button in ("network-epoch", "network-keep", "network-epoch", "network-keep"):
        page.locator(f".{button}").click()
    wanted = of(page, "it.runs.map(({ name, history }) => [name, history])")
    learnt = of(page, "[...it.training.net.theta]")
    follow(page, "#network:initial=zeros,epochs=5")
    page.wait_for_function("explorers.get('network').training.epoch === 5")
    assert of(page, "it.runs") == [] and page.locator(".network-runs li").count() == 0
    page.locator(".playground-undo").click()
    assert of(page, "it.runs.map(({ name, history }) => [name, history])") == wanted
    assert page.locator(".network-runs li").count() == 2
    assert of(page, "[...it.training.net.theta]") == learnt and not of(page, "it.running")
    page.locator(".playground-add").click()
    page.locator(".playground-undo").click()
    assert page.locator(".network-runs li").count() == 2  # no other change takes them


def test_undo_takes_away_the_runs_that_a_link_has_brought(visit):
    page = visit()
    page.locator(".network-epoch").click()
    page.locator(".network-keep").click()
    page.get_by_label("name of run 1").fill("50/50!")
    text = of(page, "it.runsText()")
    page = visit()
    page.locator(".network-epoch").click()
    learnt = of(page, "[...it.training.net.theta]")
    follow(page, f"#network:data=spiral,runs={text}!{text}!{text}")
    page.wait_for_function(
        "explorers.get('network').runs.length === 3 && !explorers.get('network').recalling"
    )
    assert [run["name"] for run in of(page, "it.runs")] == ["50/50!"] * 3
    page.get_by_label("Remove run 2").click()
    page.locator(".playground-undo").click()
    assert page.locator(".network-runs li").count() == 3
    page.locator(".playground-undo").click()
    assert of(page, "it.runs") == [] and page.locator(".network-runs li").count() == 0
    assert of(page, "[...it.training.net.theta]") == learnt
    page.locator(".network-epoch").click()
    assert of(page, "it.training.epoch") == 2


def test_a_divergent_run_is_in_the_address(visit):
    page = visit(
        "page.html#network:layer1=8,layer2=8,layer3=8,activation=identity,eta=100,optimiser=SGD,"
        "initial=large,epochs=100"
    )
    for _ in range(2):
        assert of(page, "[it.training.diverged, it.training.epoch]") == [5, 0]
        assert page_text(page).endswith(" After 0 epochs, 5 steps: the cost is no longer finite.")
        state = of(page, "it.state()")
        assert state[0].endswith("epochs=1")
        page = visit(f"page.html#{state[0]}")


def test_without_hidden_units_there_is_no_activation(visit):
    assert page_text(visit("page.html#network:layer1=0")).startswith("2–1, Adam, η = 0.03; ")
    assert "2–1, Adam" in made(network_playground, layer1=0)["text/plain"]


def test_the_address_has_the_epochs_before_they_are_trained(visit):
    page = visit()
    assert of(page, "it.restore('epochs=50', true) ?? it.state()") == ["network:epochs=50"]


def test_classes_have_their_own_names(visit):
    page = visit()
    paste(page, "\n".join(f"{k % 7} {k % 5} {['no', 'yes'][k % 2]}" for k in range(20)))
    formula = page.locator(".network-formula")
    assert formula.text_content().startswith("The output: P(yes) = σ(")
    page.locator(".playground-field").focus()
    page.keyboard.press("PageDown")
    assert formula.text_content().count(" ≈ ") == 2


def test_on_a_phone_a_finger_finds_units_and_the_bar_says_the_epoch(visit):
    page = visit("page.html#network:layer1=8,layer2=8,epochs=3", phone=True)
    boxes = page.locator(".network-unit").evaluate_all(
        "units => units.map(unit => unit.getBoundingClientRect().y)"
    )
    assert min(np.diff(np.unique(np.round(boxes[2:10])))) >= 43
    unit = page.locator(".network-unit").nth(3)
    unit.evaluate("unit => unit.scrollIntoView({ block: 'center' })")
    box = unit.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"]
    hit = "([x, y]) => explorers.get('network').graph.units.flat().indexOf(document.elementFromPoint(x, y))"
    assert page.evaluate(hit, [x, y - 3]) == 3 and page.evaluate(hit, [x, y - 6]) == 2
    page.locator(".network-unit").nth(12).tap()
    assert not page.locator(".network-numbers span").first.is_visible()
    said = "getComputedStyle(document.querySelector('.network-bar'), '::after').content"
    assert page.evaluate(said).replace('" "', "") == '"epoch 3"'


def test_everything_is_explained(visit):
    page = visit()
    box = page.locator(".network-help")
    parts = page.locator(".explorer-control, .network-bar > *, .network-unit, .playground-field, [data-help]")
    assert parts.count() > 30
    missing = page.evaluate(
        """() => [...document.querySelectorAll(
            '.playground :is(button, input, select, summary, textarea, [tabindex])')]
            .filter((node) => !explorers.get('network').helps[node.closest('[data-help]')?.dataset.help])
            .map((node) => node.className)"""
    )
    assert set(missing) <= {"network-explain", "network-help"}
    for place in ("[data-param=eta]", ".network-unit[tabindex='0']", "[data-param=data]", ".network-train"):
        page.locator(place).focus()
        page.keyboard.press("?")
        help_ = page.locator(place).evaluate("node => node.closest('[data-help]').dataset.help")
        assert page.evaluate("document.activeElement.className") == "network-help"  # and is read out
        assert box.is_visible() and box.text_content() == _network.HELP[help_]
        page.keyboard.press("Escape")
        assert box.is_hidden()
        assert page.evaluate("place => document.activeElement === document.querySelector(place)", place)
    page.locator(".network-explain").click()
    page.locator(".network-epoch").click()
    assert box.text_content() == _network.HELP["epoch"] and of(page, "it.training.epoch") == 0
    page.keyboard.press("Escape")
    page.locator(".network-epoch").click()
    assert of(page, "it.training.epoch") == 1


def test_the_question_comes_first(visit):
    page = visit("asked.html")
    guess = page.locator(".explorer-guess input")
    guess.focus()
    page.keyboard.press("ArrowRight")
    page.locator(".explorer-see").click()
    page.wait_for_function("explorers.get('network').training.epoch > 3")
    assert of(page, "it.training.net.widths") == [2, 3, 1]
    assert "Three lines close." in page.locator(".explorer-done [role=status]").text_content()


def test_its_scripts_come_with_the_reader(visit):
    page = visit("far.html", wait=False)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    scripts = {name for name in SCRIPTS if name.endswith(".js")}
    assert "explorer.js" in page.asked and not scripts & set(page.asked)
    height = page.locator("figure").evaluate("node => node.offsetHeight")
    page.locator("figure").scroll_into_view_if_needed()
    settled(page)
    assert scripts <= set(page.asked)
    assert page.locator("figure").evaluate("node => node.offsetHeight") == height


def test_two_in_a_notebook(visit):
    page = visit("notebook.html", wait=False)
    for name, data in (("one", "circle"), ("two", "spiral")):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        page.wait_for_function(f"explorers.get('{name}')?.canvas")
        page.locator(f"#{name} .network-train").click()
        page.wait_for_function(f"explorers.get('{name}').training.epoch > 3")
        page.locator(f"#{name} .network-train").click()
        assert page.locator(f"#{name} .network-unit").count() == 7
        assert of(page, "it.points", name) == [*map(list, _network.sample(data, 160, 0.0))]


def test_a_link_shows_where_to_begin(visit):
    page = visit("far.html#network:layer1=8")
    box = page.locator(".network-train").bounding_box()
    assert 0 < box["y"] < 844 - box["height"]


# --------------------------------------------------------------------------------------- for everyone


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("name", ["page.html#network:layer2=3,initial=zeros,epochs=4", "asked.html"])
def test_it_is_accessible(visit, axe, name, phone, theme):
    page = visit(name, phone)
    page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
    page.evaluate("axe => (0, eval)(axe)", axe)
    for opened in (False, True):
        if opened:
            for summary in page.locator(".playground summary").all():
                summary.click()
            page.locator(".network-epoch").click()
            page.locator(".network-keep").click()
            page.locator(".network-unit[tabindex='0']").focus()
            page.keyboard.press("?")
        assert not violations(page)


@pytest.mark.parametrize("phone", [False, True])
def test_nothing_moves_or_sticks_out(visit, phone):
    page = visit("page.html#network:layer1=8,layer2=8,layer3=8", phone)
    page.add_style_tag(content=STILL)
    assert not phone or not awkward(page)
    tops = {button.bounding_box()["y"] for button in page.locator(".network-bar >> nth=0 >> button").all()}
    assert len(tops) == 1 and "Enter adds one, 1 and 2 set" in page.locator(".playground-keys").text_content()
    before = page.evaluate(PLACES)
    page.locator(".network-epoch").click()
    drag(page, of(page, "it.points[0]")[:2], (0.5, 1.9))
    page.locator(".network-train").click()
    page.wait_for_function("explorers.get('network').training.epoch > 3")
    page.locator(".network-train").click()
    assert page.evaluate(PLACES) == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_bars_leave_a_phone_its_room(visit):
    page, position = visit(phone=True), "bar => getComputedStyle(bar).position"
    hand = page.locator(".playground-hand")
    assert hand.evaluate(position) == "relative"
    page.touchscreen.tap(*spot(page, *of(page, "it.points[0]")[:2]))
    assert hand.evaluate(position) == "sticky"  # there is a point to act on
    assert page.locator(".network-trouble").bounding_box()["height"] == 0
    summary = page.locator(".playground-own summary")
    assert summary.evaluate("""summary => {
        const bar = document.querySelector(".network-bar");
        scrollBy(0, summary.getBoundingClientRect().top - bar.getBoundingClientRect().height / 2);
        const { left, top } = summary.getBoundingClientRect();
        return document.elementFromPoint(left + 20, top + 10) === summary;
    }""")  # the bar has ended


def test_without_scripts_the_start_is_seen(visit):
    page = visit(java_script_enabled=False)
    parts = (
        ".explorer-controls",
        ".playground-hand",
        ".playground-hand + .playground-tools",
        ".network-bar",
        ".network-kept",
        ".playground-rare",
    )
    assert not any(page.locator(part).first.is_visible() for part in parts)
    assert page.locator("[data-show=points-0] path").is_visible()
    assert "Nothing is learnt yet." in page.locator(".explorer-text").inner_text()


# ------------------------------------------------------------------------------------------ in Python


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(layer4=1), "a start must be one of data, layer1"),
        (dict(layer1=9), "start must be one of the slider's values; got 9"),
        (dict(data="moons"), "data must be one of circle, two blobs, exclusive or, spiral; got 'moons'"),
        (dict(data="your own points"), "data must be one of"),
        (dict(name="My network"), "name must be lower-case"),
        (dict(ask="How many?", answer=9), "must take its values from the sliders"),
    ],
)
def test_bad_input(options, message):
    with pytest.raises(ValueError, match=message):
        made(network_playground, **options)


# --------------------------------------------------------------------- what the chapter found by playing


def wrong(page, data="circle", starts=range(1, 6), epochs=200, **settings):
    """Training points on the wrong side, for some random starts, with all else as a page begins."""
    usual = dict(activation="tanh", initial="Glorot", optimiser="Adam", eta=0.03, batch=10, delta=0)
    points = _network.sample(data, 160, 0)
    return [
        trained(page, "it.history.at(-1)[0].wrong", points, epochs=epochs, **usual | settings | {"seed": k})
        for k in starts
    ]


def test_three_units_are_enough_but_four_are_easier(engine):
    assert min(wrong(engine, hidden=[2])) > 10
    assert wrong(engine, hidden=[3]) == [18, 0, 0, 0, 18]
    assert wrong(engine, hidden=[3], starts=[1, 5], epochs=1000) == [14, 14]
    assert wrong(engine, hidden=[4]) == [0] * 5


def test_a_second_layer_is_no_promise(engine):
    assert wrong(engine, "spiral", hidden=[8], epochs=400) == [1, 1, 1, 8, 1]
    assert wrong(engine, "spiral", hidden=[4, 4], epochs=400) == [14, 10, 11, 0, 1]


def test_units_die_before_it_matters(engine):
    dead = "[it.health()[0].filter((word) => word === 'dead').length, it.history.at(-1)[0].wrong]"
    points = _network.sample("circle", 160, 0)
    settings = dict(hidden=[8], activation="relu", batch=10, seed=1)
    found = [trained(engine, dead, points, epochs=200, eta=eta, **settings) for eta in (0.1, 0.3, 1, 3, 10)]
    assert found == [[2, 0], [2, 0], [3, 0], [4, 0], [8, 57]]
