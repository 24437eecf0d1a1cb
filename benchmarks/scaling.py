"""How time grows with the number of rows, of columns and of examples in a batch: the data of the plots."""

from . import classification, linear, networks


def series(quick=False):
    """Yield title, what grows, peer, its values, and for each value a ``build`` as in `harness.Case`.

    The last is the module that the peer needs.
    """

    def sizes(*values):
        return (50, 60) if quick else values

    d = 3 if quick else 50
    yield (
        "ridge",
        "rows m, 50 columns",
        "scikit-learn Ridge",
        "sklearn",
        [(m, linear.least_squares(m, d, 3.0)) for m in sizes(300, 1000, 3000, 10_000, 30_000)],
    )
    m = 40 if quick else 5000
    yield (
        "ridge",
        "columns d, 5,000 rows",
        "scikit-learn Ridge",
        "sklearn",
        [(d, linear.least_squares(m, d, 3.0)) for d in ((3, 5) if quick else (3, 10, 30, 100, 300))],
    )
    yield (
        "logistic regression",
        "rows m, 50 columns",
        "scikit-learn newton-cholesky",
        "sklearn",
        [
            (m, classification.logistic(classification.two_classes, m, d if quick else 50))
            for m in sizes(300, 1000, 3000, 10_000, 30_000)
        ],
    )
    m = 256 if quick else 5000
    yield (
        "network 784–64–10",
        f"examples in a batch, {networks.EPOCHS} epochs of 5,000",
        "PyTorch, eager",
        "torch",
        [(b, networks.beside_torch(m, b)) for b in ((64, 128) if quick else (8, 32, 128, 512, 2048))],
    )
