"""A network 784–64–10 trained by Adam in float32, beside PyTorch, and beside its own matrix products."""

import numpy as np

import mlcore
from mlcore.datasets import load_mnist

from .harness import Case

HIDDEN = 64
EPOCHS = 3  # so that checking and copying the data once, before the first, is a small part


def pictures(m):
    """X (m, 784) between 0 and 1, float32, and labels (m,): handwritten digits."""
    train, _ = load_mnist()
    X = np.asarray(train.X[:m], dtype=np.float32)
    return np.ascontiguousarray(X / X.max()), train.y[:m]


def model(batch):
    return mlcore.MLPClassifier((HIDDEN,), batch=batch, epochs=EPOCHS, random_state=0, dtype="float32")


def cost(weights, X, y):
    """Mean negative log likelihood, in float64, of a network with one hidden layer of ReLU."""
    (W1, b1), (W2, b2) = ((np.asarray(W, dtype=float), np.asarray(b, dtype=float)) for W, b in weights)
    z = np.maximum(X @ W1 + b1, 0) @ W2 + b2
    return float(np.mean(mlcore.log_sum_exp(z) - z[np.arange(len(y)), y]))


def beside_torch(m, batch):
    """Training from the same initial weights through the same batches; the error is the cost at its end."""

    def build():
        import torch

        torch.set_num_threads(1)
        X, y = pictures(m)
        Xt, yt = torch.from_numpy(X), torch.from_numpy(y.astype(np.int64))

        def theirs():
            rng = np.random.default_rng(0)
            start = model(batch)._network(784, 10, rng)
            net = torch.nn.Sequential(
                torch.nn.Linear(784, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, 10)
            )
            with torch.no_grad():
                for layer, ours in ((net[0], start.layers[0]), (net[2], start.layers[2])):
                    layer.weight.copy_(torch.from_numpy(ours.W.T.copy()))
                    layer.bias.copy_(torch.from_numpy(ours.b.copy()))
            adam, loss = torch.optim.Adam(net.parameters(), lr=1e-3), torch.nn.CrossEntropyLoss()
            for _ in range(EPOCHS):
                for rows in mlcore.minibatches(len(X), batch, rng):
                    rows = torch.from_numpy(rows)
                    adam.zero_grad()
                    loss(net(Xt[rows]), yt[rows]).backward()
                    adam.step()
            return [(part.weight.detach().numpy().T, part.bias.detach().numpy()) for part in (net[0], net[2])]

        def errors(ours, theirs):
            return cost(ours.theta_, X, y), cost(theirs, X, y)

        return lambda: model(batch).fit(X, y), theirs, errors

    return build


def beside_products(m, batch):
    """Training beside the five matrix products of each of its batches, and nothing else."""

    def build():
        X, y = pictures(m)
        rng = np.random.default_rng(0)
        W1, W2, D = (
            rng.normal(size=size).astype(np.float32) for size in ((784, HIDDEN), (HIDDEN, 10), (batch, 10))
        )
        A, Z, B = (np.empty((batch, n), dtype=np.float32) for n in (HIDDEN, 10, HIDDEN))
        G1, G2 = np.empty_like(W1), np.empty_like(W2)

        def products():
            for i in EPOCHS * list(range(0, m, batch)):
                x = X[i : i + batch]
                n = len(x)
                a, d = np.matmul(x, W1, out=A[:n]), D[:n]
                np.matmul(a, W2, out=Z[:n])  # forward
                np.matmul(a.T, d, out=G2)  # and backward
                np.matmul(x.T, np.matmul(d, W2.T, out=B[:n]), out=G1)

        return lambda: model(batch).fit(X, y), products, lambda ours, _: (0.0, 0.0)

    return build


def cases(quick=False):
    """The rows on networks; sizes for a trial run if `quick`."""
    m, work = 256 if quick else 15_000, f"network 784–64–10, Adam, float32, {EPOCHS} epochs of 15,000"
    for batch, goal in ((32, 0.5), (128, 0.5), (512, 0.65)):
        yield Case(
            f"{work}, batch {batch}",
            "PyTorch, eager",
            goal,
            beside_torch(m, batch),
            "mean negative log likelihood at the end",
            needs="torch",
        )
    yield Case(
        f"{work}, batch 512",
        "its matrix products alone (NumPy)",
        1.3,
        beside_products(m, 512),
        "not compared",
        needs="numpy",
    )
