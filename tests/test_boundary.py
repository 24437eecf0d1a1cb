"""Points of classes that the reader moves, in a real browser: the page computes what mlcore does."""

import warnings

import numpy as np
import pytest
from playgrounds import END, HEAD, PLACES, STILL, drag, made, of, paste, spot, violations, visiting, write

import mlcore
from mlcore import LogisticRegression, SeparableDataWarning, SoftmaxRegression
from mlcore.explore import _boundary, boundary_playground

SCRIPTS = ["boundary.js"]
BASES = pytest.mark.parametrize("basis", _boundary.BASES)
CLASSES = pytest.mark.parametrize("classes", [2, 3])
LAM = 0.3
LIMITS = dict(xlim=(-3, 3), ylim=(-2, 2))


def points(classes=2, seed=0):
    rng = np.random.default_rng(seed)
    middles = np.array([(-0.8, -0.4), (0.9, 0.2), (0, 1)])
    y = np.arange(30) % classes
    X = (middles[y] + rng.normal(0, 0.6, (30, 2))).clip(-1.9, 1.9).round(2)
    return X, y


def boundary(classes=2, face="static", **options):
    X, y = points(classes)
    names = np.array(["no", "perhaps", "yes"]) if classes == 3 else np.array(["no", "yes"])
    return made(boundary_playground, X, names[y], face=face, **LIMITS | options)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("boundary")
    asked = boundary(ask="How many lie on a wrong side?", because="It is not the errors that it counts.")
    for name, page in (("page", boundary()), ("three", boundary(3)), ("asked", asked)):
        write(folder, f"{name}.html", page["text/html"], SCRIPTS)
    (folder / "notebook.html").write_text(f"{HEAD}{boundary(face='')['text/html']}{END}", "utf-8")
    return folder.as_uri()


@pytest.fixture
def visit(chromium, address):
    with visiting(chromium, address, settled) as visit:
        yield visit


def settled(page):
    page.wait_for_function("explorers.get('boundary')?.canvas")


def features(basis, X, lam=LAM):
    U = X / [3, 2]
    if basis != _boundary.BASES[-1]:
        return mlcore.polynomial(U, _boundary.BASES.index(basis) + 1)
    g = np.linspace(-1, 1, _boundary.BUMPS)
    return mlcore.rbf(U, [[a, b] for a in g for b in g], lam)


def fitted(Phi, y, delta):
    two = len(np.unique(y)) == 2
    model = LogisticRegression(delta) if two else SoftmaxRegression(delta, method="newton")
    return model.fit(Phi, y)


def lay(page, X, y):
    rows = [[*point, k] for point, k in zip(X.tolist(), y.tolist())]
    page.evaluate("rows => explorers.get('boundary').change({ points: rows })", rows)


# ------------------------------------------------------------------------------------- what is computed


@BASES
@CLASSES
@pytest.mark.parametrize("delta", [0.1, 2])
def test_the_page_computes_what_mlcore_does(visit, basis, classes, delta):
    name = {2: "page", 3: "three"}[classes]
    page = visit(f"{name}.html#boundary:basis={basis},lam={LAM},delta={delta}")
    delta = of(page, "it.value('delta')")
    for seed in (0, 1):
        X, y = points(classes, seed)
        lay(page, X, y)
        Phi = features(basis, X)
        model = fitted(Phi, y, delta)
        pi = model.predict_proba(Phi)
        own = pi[np.arange(len(y)), y]
        wanted = {"errors": np.sum(model.predict(Phi) != y), "loss": -np.mean(np.log(own))}
        wanted["length"] = np.linalg.norm(model.theta_[1:])
        assert of(page, "it.found") == pytest.approx(wanted, rel=1e-5)
        assert of(page, "it.chances") == pytest.approx(own.tolist(), rel=1e-5)


@BASES
@CLASSES
def test_the_shading_is_that_of_the_probabilities(visit, basis, classes):
    page = visit(f"{ {2: 'page', 3: 'three'}[classes] }.html#boundary:basis={basis},lam={LAM},stretch=1.5")
    X, y = points(classes)
    model = fitted(features(basis, X), y, of(page, "it.value('delta')"))
    model.theta_ = 1.5 * model.theta_
    n = 61
    grid = np.array([[x, y] for y in np.linspace(2, -2, n) for x in np.linspace(-3, 3, n)])
    pi = model.predict_proba(features(basis, grid))
    drawn = "[...it.canvas.getContext('2d').getImageData(0, 0, 61, 61).data]"
    seen = np.array(of(page, drawn)).reshape(n * n, 4)
    tints = np.array(of(page, "[[20, 110, 210], [235, 110, 20], [30, 150, 80]]"))[:classes]
    assert np.abs(seen[:, :3] - pi @ tints).max() < 6  # the browser keeps colours times their opacity
    strength = 30 + 100 * (pi.max(axis=1) - 1 / classes) / (1 - 1 / classes)
    assert np.abs(seen[:, 3] - strength).max() < 1


