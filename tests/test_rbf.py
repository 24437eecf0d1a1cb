"""RBF regression against scikit-learn on the same features, formulas written out, and refits."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge as SklearnRidge
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import GridSearchCV

from mlcore import RankDeficiencyWarning, RBFRegression, rbf_grid


def data(m=15, d=1, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.uniform(0, 4, size=(m, d))
    return X, np.sin(2 * X).sum(axis=1) + 0.2 * rng.normal(size=m) + 3


@pytest.mark.equation("eq-rbf-model")
def test_three_given_centres_written_out():
    X, y = data()
    model = RBFRegression(lam=1.0, delta=0.3, centers=[1.0, 2.0, 3.0]).fit(X, y)
    t, x = model.theta_, np.linspace(-1, 5, 7)
    wanted = (
        t[0]
        + t[1] * np.exp(-((x - 1) ** 2))
        + t[2] * np.exp(-((x - 2) ** 2))
        + t[3] * np.exp(-((x - 3) ** 2))
    )
    np.testing.assert_allclose(model.predict(x[:, None]), wanted, rtol=1e-14)
    assert model.centers_.shape == (3, 1) and t.shape == (4,)


@pytest.mark.equation("eq-rbf-model")
@pytest.mark.parametrize("d", [1, 3])
@pytest.mark.parametrize("lam, delta", [(0.5, 0.1), (3.0, 1.0), (50.0, 0.01)])
def test_against_sklearn_ridge_on_its_own_kernel(d, lam, delta):
    X, y = data(20, d)
    new = data(7, d, seed=1)[0]
    theirs = SklearnRidge(alpha=delta**2, solver="svd").fit(rbf_kernel(X, X, gamma=1 / lam), y)
    model = RBFRegression(lam, delta).fit(X, y)
    wanted = theirs.predict(rbf_kernel(new, X, gamma=1 / lam))
    np.testing.assert_allclose(model.predict(new), wanted, rtol=1e-8)


def test_without_a_penalty():
    X, y = data(12)
    with pytest.warns(RankDeficiencyWarning):  # 12 kernels and an intercept for 12 points
        model = RBFRegression(lam=0.1).fit(X, y)
    np.testing.assert_allclose(model.predict(X), y, rtol=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        RBFRegression(lam=1.0, centers=[1.0, 2.0, 3.0]).fit(X, y)  # three kernels are no problem
        RBFRegression(lam=1e6, delta=1e-3).fit(X, y)  # nor are nearly equal ones with a penalty
    with pytest.warns(RankDeficiencyWarning):
        RBFRegression(lam=1e9, centers=[1.0, 2.0, 3.0]).fit(X, y)


def refitted(X, y, lam, delta, centers):
    """Mean squared error of predictions of each point by the fit to the others, the centres staying."""
    model = RBFRegression(lam, delta, centers)
    return np.mean(
        [
            (y[i] - model.fit(np.delete(X, i, 0), np.delete(y, i)).predict(X[i : i + 1])[0]) ** 2
            for i in range(len(y))
        ]
    )


@pytest.mark.equation("eq-loo", "eq-rbf-model")
@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("given", [False, True])
def test_grid_is_what_refitting_gives(d, given):
    X, y = data(12, d)
    centers = data(5, d, seed=7)[0] if given else None
    lams, deltas = [0.05, 1.0, 300.0], [1e-3, 0.1, 3.0]
    grid = rbf_grid(X, y, lams, deltas, centers)
    stay = X if centers is None else centers
    wanted = [[refitted(X, y, lam, delta, stay) for delta in deltas] for lam in lams]
    assert grid.shape == (3, 3)
    np.testing.assert_allclose(grid, wanted, rtol=1e-6)


@pytest.mark.equation("eq-loo")
@pytest.mark.parametrize("m, d, twins", [(2, 1, False), (40, 2, False), (40, 2, True)])
def test_grid_by_eigenvalues_is_the_grid_by_svd(m, d, twins):
    X, y = data(m, d)
    if twins:
        X[m // 2 :] = X[: m - m // 2]
    lams, deltas = [0.01, 1.0, 1e4], [2e-6 * m, 1e-3, 1.0, 1e5]
    given = rbf_grid(X, y, lams, deltas, centers=X)  # centres that are given need not be as many as points
    np.testing.assert_allclose(rbf_grid(X, y, lams, deltas), given, rtol=1e-7)
    np.testing.assert_allclose(rbf_grid(X, y + 1e6, lams, deltas[1:]), given[:, 1:], rtol=1e-6)


@pytest.mark.equation("eq-loo")
@pytest.mark.filterwarnings("ignore::mlcore.RankDeficiencyWarning")
def test_grid_without_a_penalty():
    X, y = data(10)
    np.testing.assert_allclose(
        rbf_grid(X, y, [0.05, 0.2], [0.0])[:, 0],
        [refitted(X, y, lam, 0.0, X) for lam in (0.05, 0.2)],
        rtol=1e-6,
    )


def test_grid_warns_once_and_only_of_what_matters():
    X, y = data(12)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rbf_grid(X, y, np.logspace(-3, 9, 7), [1e-9, 1.0])
        rbf_grid(X, y, [0.5, 1.0], [0.0, 1.0], centers=[1.0, 2.0, 3.0])
    with pytest.warns(RankDeficiencyWarning, match="7 of 7 λ") as caught:
        rbf_grid(X, y, np.logspace(-3, 9, 7), [0.0, 1.0])
    assert len(caught) == 1
    with pytest.warns(RankDeficiencyWarning, match=r"1 of 2 λ \(from 1e\+09 to 1e\+09\)"):
        rbf_grid(X, y, [1.0, 1e9], [0.0], centers=[1.0, 2.0, 3.0])


def test_grid_is_finite_everywhere():
    X, y = data(30)
    grid = rbf_grid(X, y, np.logspace(-12, 12, 9), np.logspace(-12, 6, 7))
    assert np.all(np.isfinite(grid))
    flat = np.mean((y - (y.sum() - y) / 29) ** 2)  # the others' mean: what is left of a model with huge δ
    np.testing.assert_allclose(grid[:, -1], flat, rtol=1e-6)


def test_inside_scikit_learn():
    X, y = data(40)
    search = GridSearchCV(clone(RBFRegression(delta=0.1)), {"lam": [0.1, 1.0]}, cv=4).fit(X, y)
    assert search.best_score_ > 0.5
    model = RBFRegression(2.0, 0.1, np.array([[1.0]]))
    assert repr(model) == "RBFRegression(lam=2.0, delta=0.1, centers=<array (1, 1)>)"
    assert clone(model).get_params()["lam"] == 2.0


def test_inputs_are_not_changed_nor_kept():
    X, y = data(8)
    before = X.copy()
    model = RBFRegression(1.0, 0.1).fit(X, y)
    rbf_grid(X, y, [1.0], [1.0])
    np.testing.assert_array_equal(X, before)
    prediction = model.predict(X)
    changed = X.copy()
    X[:] = 0  # the model keeps centres of its own
    np.testing.assert_array_equal(model.predict(changed), prediction)


X, Y = data(6, 2)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: RBFRegression(0.0).fit(X, Y), "lam must be a finite number > 0; got 0"),
        (lambda: RBFRegression(-2).fit(X, Y), "lam must be a finite number > 0; got -2"),
        (lambda: RBFRegression("wide").fit(X, Y), "lam must be a finite number > 0; got str"),
        (lambda: RBFRegression(1.0, -1.0).fit(X, Y), "delta must be a finite number >= 0; got -1"),
        (lambda: RBFRegression(centers=[1.0, 2.0]).fit(X, Y), "same number of columns"),
        (lambda: RBFRegression(centers=[[1.0, np.nan]]).fit(X, Y), "centers must be .* finite"),
        (lambda: RBFRegression().fit(X, Y[:-1]), "same number of rows"),
        (lambda: RBFRegression().fit(X[:, 0], Y), "2-D"),
        (lambda: RBFRegression().predict(X), "must be fitted first"),
        (lambda: RBFRegression(1.0, 1.0).fit(X, Y).predict(X[:, :1]), "expecting 2 features"),
        (lambda: rbf_grid(X, Y, [1.0, 0.0], [1.0]), "every entry of lams must be > 0; got 0 at position 1"),
        (lambda: rbf_grid(X, Y, [1.0], [-1.0]), "every entry of deltas must be >= 0; got -1"),
        (lambda: rbf_grid(X, Y, [], [1.0]), "lams must be a 1-D sequence"),
        (lambda: rbf_grid(X, Y, [1.0], 1.0), "deltas must be a 1-D sequence"),
        (lambda: rbf_grid(X, Y[:-1], [1.0], [1.0]), "same number of rows"),
        (lambda: rbf_grid(X, Y, [1.0], [1.0], centers=[1.0]), "same number of columns"),
        (lambda: rbf_grid(X[:1], Y[:1], [1.0], [1.0]), "at least two rows"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
