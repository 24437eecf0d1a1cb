/* The picture of a small network: a map of the plane for each unit, a line for each weight, and the formula of the
   unit in focus with its numbers put in. training.js comes first. */
globalThis.graph = (() => {
  "use strict";
  const { ACTIVATIONS } = plain;
  const SIDE = 40; // pixels of a map, across and up
  const [POSITIVE, NEGATIVE] = [[11, 98, 184], [214, 92, 20]];
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const SHADES = { sigmoid: (a) => 2 * a - 1, tanh: (a) => a }; // the others have no largest value
  const below = (k) => `${k}`.replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
  const certainty = (z) => 2 * ACTIVATIONS.sigmoid(z) - 1;
  const { short } = playground;

  class Graph {
    constructor(place, formula) {
      Object.assign(this, { place, formula });
      place.addEventListener("keydown", (event) => this.walk(event));
    }

    /* For a network of another shape. */
    build(net) {
      this.net = net;
      const { widths } = net;
      if (`${widths}` === this.built) return;
      this.built = `${widths}`;
      const most = Math.max(...widths);
      this.place.style.setProperty("--network-rows", most);
      const across = (l) => (100 * (l + 0.5)) / widths.length;
      this.spot = (l, j) => [across(l), (100 * (j + (most - widths[l]) / 2 + 0.5)) / most];
      const drawing = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": true });
      this.lines = widths.slice(1).map((n, l) => Array.from({ length: widths[l] * n }, (_, k) => {
        const [[x1, y1], [x2, y2]] = [this.spot(l, Math.floor(k / n)), this.spot(l + 1, k % n)];
        return drawing.appendChild(svg("line", { x1, y1, x2, y2 }));
      }));
      const last = widths.length - 1;
      this.units = widths.map((n, l) => Array.from({ length: n }, (_, j) => {
        const unit = Object.assign(document.createElement("button"), { type: "button", className: "network-unit", tabIndex: -1 });
        unit.dataset.help = l === 0 ? "input" : l === last ? "output" : "unit";
        unit.setAttribute("aria-describedby", this.formula.id);
        put(unit, this.spot(l, j));
        unit.append(Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE }));
        for (const type of ["focus", "pointerenter"]) unit.addEventListener(type, () => this.attend(l, j));
        return unit;
      }));
      this.numbers = Object.assign(document.createElement("div"), { className: "network-numbers" });
      const heads = widths.map((_, l) => {
        const head = Object.assign(document.createElement("span"), { className: "network-head" });
        head.textContent = l === 0 ? "inputs" : l === last ? "output" : `layer ${l}`;
        head.style.left = `${across(l)}%`;
        return head;
      });
      this.place.replaceChildren(drawing, ...heads, ...this.units.flat(), this.numbers);
      this.attend(last, 0);
    }

    name([l, j]) {
      return l === 0 ? `input x${below(j + 1)}` : l === this.units.length - 1 ? "the output" : `unit ${j + 1} of layer ${l}`;
    }

    /* By arrows from unit to unit. */
    walk(event) {
      const way = ARROWS[event.key];
      if (!way || !event.target.matches(".network-unit")) return;
      event.preventDefault();
      const [l, j] = this.unit;
      const to = Math.min(Math.max(l + way[0], 0), this.units.length - 1);
      const n = this.units[to].length;
      const at = way[0] ? Math.round(((j + 0.5) * n) / this.units[l].length - 0.5) : j + way[1];
      this.units[to][Math.min(Math.max(at, 0), n - 1)].focus();
    }

    attend(l, j) {
      this.unit = [l, j];
      const { widths } = this.net;
      for (const unit of this.units.flat()) unit.tabIndex = -1;
      this.units[l][j].tabIndex = 0;
      this.units.forEach((units, k) => units.forEach((unit, i) => unit.classList.toggle("network-chosen", k === l && i === j)));
      this.lines.forEach((list, k) => list.forEach((line, i) => line.classList.toggle("network-in", k === l - 1 && i % widths[k + 1] === j)));
      const share = widths[l - 1] > 4 ? 0.32 : 0.5; // of the way, where the numbers do not meet
      this.numbers.replaceChildren(...Array.from({ length: l ? widths[l - 1] : 0 }, (_, i) => {
        const [a, b] = [this.spot(l - 1, i), this.spot(l, j)];
        return put(document.createElement("span"), [0, 1].map((axis) => a[axis] + share * (b[axis] - a[axis])));
      }));
      this.spell();
    }

    /* The unit in focus: its weights at their lines, its formula, and that for one example (x₁, x₂). */
    spell(example = this.example) {
      this.example = example;
      const [l, j] = this.unit;
      const title = this.name(this.unit);
      const bold = Object.assign(document.createElement("b"), { textContent: `${title[0].toUpperCase()}${title.slice(1)}: ` });
      this.formula.replaceChildren(bold, l ? this.words(l, j, example) : `the ${j ? "height" : "place across"} of a point, scaled to −2 … 2.`);
    }

    words(l, j, example) {
      const [{ net }, last] = [this, this.net.layers.length];
      const { W, b, nIn, nOut } = net.layers[l - 1];
      const weights = Array.from({ length: nIn }, (_, i) => W[i * nOut + j]);
      [...this.numbers.children].forEach((number, i) => (number.textContent = short(weights[i], 2)));
      const size = (value) => short(Math.abs(value));
      const sum = (of) => {
        const terms = weights.map((w, i) => `${i ? (w < 0 ? " − " : " + ") : w < 0 ? "−" : ""}${size(w)}·${of(i)}`);
        return `${terms.join("")} ${b[j] < 0 ? "−" : "+"} ${size(b[j])}`;
      };
      const g = l === last ? "σ" : net.activation;
      const call = (inner) => (g === "relu" ? `max(0, ${inner})` : g === "identity" ? inner : `${g}(${inner})`);
      const source = (i) => (l === 1 ? `${this.scaled ? "u" : "x"}${below(i + 1)}` : `a[${l - 1}]${below(i + 1)}`);
      const text = `${l === last ? `P(${this.label})` : `a[${l}]${below(j + 1)}`} = ${call(sum(source))}${l === 1 && this.scaled ? ", where u is x scaled to −2 … 2" : ""}.`;
      if (!example) return text;
      const room = net.room(1);
      room.A[0].set(example);
      net.forward(room, 1);
      const z = room.Z[l - 1][j];
      const a = (l === last ? ACTIVATIONS.sigmoid : ACTIVATIONS[net.activation])(z);
      const given = (i) => [room.A[l - 1][i]].map((value) => (value < 0 ? `(${short(value)})` : short(value)))[0];
      return `${text} At the chosen point: ${call(sum(given))} ≈ ${call(short(z))} ≈ ${short(a)}.`;
    }

    /* What each unit makes of the plane, and how large each weight is; `whole` is a canvas for the output. */
    draw(room, whole) {
      const { net } = this;
      const last = net.layers.length;
      this.units.forEach((units, l) => units.forEach((unit, j) => {
        const [values, n] = [l === last ? room.Z[last - 1] : room.A[l], units.length];
        let most = 2;
        if (l && l < last && !SHADES[net.activation]) for (let i = most = 0; i < room.m; i++) most = Math.max(most, Math.abs(values[i * n + j]));
        const shade = l === last ? certainty : (l && SHADES[net.activation]) || ((a) => a / (most || 1));
        paint(unit.firstChild, (i) => shade(values[i * n + j]));
      }));
      if (whole) paint(whole, (i) => certainty(room.Z[last - 1][i]), 0.12, 0.5);
      this.lines.forEach((list, l) => list.forEach((line, k) => {
        const w = net.layers[l].W[k];
        line.style.strokeWidth = Math.min(0.4 + 1.6 * Math.abs(w), 7);
        line.classList.toggle("network-negative", w < 0);
      }));
      this.spell();
    }

    /* One word for each unit of the hidden layers that is not well. */
    mark(health) {
      this.units.forEach((units, l) => units.forEach((unit, j) => {
        const word = health[l - 1]?.[j] ?? "";
        unit.dataset.trouble = word;
        unit.setAttribute("aria-label", this.name([l, j]) + (word && `, ${word}`));
      }));
    }
  }

  /* The middles of the maps' pixels, row by row from the top, in a room of the network. */
  function plane(net) {
    const room = net.room(SIDE ** 2);
    const along = Array.from({ length: SIDE }, (_, k) => -2 + (4 * (k + 0.5)) / SIDE);
    along.forEach((y, i) => along.forEach((x, j) => room.A[0].set([x, -y], 2 * (i * SIDE + j))));
    return room;
  }

  /* Shades of the two colours, by numbers between −1 and 1. */
  function paint(canvas, shade, least = 0, most = 0.85) {
    if (canvas.width !== SIDE || canvas.height !== SIDE) Object.assign(canvas, { width: SIDE, height: SIDE });
    const context = canvas.getContext("2d");
    const { data } = (canvas.image ??= context.createImageData(SIDE, SIDE));
    for (let i = 0; i < SIDE ** 2; i++) {
      const t = shade(i);
      const color = t > 0 ? POSITIVE : NEGATIVE;
      for (let k = 0; k < 3; k++) data[4 * i + k] = color[k];
      data[4 * i + 3] = 255 * (least * (t !== 0) + most * Math.min(Math.abs(t), 1));
    }
    context.putImageData(canvas.image, 0, 0);
  }

  function svg(name, attributes) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  function put(node, [left, top]) {
    Object.assign(node.style, { left: `${left}%`, top: `${top}%` });
    return node;
  }

  return { Graph, plane };
})();
