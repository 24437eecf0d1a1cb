/* Points of two or three classes, and where one becomes likelier than the other; made by _boundary.py, and a kind of
   playground.js. The model sees u, which is both coordinates scaled to −1 … 1. */
(() => {
  "use strict";
  const { Point, clamp } = explorers;
  const { Playground, chance, evenly, short } = playground;
  const CELLS = 61; // of the shading, in each direction
  const TINTS = [[20, 110, 210], [235, 110, 20], [30, 150, 80]];
  const BUMPS = 5; // in each direction
  const STEPS = 30; // of Newton's method without a penalty: mostly ten are enough; where there is no minimum, none
  const DUST = 1e-5; // what rounding has left of scores, or of what they differ by, that are equal
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

  class Boundary extends Playground {
    /* ---------------------------------------------------------------------------------- the model */

    /* Rows [1 φ] for places u. */
    rows(places) {
      const degree = this.position("basis") + 1;
      const g = evenly(-1, 1, BUMPS);
      const phi = degree < 4 ? plain.monomials(places, degree) : plain.rbfFeatures(places, g.flatMap((a) => g.map((b) => [a, b])), this.value("lam"));
      return phi.map((row) => Float64Array.of(1, ...row));
    }

    scaled([x, y]) {
      return this.share([x, y]).map((share) => 2 * share - 1);
    }

    /* θ, a column for each class that has points; without a penalty it may have no best length. */
    fitted() {
      const present = [...new Set(this.points.map(([, , k]) => k))].sort();
      const [m, K] = [this.points.length, present.length];
      if (K < 2) return null;
      const X = this.rows(this.points.map((point) => this.scaled(point)));
      const [n, delta] = [X[0].length, this.value("delta")];
      const codes = this.points.map(([, , k]) => present.indexOf(k));
      const Y = new Float64Array(m * K);
      codes.forEach((k, i) => (Y[i * K + k] = 1));
      const [Z, W] = delta ? [X] : perpendicular(X); // without a penalty the Hessian squares the condition of its columns
      const cost = K === 2 ? (gamma) => plain.logisticTaylor(gamma, Z, codes, delta) : (gamma) => plain.softmaxTaylor(gamma, Z, Y, delta);
      const taylor = (gamma) => held(cost(gamma));
      const width = K === 2 ? 1 : K;
      const back = (gamma) => W ? Float64Array.from({ length: n * width }, (_, a) => W.reduce((sum, w, k) => sum + w[Math.floor(a / width)] * gamma[k * width + (a % width)], 0)) : gamma;
      const zero = new Float64Array(Z[0].length * width); // from the last θ the way may be endless, and what is found depends on it
      const gamma = plain.newtonBacktracking(taylor, zero, ...(delta ? [] : [STEPS, Math.LN2]));
      const theta = back(gamma);
      const wide = K > 2 ? theta : Float64Array.from({ length: 2 * n }, (_, a) => (a % 2 ? theta[(a - 1) / 2] : 0));
      const z = X.map((x) => scores(x, wide, K));
      const even = z.every((row) => row.every((score, k) => Math.abs(score - row[0] - z[0][k] + z[0][0]) < DUST));
      if (even) { // of θ there is only the intercept: how frequent the classes are
        for (const numbers of [theta, wide]) numbers.fill(0);
        const intercepts = present.map((_, k) => Math.log(codes.filter((code) => code === k).length));
        for (const numbers of [wide, ...z]) numbers.set(intercepts);
      }
      const errors = z.filter((row, i) => row.indexOf(Math.max(...row)) !== codes[i]).length;
      const fit = { present, even, codes, K, theta: wide, z, errors, size: Math.hypot(...theta.slice(width)) };
      fit.many = Z[0].length < n;
      fit.separated = delta === 0 && errors === 0 && taylor(gamma)[0] < Math.LN2;
      fit.endless = !fit.separated && !fit.even && goesOn(taylor, gamma, delta);
      if (fit.separated) { // what θ does from here on, where rounding lets it
        const lengths = [fit.size];
        for (let [k, on] = [0, gamma]; k < 4; k++) {
          on = plain.newtonBacktracking(taylor, on, 1);
          lengths.push(Math.hypot(...back(on).slice(width)));
        }
        const by = lengths.slice(1).map((length, k) => length - lengths[k]);
        fit.lengths = by.every((step, k) => step > 0.9 * by[Math.max(k - 1, 0)]) ? lengths.slice(1) : [];
      }
      return fit;
    }

    /* −log of the probability of its own class, for each point, with θ drawn out to t times its length. */
    losses(t) {
      const { z, codes, K } = this.fit;
      return z.map((row, i) => {
        const own = row[codes[i]];
        let [top, sum] = [own, 0];
        for (let k = 0; k < K; k++) top = Math.max(top, row[k]);
        for (let k = 0; k < K; k++) sum += Math.exp(t * (row[k] - top));
        return t * (top - own) + Math.log(sum);
      });
    }

    /* --------------------------------------------------------------------------------- what is drawn */

    show() {
      if (this.ready) this.inputs[this.order.lam].closest(".explorer-control").hidden = this.position("basis") < 3;
      super.show();
    }

    drawn() {
      this.canvas = this.stage.insertBefore(document.createElement("canvas"), this.stage.firstChild);
      Object.assign(this.canvas, { className: "playground-shading", width: CELLS, height: CELLS });
      this.canvas.dataset.show = "shading";
      this.handles = [this.handle()];
      super.drawn();
    }

    /* The length of θ, beside its cost. */
    handle() {
      const [[left, top, right, bottom], k] = [this.within(1), this.order.stretch];
      const sizes = this.shown.map((values) => values.length);
      return new Point(this.figure, "explorer-handle", {
        ...{ panel: 1, along: [k, null], sizes, weights: [1, 0], label: "factor on θ" },
        get: () => this.positions,
        set: (positions) => this.set(positions),
        spot: (positions) => {
          const t = Number(this.shown[k][positions[k]]);
          const height = this.fit ? mean(this.losses(t)) : 0;
          return [left + (t / this.limits.stretch) * (right - left), bottom - clamp(height / this.limits.cost, 2) * (bottom - top)];
        },
        words: (positions) => this.words(k, positions[k]),
        awake: () => !this.question?.open && Boolean(this.fit),
      });
    }

    place() {
      super.place();
      this.over(this.canvas, 0);
    }

    refit() {
      super.refit();
      this.fit = this.fitted();
      const t = this.value("stretch");
      const losses = this.fit ? this.losses(t) : [];
      this.found = { errors: this.fit ? this.fit.errors : NaN, loss: losses.length ? mean(losses) : NaN, length: this.fit ? t * this.fit.size : NaN };
      this.chances = losses.map((loss) => Math.exp(-loss));
      this.bars({ errors: this.found.errors }, this.points.length);
      this.bars({ loss: this.found.loss }, Math.log(this.fit?.K ?? 2));
      this.bars({ length: this.found.length }, this.fit?.separated || this.fit?.endless ? 0 : this.limits.length); // torn where it has no end
      this.shade(t);
      const [[left, top, right, bottom], { stretch, cost }] = [this.boxes[1], this.limits];
      const factors = this.fit ? evenly(0, 1, 61).map((share) => stretch * share ** 2) : []; // it bends most near 0
      const heights = factors.map((s) => mean(this.losses(s)));
      const curve = (pull) => factors.map((s, k) => {
        const height = heights[k] + pull * s ** 2;
        const [a, b] = [left + (s / stretch) * (right - left), Math.max(bottom - (height / cost) * (bottom - top), top - 50)];
        return `${k ? "L" : "M"}${a.toFixed(1)} ${b.toFixed(1)}`;
      });
      const pull = (this.value("delta") * (this.fit?.size ?? 0)) ** 2 / this.points.length;
      this.path("loss", curve(0));
      this.path("penalised", pull ? curve(pull) : []);
      for (const handle of this.handles) handle.show();
    }

    /* The tints of the classes, by their probabilities, and the lines where two are equal. */
    shade(t) {
      const image = new ImageData(CELLS, CELLS);
      const lines = { boundary: [], bands: [] };
      if (this.fit) {
        const { present, theta, K } = this.fit;
        const z = this.cells().map((x) => scores(x, theta, K, t));
        z.forEach((row, c) => {
          let [top, sum, mix] = [Math.max(...row), 0, [0, 0, 0]];
          for (let k = 0; k < K; k++) {
            const share = Math.exp(row[k] - top);
            sum += share;
            for (let part = 0; part < 3; part++) mix[part] += share * TINTS[present[k]][part];
          }
          for (let part = 0; part < 3; part++) image.data[4 * c + part] = mix[part] / sum;
          image.data[4 * c + 3] = 30 + (100 * (1 / sum - 1 / K)) / (1 - 1 / K); // 1/sum is the largest probability
        });
        for (let k = K === 2 ? 1 : 0; k < K; k++) {
          const leads = Float64Array.from(z, (row) => {
            let best = -Infinity;
            for (let l = 0; l < K; l++) if (l !== k) best = Math.max(best, row[l]);
            return row[k] - best;
          });
          lines.boundary.push(...this.level(leads, 0));
          if (K === 2) for (const p of [0.1, 0.9]) lines.bands.push(...this.level(leads, Math.log(p / (1 - p))));
        }
      }
      for (const [name, parts] of Object.entries(lines)) this.path(name, parts);
      this.canvas?.getContext("2d").putImageData(image, 0, 0);
    }

    /* The rows of the shading, from the upper left. */
    cells() {
      const wanted = `${this.position("basis")} ${this.value("lam")}`;
      if (this.known?.wanted !== wanted) {
        const u = evenly(-1, 1, CELLS);
        this.known = { wanted, rows: this.rows(u.toReversed().flatMap((b) => u.map((a) => [a, b]))) };
      }
      return this.known.rows;
    }

    /* Where values at the cells' middles reach a level, as short pieces of lines. */
    level(values, height) {
      const [[left, top, right, bottom], pieces, last] = [this.boxes[0], [], CELLS - 1];
      const spot = (c, d) => {
        const share = (height - values[c]) / (values[d] - values[c]);
        const [a, b] = [c % CELLS, Math.floor(c / CELLS)];
        const [x, y] = d - c === 1 ? [a + share, b] : [a, b + share];
        return `${(left + (x / last) * (right - left)).toFixed(1)} ${(top + (y / last) * (bottom - top)).toFixed(1)}`;
      };
      for (let b = 0; b < last; b++) {
        for (let a = 0; a < last; a++) {
          const c = b * CELLS + a;
          const above = values[c] > height;
          if (values[c + 1] > height === above && values[c + CELLS] > height === above && values[c + CELLS + 1] > height === above) continue;
          const sides = [[c, c + 1], [c, c + CELLS], [c + 1, c + CELLS + 1], [c + CELLS, c + CELLS + 1]];
          const cut = sides.filter(([d, e]) => values[d] > height !== values[e] > height);
          for (let k = 0; k + 1 < cut.length; k += 2) pieces.push(`M${spot(...cut[k])}L${spot(...cut[k + 1])}`);
        }
      }
      return pieces;
    }

    /* --------------------------------------------------------------------------------- words and files */

    about(i) {
      return this.fit && !this.question?.open ? `Its own class has the probability ${chance(this.chances[i])}.` : "";
    }

    model() {
      const basis = ["a straight line", "squares and products", "cubes", `${BUMPS ** 2} bumps, λ = ${this.value("lam")}`][this.position("basis")];
      return `${basis}, δ = ${this.value("delta")}`;
    }

    verdict() {
      const [m, { fit }] = [this.points.length, this];
      if (this.question?.open) return `${m} points; ${this.model()}.`;
      if (!fit) return this.one();
      const { errors, loss, length } = this.found;
      const [t, delta] = [this.value("stretch"), this.value("delta")];
      let text = `${m} points of ${fit.K} classes; ${this.model()}: ${errors} error${errors === 1 ? "" : "s"}, mean log loss ${short(loss)}, |θ| = ${short(length)}.`;
      if (t !== 1) text += ` That is ${t} times the θ of the fit${t ? "" : ", and makes all classes equally likely; the errors are those of the fit"}.`;
      if (fit.even) {
        const shares = fit.present.map((k, code) => `P(${this.classes[k]}) = ${short(this.chances[fit.codes.indexOf(code)])}`);
        text += ` ${shares.join(", ")} everywhere: nothing that this model sees tells the classes apart, and there is no border.`;
      }
      if (fit.separated) {
        text += ` The classes are separated without an error, so the cost has no minimum: it goes to 0 as θ grows for ever.`;
        if (fit.lengths.length) text += ` The next steps of Newton’s method lead |θ| from ${[fit.size, ...fit.lengths].map((one) => short(one)).join(" to ")}, and so on.`;
        text += " The page stops where the cost falls below log 2, as mlcore does after longer steps, with a SeparableDataWarning: the length of θ and the log loss say only where one has stopped, and its direction is one of many. With δ > 0 there is one best θ.";
      } else if (fit.endless) {
        text += ` Newton’s method has not come to its end here${delta ? "" : ", for θ still grows"}: these numbers, the errors too, say only where the page has stopped.`;
        if (!delta) text += " Perhaps the classes can be separated, or all points but some that lie on the line; mlcore finds out, and gives a SeparableDataWarning if so. With δ > 0 there is one best θ.";
      } else if (fit.many) text += " Many θ fit these points equally well, for on them one column is a sum of multiples of others, as when all lie on one line: |θ| is that of one of them. With δ > 0 there is one best θ.";
      else if (!errors && delta) text += " The classes are separated; only the penalty keeps θ from growing for ever.";
      const worst = this.chances.indexOf(Math.min(...this.chances));
      if (!fit.separated && this.chances[worst] < 0.2) {
        const [x, y, k] = this.points[worst];
        text += ` The greatest surprise is the point of class ${this.classes[k]} at (${short(x, 6)}, ${short(y, 6)}), which has the probability ${short(this.chances[worst])}.`;
      }
      return text;
    }

    cell() {
      const [x0, x1, y0, y1] = this.axes;
      const [basis, two, t, delta] = [this.position("basis"), (this.fit?.K ?? 2) === 2, this.value("stretch"), this.value("delta")];
      const [Model, how] = two ? ["LogisticRegression", ""] : ["SoftmaxRegression", ', method="newton"'];
      const lattice = [`g = np.linspace(-1, 1, ${BUMPS})`, `Phi = rbf(U, [[a, b] for a in g for b in g], ${this.value("lam")})`];
      if (!this.fit) return "# A boundary takes points of two classes.\n";
      return [
        "import numpy as np\n",
        `from mlcore import ${Model}, ${basis < 3 ? "polynomial" : "rbf"}\n`,
        `X = np.column_stack((${this.list(0)}, ${this.list(1)}))`,
        `y = np.array(${this.list(2)})`,
        `U = (X - [${(x0 + x1) / 2}, ${(y0 + y1) / 2}]) / [${(x1 - x0) / 2}, ${(y1 - y0) / 2}]  # the axes become −1 … 1`,
        ...(basis < 3 ? [`Phi = polynomial(U, ${basis + 1})`] : lattice),
        ...(this.fit?.separated ? ["# No θ is best, however long; its length and the log loss depend on where one stops, and are others on the page."] : []),
        ...(this.fit?.endless ? [`# ${delta ? "The page has stopped too early" : "Perhaps no θ is best"}: all numbers depend on where one stops, and may be others on the page.`] : []),
        `model = ${Model}(delta=${delta}${how}).fit(Phi, y)`,
        'print("errors", np.sum(model.predict(Phi) != y))',
        ...(t === 1 ? [] : [`model.theta_ = ${t} * model.theta_`]),
        "own = model.predict_proba(Phi)[np.arange(len(y)), np.searchsorted(model.classes_, y)]",
        'print("mean log loss", -np.mean(np.log(own)))',
        'print("length of theta", np.linalg.norm(model.theta_[1:]))\n',
      ].join("\n");
    }
  }

  function scores(x, theta, K, factor = 1) {
    const z = new Float64Array(K);
    for (let j = 0; j < x.length; j++) for (let k = 0; k < K; k++) z[k] += factor * x[j] * theta[j * K + k];
    return z;
  }

  /* Columns of length 1 at right angles, Z = X Wᵀ, as many as X has that are no sum of multiples of others. Of all
     slopes that do the same to these points, W leads to the shortest. */
  function perpendicular(X) {
    const [m, n] = [X.length, X[0].length];
    const [here, slopes] = [[0, m], [m + 1, m + n]]; // of what follows: a column, and its weights in X
    let left = Array.from(X[0], (_, j) => {
      const v = Float64Array.from({ length: m + n }, (_, i) => (i < m ? X[i][j] : Number(i - m === j)));
      return { v, size: length(v, here) };
    });
    const [kept, idle] = [[], []];
    while (left.length) {
      const next = kept.length ? left.reduce((a, b) => (length(b.v, here) > length(a.v, here) ? b : a)) : left[0]; // the constant first
      left = left.filter((one) => one !== next);
      const v = kept.reduce((v, other) => less(v, other, here), next.v); // once more, for what rounding has left
      if (length(v, here) > 1e-13 * next.size) {
        kept.push(unit(v, here));
        for (const one of left) one.v = less(one.v, kept.at(-1), here);
      } else idle.push(unit([...idle, ...idle].reduce((v, other) => less(v, other, slopes), v), slopes));
    }
    return [X.map((_, i) => Float64Array.from(kept, (v) => v[i])), kept.map((v) => idle.reduce((v, other) => less(v, other, slopes), v).subarray(m))];
  }

  function product(a, b, [from, to]) {
    let sum = 0;
    for (let k = from; k < to; k++) sum += a[k] * b[k];
    return sum;
  }

  const length = (v, part) => Math.sqrt(product(v, v, part));

  function unit(v, part) {
    const size = length(v, part);
    return v.map((value) => value / size);
  }

  /* A vector without what of it lies along another, of length 1 there. */
  function less(v, other, part) {
    const along = product(v, other, part);
    return v.map((value, k) => value - along * other[k]);
  }

  /* Whether Newton's method would still lower the cost or, without a penalty, lengthen θ. */
  function goesOn(taylor, gamma, delta) {
    const [value, grad, hess] = taylor(gamma);
    const way = plain.choleskySolve(plain.cholesky(hess, grad.length), grad);
    return delta ? !(product(grad, way, [0, way.length]) < 1e-9 * value) : Math.hypot(...way) > 1e-5 * Math.hypot(...gamma);
  }

  /* A Hessian that can be inverted also where θ changes no probability: there is no slope, and so no step, there. */
  function held([value, grad, hess]) {
    const n = grad.length;
    const trifle = 1e-9 * Math.max(...Array.from(grad, (_, j) => hess[j * n + j]));
    for (let j = 0; j < n; j++) hess[j * n + j] += trifle;
    return [value, grad, hess];
  }

  explorers.kind("boundary", Boundary);
})();
