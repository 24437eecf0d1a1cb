/* A curve through points that the reader moves, and the map of its leave-one-out errors; made by _curve.py, and a
   kind of playground.js. The model sees u, which is x scaled to −1 … 1. */
(() => {
  "use strict";
  const { Point, clamp } = explorers;
  const { Playground, evenly, short, tenth } = playground;
  const ROWS = 241; // of the curve
  const [BUSY, PAUSE] = [6, 150]; // milliseconds at a time for the map, and before it
  const meanSquare = (e) => e.reduce((sum, value) => sum + value ** 2, 0) / e.length;

  class Curve extends Playground {
    errors = new Map();

    /* ---------------------------------------------------------------------------------- the model */

    get polynomial() {
      return this.position("basis") === 0;
    }

    value(name) {
      if (name !== "delta" || !this.question?.open) return super.value(name);
      return Number(this.shown[this.order.delta][this.question.guess[0]]);
    }

    scaled(x) {
      const [low, high] = this.axes;
      return [(x - (low + high) / 2) / ((high - low) / 2)];
    }

    features(rows, { degree = this.value("degree"), lam = this.value("lam") } = {}) {
      if (this.polynomial) return plain.monomials(rows, degree);
      const centers = this.position("basis") === 1 ? this.points.map(([x]) => this.scaled(x)) : evenly(-1, 1, this.limits.grid).map((u) => [u]);
      return plain.rbfFeatures(rows, centers, lam);
    }

    /* What δ shares in a column of the map. */
    centred(options) {
      return plain.centred(this.features(this.points.map(([x]) => this.scaled(x)), options), this.points.map(([, y]) => y));
    }

    /* --------------------------------------------------------------------------------- what is drawn */

    show() {
      if (this.ready) {
        const hidden = this.order[this.polynomial ? "lam" : "degree"];
        for (const k of [this.order.degree, this.order.lam]) this.inputs[k].closest(".explorer-control").hidden = k === hidden;
        if (this.canvas && this.panels[this.map].hasAttribute("hidden")) {
          for (const panel of this.panels.slice(1)) panel.toggleAttribute("hidden");
          this.place();
        }
      }
      super.show();
    }

    /* The panel with the map. */
    get map() {
      return this.polynomial ? 2 : 1;
    }

    drawn() {
      this.canvas = this.stage.insertBefore(document.createElement("canvas"), this.stage.firstChild);
      this.canvas.className = "playground-map";
      this.canvas.dataset.show = "map";
      this.handles = ["lam", "degree"].map((name, kind) => this.handle(1 + kind, name));
      super.drawn();
    }

    /* The position on a map, which moves two sliders. */
    handle(panel, name) {
      const sizes = this.shown.map((values) => values.length);
      const along = [this.order[name], this.order.delta];
      const half = name === "lam" ? this.limits.every / 2 : 0.5; // a cell of the map reaches as far beyond its middle
      const [left, top, right, bottom] = this.within(panel);
      const edges = [half, this.limits.every / 2];
      const sign = { lam: "λ", degree: "degree" }[name];
      return new Point(this.figure, "explorer-handle", {
        ...{ panel, along, sizes, label: `${sign} and δ` },
        get: () => this.positions,
        set: (positions) => this.set(positions),
        spot: (positions) => {
          const [a, b] = along.map((j, axis) => (positions[j] + edges[axis]) / (sizes[j] - 1 + 2 * edges[axis]));
          return [left + a * (right - left), bottom + b * (top - bottom)];
        },
        go: (x, y) => {
          const shares = [(x - left) / (right - left), (y - bottom) / (top - bottom)];
          const to = shares.map((share, axis) => clamp(Math.round(share * (sizes[along[axis]] - 1 + 2 * edges[axis]) - edges[axis]), sizes[along[axis]]));
          if (along.some((j, axis) => this.positions[j] !== to[axis])) this.set(this.positions.with(along[0], to[0]).with(along[1], to[1]));
        },
        words: (positions) => along.map((j, axis) => `${[sign, "δ"][axis]} ${this.words(j, positions[j])}`).join(", "),
        awake: () => !this.question?.open && this.map === panel,
      });
    }

    place() {
      super.place();
      this.over(this.canvas, this.map);
    }

    /* The curve anew, at once; the map when there is time. */
    refit() {
      const began = performance.now();
      super.refit();
      const fit = this.points.length > 1 && plain.ridge(this.centred(), this.value("delta"));
      this.fit = fit;
      const rows = evenly(...this.axes.slice(0, 2), ROWS);
      const curve = fit ? plain.predict(this.features(rows.map((x) => this.scaled(x))), fit.theta) : [];
      this.path("curve", curve.map((y, k) => `${k ? "L" : "M"}${this.spot([rows[k], y])}`));
      this.path("residuals", fit ? this.points.map(([x, y], i) => `M${this.spot([x, y])}L${this.spot([x, y - fit.e[i]])}`) : []);
      this.count();
      this.dream(performance.now() - began > BUSY ? PAUSE : 0); // a slow curve comes first
    }

    count() {
      const y = this.points.map(([, value]) => value);
      const spread = y.length ? meanSquare(y.map((value) => value - y.reduce((a, b) => a + b) / y.length)) : 0;
      this.found = { training: this.fit ? meanSquare(this.fit.e) : NaN, "left-out": y.length > 2 ? meanSquare(this.fit.missed) : NaN };
      const first = new Set(this.original.points.map(String));
      const left = y.length && this.points.filter((point) => first.has(`${point}`)).length / y.length;
      const same = !this.replaced || left > 0; // as what the page tells of
      const known = this.sigma !== null && same;
      if (this.true) this.path("truth", same ? this.true : []);
      this.floor = known && (left < 0.5 ? "of the first points" : "alone");
      if (known) this.found.noise = this.sigma ** 2;
      this.part("noise")?.toggleAttribute("hidden", !known);
      this.bars(this.found, known ? 3 * this.sigma ** 2 : spread || 1);
    }

    /* And the truth, as far as these axes have it. */
    ticks() {
      super.ticks();
      const own = `${this.axes}` === `${this.original.axes}`;
      const rows = evenly(...this.axes.slice(0, 2), this.truth?.length ?? 0);
      this.true = own ? rows.map((x, k) => `${k ? "L" : "M"}${this.spot([x, this.truth[k]])}`) : [];
    }

    /* And where the curve would pass if the chosen point were left out. */
    mark() {
      super.mark();
      const [point, missed] = [!this.question?.open && this.points[this.chosen], this.fit?.missed?.[this.chosen]]; // the fit may be still to come
      this.path("left-out", point && missed !== undefined ? [`M${this.spot(point)}L${this.spot([point[0], point[1] - missed])}`] : []);
    }

    /* ------------------------------------------------------------------------------------ the map */

    /* Leave-one-out errors, a few milliseconds at a time, coarse first; a change of the points begins anew. */
    dream(pause) {
      const wanted = `${this.position("basis")} ${this.axes} ${this.points}`;
      if (!this.canvas || this.dreamt === wanted) return;
      clearTimeout(this.dreaming);
      Object.assign(this, { dreamt: wanted, best: null });
      this.stage.classList.add("playground-dreams");
      const { every } = this.limits;
      const name = this.polynomial ? "degree" : "lam";
      const [across, up] = [name, "delta"].map((key) => {
        const step = key === "degree" ? 1 : every;
        return this.shown[this.order[key]].flatMap((_, k) => (k % step ? [] : [k]));
      });
      if (this.errors.name !== name) this.errors = Object.assign(new Map(), { name });
      const work = this.cells(across, up, name);
      const go = (until = performance.now() + BUSY) => {
        let last;
        do last = work.next();
        while (!last.done && performance.now() < until);
        this.paint(across, up);
        if (!last.done) this.dreaming = setTimeout(go);
        else this.tell();
      };
      this.dreaming = setTimeout(go, pause);
      this.finish = () => {
        clearTimeout(this.dreaming);
        go(Infinity);
      };
    }

    print(on) {
      if (on && !this.best) this.finish?.();
      super.print(on);
    }

    *cells(across, up, name) {
      if (this.points.length < 3) return this.errors.clear();
      const found = new Map();
      for (const i of coarseFirst(across.length)) {
        const shared = this.centred({ [name]: Number(this.shown[this.order[name]][across[i]]) });
        yield;
        for (const j of up.keys()) {
          const { e, missed } = plain.ridge(shared, Number(this.shown[this.order.delta][up[j]]));
          found.set(`${i} ${j}`, { error: meanSquare(missed), training: meanSquare(e), across: across[i], up: up[j] });
          this.errors.set(`${i} ${j}`, found.get(`${i} ${j}`));
          yield;
        }
      }
      this.best = [...found.values()].reduce((a, b) => (b.error < a.error ? b : a));
    }

    /* The bluer, the smaller: nothing is left of the colour at ten times the smallest error. */
    paint(across, up) {
      const [width, height] = [across.length, up.length];
      const least = Math.min(...[...this.errors.values()].map(({ error }) => error));
      const image = new ImageData(width, height);
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < height; j++) {
          const { error } = this.errors.get(`${i} ${j}`) ?? {};
          const share = error === least ? 1 : 1 - Math.log(error / least) / Math.log(10); // also where both are 0
          image.data.set([30, 120, 210, 230 * clamp(share || 0, 2) ** 2.5], 4 * ((height - 1 - j) * width + i));
        }
      }
      Object.assign(this.canvas, { width, height });
      this.canvas.getContext("2d").putImageData(image, 0, 0);
      const name = this.polynomial ? "smallest-polynomial" : "smallest-bumps";
      if (!this.errors.size) this.path(name, []);
      if (!this.best) return;
      this.stage.classList.remove("playground-dreams");
      const [x, y] = this.handles[this.map - 1].spot([0, this.best.across, this.best.across, this.best.up]);
      const { x: x0, y: y0, width: w, height: h } = this.panels[this.map].viewBox.baseVal;
      this.path(name, [`M${tenth(x0 + x * w - 4)} ${tenth(y0 + y * h - 4)}l8 8m0-8l-8 8`]);
    }

    /* --------------------------------------------------------------------------------- words and files */

    about(i) {
      return this.points.length > 2 && !this.question?.open ? `If it is left out, the curve misses it by ${short(Math.abs(this.fit.missed[i]))}.` : "";
    }

    model() {
      const bumps = ["", "a bump on each point", "bumps on a grid"][this.position("basis")];
      const basis = this.polynomial ? `a polynomial of degree ${this.value("degree")}` : `${bumps}, λ = ${this.value("lam")}`;
      return `${basis}, δ = ${this.value("delta")}`;
    }

    verdict() {
      const m = this.points.length;
      if (this.question?.open) return `${m} points; ${this.model()}.`;
      if (m < 3) return `${m} point${m === 1 ? "" : "s"}: too few to leave one out. Tap the panel to add some.`;
      const { training, "left-out": leftOut } = this.found;
      const dof = this.fit.h.reduce((a, b) => a + b);
      let text = `${m} points; ${this.model()}: ${dof.toFixed(1)} effective parameters. Training error ${short(training)}, leave-one-out error ${short(leftOut)}.`;
      if (this.floor) text += ` The noise ${this.floor} makes ${short(this.sigma ** 2)}.`;
      const squares = this.fit.missed.map((value) => value ** 2);
      const worst = squares.indexOf(Math.max(...squares));
      const share = squares[worst] / squares.reduce((a, b) => a + b);
      if (share > 0.5) text += ` One point, at x = ${short(this.points[worst][0], 6)}, makes ${share > 0.995 ? "more than 99" : Math.round(100 * share)} % of the leave-one-out error.`;
      if (this.best) {
        const [across, up] = [this.shown[this.order[this.polynomial ? "degree" : "lam"]][this.best.across], this.shown[this.order.delta][this.best.up]];
        const far = leftOut > 1.15 * this.best.error;
        if (far) text += this.against(this.best);
        else text += " No place on the map does much better.";
        text += ` The smallest on the map is ${short(this.best.error)}, at ${this.polynomial ? "degree" : "λ ="} ${across}, δ = ${up}.`;
      } else text += " The map of all errors is still being computed.";
      return text;
    }

    /* Which way the best place on the map lies, where that is clear: more freedom is a higher degree, narrower
       bumps, a weaker penalty. */
    against({ across, up, training }) {
      const here = ["delta", this.polynomial ? "degree" : "lam"].map((name) => this.position(name));
      const freer = [up - here[0], this.polynomial ? here[1] - across : across - here[1]].map(Math.sign);
      const closer = this.found.training < training;
      if (closer && !freer.includes(-1)) return " The curve follows its points more closely than the best one does.";
      if (!closer && !freer.includes(1)) return " The curve is stiffer than the best one.";
      return " The map has a better place.";
    }

    cell() {
      const [low, high] = this.axes;
      const own = low !== -1 || high !== 1;
      const u = own ? "u" : "x";
      const basis = ["polynomial", "rbf", "rbf"][this.position("basis")];
      const centers = this.position("basis") === 1 ? u : `np.linspace(-1, 1, ${this.limits.grid})`;
      return [
        "import numpy as np\n",
        `from mlcore import Ridge, ${basis}, ridge_loo\n`,
        `x = np.array(${this.list(0)})`,
        `y = np.array(${this.list(1)})`,
        ...(own ? [`u = (x - ${(low + high) / 2}) / ${(high - low) / 2}  # ${low} … ${high} becomes −1 … 1`] : []),
        `Phi = ${this.polynomial ? `polynomial(${u}, ${this.value("degree")})` : `rbf(${u}, ${centers}, ${this.value("lam")})`}`,
        `delta = ${this.value("delta")}`,
        "e = y - Ridge(delta).fit(Phi, y).predict(Phi)",
        'print("training error", np.mean(e**2))',
        'print("leave-one-out error", np.mean(ridge_loo(Phi, y, [delta])[0] ** 2))\n',
      ].join("\n");
    }
  }

  /* 0 … n − 1, every eighth first, then those between. */
  function coarseFirst(n) {
    return [8, 4, 2, 1].flatMap((step) => [...Array(n).keys()].filter((k) => k % step === 0 && (step === 8 || k % (2 * step))));
  }

  explorers.kind("curve", Curve);
})();