@pytest.mark.parametrize("seed", range(3))
def test_the_line_is_where_both_are_equal(visit, seed):
    page = visit()
    X, y = points(2, seed)
    lay(page, X, y)
    model = fitted(features(_boundary.BASES[0], X), y, of(page, "it.value('delta')"))
    d = page.locator("[data-show=boundary] path").get_attribute("d")
    places = np.array([place.split() for place in d.replace("L", "M").split("M")[1:]], float)
    left, top, right, bottom = of(page, "it.boxes[0]")
    x = -3 + 6 * (places[:, 0] - left) / (right - left)
    x2 = -2 + 4 * (bottom - places[:, 1]) / (bottom - top)
    score = model.decision_function(features(_boundary.BASES[0], np.column_stack((x, x2))))
    assert len(places) > 20 and np.abs(score / np.linalg.norm(model.theta_[1:])).max() < 0.002


@CLASSES
@BASES
def test_the_python_cell_does_the_same(visit, basis, classes, capsys):
    page = visit(f"{ {2: 'page', 3: 'three'}[classes] }.html#boundary:basis={basis},delta=0.05,stretch=1.2")
    paste(page, "\n".join(f"{3 * (k % 7)} {100 + 7 * (k % 4)} {'abc'[k % classes]}" for k in range(30)))
    exec(page.locator(".playground-python pre").text_content(), {})
    errors, loss, length = (float(line.split()[-1]) for line in capsys.readouterr().out.splitlines())
    found = of(page, "it.found")
    assert found["errors"] == errors
    assert [found["loss"], found["length"]] == pytest.approx([loss, length], rel=1e-5)


