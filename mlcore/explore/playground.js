/* Points that the reader moves, and the curve that follows; made by _playground.py. explorer.js, whose sliders, handles,
   question and address these are, and plain_fits.js come first. The model sees u, which is x scaled to −1 … 1. */
(() => {
  "use strict";
  const { Explorer, Point, clamp, named, rememberSoon } = explorers;
  const [BASIS, DEGREE, LAM, DELTA] = [0, 1, 2, 3];
  const [ROWS, REACH] = [241, 24]; // of the curve; pixels from a point
  const [BUSY, PAUSE] = [6, 150]; // milliseconds at a time for the map, and before it
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const evenly = (low, high, n) => Array.from({ length: n }, (_, k) => low + ((high - low) * k) / (n - 1));
  const meanSquare = (e) => e.reduce((sum, value) => sum + value ** 2, 0) / e.length;

  class Playground extends Explorer {
    constructor(figure) {
      super(figure);
      this.original = { points: this.points, axes: this.axes };
      Object.assign(this, { before: [], chosen: null, errors: new Map() });
      this.part = (name) => figure.querySelector(`.playground-${name}`);
      const tools = { add: () => this.create(), remove: () => this.remove(), undo: () => this.undo(), reset: () => this.reset() };
      const files = { csv: () => save(this, "csv", this.csv()), save: () => save(this, "py", this.cell()) };
      for (const [name, act] of Object.entries({ ...tools, ...files, take: () => this.take() })) {
        this.part(name).addEventListener("click", act);
      }
      this.part("copy").addEventListener("click", () => navigator.clipboard?.writeText(this.cell()));
      this.part("own").addEventListener("toggle", () => (this.part("own textarea").value = this.csv()));
      const guess = figure.querySelector(".explorer-guess input");
      guess?.addEventListener("input", () => this.refit()); // the curve is that of the guess
      for (const name of ["see", "skip", "again"]) {
        figure.querySelector(`.explorer-${name}`)?.addEventListener("click", () => this.show());
      }
      this.ready = true;
      this.show();
    }

    fetch() {
      this.figure.dataset.frames = "here"; // none are needed
    }

    /* ---------------------------------------------------------------------------------- the model */

    get polynomial() {
      return this.positions[BASIS] === 0;
    }

    value(k) {
      if (k === DELTA && this.question?.open) return Number(this.shown[DELTA][this.question.guess[0] * this.limits.every]);
      return Number(this.shown[k][this.positions[k]]);
    }

    scaled(x) {
      const [low, high] = this.axes;
      return [(x - (low + high) / 2) / ((high - low) / 2)];
    }

    features(rows, { degree = this.value(DEGREE), lam = this.value(LAM) } = {}) {
      if (this.polynomial) return plain.monomials(rows, degree);
      const centers = this.positions[BASIS] === 1 ? this.points.map(([x]) => this.scaled(x)) : evenly(-1, 1, this.limits.grid).map((u) => [u]);
      return plain.rbfFeatures(rows, centers, lam);
    }

    /* What δ shares in a column of the map. */
    centred(options) {
      return plain.centred(this.features(this.points.map(([x]) => this.scaled(x)), options), this.points.map(([, y]) => y));
    }

    /* --------------------------------------------------------------------------------- what is drawn */

    show() {
      super.show();
      if (!this.ready) return; // called by Explorer's constructor
      const hidden = this.polynomial ? LAM : DEGREE;
      for (const k of [DEGREE, LAM]) this.inputs[k].closest(".explorer-control").hidden = k === hidden;
      if (this.panels?.[this.polynomial ? 2 : 1].hasAttribute("hidden")) {
        for (const panel of this.panels.slice(1)) panel.toggleAttribute("hidden");
        this.place();
      }
      this.refit();
      this.tell();
    }

    drawn() {
      const stage = this.stage;
      this.panels = [...stage.querySelector(".explorer-panels").children];
      this.canvas = stage.insertBefore(document.createElement("canvas"), stage.firstChild);
      this.canvas.className = "playground-map";
      this.canvas.dataset.show = "map";
      this.field = stage.appendChild(document.createElement("div"));
      const attributes = { class: "playground-field", role: "application", tabindex: 0, "aria-label": "points to move", "aria-describedby": `${this.figure.id}-keys` };
      for (const [name, value] of Object.entries(attributes)) this.field.setAttribute(name, value);
      this.ring = this.field.appendChild(document.createElement("div"));
      this.ring.className = "playground-ring";
      this.listen();
      this.handles = [LAM, DEGREE].map((k, kind) => this.handle(1 + kind, k));
      new ResizeObserver(() => this.place()).observe(stage);
      super.drawn();
      this.truthful();
      this.show();
      this.place();
    }

    /* The position on a map, which moves two sliders. */
    handle(panel, k) {
      const sizes = this.shown.map((values) => values.length);
      const half = k === LAM ? this.limits.every / 2 : 0.5; // a cell of the map reaches as far beyond its middle
      const [left, top, right, bottom] = this.within(panel);
      const edges = [half, this.limits.every / 2];
      const along = [k, DELTA];
      return new Point(this.figure, "explorer-handle", {
        ...{ panel, along, sizes, label: k === LAM ? "λ and δ" : "degree and δ" },
        get: () => this.positions,
        set: (positions) => this.set(positions),
        spot: (positions) => {
          const [a, b] = along.map((j, axis) => (positions[j] + edges[axis]) / (sizes[j] - 1 + 2 * edges[axis]));
          return [left + a * (right - left), bottom + b * (top - bottom)];
        },
        go: (x, y) => {
          const shares = [(x - left) / (right - left), (y - bottom) / (top - bottom)];
          const [a, b] = shares.map((share, axis) => clamp(Math.round(share * (sizes[along[axis]] - 1 + 2 * edges[axis]) - edges[axis]), sizes[along[axis]]));
          if (a !== this.positions[k] || b !== this.positions[DELTA]) this.set(this.positions.with(k, a).with(DELTA, b));
        },
        words: (positions) => along.map((j) => `${j === DELTA ? "δ" : j === LAM ? "λ" : "degree"} ${this.words(j, positions[j])}`).join(", "),
        awake: () => !this.question?.open && this.polynomial === (k === DEGREE),
      });
    }

    /* The axes of a panel, in its widths and heights. */
    within(panel) {
      const { x, y, width, height } = this.panels[panel].viewBox.baseVal;
      return this.boxes[panel].map((value, side) => (side % 2 ? (value - y) / height : (value - x) / width));
    }

    /* Lays what is not of the drawing upon it. */
    place() {
      const outer = this.stage.getBoundingClientRect();
      const lay = (node, panel) => {
        const box = this.panels[panel].getBoundingClientRect();
        const [left, top, right, bottom] = this.within(panel);
        const [x, y] = [box.left - outer.left + left * box.width, box.top - outer.top + top * box.height];
        Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${(right - left) * box.width}px`, height: `${(bottom - top) * box.height}px` });
      };
      lay(this.field, 0);
      lay(this.canvas, this.polynomial ? 2 : 1);
      for (const handle of this.handles) handle.measure();
      this.mark();
    }

    /* A place of the left panel: what it is in units of the drawing, and in shares of the axes. */
    spot([x, y]) {
      const [[left, top, right, bottom], [a, b]] = [this.boxes[0], this.share([x, y])];
      return `${tenth(left + a * (right - left))} ${tenth(Math.min(Math.max(bottom + b * (top - bottom), -1e4), 1e4))}`;
    }

    share([x, y]) {
      const [x0, x1, y0, y1] = this.axes;
      return [(x - x0) / (x1 - x0), (y - y0) / (y1 - y0)];
    }

    /* The curve anew, at once; the map when there is time. */
    refit() {
      const began = performance.now();
      const m = this.points.length;
      const [fit, e] = [m > 1 && plain.ridge(this.centred(), this.value(DELTA)), []];
      this.fit = fit;
      const rows = evenly(...this.axes.slice(0, 2), ROWS);
      const curve = fit ? plain.predict(this.features(rows.map((x) => this.scaled(x))), fit.theta) : [];
      this.path("curve", curve.map((y, k) => `${k ? "L" : "M"}${this.spot([rows[k], y])}`));
      this.path("residuals", fit ? this.points.map(([x, y], i) => `M${this.spot([x, y])}L${this.spot([x, y - fit.e[i]])}`) : []);
      this.path("points", this.points.map((point) => `M${this.spot(point)}h.01`));
      this.count();
      this.mark();
      this.dream(performance.now() - began > BUSY ? PAUSE : 0); // a slow curve comes first
    }

    path(name, parts) {
      for (const node of named(this.stage, name)) node.querySelector("path").setAttribute("d", parts.join(""));
    }

    /* The three errors as bars, to one scale. */
    count() {
      const y = this.points.map(([, value]) => value);
      const spread = y.length ? meanSquare(y.map((value) => value - y.reduce((a, b) => a + b) / y.length)) : 0;
      const errors = { training: this.fit ? meanSquare(this.fit.e) : NaN, "left-out": this.fit ? meanSquare(this.fit.missed) : NaN };
      if (this.known) errors.noise = this.sigma ** 2;
      this.part("noise")?.toggleAttribute("hidden", !this.known);
      const scale = this.known ? 3 * this.sigma ** 2 : spread || 1;
      for (const [name, error] of Object.entries(errors)) {
        this.part(`${name} i`).style.width = `${Math.min((100 * error) / scale || 0, 100)}%`;
        this.part(`${name} output`).textContent = short(error);
      }
      this.now = errors;
    }

    /* Whether the noise is still that of most points. */
    get known() {
      const [first, { length }] = [new Set(this.original.points.map(String)), this.points];
      return this.sigma !== null && 2 * this.points.filter((point) => first.has(`${point}`)).length >= length;
    }

    /* The truth, and the numbers at the axes. */
    truthful() {
      const own = `${this.axes}` === `${this.original.axes}`;
      const rows = evenly(...this.axes.slice(0, 2), this.truth?.length ?? 0);
      this.path("truth", own ? rows.map((x, k) => `${k ? "L" : "M"}${this.spot([x, this.truth[k]])}`) : []);
      ["x", "y"].forEach((letter, axis) => {
        const numbers = evenly(this.axes[2 * axis], this.axes[2 * axis + 1], this.limits.parts + 1);
        numbers.forEach((number, k) => {
          for (const node of named(this.stage, `${letter}-tick-${k}`)) node.querySelector("text").textContent = short(number, 6);
        });
      });
    }

    /* The chosen point, and where the curve would pass if it were left out. */
    mark() {
      if (!this.ring) return;
      const point = this.points[this.chosen];
      this.ring.hidden = !point;
      this.path("left-out", point && this.fit ? [`M${this.spot(point)}L${this.spot([point[0], point[1] - this.fit.missed[this.chosen]])}`] : []);
      if (point) {
        const [a, b] = this.share(point);
        Object.assign(this.ring.style, { left: `${100 * a}%`, top: `${100 * (1 - b)}%` });
      }
      this.part("remove").disabled = !point;
      this.part("undo").disabled = !this.before.length;
    }

    /* ------------------------------------------------------------------------------------ the map */

    /* Leave-one-out errors, a few milliseconds at a time, coarse first; a change of the points begins anew. */
    dream(pause) {
      const wanted = `${this.positions[BASIS]} ${this.axes} ${this.points}`;
      if (!this.canvas || this.dreamt === wanted) return;
      clearTimeout(this.dreaming);
      Object.assign(this, { dreamt: wanted, best: null });
      const { every } = this.limits;
      const across = this.polynomial ? this.shown[DEGREE].map((_, k) => k) : this.shown[LAM].flatMap((_, k) => (k % every ? [] : [k]));
      const up = this.shown[DELTA].flatMap((_, k) => (k % every ? [] : [k]));
      const key = this.polynomial ? DEGREE : LAM;
      if (this.errors.key !== key) this.errors = Object.assign(new Map(), { key });
      const work = this.cells(across, up, key);
      const go = () => {
        const until = performance.now() + BUSY;
        let last;
        do last = work.next();
        while (!last.done && performance.now() < until);
        this.paint(across, up);
        if (!last.done) this.dreaming = setTimeout(go);
        else if (!this.dragging) this.tell();
      };
      this.dreaming = setTimeout(go, pause);
    }

    *cells(across, up, key) {
      if (this.points.length < 3) return this.errors.clear();
      const found = new Map();
      for (const i of coarseFirst(across.length)) {
        const shared = this.centred({ [key === LAM ? "lam" : "degree"]: Number(this.shown[key][across[i]]) });
        yield;
        for (const j of up.keys()) {
          const error = meanSquare(plain.ridge(shared, Number(this.shown[DELTA][up[j]])).missed);
          found.set(`${i} ${j}`, { error, across: across[i], up: up[j] });
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
          const share = 1 - Math.log(error / least) / Math.log(10);
          image.data.set([30, 120, 210, 230 * clamp(share || 0, 2) ** 2.5], 4 * ((height - 1 - j) * width + i));
        }
      }
      Object.assign(this.canvas, { width, height });
      this.canvas.getContext("2d").putImageData(image, 0, 0);
      const [panel, name] = this.polynomial ? [2, "smallest-polynomial"] : [1, "smallest-bumps"];
      if (!this.best) return this.path(name, []);
      const [x, y] = this.handles[panel - 1].spot([0, this.best.across, this.best.across, this.best.up]);
      const { x: x0, y: y0, width: w, height: h } = this.panels[panel].viewBox.baseVal;
      this.path(name, [`M${tenth(x0 + x * w - 4)} ${tenth(y0 + y * h - 4)}l8 8m0-8l-8 8`]);
    }

    /* ------------------------------------------------------------------------------- what the reader does */

    /* A change of the points that can be undone. */
    change(points, { axes = this.axes, chosen = this.chosen, keep = true } = {}) {
      if (keep) this.before.push({ points: this.points, axes: this.axes, chosen: this.chosen });
      if (this.before.length > 200) this.before.shift();
      this.lay({ points, axes, chosen });
    }

    lay(state) {
      const moved = `${state.axes}` !== `${this.axes}`;
      Object.assign(this, state);
      this.question?.dismiss();
      if (moved) this.truthful();
      this.refit();
      if (!this.dragging) this.tell();
      rememberSoon();
    }

    undo() {
      if (this.before.length) this.lay(this.before.pop());
    }

    reset() {
      if (`${this.points}` !== `${this.original.points}`) this.change(this.original.points, { axes: this.original.axes, chosen: null });
      this.go(this.start);
    }

    create(point = this.middle()) {
      if (this.points.length >= this.limits.points) return this.tell(`${this.points.length} points are all that fit here.`);
      this.change([...this.points, this.rounded(point)], { chosen: this.points.length });
    }

    /* Beside the chosen point, or in the middle. */
    middle() {
      const [x0, x1, y0, y1] = this.axes;
      const [x, y] = this.points[this.chosen] ?? [(x0 + x1) / 2, (y0 + y1) / 2];
      return [x + (x1 - x0) / 20 <= x1 ? x + (x1 - x0) / 20 : x - (x1 - x0) / 20, y];
    }

    remove() {
      if (!this.points[this.chosen]) return;
      const rest = this.points.filter((_, i) => i !== this.chosen);
      this.change(rest, { chosen: rest.length ? Math.min(this.chosen, rest.length - 1) : null });
    }

    /* In the axes, and in thousandths of them. */
    rounded([x, y]) {
      return [x, y].map((value, axis) => {
        const [low, high] = this.axes.slice(2 * axis);
        const step = 10 ** Math.floor(Math.log10((high - low) / 500));
        return Number((Math.round(Math.min(Math.max(value, low), high) / step) * step).toPrecision(12));
      });
    }

    shift(point, keep) {
      this.change(this.points.with(this.chosen, this.rounded(point)), { keep });
    }

    choose(step) {
      const order = [...this.points.keys()].sort((a, b) => this.points[a][0] - this.points[b][0]);
      const at = order.indexOf(this.chosen);
      this.chosen = order.at((at < 0 && step < 0 ? 0 : at) + step) ?? order[0] ?? null;
      this.mark();
      this.tell();
    }

    listen() {
      const at = ({ clientX, clientY }) => {
        const box = this.field.getBoundingClientRect();
        const [x0, x1, y0, y1] = this.axes;
        return [x0 + ((clientX - box.left) / box.width) * (x1 - x0), y1 - ((clientY - box.top) / box.height) * (y1 - y0)];
      };
      const near = ({ clientX, clientY }) => {
        const box = this.field.getBoundingClientRect();
        let [found, least] = [null, REACH];
        this.points.forEach((point, i) => {
          const [a, b] = this.share(point);
          const distance = Math.hypot(box.left + a * box.width - clientX, box.bottom - b * box.height - clientY);
          if (distance < least) [found, least] = [i, distance];
        });
        return found;
      };
      let [grip, first, frame, last, taken] = [[0, 0], false, null, null, false];
      // A finger on a point drags it; elsewhere it scrolls the page, or taps.
      this.field.addEventListener("touchstart", (event) => near(event.touches[0]) !== null && event.preventDefault(), { passive: false });
      this.field.addEventListener("pointerdown", (event) => {
        if (!event.isPrimary || event.button) return;
        this.field.focus({ preventScroll: true, focusVisible: false });
        const found = near(event);
        taken = found !== null;
        if (!taken) return;
        this.field.setPointerCapture(event.pointerId);
        const [[x, y], point] = [at(event), this.points[found]];
        [grip, first, this.dragging, this.chosen] = [[point[0] - x, point[1] - y], true, true, found];
        this.mark();
      });
      const follow = () => {
        frame = null;
        if (!this.dragging || !last) return;
        const [x, y] = at(last);
        this.shift([x + grip[0], y + grip[1]], first);
        first = false;
      };
      this.field.addEventListener("pointermove", (event) => {
        if (!this.dragging) return void (this.field.style.cursor = near(event) === null ? "copy" : "grab");
        last = event;
        frame ??= requestAnimationFrame(follow);
      });
      const end = () => {
        if (!this.dragging) return;
        if (frame) cancelAnimationFrame(frame);
        follow();
        [this.dragging, last] = [false, null];
        this.tell();
      };
      for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) this.field.addEventListener(type, end);
      this.field.addEventListener("click", (event) => !taken && this.create(at(event)));
      this.field.addEventListener("keydown", (event) => {
        const step = STEPS[event.key];
        if (step && this.points[this.chosen]) {
          const [x0, x1, y0, y1] = this.axes;
          const by = (event.shiftKey ? 10 : 1) / 100;
          const [x, y] = this.points[this.chosen];
          this.shift([x + step[0] * by * (x1 - x0), y + step[1] * by * (y1 - y0)], true);
        } else if (step || event.key === "PageDown") this.choose(1);
        else if (event.key === "PageUp") this.choose(-1);
        else if (event.key === "Enter") this.create();
        else if (event.key === "Delete" || event.key === "Backspace") this.remove();
        else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.undo();
        else return;
        event.preventDefault();
      });
    }

    take() {
      const { points, problems } = parse(this.part("own textarea").value);
      const { points: most } = this.limits;
      if (points.length > most) problems.push(`There are ${points.length} points; at most ${most} fit here.`);
      if (!points.length && !problems.length) problems.push("There are no numbers yet.");
      const said = problems.length ? `${problems.slice(0, 4).join(" ")}${problems.length > 4 ? ` And ${problems.length - 4} more.` : ""} Nothing was changed.` : `${points.length} points are in use.`;
      this.part("problems").textContent = said;
      if (problems.length) return;
      const columns = [0, 1].map((k) => points.map((point) => point[k]));
      this.change(points, { axes: columns.flatMap((column) => limitsOf(column, this.limits.parts)), chosen: null });
    }

    /* --------------------------------------------------------------------------------- words and files */

    tell(more = "") {
      if (!this.ready) return;
      const [m, point] = [this.points.length, this.points[this.chosen]];
      const order = [...this.points.keys()].sort((a, b) => this.points[a][0] - this.points[b][0]);
      const missed = point && this.fit ? ` If it is left out, the curve misses it by ${short(Math.abs(this.fit.missed[this.chosen]))}.` : "";
      const chosen = point ? `Point ${order.indexOf(this.chosen) + 1} of ${m}: x = ${short(point[0], 6)}, y = ${short(point[1], 6)}.${missed}` : "No point is chosen.";
      set(this.part("status"), `${more} ${chosen}`.trim());
      set(this.caption, this.question?.open ? `${m} points; ${this.model()}.` : this.verdict());
      set(this.part("python pre"), this.cell());
    }

    model() {
      const basis = this.polynomial ? `a polynomial of degree ${this.value(DEGREE)}` : `${["", "a bump on each point", "bumps on a grid"][this.positions[BASIS]]}, λ = ${this.value(LAM)}`;
      return `${basis}, δ = ${this.value(DELTA)}`;
    }

    verdict() {
      const m = this.points.length;
      if (m < 3) return `${m} point${m === 1 ? "" : "s"}: too few to leave one out. Tap the panel to add some.`;
      const { training, "left-out": leftOut } = this.now;
      const dof = this.fit.h.reduce((a, b) => a + b);
      let text = `${m} points; ${this.model()}: ${dof.toFixed(1)} effective parameters. Training error ${short(training)}, leave-one-out error ${short(leftOut)}.`;
      if (this.known) text += ` The noise alone makes ${short(this.sigma ** 2)}.`;
      const squares = this.fit.missed.map((value) => value ** 2);
      const worst = squares.indexOf(Math.max(...squares));
      const share = squares[worst] / squares.reduce((a, b) => a + b);
      if (share > 0.5) text += ` One point, at x = ${short(this.points[worst][0])}, makes ${Math.round(100 * share)} % of the latter.`;
      if (this.best) {
        const [across, up] = [this.shown[this.polynomial ? DEGREE : LAM][this.best.across], this.shown[DELTA][this.best.up]];
        const far = leftOut > 1.15 * this.best.error;
        if (far) text += leftOut > 2 * training ? " The curve follows its points too closely." : " The curve is too stiff for its points.";
        else text += " Hardly any place on the map does better.";
        text += ` The smallest on the map is ${short(this.best.error)}, at ${this.polynomial ? "degree" : "λ ="} ${across}, δ = ${up}.`;
      }
      return text;
    }

    csv() {
      return `x,y\n${this.points.map((point) => point.join(",")).join("\n")}\n`;
    }

    /* The cell that does the same with mlcore. */
    cell() {
      const [low, high] = this.axes;
      const list = (k) => `[${this.points.map((point) => point[k]).join(", ")}]`;
      const own = low !== -1 || high !== 1;
      const u = own ? "u" : "x";
      const basis = ["polynomial", "rbf", "rbf"][this.positions[BASIS]];
      const centers = this.positions[BASIS] === 1 ? u : `np.linspace(-1, 1, ${this.limits.grid})`;
      return [
        "import numpy as np\n",
        `from mlcore import Ridge, ${basis}, ridge_loo\n`,
        `x = np.array(${list(0)})`,
        `y = np.array(${list(1)})`,
        ...(own ? [`u = (x - ${(low + high) / 2}) / ${(high - low) / 2}  # ${low} … ${high} becomes −1 … 1`] : []),
        `Phi = ${this.polynomial ? `polynomial(${u}, ${this.value(DEGREE)})` : `rbf(${u}, ${centers}, ${this.value(LAM)})`}`,
        `delta = ${this.value(DELTA)}`,
        "e = y - Ridge(delta).fit(Phi, y).predict(Phi)",
        'print("training error", np.mean(e**2))',
        'print("leave-one-out error", np.mean(ridge_loo(Phi, y, [delta])[0] ** 2))\n',
      ].join("\n");
    }

    state() {
      if (!this.ready) return [];
      const changed = `${this.points}` !== `${this.original.points}`;
      const rest = super.state().map((text) => text.slice(this.figure.id.length + 1));
      if (`${this.axes}` !== `${this.original.axes}`) rest.push(`axes=${this.axes.join("_")}`);
      if (changed) rest.push(`points=${this.points.map((point) => point.join("_")).join("~")}`);
      return rest.length ? [`${this.figure.id}:${rest.join(",")}`] : [];
    }

    restore(pairs) {
      const given = Object.fromEntries(pairs.split(",").map((pair) => pair.split("=")));
      const numbers = (text, n) => text.split("_").map(Number).filter(Number.isFinite).slice(0, n);
      const axes = numbers(given.axes ?? "", 4);
      const points = given.points?.split("~").map((text) => numbers(text, 2)).filter((point) => point.length === 2);
      const good = axes.length === 4 && axes[0] < axes[1] && axes[2] < axes[3];
      Object.assign(this, { axes: good ? axes : this.original.axes, points: (points ?? this.original.points).slice(0, this.limits.points) });
      Object.assign(this, { before: [], chosen: null });
      super.restore(pairs);
      this.question?.dismiss();
      if (this.panels) this.truthful();
      this.show();
    }
  }

  /* Two columns of numbers, a line each; the lines that are not are named. A first line of words is a heading. */
  function parse(text) {
    const [points, problems] = [[], []];
    text.split(/\r?\n/).forEach((line, k) => {
      if (!line.trim()) return;
      const decimal = /[;\t]|\d,\d+\s+-?\d+,\d/.test(line) ? line.replaceAll(",", ".") : line;
      const words = decimal.trim().split(/\s*[;,\t]\s*|\s+/).filter(Boolean);
      const point = words.map((word) => Number(word.replace("−", "-")));
      if (words.length === 2 && point.every((value) => Number.isFinite(value) && Math.abs(value) < 1e9)) points.push(point);
      else if (!points.length && !problems.length && !/\d/.test(line)) return;
      else problems.push(`Line ${k + 1} is not two numbers: “${line.trim().slice(0, 40)}”.`);
    });
    return { points, problems };
  }

  /* Round limits with round numbers between them, in so many parts. */
  function limitsOf(values, parts) {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const spread = high - low || Math.abs(high) || 1;
    const [from, to] = [low - 0.04 * spread, high + 0.04 * spread];
    for (let power = Math.floor(Math.log10((to - from) / parts)); ; power++) {
      for (const unit of [1, 2, 2.5, 5]) {
        const step = unit * 10 ** power;
        const start = Math.floor(from / step) * step;
        if (start + parts * step >= to) return [start, start + parts * step].map((value) => Number(value.toPrecision(12)));
      }
    }
  }

  /* 0 … n − 1, every eighth first, then those between. */
  function coarseFirst(n) {
    return [8, 4, 2, 1].flatMap((step) => [...Array(n).keys()].filter((k) => k % step === 0 && (step === 8 || k % (2 * step))));
  }

  function save(playground, ending, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = `${playground.figure.id}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
  }

  function set(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  const tenth = (value) => Math.round(10 * value) / 10;
  const short = (value, digits = 3) =>
    Number.isFinite(value) ? `${Math.abs(value) >= 1e6 ? value.toExponential(1) : Number(value.toPrecision(digits))}`.replace("-", "−") : "–";

  globalThis.playground = { limitsOf, parse }; // for the tests
  explorers.kind("curve", Playground);
})();
