/* Data of two classes in the plane, and a network that learns them, step by step. The mathematics is that of
   plain_fits.js, of which the rules and initial weights are used as they are; for speed the layers take whole
   batches, and all parameters are one array, W and b layer by layer. A matrix is a flat array, row after row. */
(() => {
  "use strict";
  const { ACTIVATIONS, SLOPES } = plain;
  const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

  /* Lehmer's generator: numbers between 0 and 1, the same in the cell of Python. */
  function generator(seed) {
    let state = (seed % 2147483646) + 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    for (let k = 0; k < 4; k++) random(); // small seeds begin alike
    return random;
  }

  const normal = (random) => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());

  /* Points [x1, x2, class] number i; `u` and `v` are uniform between 0 and 1. */
  const polar = (r, t) => [r * Math.cos(2 * Math.PI * t), r * Math.sin(2 * Math.PI * t)];
  const SETS = {
    circle: (i, u, v) => [...polar(i % 2 ? 0.8 * Math.sqrt(u) : 1.25 + 0.5 * Math.sqrt(u), v), i % 2],
    "two blobs": (i, u, v) => [...polar(0.6 * Math.sqrt(u), v).map((x) => x + (i % 2 ? 0.8 : -0.8)), i % 2],
    "exclusive or": (i, u, v) => [(i & 1 ? 1 : -1) * (0.15 + 1.55 * u), (i & 2 ? 1 : -1) * (0.15 + 1.55 * v), (i & 1) ^ ((i & 2) / 2)],
    spiral: (i, u) => [...polar(0.1 + 1.7 * Math.sqrt(u), 1.5 * Math.sqrt(u) + (i % 2) / 2), i % 2],
  };

  /* m points with noise in a random order, none outside −2 … 2. */
  function sample(name, m, sigma, seed = 1) {
    const random = generator(seed);
    const points = Array.from({ length: m }, (_, i) => {
      const [a, b, label] = SETS[name](i, random(), random());
      const noisy = [a, b].map((x) => Math.min(Math.max(x + sigma * normal(random), -2), 2));
      return [...noisy.map((x) => Number(x.toFixed(3))), label];
    });
    return shuffled(points, random);
  }

  function shuffled(list, random) {
    const keys = list.map(() => random());
    return [...keys.keys()].sort((i, j) => keys[i] - keys[j]).map((i) => list[i]);
  }

  /* Which points are held out: every fourth; of the reader's own, which may be sorted, every fourth of each class. */
  function heldOut(points, own) {
    const before = [0, 0];
    return points.map(([, , k]) => before[own ? k : 0]++ % 4 === 3);
  }

  const LASTS = 10; // epochs, of what is said to last
  const LEAP = 1.5; // from one epoch to the next, up or down, which noise of batches hardly makes

  const STARTS = {
    Glorot: plain.glorotUniform,
    He: plain.heUniform,
    zeros: (nIn, nOut) => new Float64Array(nIn * nOut),
    large: (nIn, nOut, random) => plain.glorotUniform(nIn, nOut, random).map((w) => 10 * w),
  };
  const RULES = { SGD: plain.sgdStep, momentum: plain.momentumStep, Adam: plain.adamStep };

  class Network {
    constructor(widths, activation) {
      const size = widths.slice(1).reduce((sum, n, l) => sum + (widths[l] + 1) * n, 0);
      Object.assign(this, { widths, activation, theta: new Float64Array(size), grad: new Float64Array(size), layers: [] });
      let at = 0;
      const views = (n) => [this.theta, this.grad].map((whole) => whole.subarray(at, at + n));
      for (let l = 1; l < widths.length; l++) {
        const [nIn, nOut] = widths.slice(l - 1, l + 1);
        const [W, dW] = views(nIn * nOut);
        at += nIn * nOut;
        const [b, db] = views(nOut);
        at += nOut;
        this.layers.push({ nIn, nOut, W, b, dW, db });
      }
    }

    start(name, random) {
      for (const { W, b, nIn, nOut } of this.layers) {
        W.set(STARTS[name](nIn, nOut, random));
        b.fill(0);
      }
    }

    /* Room for what m examples make on their way, [Z, A] as in plain.forward, and back. */
    room(m) {
      const rows = (n) => new Float64Array(m * n);
      const { layers, widths } = this;
      return { m, Z: layers.map(({ nOut }) => rows(nOut)), A: widths.slice(0, -1).map(rows), deltas: layers.map(({ nOut }) => rows(nOut)) };
    }

    forward({ Z, A }, m) {
      const g = ACTIVATIONS[this.activation];
      this.layers.forEach(({ W, b, nIn, nOut }, l) => {
        const [x, z] = [A[l], Z[l]];
        for (let i = 0; i < m; i++) {
          const [from, to] = [i * nIn, i * nOut];
          for (let j = 0; j < nOut; j++) z[to + j] = b[j];
          for (let k = 0; k < nIn; k++) {
            const value = x[from + k];
            for (let j = 0; j < nOut; j++) z[to + j] += value * W[k * nOut + j];
          }
        }
        const a = A[l + 1]; // none behind the last
        if (a) for (let i = 0; i < m * nOut; i++) a[i] = g(z[i]);
      });
    }

    /* ∂C/∂W and ∂C/∂b of a batch into `grad`, from ∂C/∂z of the last layer in its `deltas`. */
    backward({ Z, A, deltas }, m) {
      const slope = SLOPES[this.activation];
      this.grad.fill(0);
      for (let l = this.layers.length - 1; l >= 0; l--) {
        const [{ W, dW, db, nIn, nOut }, dZ, x, below] = [this.layers[l], deltas[l], A[l], deltas[l - 1]];
        for (let i = 0; i < m; i++) {
          const [from, to] = [i * nIn, i * nOut];
          for (let j = 0; j < nOut; j++) db[j] += dZ[to + j];
          for (let k = 0; k < nIn; k++) {
            let sum = 0;
            for (let j = 0; j < nOut; j++) {
              dW[k * nOut + j] += x[from + k] * dZ[to + j];
              sum += W[k * nOut + j] * dZ[to + j];
            }
            if (below) below[from + k] = sum * slope(Z[l - 1][from + k], x[from + k]);
          }
        }
      }
    }
  }

  /* Costs of an output z for the class y, as sigmoidCrossEntropy of plain_fits.js has it for one output. */
  const cost = (z, y) => softplus(z) - y * z;

  class Training {
    /* `points` are triples; `settings` the widths of the hidden layers and what else is to be chosen. */
    constructor(points, settings) {
      const { hidden, activation, initial, seed, optimiser, eta, batch, delta, own } = settings;
      const out = heldOut(points, own);
      const [used, held] = [false, true].map((is) => points.filter((_, i) => out[i] === is));
      Object.assign(this, { settings, random: generator(seed), epoch: 0, at: 0, steps: 0, order: [], diverged: null });
      this.net = new Network([2, ...hidden, 1], activation);
      this.net.start(initial, this.random);
      [this.used, this.held] = [used, held].map((list) => ({ ...this.net.room(list.length), y: list.map((point) => point[2]) }));
      [used, held].forEach((list, k) => [this.used, this.held][k].A[0].set(list.flatMap((point) => point.slice(0, 2))));
      this.idle = new Set(this.used.y).size < 2; // there is nothing to tell apart
      this.batch = Math.min(batch || used.length, used.length);
      this.few = this.net.room(this.batch);
      Object.assign(this, { rule: RULES[optimiser], rates: { eta, alpha: 0.9 }, decay: (2 * delta ** 2) / used.length });
      this.good = this.net.theta.slice();
      this.history = [this.measure()];
    }

    /* What `measure` says of the network as it is. */
    get reading() {
      return this.at ? (this.within ??= this.measure()) : this.history.at(-1);
    }

    /* One mini-batch. */
    step() {
      const { net, few, used } = this;
      const m = used.y.length;
      if (this.diverged || this.idle) return;
      if (this.at === 0) this.order = shuffled([...used.y.keys()], this.random);
      const rows = this.order.slice(this.at, this.at + this.batch);
      const [from, to] = [used.A[0], few.A[0]];
      for (let i = 0; i < rows.length; i++) [to[2 * i], to[2 * i + 1]] = [from[2 * rows[i]], from[2 * rows[i] + 1]];
      net.forward(few, rows.length);
      const [z, dZ] = [few.Z.at(-1), few.deltas.at(-1)];
      for (let i = 0; i < rows.length; i++) dZ[i] = (ACTIVATIONS.sigmoid(z[i]) - used.y[rows[i]]) / rows.length;
      net.backward(few, rows.length);
      for (const { W, dW } of net.layers) for (let k = 0; k < W.length; k++) dW[k] += this.decay * W[k];
      const [step, state] = this.rule(net.grad, this.state, this.rates);
      this.good.set(net.theta);
      this.within = null;
      let sum = 0; // is finite where all are
      for (let k = 0; k < step.length; k++) sum += Math.abs((net.theta[k] += step[k]));
      this.state = state;
      this.steps += 1;
      this.at += rows.length;
      if (this.at >= m) Object.assign(this, { at: 0, epoch: this.epoch + 1 });
      if (!Number.isFinite(sum)) {
        this.diverged = this.steps;
        net.theta.set(this.good);
      }
      if (this.at === 0) this.history.push(this.measure());
    }

    /* To the end of the epoch. */
    epochOn() {
      do this.step();
      while (this.at && !this.diverged);
    }

    /* Mean cost without the penalty, and errors: of the points that are learnt, and of those held out. */
    measure() {
      return [this.used, this.held].map((room) => {
        const { y } = room;
        this.net.forward(room, y.length);
        const z = room.Z.at(-1);
        let [total, wrong] = [0, 0];
        for (let i = 0; i < y.length; i++) {
          total += cost(z[i], y[i]);
          if (z[i] > 0 !== y[i] > 0) wrong += 1;
        }
        return { cost: total / y.length, wrong, m: y.length };
      });
    }

    /* The mean training cost of the last epochs, if it leaps up and down and is no lower than at the start. */
    restless() {
      const costs = this.history.slice(-LASTS).map(([{ cost }]) => cost);
      const mean = costs.reduce((a, b) => a + b) / LASTS;
      const by = costs.slice(1).map((cost, k) => cost / costs[k]);
      const leaps = by.filter((ratio) => ratio > LEAP).length > 1 && Math.min(...by) < 1 / LEAP;
      return this.history.length > LASTS && leaps && mean > this.history[0][0].cost ? mean : null;
    }

    /* What is wrong with the units of each hidden layer, after `measure`: one word a unit, or null. */
    health() {
      const { net, used } = this;
      const m = used.y.length;
      return net.layers.slice(0, -1).map(({ W, b, nIn, nOut }, l) => {
        const alike = (j) => b[j] === b[0] && Array.from({ length: nIn }, (_, k) => W[k * nOut + j] === W[k * nOut]).every(Boolean);
        const twins = nOut > 1 && Array.from({ length: nOut }, (_, j) => alike(j)).every(Boolean);
        return Array.from({ length: nOut }, (_, j) => {
          let flat = 0;
          for (let i = 0; i < m; i++) {
            const at = i * nOut + j;
            if (Math.abs(SLOPES[net.activation](used.Z[l][at], used.A[l + 1][at])) < 0.01) flat += 1;
          }
          if (twins || !m) return twins ? "alike" : null;
          if (net.activation === "relu") return flat === m ? "dead" : null;
          return flat > 0.9 * m ? "saturated" : null;
        });
      });
    }

    /* The cell that does the same with mlcore, for points whose coordinates are these lists of Python. */
    python(x1, x2, points, [left, right, bottom, top]) {
      const { settings, epoch, steps, net, batch, diverged, at } = this;
      const { hidden, activation, initial, seed, optimiser, eta, delta, own } = settings;
      const rule = `${optimiser === "momentum" ? "Momentum" : optimiser}(${eta})`;
      const layer = { tanh: "Tanh", relu: "ReLU", sigmoid: "Sigmoid", identity: "Identity" }[activation];
      const estimates = ["Glorot", "He"].includes(initial); // it knows no other starts
      const r = initial === "He" ? "(6 / n_in) ** 0.5" : `${initial === "large" ? "10 * " : ""}(6 / (n_in + n_out)) ** 0.5`;
      const layers = net.layers.map(({ nIn, nOut }, l) => `Linear(${nIn}, ${nOut}, initialise=start)${l < hidden.length ? `, ${layer}()` : ""}`);
      return [
        "import numpy as np\n",
        `from mlcore import ${rule.split("(")[0]}${estimates ? ", MLPClassifier" : ""}`,
        `from mlcore.layers import ${["Linear", "Sequential", "SigmoidCrossEntropy", ...(hidden.length ? [layer] : [])].sort().join(", ")}`,
        "from mlcore.mlp import cost_and_grad\n",
        `x1 = np.array(${x1})`,
        `x2 = np.array(${x2})`,
        `y = np.array([${points.map((point) => point[2]).join(", ")}])`,
        `${[left, right, bottom, top]}` === "-2,2,-2,2" ? "X = np.column_stack((x1, x2))" : `X = np.column_stack((4 * (x1 - ${left}) / ${right - left} - 2, 4 * (x2 - ${bottom}) / ${top - bottom} - 2))`,
        own ? "held = np.array([sum(y[:i] == y[i]) % 4 == 3 for i in range(len(y))])  # of each class" : "held = np.arange(len(y)) % 4 == 3  # held out",
        `state = ${seed + 1}\n\n`,
        "def random():  # the page's numbers between 0 and 1",
        "    global state",
        "    state = state * 48271 % 2147483647",
        "    return state / 2147483647\n\n",
        "def start(n_in, n_out, rng):",
        ...(initial === "zeros"
          ? ["    return np.zeros((n_in, n_out))\n\n"]
          : [`    r = ${r}`, "    return np.array([[r * (2 * random() - 1) for _ in range(n_out)] for _ in range(n_in)])\n\n"]),
        "for _ in range(4):",
        "    random()",
        `net = Sequential([${layers.join(", ")}])`,
        `rule, loss = ${rule}, SigmoidCrossEntropy()`,
        "# Where steps are too long, rounding grows: then the page’s numbers may differ.",
        `memory, m = rule.init(net.theta), np.sum(~held)`,
        `decay = ${delta} ** 2 / m * net.is_weight`,
        `steps = ${steps - (diverged ? 1 : 0)}${steps ? `  # ${epoch} epochs${at ? " and a part" : ""}` : ""}`,
        "while steps:",
        "    order = np.flatnonzero(~held)[np.argsort([random() for _ in range(m)])]",
        `    for rows in np.split(order, range(${batch}, m, ${batch}))[:steps]:`,
        "        cost_and_grad(net, loss, X[rows], y[rows, None], decay)",
        "        step, memory = rule.update(net.grad, memory)",
        "        net.theta += step",
        "        steps -= 1",
        `for name, rows in ("training", ~held),${this.held.y.length ? ' ("held out", held)' : ""}:`,
        "    z = net(X[rows])",
        "    print(name, loss.forward(z, y[rows, None]) / len(z), np.sum((z[:, 0] > 0) != y[rows]), \"wrong\")\n",
        ...(estimates ? [
          "# As an estimator, from a random start of its own",
          `model = MLPClassifier(hidden=(${hidden.map((n) => `${n},`).join(" ")}), activation="${activation}", optimiser=${rule},`,
          `                      batch=${batch}, epochs=${Math.max(epoch, 1)}, delta=${delta}).fit(X[~held], y[~held])`,
          'print("MLPClassifier, from another random start:", np.sum(model.predict(X[~held]) != y[~held]), "wrong")\n',
        ] : []),
      ].join("\n");
    }
  }

  globalThis.training = { LASTS, SETS, Training, heldOut, sample };
})();