@CLASSES
@pytest.mark.parametrize("seed", range(3))
def test_no_way_to_a_state_changes_what_it_shows(visit, classes, seed):
    """Not even by a θ of 10¹⁴: the numbers are mlcore's, and those of a page that begins there."""
    rng = np.random.default_rng(seed)
    page, fresh = visit("three.html#boundary:basis=bumps on a grid"), visit("three.html")
    for lam in (0.03, 3, 0.3, 3):
        m = int(rng.integers(8, 40))
        X, y = rng.uniform(-2, 2, (m, 2)).round(int(rng.integers(3))), rng.integers(classes, size=m)
        again = rng.integers(m, size=m // 4)  # one at the same place, of another class
        X = np.vstack((X, X[again]))
        y = np.concatenate((y, (y[again] + 1) % classes))
        lay(page, X, y)
        page.locator("[data-param=lam]").fill(str(np.argmin(np.abs(np.array(_boundary.LAMS) - lam))))
        for k in (0, 1, int(rng.integers(2, 201)), 0, 40, 201):
            page.locator("[data-param=delta]").fill(str(k))
            found = of(page, "it.found")
            state = of(page, "({ points: it.points, positions: it.positions, fit: null })")
            fresh.evaluate("state => explorers.get('boundary').settle(state)", state)
            assert of(fresh, "it.found") == found
            if k:
                Phi = features(_boundary.BASES[-1], X, of(page, "it.value('lam')"))
                model = fitted(Phi, y, of(page, "it.value('delta')"))
                pi = model.predict_proba(Phi)
                own = pi[np.arange(len(y)), np.searchsorted(model.classes_, y)]
                wanted = [-np.mean(np.log(own)), np.linalg.norm(model.theta_[1:])]
                assert [found["loss"], found["length"]] == pytest.approx(wanted, rel=1e-4)
                if np.diff(np.sort(pi)[:, -2:]).min() > 1e-4:  # else it may lie on the line
                    assert found["errors"] == np.sum(model.predict(Phi) != y)
                assert not of(page, "it.fit.endless")


@CLASSES
def test_a_penalised_fit_that_has_not_come_to_its_end_says_so(visit, classes):
    page = visit(f"{ {2: 'page', 3: 'three'}[classes] }.html#boundary:delta=0.01")
    parts = page.locator(".explorer-text"), page.locator(".playground-python pre")
    said = "Newton’s method has not come to its end here: ", "# The page has stopped too early: "
    assert not any(words in part.text_content() for part, words in zip(parts, said))
    page.evaluate("""() => {
        const whole = plain.newtonBacktracking;
        plain.newtonBacktracking = (taylor, theta) => whole(taylor, theta, 2);
        explorers.get("boundary").show();
    }""")
    assert all(words in part.text_content() for part, words in zip(parts, said))
    page.locator("[data-param=delta]").fill("201")  # two steps are enough
    assert not any(words in part.text_content() for part, words in zip(parts, said))


def tossed(classes, m, seed=1):
    """Points of which no boundary says much."""
    rng = np.random.default_rng(seed)
    return rng.uniform([-3, -2], [3, 2], (m, 2)).round(1), rng.integers(classes, size=m)


@CLASSES
@pytest.mark.parametrize("m, lam", [(100, 3), (100, 1.5), (200, 3)])
def test_wide_bumps_without_a_penalty_are_fitted_to_the_end(visit, classes, m, lam):
    """Their columns are so nearly dependent that the condition of the Hessian is beyond all digits."""
    page = visit("three.html#boundary:basis=bumps on a grid,delta=0")
    page.locator("[data-param=lam]").fill(str(np.argmin(np.abs(np.array(_boundary.LAMS) - lam))))
    X, y = tossed(classes, m)
    lay(page, X, y)
    Phi = features(_boundary.BASES[-1], X, of(page, "it.value('lam')"))
    model = fitted(Phi, y, 0)
    own = model.predict_proba(Phi)[np.arange(m), y]
    wanted = [np.sum(model.predict(Phi) != y), -np.mean(np.log(own)), np.linalg.norm(model.theta_[1:])]
    assert of(page, "Object.values(it.found)") == pytest.approx(wanted, rel=1e-3)
    assert not of(page, "it.fit.many || it.fit.endless")


@CLASSES
def test_a_fit_that_has_not_come_to_its_end_says_so(visit, classes):
    page = visit("three.html#boundary:basis=bumps on a grid,lam=3,delta=0")
    told = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        y = rng.integers(classes, size=150)
        middles = np.array([(-0.8, -0.4), (0.9, 0.2), (0, 1)])
        X = (middles[y] + rng.normal(0, 0.8, (150, 2))).clip(-1.9, 1.9).round(2)
        lay(page, X, y)
        Phi = features(_boundary.BASES[-1], X, 3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = fitted(Phi, y, 0)
            loss = -np.mean(np.log(model.predict_proba(Phi)[np.arange(150), y]))
        told.append(of(page, "it.fit.endless"))
        assert told[-1] or of(page, "it.found.loss") == pytest.approx(loss, rel=1e-4), seed
        assert told[-1] == ("has not come to its end" in page.locator(".explorer-text").text_content())
        assert told[-1] == ("# Perhaps no θ is best" in page.locator(".playground-python pre").text_content())
    assert any(told)


@pytest.mark.parametrize("basis", _boundary.BASES[2:])
def test_of_many_theta_the_shortest_is_taken(visit, basis):
    """As mlcore takes it; each point is there three times, once in the other class."""
    page = visit(f"page.html#boundary:basis={basis},lam={LAM},delta=0")
    x, y = np.array([0, 1, 2, -1, 1.5, 0.5]), np.array([0, 1, 0, 1, 0, 1])
    X, y = np.tile(x[:, None], (3, 2)), np.concatenate((y, y, 1 - y))
    lay(page, X, y)
    Phi = features(basis, X)
    with pytest.warns(mlcore.RankDeficiencyWarning):
        model = fitted(Phi, y, 0)
    assert of(page, "it.fit.many")
    assert of(page, "it.found.length") == pytest.approx(np.linalg.norm(model.theta_[1:]), rel=1e-4)


@CLASSES
def test_separable_data_are_recognised_as_mlcore_does(visit, classes):
    page = visit(f"{ {2: 'page', 3: 'three'}[classes] }.html#boundary:delta=0")
    seen = []
    for seed in range(24):
        X, y = points(classes, seed)
        X, y = X[: 4 * classes + seed % 4], y[: 4 * classes + seed % 4]
        lay(page, X, y)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fitted(features(_boundary.BASES[0], X), y, 0)
        warned = any(one.category is SeparableDataWarning for one in caught)
        assert warned == of(page, "it.fit.separated || it.fit.endless"), seed
        assert warned == ("SeparableDataWarning" in page.locator(".explorer-text").text_content())
        seen.append(warned)
    assert len(set(seen)) == 2


def test_what_theta_does_is_told_when_it_happens(visit):
    page = visit("page.html#boundary:delta=0")
    text = page.locator(".explorer-text")
    lay(page, np.array([[-1.0, 0], [-1, 1], [1, 0], [1, 1], [1.5, 0.5]]), np.array([0, 0, 1, 1, 0]))
    assert "SeparableDataWarning" not in text.text_content()
    drag(page, (1.5, 0.5), (-1, 0.5))
    assert "so the cost has no minimum" in text.text_content()
    first, *later = [of(page, "it.fit.size"), *of(page, "it.fit.lengths")]
    assert np.diff([first, *later]).min() > 0.5  # each step lengthens θ
    losses = [of(page, f"it.losses({t}).reduce((a, b) => a + b)") for t in (1, 2, 3)]
    assert losses[0] > 3 * losses[1] > 9 * losses[2]
    cell = page.locator(".playground-python pre")
    assert "# No θ is best" in cell.text_content()
    page.locator("[data-param=delta]").focus()
    page.keyboard.press("ArrowRight")
    assert "only the penalty keeps θ from growing" in text.text_content()
    assert "# No θ is best" not in cell.text_content()


@BASES
def test_steps_are_told_only_where_they_go_on(visit, basis):
    """Where rounding shortens them, a list of lengths would look as if it came to an end."""
    page = visit(f"page.html#boundary:delta=0,lam=0.1,basis={basis}")
    text = page.locator(".explorer-text")
    lay(page, np.array([[-1.0, 0], [-1, 1], [1, 0], [1, 1], [0, 1.8]]), np.array([0, 0, 1, 1, 1]))
    steps = np.diff([of(page, "it.fit.size"), *of(page, "it.fit.lengths")])
    assert "so the cost has no minimum" in text.text_content() and "The next steps" in text.text_content()
    assert len(steps) == 4 and np.all(steps[1:] > 0.9 * steps[:-1])
    told = []
    for seed in range(12):
        X, y = points(2, seed)
        lay(page, X[: 9 + seed], y[: 9 + seed])
        text_now, lengths = text.text_content(), of(page, "it.fit.lengths ?? []")
        told += [len(lengths)] if "so the cost has no minimum" in text_now else []
        assert ("The next steps" in text_now) == bool(lengths)
        steps = np.diff([of(page, "it.fit.size"), *lengths]) if lengths else np.ones(1)
        assert np.all(steps[1:] > 0.9 * steps[:-1])
    assert basis != _boundary.BASES[1] or set(told) == {0, 4}


def test_where_nothing_tells_the_classes_apart_there_is_no_border(visit):
    """Exclusive or by a straight line: θ = 0, whatever was fitted before, and from wherever one comes."""
    X, y = np.array([[-1.0, -1], [1, 1], [-1, 1], [1, -1]]), np.array([0, 0, 1, 1])
    model = fitted(features(_boundary.BASES[0], X), y, 0.1)
    errors = int(np.sum(model.predict(features(_boundary.BASES[0], X)) != y))

    def seen():
        text = page.locator(".explorer-text").text_content()
        assert "nothing that this model sees tells the classes apart" in text
        return of(page, "[it.found.errors, it.found.length, it.path('boundary', []) ?? it.fit.even]")

    page = visit()
    lay(page, X, y)
    found = [seen()]
    page.locator(".playground-field").focus()
    for key in ("PageDown", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    found.append(seen())
    for key in ("Home", "ArrowRight", "End"):
        page.locator("[data-param=delta]").focus()
        page.keyboard.press(key)
        found.append(seen())
    assert found == [[errors, 0, True]] * len(found)


@pytest.mark.parametrize("rows, shares", [("aab", (2, 1)), ("abbcc", (1, 2, 2)), ("ab", (1, 1))])
def test_classes_that_nothing_tells_apart_are_as_likely_as_they_are_frequent(visit, rows, shares):
    page = visit()
    paste(page, "\n".join(f"1,1,{name}" for name in rows))
    shares = np.array(shares) / sum(shares)
    wanted = [round(len(rows) * (1 - shares.max())), -shares @ np.log(shares), 0]
    said = ", ".join(f"P({name}) = {share:.3g}" for name, share in zip("abc", shares))
    for delta in ("0", "1", "101", "0", "201"):
        page.locator("[data-param=delta]").fill(delta)
        assert of(page, "Object.values(it.found)") == [wanted[0], pytest.approx(wanted[1], rel=1e-12), 0]
        text = page.locator(".explorer-text").text_content()
        assert f"{said} everywhere: nothing that this model sees tells the classes apart" in text
        assert not page.locator("[data-show=boundary] path").get_attribute("d")
    page.locator("[data-param=stretch]").fill("40")
    double = shares**2 / np.sum(shares**2)
    said = ", ".join(f"P({name}) = {share:.3g}" for name, share in zip("abc", double))
    assert f"{said} everywhere" in page.locator(".explorer-text").text_content()


def test_names_keep_their_marks(visit):
    """Whatever was in use meanwhile: a table that was saved is what it was, to its numbers."""
    page = visit("three.html")
    *before, numbers = of(page, "[it.classes, it.axes, it.points, it.found]")
    table = of(page, "it.csv()")
    paste(page, "0,0,perhaps\n10,10,none\n20,0,zero\n0,9,perhaps")
    assert of(page, "it.classes") != before[0] and of(page, "it.axes") != before[1]
    paste(page, table)
    *after, found = of(page, "[it.classes, it.axes, it.points, it.found]")
    assert after == before and found == numbers
    paste(page, "0,0,a\n1,1,b")
    shown = page.locator(".playground-kinds label:visible").all_text_contents()
    assert shown == ["●a", "■b"]


@pytest.mark.parametrize(
    "X, many",
    [
        ([[0, 0], [1, 1], [2, 2], [3, 3]], True),
        ([[1, 0], [1, 1], [1, 2], [1, 3]], True),
        ([[0, 0], [1, 1], [2, 2], [3, 2.9]], False),
    ],
)
def test_of_points_on_one_line_many_theta_are_told(visit, X, many):
    page = visit("page.html#boundary:delta=0")
    paste(page, "\n".join(f"{a} {b} {name}" for (a, b), name in zip(X, "abab")))
    said = "Many θ fit these points equally well"
    assert (said in page.locator(".explorer-text").text_content()) == many
    page.locator("[data-param=delta]").fill("100")
    assert said not in page.locator(".explorer-text").text_content()


def test_a_factor_of_0_leaves_the_errors(visit, capsys):
    page = visit("page.html#boundary:stretch=0")
    exec(page.locator(".playground-python pre").text_content(), {})
    errors, loss, length = (float(line.split()[-1]) for line in capsys.readouterr().out.splitlines())
    found = of(page, "it.found")
    assert [errors, length] == [found["errors"], 0] and loss == pytest.approx(found["loss"])


def test_a_name_may_have_a_comma(visit):
    page = visit()
    paste(page, 'x1,x2,class\n0,0,"Smith, J"\n1,1,b\n2,0,b')
    assert of(page, "it.classes") == ["Smith, J", "b", "–"]
    table = of(page, "it.csv()")
    paste(page, table)
    assert of(page, "[it.classes[0], it.points]") == ["Smith, J", [[0, 0, 0], [1, 1, 1], [2, 0, 1]]]


def test_a_point_on_the_line_of_another_class(visit):
    """Separated but for two points at one place: the cost falls for ever, to a limit above 0."""
    page = visit("page.html#boundary:delta=0")
    X, y = np.array([[-1.0, 0], [0, 0], [0, 0], [1, 0], [-1, 1], [1, 1]]), np.array([0, 0, 1, 1, 0, 1])
    lay(page, X, y)
    with pytest.warns(SeparableDataWarning):
        fitted(features(_boundary.BASES[0], X), y, 0)
    assert (
        of(page, "it.fit.endless")
        and "has not come to its end" in page.locator(".explorer-text").text_content()
    )


# ----------------------------------------------------------------------------------- what a reader does


@pytest.mark.parametrize("way", ["mouse", "finger", "keyboard"])
def test_the_class_of_the_chosen_point_is_marked_and_one_click_changes_it(visit, way):
    page = visit(phone=way == "finger")
    no = page.locator(".playground-kinds [value='0']")
    at, (x, x2, _) = of(page, "[it.points.findIndex((point) => point[2] === 1), it.points[1]]")
    assert at == 1 and no.is_checked()
    if way == "keyboard":
        page.locator(".playground-field").focus()
        while of(page, "it.points[it.chosen]?.[2]") != 1:
            page.keyboard.press("PageDown")
    else:
        (page.mouse.click if way == "mouse" else page.touchscreen.tap)(*spot(page, x, x2))
    chosen = of(page, "it.chosen")
    assert page.get_by_label("yes").is_checked()
    no.click()
    assert of(page, f"[it.chosen, it.points[{chosen}][2]]") == [chosen, 0]
    page.locator(".playground-undo").click()
    assert of(page, f"it.points[{chosen}][2]") == 1
    page.locator(".playground-field").press("Control+y")
    assert no.is_checked()


def test_points_have_the_class_that_is_chosen(visit):
    page = visit()
    page.get_by_label("yes").check()
    page.mouse.click(*spot(page, 2, -1.5))
    page.get_by_label("a third class").check()  # the point is still chosen
    page.mouse.click(*spot(page, -2, 1.5))
    assert [point[2] for point in of(page, "it.points.slice(-2)")] == [2, 2]
    assert page.locator(".explorer-text").text_content().startswith("32 points of 3 classes")
    page.locator(".playground-undo").click()
    page.locator(".playground-undo").click()
    assert of(page, "it.points.at(-1)") == [pytest.approx(2, abs=0.02), pytest.approx(-1.5, abs=0.02), 1]
    assert page.locator(".explorer-text").text_content().startswith("31 points of 2 classes")
    assert page.locator("[data-show=points-1] path").get_attribute("d").count("M") == 16


def test_all_by_keyboard(visit):
    page = visit()
    page.locator(".playground-field").focus()
    press, status = page.keyboard.press, page.locator(".playground-status")
    press("PageDown")
    i = of(page, "it.chosen")
    assert "no." in status.text_content() and "has the probability" in status.text_content()
    before = of(page, f"it.points[{i}]")
    press("2")
    assert of(page, f"it.points[{i}]") == [*before[:2], 1] and ", yes." in status.text_content()
    press("Shift+ArrowRight")
    assert of(page, f"it.points[{i}]") == [pytest.approx(before[0] + 0.6), before[1], 1]
    press("Enter")
    assert of(page, "it.points.at(-1)[2]") == 1 and of(page, "it.points.length") == 31
    press("Delete")
    for _ in range(4):
        press("Control+z")
    assert of(page, "it.points") == of(page, "it.original.points")
    ring = page.get_by_role("slider", name="factor on θ").last
    ring.focus()
    loss = of(page, "it.found.loss")
    press("ArrowRight")
    assert of(page, "it.value('stretch')") == 1.05 and of(page, "it.found.loss") != loss
    assert "1.05 times the θ of the fit" in page.locator(".explorer-text").text_content()


def test_the_ring_is_dragged(visit):
    page = visit()
    ring = page.locator(".explorer-handle")
    box, panel = ring.bounding_box(), page.locator(".explorer-panels > svg").nth(1).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(panel["x"] + panel["width"] - 2, panel["y"] + 20, steps=3)
    page.mouse.up()
    assert of(page, "it.value('stretch')") == 3
    page.locator(".playground-reset").click()
    assert of(page, "it.value('stretch')") == 1


def test_own_data_are_pasted(visit):
    page = visit()
    paste(page, "width;height;kind\n1,5;2;setosa\n2;3,25;virginica\n1;1;setosa\n5;6;virginica\n")
    assert of(page, "it.points") == [[1.5, 2, 0], [2, 3.25, 1], [1, 1, 0], [5, 6, 1]]
    assert of(page, "it.classes") == ["setosa", "virginica", "–"]
    assert page.get_by_label("virginica").is_visible()
    page.locator(".playground-undo").click()
    assert of(page, "it.classes") == ["no", "yes", "a third class"]
    paste(page, "1 2 yes\n3 4 no\n2 2 yes")  # known ones keep their colours
    assert [k for *_, k in of(page, "it.points")] == [1, 0, 1]
    paste(page, "1 2 yes\n3 4 a third class")
    assert "Line 2 is not" in page.locator(".playground-problems").text_content()
    paste(page, "1,2,yes\n3,4,a third class")
    assert [k for *_, k in of(page, "it.points")] == [1, 2]


def test_bad_lines_are_named_and_nothing_is_lost(visit):
    page, text = visit(), "1 2 a\n3 4\nfour 5 b\n6 7 b"
    paste(page, text)
    said = page.locator(".playground-problems").text_content()
    assert said == (
        "Line 2 is not two numbers and a class: “3 4”. Line 3 is not two numbers and a class: “four 5 b”. "
        "Nothing was changed."
    )
    assert of(page, "it.points.length") == 30
    assert page.locator(".playground-own textarea").input_value() == text
    for line in ("1,,b", "1,2,", ",2,b", "0x1,2,b"):
        paste(page, f"{line}\n3,4,a")
        said = page.locator(".playground-problems").text_content()
        assert said == f"Line 1 is not two numbers and a class: “{line}”. Nothing was changed."
    paste(page, "1 2 a\n1 3 b\n1 4 c\n1 5 d")
    assert "There are 4 classes; at most 3" in page.locator(".playground-problems").text_content()


def test_the_address_keeps_all(visit):
    page = visit()
    paste(page, "0,1,a b\n10,5,ü\n20,2,a b\n30,9,ü")
    page.locator("[data-param=basis]").select_option("3")
    page.wait_for_function("location.hash.includes('classes=')")
    wanted = of(page, "[it.points, it.axes, it.classes, it.positions, it.found]")
    other = visit("page.html" + page.evaluate("location.hash"))
    got = of(other, "[it.points, it.axes, it.classes, it.positions, it.found]")
    assert got[:4] == wanted[:4] and got[4] == pytest.approx(wanted[4], rel=1e-6)
    page.locator(".playground-reset").click()
    page.wait_for_function("!location.hash")


def test_the_address_keeps_names_with_any_mark(visit):
    page = visit()
    paste(page, "0;0;a~b\n1;1;c, d=%\n2;0;a~b")
    wanted = of(page, "[it.classes, it.points]")
    assert wanted[0] == ["a~b", "c, d=%", "–"]
    page.wait_for_function("location.hash.includes('classes=')")
    assert of(visit("page.html" + page.evaluate("location.hash")), "[it.classes, it.points]") == wanted


def test_a_spoilt_address_is_no_error(visit):
    page = visit("page.html#boundary:points=0_1_0~0_1_7~1_1~x~1_0_1,classes=a~b,axes=2_1_0_4,delta=much")
    assert of(page, "it.points") == [[0, 1, 0], [1, 0, 1]]
    assert of(page, "it.classes") == ["no", "yes", "a third class"] and of(page, "it.axes") == [-3, 3, -2, 2]


@pytest.mark.parametrize("rows", ["", "0_0_1", "0_0_1~1_1_1", "0_0_0~0_0_1", "0_0_0~1_0_0~2_0_1"])
@BASES
def test_few_points_are_no_error(visit, rows, basis):
    page = visit(f"page.html#boundary:basis={basis},delta=0,points={rows}")
    assert page.locator(".explorer-text").text_content().startswith(f"{len(rows.split('~')) if rows else 0} ")
    page.locator(".playground-add").click()
    assert "NaN" not in page.locator("figure").inner_text()


def test_data_are_saved(visit):
    page = visit()
    page.locator(".playground-own summary").click()
    with page.expect_download() as saved:
        page.locator(".playground-csv").click()
    head, *rows = saved.value.path().read_text("utf-8").splitlines()
    assert head == "x1,x2,class" and rows[1] == "{},{},yes".format(*points()[0][1])


def test_the_question_comes_first(visit):
    page = visit("asked.html")
    hidden = (".playground-bars", ".playground-shading", "[data-show=boundary]", "[data-show=loss]")
    assert not any(page.locator(part).is_visible() for part in hidden)
    assert "error" not in page.locator(".explorer-text").text_content()
    page.locator("[data-param=basis]").select_option("2")
    page.locator(".playground-add").click()
    assert not any(page.locator(part).is_visible() for part in hidden)
    assert not page.locator("[data-param=stretch]").is_visible()
    page.locator(".explorer-see").click()
    errors = of(page, "it.found.errors")
    assert of(page, "[it.points.length, it.position('basis')]") == [30, 0]
    assert page.locator("[data-param=stretch]").is_visible()
    assert f"it is {errors}" in page.locator(".explorer-done [role=status]").text_content()
    assert all(page.locator(part).is_visible() for part in hidden)
    assert f": {errors} error" in page.locator(".explorer-text").text_content()


def test_of_separable_points_nothing_is_said_that_has_no_value(visit):
    apart = "~".join(f"{x}_{y}_{int(x > 0)}" for x in (-2, -1.5, 1.5, 2) for y in (-1, 0, 1))
    page = visit(f"page.html#boundary:delta=0,points={apart}")
    assert of(page, "it.fit.separated")
    assert page.locator(".playground-length .playground-beyond").count() == 1
    assert (
        "the length of θ and the log loss say only where one has stopped"
        in page.locator(".explorer-text").text_content()
    )
    assert (
        "and the log loss depend on where one stops" in page.locator(".playground-python pre").text_content()
    )
    page.locator("[data-param=delta]").fill("100")
    assert not page.locator(".playground-length .playground-beyond").count()
    page.locator("[data-param=delta]").fill("1")
    page.locator(".playground-field").focus()
    page.keyboard.press("PageDown")
    assert of(page, "it.chances[it.chosen]") > 0.999
    assert page.locator(".playground-status").text_content().endswith("the probability above 0.999.")


def test_the_cost_is_drawn_finely_where_it_bends(visit):
    xs = of(
        visit(),
        """document.querySelector('[data-show=loss] path').getAttribute('d')
        .match(/[ML][\\d.]+/g).map((text) => Number(text.slice(1)))""",
    )
    left, _, right, _ = of(visit(), "it.boxes[1]")
    assert xs[-1] == pytest.approx(right, abs=0.1)
    assert sum(x < left + 0.05 * (right - left) for x in xs) > 10


def test_in_a_notebook(visit):
    page = visit("notebook.html")
    page.locator(".playground-add").click()
    assert of(page, "it.points.length") == 31


# --------------------------------------------------------------------------------------- for everyone


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("name", ["three.html", "asked.html"])
def test_it_is_accessible(visit, axe, name, phone, theme):
    page = visit(name, phone)
    page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
    page.evaluate("axe => (0, eval)(axe)", axe)
    for summary in page.locator(".playground summary").all():
        summary.click()
    page.locator(".playground-field").focus()
    page.keyboard.press("PageDown")
    assert not violations(page)


@pytest.mark.parametrize("phone", [False, True])
def test_nothing_moves_or_sticks_out(visit, phone):
    page = visit("page.html#boundary:delta=0", phone=phone)
    page.add_style_tag(content=STILL)
    before = page.evaluate(PLACES)
    lay(page, np.array([[-1.0, 0], [-1, 1], [1, 0], [1, 1]]), np.array([0, 0, 1, 1]))
    assert "SeparableDataWarning" in page.locator(".explorer-text").text_content()
    page.locator(".playground-field").focus()
    page.keyboard.press("PageDown")
    assert page.evaluate(PLACES) == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_start_is_seen(visit):
    page = visit(java_script_enabled=False)
    assert page.locator("noscript").is_visible()
    assert not any(
        page.locator(part).is_visible()
        for part in (".explorer-controls", ".playground-hand", ".playground-hand + .playground-tools")
    )
    assert page.locator("[data-show=boundary] path").is_visible()
    assert "mean log loss" in page.locator(".explorer-text").inner_text()


# ------------------------------------------------------------------------------------------ in Python


@BASES
@CLASSES
def test_the_words_at_the_start(basis, classes):
    X, y = points(classes)
    text = boundary(classes, basis=basis)["text/plain"]
    Phi = features(basis, X)
    model = fitted(Phi, y, 0.1)
    loss = -np.mean(np.log(model.predict_proba(Phi)[np.arange(len(y)), y]))
    assert text.startswith(f"30 points of {classes} classes; {basis}, δ = 0.1: ")
    assert f"mean log loss {loss:.3g}, |θ| = {np.linalg.norm(model.theta_[1:]):.3g}." in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(xlim=(0, 1)), r"all points must lie within xlim \(0, 1\)"),
        (dict(basis="splines"), "basis must be one of a straight line"),
        (dict(lam=9), "lam must be from 0.03 to 3; got 9"),
        (dict(delta=-1), "delta must be from 0 to 10; got -1"),
        (dict(name="My points"), "name must be lower-case"),
    ],
)
def test_bad_input(options, message):
    with pytest.raises(ValueError, match=message):
        boundary(**options)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[0, 0]] * 2, [0, 1], "a playground starts with 3 to 200 points; got 2"),
        ([[0, 0]] * 4, [0, 1, 2, 3], "y must hold one to three classes; got 4"),
        ([[0, 0, 0]] * 4, [0, 1, 1, 0], "X must have two columns"),
        ([[0, 0]] * 4, [0, 1, 1], "the same number of rows"),
    ],
)
def test_bad_points(X, y, message):
    with pytest.raises(ValueError, match=message):
        boundary_playground(X, y, **LIMITS)


def test_one_class_is_drawn():
    assert "nothing to tell apart" in made(boundary_playground, [[0, 0]] * 3, [1] * 3, **LIMITS)["text/plain"]
