/* Figures whose points the reader moves: what all kinds of them share; made by _playground.py. Sliders, handles,
   question and address are those of explorer.js, which comes first; the script of a kind (curve.js, boundary.js)
   comes last. A point is [x, y], or [x, y, k] with the number of its class. A kind has of its own:
   refit()     the model and the drawing anew: points, sliders or axes have changed; super.refit() draws the points
   verdict()   what is seen, in words
   about(i)    more about the chosen point
   cell()      the cell of Python that does the same */
globalThis.playground = (() => {
  "use strict";
  const { Explorer, named, rememberSoon } = explorers;
  const REACH = { mouse: 12, touch: 18, held: 24 }; // pixels from a point
  const STILL = 3; // who moves no further has tapped
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const GLYPHS = ["h.01", "m-3.5-3.5h7v7h-7z", "m0-4.5l4.2 7.5h-8.4z"]; // of the classes

  class Playground extends Explorer {
    constructor(figure) {
      super(figure);
      Object.assign(this, { before: [], after: [], chosen: null, kind: 0, replaced: false, laid: new Map() });
      this.original = this.now();
      this.order = Object.fromEntries(this.inputs.map(({ dataset }, k) => [dataset.param, k]));
      const tools = { add: () => this.create(), remove: () => this.remove(), undo: () => this.undo(), reset: () => this.reset() };
      const files = { csv: () => save(this, "csv", this.csv()), save: () => save(this, "py", this.cell()) };
      for (const [name, act] of Object.entries({ ...tools, ...files, take: () => this.take() })) {
        this.part(name).addEventListener("click", act);
      }
      this.part("copy").addEventListener("click", () => {
        getSelection().selectAllChildren(this.part("python pre"));
        this.tell(document.execCommand("copy") ? "The cell is copied." : "Not copied, but selected."); // also without https
      });
      this.part("own").addEventListener("toggle", () => this.spread());
      this.part("own textarea").addEventListener("input", () => (this.typed = true));
      this.part("kinds")?.addEventListener("change", ({ target }) => this.classify(Number(target.value)));
      for (const type of ["pointerdown", "keydown"]) figure.addEventListener(type, ({ repeat }) => repeat || this.rest(), { capture: true });
      for (const type of ["pointerup", "change", "click"]) figure.addEventListener(type, () => this.rest());
      figure.addEventListener("pointercancel", () => {
        if (this.moving) this.undo(); // a finger that scrolls
        this.rest();
      });
      figure.addEventListener("keydown", (event) => {
        const way = { z: event.shiftKey, y: true }[event.key.toLowerCase()];
        if (way === undefined || !(event.ctrlKey || event.metaKey) || event.target.matches("textarea, [maxlength]")) return;
        event.preventDefault();
        if (way) this.undo("after", "before");
        else this.undo();
      });
      figure.querySelector(".explorer-guess input")?.addEventListener("input", () => this.show()); // what the guess would do
      this.question?.card.addEventListener("click", ({ target }) => target.matches("button") && this.keep(), { capture: true });
      this.question?.card.addEventListener("click", ({ target }) => target.matches("button") && this.pose());
      this.ready = true;
      this.show();
    }

    /* The points that need not be said in the address. */
    get usual() {
      return this.original.points;
    }

    part(name) {
      return this.figure.querySelector(`.playground-${name}`);
    }

    fetch() {
      this.figure.dataset.frames = "here"; // none are needed
    }

    /* What can be undone. */
    now() {
      const { points, axes, classes, positions, replaced } = this;
      return { points, axes, classes, positions, replaced };
    }

    /* Whether nothing of that has changed. */
    isNow(state) {
      return Object.entries(this.now()).every(([key, value]) => value === state[key] || (Array.isArray(value) && `${value}` === `${state[key]}`));
    }

    keep(more = {}) {
      this.note?.remove();
      this.after = [];
      this.before = [...this.before, { ...this.now(), chosen: this.chosen, ...more }].slice(-200);
    }

    position(name) {
      return this.positions[this.order[name]];
    }

    value(name) {
      const k = this.order[name];
      return Number(this.shown[k][this.positions[k]]);
    }

    /* --------------------------------------------------------------------------------- what is drawn */

    show() {
      super.show();
      if (!this.ready) return; // called by Explorer's constructor
      this.refit();
      this.mark();
      this.tell();
    }

    drawn() {
      const { stage } = this;
      this.field = stage.appendChild(document.createElement("div"));
      const attributes = { class: "playground-field", role: "application", tabindex: 0, "aria-label": "points to move", "aria-describedby": `${this.figure.id}-keys` };
      for (const [name, value] of Object.entries(attributes)) this.field.setAttribute(name, value);
      this.ring = this.field.appendChild(document.createElement("div"));
      this.ring.className = "playground-ring";
      this.veil = stage.appendChild(document.createElement("p"));
      Object.assign(this.veil, { className: "playground-veil", textContent: "hidden until you answer", hidden: !this.question?.hides.length });
      this.listen();
      new ResizeObserver(() => this.place()).observe(stage);
      super.drawn();
      this.ticks();
      this.show();
      this.place();
    }

    get panels() {
      return [...this.stage.querySelector(".explorer-panels").children];
    }

    /* The axes of a panel, in its widths and heights. */
    within(panel) {
      const { x, y, width, height } = this.panels[panel].viewBox.baseVal;
      return this.boxes[panel].map((value, side) => (side % 2 ? (value - y) / height : (value - x) / width));
    }

    /* Lays what is not of the drawing upon it. */
    place() {
      this.over(this.field, 0);
      this.over(this.veil, this.map ?? 1);
      for (const handle of this.handles) handle.measure();
      this.mark();
    }

    over(node, panel) {
      const [outer, box] = [this.stage, this.panels[panel]].map((element) => element.getBoundingClientRect());
      const [left, top, right, bottom] = this.within(panel);
      if (node !== this.field && node !== this.veil) this.laid.set(node, panel);
      const [x, y] = [box.left - outer.left + left * box.width, box.top - outer.top + top * box.height];
      Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${(right - left) * box.width}px`, height: `${(bottom - top) * box.height}px` });
    }

    /* A panel has another width on paper, and nothing is measured there: what lies upon it is shown within it. */
    print(on) {
      for (const copy of this.stage.querySelectorAll(".playground-within")) copy.remove();
      if (!on) return;
      for (const [node, panel] of this.laid) {
        const [left, top, right, bottom] = this.boxes[panel];
        const [copy, holder] = [node.cloneNode(true), document.createElementNS("http://www.w3.org/2000/svg", "foreignObject")];
        copy.removeAttribute("style");
        if (node.width) copy.getContext("2d").drawImage(node, 0, 0);
        for (const [name, value] of Object.entries({ class: "playground-within", x: left, y: top, width: right - left, height: bottom - top })) holder.setAttribute(name, value);
        holder.append(copy);
        this.panels[panel][node.width ? "prepend" : "append"](holder);
      }
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

    refit() {
      const marks = (points, glyph) => points.map((point) => `M${this.spot(point)}${glyph}`);
      if (!this.classes.length) this.path("points", marks(this.points, GLYPHS[0]));
      for (const k of GLYPHS.keys()) this.path(`points-${k}`, marks(this.points.filter((point) => point[2] === k), GLYPHS[k]));
    }

    path(name, parts) {
      for (const node of named(this.stage, name)) node.querySelector("path").setAttribute("d", parts.join(""));
    }

    /* Numbers as bars, to one scale. */
    bars(numbers, scale) {
      for (const [name, number] of Object.entries(numbers)) {
        const bar = this.part(`${name} i`);
        bar.style.width = `${Math.min((100 * number) / scale || 0, 100)}%`;
        bar.classList.toggle("playground-beyond", number > scale);
        this.part(`${name} output`).textContent = short(number);
      }
    }

    /* The numbers at the axes. */
    ticks() {
      ["x", "y"].forEach((letter, axis) => {
        const numbers = evenly(this.axes[2 * axis], this.axes[2 * axis + 1], this.limits.parts + 1);
        numbers.forEach((number, k) => {
          for (const node of named(this.stage, `${letter}-tick-${k}`)) node.querySelector("text").textContent = short(number, 6);
        });
      });
    }

    mark() {
      if (!this.ring) return;
      const point = this.points[this.chosen];
      this.ring.hidden = !point;
      if (point) {
        const [a, b] = this.share(point);
        Object.assign(this.ring.style, { left: `${100 * a}%`, top: `${100 * (1 - b)}%` });
      }
      this.part("remove").disabled = !point;
      this.part("undo").disabled = !this.before.length;
    }

    /* ------------------------------------------------------------------------------- what the reader does */

    /* A change that can be undone. */
    change(state, { chosen = this.chosen, keep = true } = {}) {
      if (keep) this.keep();
      this.settle({ ...state, chosen });
    }

    /* So can a move of sliders, all that a hand does before it is lifted. */
    set(positions) {
      if (!this.moving) this.keep();
      this.moving = true;
      this.dismiss();
      this.go(positions);
    }

    /* A question that hides a part of the figure stays, whatever is moved. */
    dismiss() {
      if (!this.question?.open || !this.question.hides.length) this.question?.dismiss();
    }

    /* It is asked and answered with the points of the page. */
    pose() {
      const { points, axes, classes, replaced } = this.original;
      const own = `${this.points}` !== `${points}`;
      Object.assign(this, { points, axes, classes, replaced, chosen: null });
      this.ticks();
      const { open, at, status, card } = this.question;
      this.go(open ? this.start : at);
      if (!own) return;
      this.note = Object.assign(document.createElement("em"), { textContent: " The points of the question are back; Undo brings yours." });
      (open ? card.querySelector(".explorer-question") : status).append(this.note); // as long as that is true
    }

    rest() {
      this.moving = false;
      if (!this.dragging && this.before.length && this.isNow(this.before.at(-1))) this.before.pop();
      this.mark();
    }

    settle(state) {
      const moved = state.axes && `${state.axes}` !== `${this.axes}`;
      const slid = state.positions && `${state.positions}` !== `${this.positions}`;
      Object.assign(this, state);
      set(this.part("problems"), "");
      this.dismiss();
      if (moved) this.ticks();
      if (slid) this.show();
      else {
        this.refit();
        this.mark();
        this.tell();
      }
      rememberSoon();
    }

    /* Or to do it again, the other way round. */
    undo(from = "before", to = "after") {
      const state = this[from].pop();
      if (!state) return;
      this.note?.remove();
      this[to].push({ ...this.now(), chosen: this.chosen, ...(state.runs && this.beyond) });
      this.settle(state);
    }

    reset() {
      if (!this.isNow(this.original)) this.change(this.original, { chosen: null });
    }

    create(point = this.middle()) {
      if (this.points.length >= this.limits.points) return this.tell(`${this.points.length} points are all that fit here.`);
      const kind = this.classes.length ? [this.kind] : [];
      this.change({ points: [...this.points, [...this.rounded(point), ...kind]] }, { chosen: this.points.length });
    }

    /* Beside the chosen point, or in the middle; from the edge it goes on at the other one, a little higher. */
    middle() {
      const [x0, x1, y0, y1] = this.axes;
      const [x, y] = this.points[this.chosen] ?? [(x0 + x1) / 2, (y0 + y1) / 2];
      const [a, b] = [x + (x1 - x0) / 20, y + (y1 - y0) / 20];
      return a <= x1 ? [a, y] : [x0, b <= y1 ? b : y0];
    }

    remove() {
      if (!this.points[this.chosen]) return;
      const order = this.byPlace();
      const at = order.indexOf(this.chosen);
      const next = order[at + 1] ?? order[at - 1] ?? null;
      const points = this.points.toSpliced(this.chosen, 1);
      this.change({ points, replaced: this.replaced || !points.length }, { chosen: next > this.chosen ? next - 1 : next });
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
      const [, , ...kind] = this.points[this.chosen];
      this.change({ points: this.points.with(this.chosen, [...this.rounded(point), ...kind]) }, { keep });
    }

    /* The class of new points, and of the chosen one. */
    classify(k) {
      if (!(k < this.classes.length)) return;
      const point = this.points[this.chosen];
      this.kind = k;
      if (point && point[2] !== k) this.change({ points: this.points.with(this.chosen, point.with(2, k)) });
      else this.tell();
    }

    choose(step) {
      const order = this.byPlace();
      const at = order.indexOf(this.chosen);
      this.chosen = order.at((at < 0 && step < 0 ? 0 : at) + step) ?? order[0] ?? null;
      this.mark();
      this.tell();
    }

    byPlace() {
      return [...this.points.keys()].sort((a, b) => this.points[a][0] - this.points[b][0]);
    }

    listen() {
      const at = ({ clientX, clientY }) => {
        const box = this.field.getBoundingClientRect();
        const [x0, x1, y0, y1] = this.axes;
        return [x0 + ((clientX - box.left) / box.width) * (x1 - x0), y1 - ((clientY - box.top) / box.height) * (y1 - y0)];
      };
      let [hand, grip, from, first, frame, last] = ["mouse", [0, 0], null, false, null, null];
      const near = ({ clientX, clientY }, reach = REACH[hand]) => {
        const box = this.field.getBoundingClientRect();
        let found = null;
        this.points.forEach((point, i) => {
          const [a, b] = this.share(point);
          const far = Math.hypot(box.left + a * box.width - clientX, box.bottom - b * box.height - clientY);
          if (far < reach) [found, reach] = [i, far];
        });
        return found;
      };
      const held = (event) => this.points[this.chosen] && near(event, REACH.held) === this.chosen;
      // A mouse drags any point; a finger the chosen one. Elsewhere it scrolls the page, or taps.
      this.field.addEventListener("touchstart", (event) => event.touches.length === 1 && held(event.touches[0]) && !("explaining" in this.figure.dataset) && event.preventDefault(), { passive: false });
      this.field.addEventListener("pointerdown", (event) => {
        if (!event.isPrimary || event.button) return;
        hand = event.pointerType === "mouse" ? "mouse" : "touch";
        this.field.focus({ preventScroll: true, focusVisible: false });
        const found = hand === "mouse" ? near(event) : held(event) ? this.chosen : null;
        from = null;
        if (found === null) return;
        this.field.setPointerCapture(event.pointerId);
        const [[x, y], point] = [at(event), this.points[found]];
        [grip, first, from, this.dragging, this.chosen] = [[point[0] - x, point[1] - y], true, event, true, found];
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
        if (event.pointerType === "mouse") hand = "mouse";
        if (!this.dragging) return void (this.field.style.cursor = near(event) === null ? "copy" : "grab");
        if (first && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) < STILL) return;
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
      this.field.addEventListener("click", (event) => {
        const found = near(event);
        if (from) return; // it was held
        if (found === null) return this.create(at(event));
        this.chosen = found;
        this.mark();
        this.tell();
      });
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
        else if (/^[1-9]$/.test(event.key) && Number(event.key) <= this.classes.length) this.classify(Number(event.key) - 1);
        else return;
        event.preventDefault();
      });
    }

    /* The points as a table, unless the reader has begun one. */
    spread() {
      if (!this.typed && this.part("own").open) this.part("own textarea").value = this.csv();
    }

    take() {
      const { points, classes, problems } = parse(this.part("own textarea").value, this.classes, this.original.classes);
      if (points.length > this.limits.points) problems.push(`There are ${points.length} points; at most ${this.limits.points} fit here.`);
      if (!points.length && !problems.length) problems.push("There are no numbers yet.");
      const said = problems.length ? `${problems.slice(0, 4).join(" ")}${problems.length > 4 ? ` And ${problems.length - 4} more.` : ""} Nothing was changed.` : points.length > 1 ? `${points.length} points are in use.` : "One point is in use.";
      if (!problems.length) {
        const columns = [0, 1].map((k) => points.map((point) => point[k]));
        const near = [...(`${points}` === `${this.points}` ? [this.axes] : []), this.original.axes, this.axes];
        const axes = near.find((axes) => filled(axes, columns)) ?? columns.flatMap((column) => limitsOf(column, this.limits.parts));
        this.change({ points, axes, classes, replaced: true }, { chosen: null });
        this.typed = false;
      }
      set(this.part("problems"), said);
    }

    /* --------------------------------------------------------------------------------- words and files */

    tell(more = "") {
      const [m, point] = [this.points.length, this.points[this.chosen]];
      const [x, y] = this.columns;
      const kind = point?.length > 2 ? `, ${this.classes[point[2]]}` : "";
      const chosen = point
        ? `Point ${this.byPlace().indexOf(this.chosen) + 1} of ${m}: ${x} = ${short(point[0], 6)}, ${y} = ${short(point[1], 6)}${kind}. ${this.about(this.chosen)}`
        : "No point is chosen.";
      set(this.part("status"), `${more} ${chosen}`.trim());
      set(this.caption, this.verdict());
      if (!this.dragging) {
        set(this.part("python pre"), this.cell());
        this.spread();
      }
      this.kind = point?.[2] ?? this.kind;
      this.classes.forEach((name, k) => {
        const label = this.part(`kinds label:has([value="${k}"])`);
        label.firstChild.checked = k === this.kind;
        label.hidden = name === "–"; // the points have fewer
        set(label.lastElementChild, name);
      });
    }

    /* Of points that are not of two classes. */
    one() {
      const m = this.points.length;
      return `${m} point${m === 1 ? "" : "s"}, and not of two classes: there is nothing to tell apart. Choose a class, and tap the panel to add some.`;
    }

    csv() {
      const rows = this.points.map(([x, y, k]) => [x, y, ...(k === undefined ? [] : [this.classes[k].replace(/.*,.*/, '"$&"')])].join(","));
      return `${this.columns.join(",")}\n${rows.join("\n")}\n`;
    }

    /* A column of the points, as a list of Python. */
    list(k) {
      return `[${this.points.map((point) => (k < 2 ? point[k] : JSON.stringify(this.classes[point[k]]))).join(", ")}]`;
    }

    state() {
      if (!this.ready) return [];
      const rest = super.state().map((text) => text.slice(this.figure.id.length + 1));
      const { axes, classes } = this.original;
      if (`${this.axes}` !== `${axes}`) rest.push(`axes=${this.axes.join("_")}`);
      if (`${this.classes}` !== `${classes}`) rest.push(`classes=${encodeURIComponent(this.classes.join("\n"))}`); // a name is within a line
      if (`${this.points}` !== `${this.usual}`) rest.push(`points=${this.points.map((point) => point.join("_")).join("~")}`);
      return rest.length ? [`${this.figure.id}:${rest.join(",")}`] : [];
    }

    /* A link takes away what `beyond` has, too. */
    restore(pairs, first) {
      if (!first) this.keep(this.beyond);
      const given = Object.fromEntries(pairs.split(",").map((pair) => pair.split("=")));
      const numbers = (text, n) => text.split("_").map(Number).filter((value) => Math.abs(value) < 1e9).slice(0, n); // as in a table
      const start = this.original;
      const axes = numbers(given.axes ?? "", 4);
      const classes = given.classes && explorers.decoded(given.classes).split("\n");
      const known = classes?.length === start.classes.length ? classes : start.classes;
      const width = start.classes.length ? 3 : 2;
      const points = given.points?.split("~").map((text) => numbers(text, width)).filter((point) => point.length === width && !(width > 2 && !known[point[2]]));
      const spoilt = given.points && !points.length;
      // What an address does not name is as the page has it, whatever was set before.
      Object.assign(this, { chosen: null, classes: known, positions: [...this.start], replaced: Boolean(points) && !spoilt });
      this.axes = axes.length === 4 && axes[0] < axes[1] && axes[2] < axes[3] ? axes : start.axes;
      this.points = (spoilt ? start.points : points ?? start.points).slice(0, this.limits.points);
      super.restore(pairs);
      if (pairs) this.question?.dismiss();
      if (pairs && this.question?.hides.length) set(this.figure.querySelector(".explorer-moved"), "Set by a link: nothing is hidden.");
      this.ticks();
      this.show();
    }
  }

  /* Two columns of numbers, a line each, and names of classes if there are some; the lines that are not that are
     named. A first line of words is a heading. */
  function parse(text, known = [], first = known) {
    const [points, problems] = [[], []];
    text.split("\n").forEach((whole, k) => {
      const line = whole.trim();
      if (!line) return;
      const commas = /[;\t]|\d,\d+\s+-?\d+,\d/.test(line); // are those of decimals
      const cut = /[;\t]/.test(line) ? /[;\t]/ : commas || !line.includes(",") ? /\s+/ : /,(?=(?:[^"]*"[^"]*")*[^"]*$)/; // none within quotes
      const words = line.split(cut).map((word) => word.trim().replace(/^"(.*)"$/, "$1"));
      const point = words.slice(0, 2).map((word) => Number((commas ? word.replace(",", ".") : word).replace("−", "-").replace(/[box]/i, "?"))); // no 0x10
      const numbers = words.length === (known.length ? 3 : 2) && words.every(Boolean) && point.every(Number.isFinite);
      const heading = !k && words.slice(0, 2).every((word) => /^(?!nan?$)[^\d.,+−-]/i.test(word));
      const far = point.some((value) => Math.abs(value) >= 1e9) ? "large" : point.some((value) => value && Math.abs(value) < 1e-100) && "small";
      const wrong = numbers ? far && `has a number that is too ${far} for this page` : !heading && `is not two numbers${known.length ? " and a class" : ""}`;
      if (wrong) problems.push(`Line ${k + 1} ${wrong}: “${line.slice(0, 40)}”.`);
      else if (numbers) points.push([...point, ...words.slice(2)]);
    });
    const found = [...new Set(points.flatMap((point) => point.slice(2)))].sort();
    if (found.length > known.length) problems.push(`There are ${found.length} classes; at most ${known.length} fit here.`);
    const classes = [first, known].find((names) => found.every((name) => names.includes(name))) ?? known.map((name, k) => found[k] ?? "–");
    return { points: points.map(([x, y, ...name]) => [x, y, ...name.map((one) => classes.indexOf(one))]), classes, problems };
  }

  /* Whether columns of numbers lie within the axes, and use a third of them: then the axes stay, and what is fitted
     to unchanged points does, too. */
  function filled(axes, columns) {
    return columns.every((column, axis) => {
      const [low, high] = axes.slice(2 * axis);
      const [least, most] = [Math.min(...column), Math.max(...column)];
      return low <= least && most <= high && 3 * (most - least) >= high - low;
    });
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

  const evenly = (low, high, n) => Array.from({ length: n }, (_, k) => low + ((high - low) * k) / (n - 1));
  const tenth = (value) => Math.round(10 * value) / 10;
  const short = (value, digits = 3) => // places on an axis with all digits that tell them apart
    Number.isFinite(value) ? `${Math.abs(value) >= (digits > 5 ? 1e9 : 1e6) ? value.toExponential(1) : Number(value.toPrecision(digits > 5 && Math.abs(value) >= 1e5 ? 9 : digits))}`.replace(/e\+?(-?)(\d+)/, (_, sign, power) => `·10${sign && "⁻"}${power.replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d])}`).replace("-", "−") : "–";
  const chance = (p) => (p > 0.999 ? "above 0.999" : short(p));

  return { Playground, chance, evenly, limitsOf, parse, set, short, tenth };
})();
