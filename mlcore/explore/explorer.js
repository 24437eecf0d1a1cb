/* Moves the explorers of a page: applies to the inline SVG what changes between two frames.
   A group is [index, slots]: index[frame] says which of its values each slot takes in that frame;
   a slot is [path of child indices, attribute ("" text, "*" contents), values]. See _svg.py, changes(). */
(() => {
  "use strict";
  const explorers = new Map();

  class Explorer {
    constructor(figure) {
      const data = JSON.parse(figure.querySelector(".explorer-frames").textContent);
      const root = figure.querySelector(".explorer-panels");
      Object.assign(this, data, { figure, positions: [...data.start] });
      this.caption = figure.querySelector(".explorer-text");
      this.inputs = [...figure.querySelectorAll("input[type=range]")];
      this.groups = data.groups.map(([index, slots]) => ({
        index,
        value: index[this.frame()],
        slots: slots.map(([path, name, values]) => [path.reduce((node, k) => node.children[k], root), name, values]),
      }));
      this.inputs.forEach((input, k) => {
        input.addEventListener("input", () => this.move(k, Number(input.value)));
        input.addEventListener("change", rememberSoon);
      });
      for (const button of figure.querySelectorAll(".explorer-play")) this.playable(button);
      this.show();
      figure.querySelector(".explorer-controls").hidden = false;
    }

    frame() {
      return this.positions.reduce((sum, position, k) => sum * this.shown[k].length + position, 0);
    }

    move(k, position) {
      this.positions[k] = Math.min(Math.max(position, 0), this.shown[k].length - 1);
      this.show();
    }

    show() {
      const frame = this.frame();
      for (const group of this.groups) {
        const value = group.index[frame];
        if (value === group.value) continue;
        group.value = value;
        for (const [node, name, values] of group.slots) apply(node, name, values[value]);
      }
      const text = this.texts[this.text[frame]];
      if (this.caption.textContent !== text) this.caption.textContent = text;
      this.inputs.forEach((input, k) => {
        const words = `${this.shown[k][this.positions[k]]} ${this.units[k]}`.trim();
        input.value = this.positions[k];
        input.setAttribute("aria-valuetext", words);
        this.figure.querySelector(`output[for="${input.id}"]`).textContent = words;
      });
    }

    playable(button) {
      const k = this.inputs.findIndex((input) => input.id === button.dataset.for);
      const end = this.shown[k].length - 1;
      let timer = null;
      const stop = () => {
        clearInterval(timer);
        timer = null;
        button.setAttribute("aria-pressed", "false");
        button.textContent = "▶";
        rememberSoon();
      };
      button.addEventListener("click", () => {
        if (timer) return stop();
        if (this.positions[k] === end) this.move(k, 0);
        button.setAttribute("aria-pressed", "true");
        button.textContent = "⏸";
        timer = setInterval(() => {
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

    restore(pairs) {
      for (const pair of pairs.split(",")) {
        const [param, value = ""] = pair.split("=");
        const k = this.inputs.findIndex((input) => input.dataset.param === param);
        if (k < 0) continue;
        this.positions[k] = nearest(this.shown[k], decodeURIComponent(value), this.positions[k]);
      }
      this.show();
    }
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

  /* Browsers limit how often a page may rewrite its address, so a run of moves writes it once. */
  let pending = null;
  function rememberSoon() {
    clearTimeout(pending);
    pending = setTimeout(() => {
      const states = [...explorers.values()].flatMap((explorer) => explorer.state());
      history.replaceState(history.state, "", states.length ? `#${states.join(";")}` : location.pathname + location.search);
    }, 150);
  }

  function restoreAll() {
    let first = null;
    for (const part of location.hash.slice(1).split(";")) {
      const [name, pairs] = part.split(/:(.*)/s);
      const explorer = explorers.get(name);
      if (!explorer || !pairs) continue;
      explorer.restore(pairs);
      first ??= explorer.figure;
    }
    first?.scrollIntoView({ block: "center" });
  }

  for (const figure of document.querySelectorAll("figure.explorer:not(.explorer-still)")) {
    explorers.set(figure.id, new Explorer(figure));
  }
  restoreAll();
  addEventListener("hashchange", restoreAll);
})();
