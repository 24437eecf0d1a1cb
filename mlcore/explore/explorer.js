/* Moves the explorers of a page: applies to the inline SVG what changes between two frames.
   A group is [index, slots]: index[frame] says which of its values each slot takes in that frame;
   a slot is [path of child indices, attribute ("" text, "*" contents), values]. See _svg.py, changes().
   A figure is drawn, and its frames are fetched, when the reader is a screen away or asks for them; until then
   its controls answer, and the figure follows when it can. See _moved.py.
   Where Python runs in the page it draws the frames instead: see the door at the end. */
(() => {
  "use strict";
  if (globalThis.explorers) return; // a notebook brings the script with each figure
  const explorers = new Map();
  const home = document.currentScript?.src; // where the scripts of other kinds lie, too
  const storage = (() => {
    try {
      return sessionStorage;
    } catch {
      return { getItem() {}, setItem() {} }; // a browser may forbid it: then the reader is asked again
    }
  })();

  class Explorer {
    constructor(figure, python = null) {
      const data = JSON.parse(figure.querySelector(".explorer-data").textContent);
      Object.assign(this, data, { figure, python, positions: [...data.start], handles: [] });
      this.caption = figure.querySelector(".explorer-text");
      this.stage = figure.querySelector(".explorer-stage");
      this.inputs = [...figure.querySelectorAll(".explorer-controls [data-param]")];
      this.inputs.forEach((input, k) => {
        let before = []; // a finger that goes on to scroll the page has moved nothing
        input.addEventListener("pointerdown", () => (before = [this.positions[k], this.question?.state]));
        input.addEventListener("input", () => this.move(k, Number(input.value)));
        input.addEventListener("pointercancel", () => {
          const [position, state] = before;
          this.go(this.positions.with(k, position));
          if (state === "open") this.question.turn("open", "");
        });
      });
      for (const button of figure.querySelectorAll(".explorer-play")) this.playable(button);
      this.stage.addEventListener("click", (event) => {
        if (!this.groups) this.tap = event;
      });
      if (data.ask) this.question = new Question(this, data.ask);
      this.show();
      for (const part of figure.querySelectorAll("[inert]")) part.inert = false;
    }

    /* Fetches the frames, once; after a failure, when they are asked for again. */
    async fetch() {
      if (this.figure.dataset.frames === "asked" || this.groups) return;
      this.figure.dataset.frames = "asked";
      draw(this.figure);
      let frames = null;
      try {
        frames = await moved(this.figure.querySelector(".explorer-frames"));
      } catch {
        this.missing ??= this.stage.appendChild(document.createElement("p"));
        Object.assign(this.missing, { className: "explorer-missing", role: "status" });
        this.missing.textContent = "The other pictures of this figure could not be fetched. The next move tries again.";
        this.positions = [...this.start]; // those of the picture that stays
      }
      if (frames) this.awake(frames);
      this.figure.dataset.frames = frames ? "here" : "missing";
      this.show();
    }

    awake({ groups = [], texts, text, handles = [] }) {
      const root = this.stage.querySelector(".explorer-panels");
      const first = this.frame(this.start);
      Object.assign(this, { texts, text, asked: `${this.start}` });
      this.groups = groups.map(([index, slots]) => ({
        index,
        value: index[first],
        slots: slots.map(([path, name, values]) => [path.reduce((node, k) => node.children[k], root), name, values]),
      }));
      this.handles = handles.map((handle) => new Point(this.figure, "explorer-handle", {
        ...handle,
        sizes: this.shown.map((values) => values.length),
        get: () => this.positions,
        set: (positions) => this.set(positions),
        spot: (positions) => handle.points[this.frame(positions)],
        words: (positions) => handle.along.filter((k) => k !== null).map((k) => this.words(k, positions[k])).join(", "),
        awake: () => !this.question?.pointed(handle.panel) && !(handle.covered && this.question?.open),
      }));
      this.tap?.target.closest(".explorer-panels > svg")?.dispatchEvent(new MouseEvent("click", this.tap));
    }

    /* Its drawing has come. */
    drawn() {
      this.question?.drawn();
    }

    frame(positions = this.positions) {
      return positions.reduce((sum, position, k) => sum * this.shown[k].length + position, 0);
    }

    words(k, position) {
      return this.said[k][position];
    }

    move(k, position) {
      this.set(this.positions.with(k, clamp(position, this.shown[k].length)));
    }

    /* A move of the reader's own: whoever makes one is no longer asked. */
    set(positions) {
      this.question?.dismiss();
      this.go(positions);
    }

    go(positions) {
      this.positions = [...positions];
      this.fetch();
      this.show();
      rememberSoon();
    }

    show() {
      const frame = this.frame();
      for (const group of this.groups ?? []) {
        const value = group.index[frame];
        if (value === group.value) continue;
        group.value = value;
        for (const [node, name, values] of group.slots) apply(node, name, values[value]);
      }
      if (this.python) this.wish();
      else if (this.groups) this.say(this.texts[this.text[frame]]);
      this.inputs.forEach((input, k) => {
        input.value = this.positions[k];
        if (input.type === "range") say(input, this.words(k, this.positions[k]));
      });
      for (const handle of this.handles) handle.show();
    }

    say(text) {
      if (this.caption.textContent !== text) this.caption.textContent = text;
    }

    wish() {
      if (!this.groups || `${this.positions}` === this.asked) return;
      this.asked = `${this.positions}`;
      this.python(this.figure.id, this.positions);
    }

    /* What Python answers: a frame, or a sentence that says why there is none. */
    draw(positions, { frame, error }) {
      if (error) return this.say(error);
      this.figure.querySelector(".explorer-defs > defs").innerHTML = frame.definitions;
      const shown = document.createElement("div");
      shown.innerHTML = frame.panels.join("");
      [...this.figure.querySelector(".explorer-panels").children].forEach((panel, k) => {
        panel.replaceChildren(...shown.children[k].childNodes); // the panel itself listens, and is touched
      });
      this.handles.forEach((handle, k) => {
        handle.points[this.frame(positions)] = frame.handles[k];
        handle.show();
      });
      this.question?.veil();
      this.say(frame.text);
    }

    playable(button) {
      const k = this.inputs.findIndex((input) => input.id === button.dataset.for);
      const end = this.shown[k].length - 1;
      let timer = null;
      const stop = () => {
        clearInterval(timer);
        timer = null;
        button.setAttribute("aria-pressed", "false");
      };
      button.addEventListener("click", () => {
        if (timer) return stop();
        if (this.positions[k] === end) this.move(k, 0);
        button.setAttribute("aria-pressed", "true");
        this.fetch();
        timer = setInterval(() => {
          if (this.figure.dataset.frames === "missing") stop();
          if (!this.groups) return;
          this.move(k, this.positions[k] + 1);
          if (this.positions[k] === end) stop();
        }, 250);
      });
      this.inputs[k].addEventListener("input", () => timer && stop());
    }

    state() {
      if (this.positions.every((position, k) => position === this.start[k])) return [];
      const pairs = this.inputs.map((input, k) => {
        const value = encodeURIComponent(this.shown[k][this.positions[k]]);
        return `${input.dataset.param}=${value}`;
      });
      return [`${this.figure.id}:${pairs.join(",")}`];
    }

    /* To what an address says, or without a word of it to the start. */
    restore(pairs) {
      const before = `${this.positions}`;
      if (!pairs) this.positions = [...this.start];
      for (const pair of pairs.split(",")) {
        const [param, value = ""] = pair.split("=");
        const k = this.inputs.findIndex((input) => input.dataset.param === param);
        if (k < 0) continue;
        this.positions[k] = nearest(this.shown[k], decoded(value), this.positions[k]);
      }
      if (`${this.positions}` === before) return;
      this.question?.dismiss();
      this.fetch();
      this.show();
    }
  }

  /* A point over a panel, moved by pointer, finger and keys. `along` says which of some positions it changes
     across and up (null: none), `spot(positions)` where it then stands, in widths and heights of the panel. */
  class Point {
    constructor(figure, kind, options) {
      Object.assign(this, options, { weights: options.weights ?? [1, 1] });
      const stage = figure.querySelector(".explorer-stage");
      const panel = figure.querySelector(".explorer-panels").children[this.panel];
      const point = (this.element = document.createElement("div"));
      this.one = this.along.find((k) => k !== null && this.along.includes(null)); // of a point on a line
      point.className = `explorer-point ${kind}${this.one === undefined ? "" : " explorer-along"}`;
      const sizes = this.along.filter((k) => k !== null).map((k) => this.sizes[k]);
      const attributes = { role: "slider", tabindex: 0, "aria-label": this.label, "aria-valuemin": 0, "aria-valuemax": sizes[0] - 1 };
      if (sizes.length > 1) attributes["aria-roledescription"] = "point in two directions";
      for (const [name, value] of Object.entries(attributes)) point.setAttribute(name, value);
      stage.append(point);
      panel.classList.add("explorer-touchable");

      const measure = (this.measure = () => {
        const [inner, outer] = [panel.getBoundingClientRect(), stage.getBoundingClientRect()];
        this.box = [inner.left - outer.left, inner.top - outer.top, inner.width, inner.height];
        this.show();
      });
      this.show(); // asleep, if it is, before it has its place
      new ResizeObserver(measure).observe(panel.parentElement);

      let grip = [0, 0]; // from the point's middle to where it was taken hold of
      const follow = (event) => {
        if (!this.box) measure();
        const box = panel.getBoundingClientRect();
        this.go((event.clientX - grip[0] - box.left) / box.width, (event.clientY - grip[1] - box.top) / box.height);
      };
      const take = (event) => {
        if (!this.awake()) return;
        event.preventDefault();
        point.focus({ preventScroll: true });
        point.setPointerCapture(event.pointerId);
      };
      point.addEventListener("pointerdown", (event) => {
        const box = point.getBoundingClientRect();
        grip = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
        take(event);
      });
      point.addEventListener("pointermove", (event) => point.hasPointerCapture(event.pointerId) && follow(event));
      // A mouse may press anywhere in the panel and drag on; a finger that does scrolls the page, and only taps.
      panel.addEventListener("pointerdown", (event) => {
        grip = [0, 0];
        if (event.pointerType !== "mouse" || event.button || !this.awake()) return;
        take(event);
        follow(event);
      });
      panel.addEventListener("click", (event) => this.awake() && follow(event));
      point.addEventListener("keydown", (event) => {
        const [axis, step] = KEYS[event.key] ?? [];
        if (step === undefined || !this.awake()) return;
        event.preventDefault();
        const k = this.along[axis] ?? this.along[1 - axis];
        this.set(this.get().with(k, clamp(this.get()[k] + step, this.sizes[k])));
      });
    }

    /* To the positions whose spot is nearest to a place in the panel. */
    go(x, y) {
      let [nearest, least] = [this.get(), Infinity];
      const [across, up] = this.along.map((k) => (k === null ? [null] : [...Array(this.sizes[k]).keys()]));
      for (const i of across) {
        for (const j of up) {
          const positions = [...this.get()];
          if (i !== null) positions[this.along[0]] = i;
          if (j !== null) positions[this.along[1]] = j;
          const [a, b] = this.spot(positions);
          const distance = this.weights[0] * ((a - x) * this.box[2]) ** 2 + this.weights[1] * ((b - y) * this.box[3]) ** 2;
          if (distance < least) [nearest, least] = [positions, distance];
        }
      }
      if (`${nearest}` !== `${this.get()}`) this.set(nearest);
    }

    show() {
      this.element.classList.toggle("explorer-asleep", !this.awake());
      if (!this.box) return;
      const [left, top] = toStage(this.box, this.spot(this.get()));
      this.element.style.translate = `${left}px ${top}px`;
      if (this.one !== undefined) {
        const [[a, b], [c, d]] = [-1, 1].map((step) => {
          const near = clamp(this.get()[this.one] + step, this.sizes[this.one]);
          return toStage(this.box, this.spot(this.get().with(this.one, near)));
        });
        this.element.style.setProperty("--explorer-way", `${Math.atan2(d - b, c - a)}rad`);
      }
      this.element.setAttribute("aria-valuenow", this.get()[this.along[0] ?? this.along[1]]);
      this.element.setAttribute("aria-valuetext", this.words(this.get()));
    }
  }

  const KEYS = {
    ArrowRight: [0, 1], ArrowLeft: [0, -1], End: [0, Infinity], Home: [0, -Infinity],
    ArrowUp: [1, 1], ArrowDown: [1, -1], PageUp: [1, 5], PageDown: [1, -5],
  };

  /* The question before the figure: open; moved, by a reader who went on without it, whom the figure may show what
     no words tell; answered, and left when the figure is moved on; done, for who had it told or comes back. */
  class Question {
    constructor(explorer, data) {
      Object.assign(this, data, { explorer, key: `explorer-ask ${location.pathname}#${explorer.figure.id}` });
      this.card = explorer.figure.querySelector(".explorer-ask");
      this.guess = [...this.opening];
      this.status = this.card.querySelector("[role=status]");
      const part = (name) => this.card.querySelector(`.explorer-${name}`);
      this.input = part("guess input");
      this.input?.addEventListener("input", () => {
        this.guess = [Number(this.input.value)];
        this.show();
      });
      part("see").addEventListener("click", () => this.answer());
      part("tell").addEventListener("click", () => {
        if (!this.open) return this.again();
        this.turn("done", this.right);
        explorer.go(this.at); // where what is told can be seen
        part("again").focus({ preventScroll: true });
      });
      part("again").addEventListener("click", () => this.again());
      if (storage.getItem(this.key)) this.turn("done", this.right);
      else this.turn("open", "");
    }

    /* What of a question stands in the figure, once this is drawn. */
    drawn() {
      if (this.panel !== undefined) {
        this.mark = new Point(this.explorer.figure, "explorer-mark", {
          ...{ panel: this.panel, label: `your guess: ${this.label}`, along: [0, 1], sizes: this.shown.map((texts) => texts.length) },
          get: () => this.guess,
          set: (guess) => {
            this.guess = guess;
            this.show();
          },
          spot: ([i, j]) => [this.marks[0][i], this.marks[1][j]],
          words: (guess) => guess.map((k, axis) => this.shown[axis][k]).join(", "),
          awake: () => this.open,
        });
        this.miss = document.createElement("div");
        this.miss.className = "explorer-miss";
        this.mark.element.before(this.miss);
        new ResizeObserver(() => this.show()).observe(this.explorer.figure);
      }
      this.veil();
      this.show();
    }

    veil() {
      for (const name of this.hides) {
        for (const node of named(this.explorer.figure, name)) node.toggleAttribute("data-hidden", this.open);
      }
      for (const word of this.explorer.figure.querySelectorAll(".explorer-veil")) word.remove();
      const panels = this.explorer.figure.querySelector(".explorer-panels");
      for (const [k, x, y] of (this.open && panels && this.emptied) || []) { // playgrounds say it themselves
        const { x: left, width, height } = panels.children[k].viewBox.baseVal;
        const word = document.createElementNS("http://www.w3.org/2000/svg", "text");
        const attributes = { class: "explorer-veil", "aria-hidden": true, x: left + x * width, y: y * height };
        for (const [name, value] of Object.entries(attributes)) word.setAttribute(name, value);
        word.textContent = "hidden until you answer";
        panels.children[k].append(word);
      }
    }

    get open() {
      return this.state === "open";
    }

    pointed(panel) {
      return this.open && this.panel === panel;
    }

    again() {
      this.guess = [...this.opening];
      this.turn("open", "");
      this.explorer.go(this.explorer.start);
      (this.mark?.element ?? this.input).focus({ preventScroll: true });
    }

    answer() {
      if (this.open) this.turn("answered", this.guess.map((k, axis) => this.verdicts[axis][k]).join(" "));
      else this.turn("done", this.right);
      this.explorer.go(this.at);
      this.card.querySelector(".explorer-again").focus({ preventScroll: true });
    }

    dismiss() {
      if (this.open) this.turn("moved", "");
      else if (this.state === "answered") this.turn("left", this.status.textContent);
    }

    turn(state, text) {
      this.state = this.explorer.figure.dataset.ask = state;
      if (!this.open && state !== "moved") storage.setItem(this.key, "done");
      this.card.querySelector(".explorer-tell").textContent = state === "moved" ? "Ask me again" : "Just tell me";
      this.veil();
      this.status.textContent = text;
      this.show();
    }

    show() {
      if (this.input) {
        this.input.value = this.guess[0];
        say(this.input, this.shown[0][this.guess[0]]);
        const [yours, right] = this.card.querySelectorAll(".explorer-scale i");
        yours.style.left = `${(100 * this.guess[0]) / (this.shown[0].length - 1)}%`;
        right.style.left = `${(100 * this.truth) / (this.shown[0].length - 1)}%`;
      }
      if (!this.mark?.box) return;
      this.mark.show();
      const [[a, b], [c, d]] = [this.mark.spot(this.guess), this.truth].map((spot) => toStage(this.mark.box, spot));
      this.miss.style.translate = `${a}px ${b}px`;
      this.miss.style.width = `${Math.hypot(c - a, d - b)}px`;
      this.miss.style.rotate = `${Math.atan2(d - b, c - a)}rad`;
    }
  }

  /* Words of the text and artists of a figure that bear one name light up together. */
  const words = new Map(); // a word -> the name of its figure
  function named(root, name) {
    return root.querySelectorAll(`[data-show="${CSS.escape(name)}"]`);
  }

  function wanted(figure) {
    return new Set([...words].filter(([, other]) => other === figure).map(([word]) => word.dataset.show));
  }

  /* Whether an artist has that name, also in a figure that is not drawn yet. */
  function has(figure, name) {
    const escaped = name.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
    return named(figure, name).length > 0 || waiting(figure)?.textContent.includes(` data-show="${escaped}"`);
  }

  function light(figure, name) {
    for (const node of document.querySelectorAll("[data-lit]")) node.removeAttribute("data-lit");
    back.hidden ||= !figure;
    if (!figure) return;
    const place = document.getElementById(figure);
    draw(place);
    // What a question hides cannot be lit: the question is.
    const artists = [...named(place, name)];
    const unseen = artists.length > 0 && artists.every((node) => node.closest("[data-hidden]"));
    (unseen ? place.querySelector(".explorer-ask") : place).toggleAttribute("data-lit", true);
    for (const node of named(document, name)) {
      if ((words.get(node) ?? node.closest("figure")?.id) === figure) node.toggleAttribute("data-lit", true);
    }
  }

  /* Of the figures with its name that which a word is about: in the nearest part of the page that has one, the
     last before the word, or else the first behind it. */
  function meant(word, figures) {
    const having = figures.filter((figure) => has(figure, word.dataset.show));
    if (!having.length) return;
    let [part, near] = [word, []];
    while (!near.length) {
      part = part.parentElement;
      near = having.filter((figure) => part.contains(figure));
    }
    const before = near.filter((figure) => figure.compareDocumentPosition(word) & Node.DOCUMENT_POSITION_FOLLOWING);
    return before.at(-1) ?? near[0];
  }

  function connectWords() {
    const figures = [...document.querySelectorAll("figure.explorer")];
    for (const word of document.querySelectorAll("a.explorer-word")) {
      const figure = meant(word, figures)?.id;
      if (!figure) continue;
      words.set(word, figure);
      word.href = `#${figure}`;
      word.title = "lights up a part of the figure";
      const on = () => light(figure, word.dataset.show);
      const off = () => light(document.activeElement === word ? figure : null, word.dataset.show);
      for (const [type, act] of Object.entries({ pointerenter: on, focus: on, pointerleave: off, blur: () => light(null) })) {
        word.addEventListener(type, act);
      }
      word.addEventListener("click", (event) => {
        event.preventDefault(); // the address keeps the sliders' positions
        on();
        bring(document.getElementById(figure), word);
      });
    }
    for (const figure of figures) if (wanted(figure.id).size) watch(figure);
  }

  /* Artists that words are about light these up, too. */
  function watch(figure) {
    const stage = figure.querySelector(".explorer-stage");
    const names = wanted(figure.id);
    stage.addEventListener("pointermove", ({ clientX, clientY, buttons }) => {
      if (buttons) return; // something is being dragged
      const near = [[0, 0], [0, 5], [0, -5], [5, 0], [-5, 0]] // lines are thin
        .map(([dx, dy]) => document.elementFromPoint(clientX + dx, clientY + dy)?.closest("[data-show]"))
        .find((node) => node && names.has(node.dataset.show));
      light(near ? figure.id : null, near?.dataset.show);
    });
    stage.addEventListener("pointerleave", () => light(null));
  }

  /* Scrolls until a lit part of the figure is seen, and no further; if that takes the word out of sight, the
     browser's Back returns to it. */
  function bring(figure, word) {
    const controls = figure.querySelector(".explorer-controls");
    const stuck = controls && getComputedStyle(controls).position === "sticky" ? controls.offsetHeight : 0;
    const top = stuck + (parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0);
    const lit = [...figure.querySelectorAll(".explorer-panels [data-lit]")];
    const ways = (lit.length ? lit : [...figure.querySelectorAll(".explorer-panels > svg")]).map((node) => {
      const [box, panel] = [node, node.ownerSVGElement ?? node].map((element) => element.getBoundingClientRect());
      const over = Math.max(box.top, panel.top) - MARGIN - top;
      const under = Math.min(box.bottom, panel.bottom) + MARGIN - innerHeight;
      return over > 0 && under > 0 ? Math.min(over, under) : over < 0 && under < 0 ? Math.max(over, under) : 0;
    });
    const way = ways.reduce((least, one) => (Math.abs(one) < Math.abs(least) ? one : least));
    if (!way) return;
    const box = word.getBoundingClientRect();
    const stays = box.top - way >= top - stuck && box.bottom - way <= innerHeight;
    if (!stays) {
      if (pending) remember(true);
      history.pushState(history.state, "");
      back.textContent = `↩ Back to “${word.textContent}”`;
    }
    back.hidden = stays;
    scrollBy({ top: way, behavior: "instant" });
  }

  const MARGIN = 12; // around what is brought into view
  const back = document.createElement("button");
  Object.assign(back, { type: "button", className: "explorer-back", hidden: true });
  back.addEventListener("pointerdown", (event) => event.preventDefault()); // the word keeps the focus
  back.addEventListener("click", () => history.back());
  (document.querySelector("main") ?? document.body).append(back);

  /* The drawing of a figure that the reader is not near yet: text, which becomes elements here. */
  function waiting(figure) {
    return figure.querySelector(".explorer-stage > noscript");
  }

  function draw(figure) {
    if (figure.hasAttribute("data-drawn")) return;
    figure.toggleAttribute("data-drawn", true);
    const drawing = waiting(figure);
    if (drawing) drawing.parentElement.innerHTML = drawing.textContent;
    const stage = figure.querySelector(".explorer-stage");
    const { length } = stage.querySelectorAll(".explorer:not([data-kind]) .explorer-panels > svg");
    for (const [k, side] of (SIDES[length] ?? []).entries()) { // as the text calls them, also when they are stacked
      const label = Object.assign(document.createElement("span"), { className: "explorer-side", textContent: side });
      label.style.setProperty("--explorer-row", k / length);
      stage.append(label);
    }
    const explorer = explorers.get(figure.id);
    if (explorer?.figure === figure) explorer.drawn();
  }

  const SIDES = { 2: ["left", "right"], 3: ["left", "middle", "right"] };

  function toStage([left, top, width, height], [x, y]) {
    return [left + x * width, top + y * height];
  }

  function clamp(position, size) {
    return Math.min(Math.max(position, 0), size - 1);
  }

  function say(input, text) {
    input.setAttribute("aria-valuetext", text);
    input.nextElementSibling.textContent = text;
  }

  /* The position of a value, or of the number next to it: a link outlives a change of the slider's steps. */
  function nearest(shown, value, otherwise) {
    const exact = shown.indexOf(value);
    if (exact >= 0 || value === "" || !Number.isFinite(Number(value))) return exact >= 0 ? exact : otherwise;
    const distance = shown.map((text) => Math.abs(Number(text) - Number(value)));
    const closest = distance.indexOf(Math.min(...distance));
    return closest >= 0 ? closest : otherwise;
  }

  function apply(node, name, value) {
    if (name === "*") node.innerHTML = value;
    else if (name === "") node.textContent = value;
    else if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return ""; // an address may be spoilt
    }
  }

  /* The positions stand in the address, and with each entry of the history: also where that leads to a section.
     Browsers limit how often a page may rewrite its address, so a run of moves, or a play, writes it once. */
  let pending = null;
  function remember(readdress) {
    clearTimeout(pending);
    pending = null;
    const others = [...asleep].map(([name, pairs]) => `${name}:${pairs}`);
    const positions = [...explorers.values()].flatMap((explorer) => explorer.state()).concat(others).join(";");
    const address = positions ? `#${positions}` : location.pathname + location.search;
    history.replaceState({ ...history.state, positions }, "", readdress ? address : undefined);
  }

  function rememberSoon() {
    clearTimeout(pending);
    pending = setTimeout(remember, 400, true);
  }

  function restoreAll(positions) {
    let first = null;
    for (const part of positions.split(";")) {
      const [name, pairs] = part.split(/:(.*)/s);
      const place = document.getElementById(name);
      const figure = explorers.get(name)?.figure ?? (place?.dataset.kind && place);
      if (!figure || !pairs) continue;
      if (explorers.has(name)) explorers.get(name).restore(pairs);
      else asleep.set(name, pairs);
      first ??= figure;
    }
    return first;
  }

  /* An entry that is new shows the figure that its address names. To one that is not, the browser returns. */
  function arrive() {
    const { positions } = history.state ?? {};
    if (positions !== undefined) { // which names all figures that were not at their start
      asleep.clear();
      const names = positions.split(";").map((part) => part.split(":")[0]);
      for (const [name, explorer] of explorers) if (!names.includes(name) && explorer.state().length) explorer.restore("");
    }
    const figure = restoreAll(positions ?? location.hash.slice(1));
    if (positions === undefined) figure?.scrollIntoView({ block: figure.offsetHeight > innerHeight ? "start" : "center" });
    remember(false);
    return figure;
  }

  /* The scripts that a figure of another kind needs come when the reader is near, or the address names it. */
  const kinds = new Map(); // a name -> the class of such figures, once its script is here
  const asleep = new Map(); // the id of one whose script is not -> what the address says of it
  function summon(figure, now = false) {
    if (kinds.has(figure.dataset.kind)) return;
    for (const name of figure.dataset.needs?.split(" ") ?? []) {
      const { href, pathname } = new URL(name, home);
      if (now) {
        run(href);
        continue;
      }
      const here = [...document.scripts].some(({ src }) => src && new URL(src).pathname === pathname);
      if (!here) document.head.append(Object.assign(document.createElement("script"), { src: href, async: false }));
    }
  }

  /* A script without waiting. Where it cannot be had, the picture stays as it was made. */
  function run(href) {
    const request = new XMLHttpRequest();
    try {
      request.open("GET", href, false);
      request.send();
    } catch {
      return;
    }
    if (request.status === 200) document.head.append(Object.assign(document.createElement("script"), { textContent: request.responseText }));
  }

  /* Paper waits for nothing: all is drawn at once, also by the scripts that would come when the reader is near. */
  function print(on) {
    if (on) {
      for (const figure of figures) {
        draw(figure);
        summon(figure, true);
      }
    }
    for (const explorer of explorers.values()) explorer.print?.(on);
  }

  function wake(figure) {
    const [Kind, { id }] = [kinds.get(figure.dataset.kind), figure];
    near.observe(figure);
    if (!Kind || explorers.get(id)?.figure === figure) return;
    const explorer = new Kind(figure);
    explorers.set(id, explorer);
    if (figure.hasAttribute("data-drawn")) explorer.drawn();
    const pairs = asleep.get(id);
    asleep.delete(id);
    if (pairs) explorer.restore(pairs, true);
  }

  const figures = [...document.querySelectorAll("figure.explorer")];
  for (const figure of figures.filter((figure) => !figure.matches(".explorer-still, [data-kind]"))) {
    explorers.set(figure.id, new Explorer(figure));
  }
  connectWords();
  arrive();
  addEventListener("popstate", () => {
    back.hidden = true;
    if (history.state?.positions !== undefined) arrive();
  });
  addEventListener("hashchange", () => history.state?.positions ?? (arrive() && rememberSoon())); // a link names one figure
  addEventListener("click", ({ target }) => pending && target.closest("a") && remember(true), true); // before it is followed
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
        near.unobserve(target);
        draw(target);
        summon(target);
        explorers.get(target.id)?.fetch();
      }
    },
    { rootMargin: "100% 0px" },
  );
  for (const figure of figures) near.observe(figure);

  /* The doors. Figures of other kinds, which have a script of their own: `kind` brings their class. Python in the
     page (live.js): `live` takes a figure out of Python's hands and `python(name, positions)`, which asks for a
     frame; `draw` brings it; `back` returns to what is printed. */
  const [printed, living] = [new Map(), new WeakSet()];
  globalThis.explorers = {
    ...{ Explorer, Point, clamp, decoded, named, rememberSoon, get: (name) => explorers.get(name) },
    kind(name, Kind) {
      kinds.set(name, Kind);
      for (const figure of document.querySelectorAll(`figure.explorer[data-kind="${name}"]`)) wake(figure);
    },
    live(figure, python) {
      const before = explorers.get(figure.id);
      if (before && !living.has(before.figure)) printed.set(figure.id, before);
      living.add(figure);
      if (figure.dataset.kind) {
        for (const state of before?.state() ?? []) asleep.set(...state.split(/:(.*)/s));
        return wake(figure);
      }
      const explorer = new Explorer(figure, python);
      explorers.set(figure.id, explorer);
      if (before) { // the reader's values stay, where the sliders still have them
        explorer.positions = explorer.shown.map((shown, k) =>
          nearest(shown, before.shown[k]?.[before.positions[k]] ?? "", explorer.positions[k]));
        if (before.question && !before.question.open) {
          explorer.question?.turn(before.question.state, before.question.status.textContent);
        }
      }
      if (wanted(figure.id).size) watch(figure);
      explorer.fetch();
    },
    draw: (name, positions, answer) => explorers.get(name)?.draw(positions, answer),
    back() {
      for (const [name, { figure }] of explorers) {
        if (figure.isConnected) continue;
        if (printed.has(name)) explorers.set(name, printed.get(name));
        else explorers.delete(name);
      }
    },
  };
})();
