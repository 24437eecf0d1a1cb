/* A network that learns to tell two classes of points apart before the reader's eyes; made by _network.py.
   playground.js, whose points, undo and files these are, plain_fits.js and training.js come first. The network
   sees the axes scaled to −2 … 2. A change of data or settings begins anew, from the same random start. */
(() => {
  "use strict";
  const { Playground, evenly, set, short, tenth } = playground;
  const { LASTS, Training, heldOut, sample } = training;
  const { Graph, plane } = graph;
  const { named, rememberSoon } = explorers;
  const BUDGET = 9; // milliseconds of training in a frame
  const AT_ONCE = 100; // epochs for who wants nothing to move
  const GROWN = 3; // times its start: such a cost comes of steps that are too long
  const LOWEST = -3; // power of ten at the foot of the panel of costs
  const MARKS = ["network-run-0", "network-run-1", "network-run-2", "network-run-3"]; // of kept runs
  const GLYPHS = [["h.01", "h.01"], ["m-3-3h6v6h-6z", "m-1.8-1.8h3.6v3.6h-3.6z"]]; // of the classes, to learn from and held out
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const OWN = "your own points";
  const WORDS = {
    dead: "dead: z is at most 0 for every training point, so nothing passes on, and no gradient comes back",
    saturated: "saturated: flat for over nine tenths of the training points, so hardly any gradient comes back",
    alike: "all alike: equal weights get equal gradients, so they stay copies of one unit for ever",
  };

  class NetworkPlayground extends Playground {
    constructor(figure) {
      super(figure);
      Object.assign(this, { runs: [], goal: 0, speed: 1, count: 0 });
      this.graph = new Graph(this.own("graph"), this.own("formula"));
      const acts = { train: () => (this.running ? this.pause() : this.run()), step: () => this.by("step"), epoch: () => this.by("epochOn"), hundred: () => this.run(AT_ONCE), rewind: () => this.rewind(), keep: () => this.keepRun(), explain: () => this.explaining(!("explaining" in figure.dataset)) };
      for (const [name, act] of Object.entries(acts)) this.own(name).addEventListener("click", act);
      this.own("speed select").addEventListener("change", ({ target }) => (this.speed = Number(target.value)));
      figure.querySelector(".explorer-see")?.addEventListener("click", () => this.run());
      for (const { dataset, parentElement } of this.inputs) parentElement.dataset.help = dataset.param.startsWith("layer") ? "layers" : dataset.param;
      this.stage.dataset.help = "cost";
      this.caption.dataset.help = "text";
      for (const name of ["rare", "tools", "own", "python"]) this.part(name).dataset.help = name;
      this.help();
      new IntersectionObserver((entries) => {
        this.visible = entries.at(-1).isIntersecting;
        this.next();
      }).observe(figure);
      this.awoken = true;
      this.show();
      this.original = this.now(); // with the points of this script
    }

    own(name) {
      return this.figure.querySelector(`.network-${name}`);
    }

    word(name, positions = this.positions) {
      const k = this.order[name];
      return this.shown[k][positions[k]];
    }

    /* ------------------------------------------------------------------------------------ data and settings */

    settings(positions = this.positions) {
      const [number, word] = [(name) => Number(this.word(name, positions)), (name) => this.word(name, positions)];
      const hidden = ["layer1", "layer2", "layer3"].map(number).filter((n) => n > 0);
      const words = { activation: word("activation"), initial: word("initial"), optimiser: word("optimiser") };
      return { hidden, ...words, own: word("data") === OWN, seed: number("seed"), eta: number("eta"), batch: number("batch") || 0, delta: number("delta") };
    }

    sample(positions = this.positions) {
      const number = (name) => Number(this.word(name, positions));
      return sample(this.word("data", positions), Math.floor((number("m") * 4) / 3), number("sigma"));
    }

    /* The points that belong to the sliders. The reader's own stay, and come back when they are chosen. */
    supply() {
      const name = this.word("data");
      const own = name === OWN;
      for (const key of ["m", "sigma"]) this.inputs[this.order[key]].disabled = own;
      const wanted = !own && `${name} ${this.word("m")} ${this.word("sigma")}`;
      let data = null;
      if (wanted && wanted !== this.supplied) data = { ...this.original, points: (this.given = this.sample()) };
      if (own && this.points === this.given) data = this.last ?? { ...this.now(), points: [...this.points] };
      if (data) {
        const { axes, classes, points } = data;
        Object.assign(this, { axes, classes, points, chosen: null, replaced: false });
        if (this.field) this.ticks();
      }
      if (own) this.last = this.now();
      this.supplied = wanted;
    }

    get usual() {
      return this.word("data") === OWN ? null : this.points;
    }

    /* What can be undone, a training too: nothing else changes it once another has begun. */
    now() {
      return { ...super.now(), trained: this.training?.steps ? this.training : null };
    }

    isNow(state) {
      return super.isNow(state) && (!state.runs?.length || state.runs === this.runs);
    }

    get beyond() {
      return { runs: this.runs };
    }

    /* Who changes a point has points of their own. */
    change(state, options) {
      const k = this.order.data;
      super.change({ positions: this.positions.with(k, this.shown[k].indexOf(OWN)), ...state }, options);
    }

    undo(from = "before", to = "after") {
      if (!this[from].length) return;
      const { trained, chosen, runs } = this[from].at(-1);
      super.undo(from, to);
      this.chosen = chosen;
      this.mark();
      if (trained || runs) this.begin(this.begun, trained ?? undefined);
      else this.tell();
    }

    /* Runs come back with their list, before anything is drawn of them. */
    settle({ runs, ...state }) {
      if (runs) {
        this.recalling = null;
        this.shelve(runs);
      }
      super.settle(state);
    }

    scaled([x, y]) {
      const [x0, x1, y0, y1] = this.axes;
      return [(4 * (x - x0)) / (x1 - x0) - 2, (4 * (y - y0)) / (y1 - y0) - 2];
    }

    refit() {
      if (!this.awoken) return;
      this.supply();
      super.refit();
      const out = heldOut(this.points, this.settings().own);
      for (const k of [0, 1]) {
        ["points", "held"].forEach((name, held) => {
          const shown = this.points.filter((point, i) => point[2] === k && out[i] === Boolean(held));
          this.path(`${name}-${k}`, shown.map((point) => `M${this.spot(point)}${GLYPHS[k][held]}`));
        });
      }
      const wanted = JSON.stringify([this.settings(), this.points, this.axes]);
      if (wanted !== this.begun) this.begin(wanted);
    }

    /* To the start, with what is set now. */
    begin(wanted = this.begun, training = new Training(this.seen(), this.settings())) {
      Object.assign(this, { begun: wanted, training });
      this.graph.build(this.training.net);
      this.room = plane(this.training.net);
      if (this.goal) Object.assign(this, { goal: 0, running: false });
      this.picture(true);
      this.tell();
    }

    /* Points as the network sees them. */
    seen() {
      return this.points.map((point) => [...this.scaled(point), point[2]]);
    }

    rewind() {
      this.keep();
      this.begin();
    }

    /* ----------------------------------------------------------------------------------------- training */

    /* On and on, or for so many epochs as quickly as can be. */
    run(epochs = calm.matches ? AT_ONCE : 0) {
      if (this.question?.open) this.question.dismiss();
      if (this.training.diverged) this.begin();
      this.goal = epochs && this.training.epoch + epochs;
      this.running = true;
      this.caption.setAttribute("aria-live", "off"); // until it rests
      this.tell();
      this.buttons();
      this.next();
    }

    pause() {
      Object.assign(this, { running: false, goal: 0 });
      this.caption.setAttribute("aria-live", "polite");
      this.picture(true);
      this.tell();
      rememberSoon();
    }

    by(what) {
      this.question?.dismiss();
      if (this.running) this.pause();
      this.training[what]();
      this.picture(true);
      this.tell();
      rememberSoon();
    }

    /* A frame of training, and the next; none while the figure is out of sight. */
    next() {
      if (!this.running || !this.visible || this.ticket) return;
      this.ticket = requestAnimationFrame(() => {
        this.ticket = null;
        if (!this.running) return;
        const { training } = this;
        const until = performance.now() + BUDGET;
        const over = () => training.diverged || training.idle || (this.goal && training.epoch >= this.goal);
        if (this.goal || this.speed === 2) do training.epochOn(); while (!over() && performance.now() < until);
        else training[this.speed ? "epochOn" : "step"]();
        if (over()) return this.pause();
        this.count = (this.count + 1) % 10;
        if (!this.goal || !calm.matches) this.picture(this.count === 0);
        this.next();
      });
    }

    buttons() {
      const train = this.own("train");
      set(train, this.running ? "Pause" : calm.matches ? `Train ${AT_ONCE} epochs` : "Train");
      train.toggleAttribute("data-running", Boolean(this.running));
      this.figure.querySelectorAll(".network-lost").forEach((note, k) => (note.hidden = this.addressed(this.runs[k])));
      this.own("rewind").disabled = !this.training.steps;
      this.own("keep").disabled = !this.training.epoch || this.runs.length >= MARKS.length;
    }

    /* --------------------------------------------------------------------------------- what is drawn */

    drawn() {
      this.canvas = this.stage.insertBefore(document.createElement("canvas"), this.stage.firstChild);
      this.canvas.className = "playground-map";
      this.labels = this.stage.appendChild(document.createElement("div"));
      this.labels.className = "network-labels";
      this.edges = this.stage.appendChild(document.createElement("div"));
      this.edges.className = "network-edges";
      super.drawn();
      this.field.dataset.help = "points";
      this.picture(true);
    }

    place() {
      super.place();
      this.over(this.canvas, 0);
      this.over(this.labels, 1);
      this.over(this.edges, 1);
    }

    /* All that follows the network; `whole` also asks how its units are. */
    picture(whole) {
      const { net, epoch } = this.training;
      net.forward(this.room, this.room.m);
      this.graph.draw(this.room, this.canvas);
      this.curves();
      this.own("epochs output").textContent = epoch;
      this.own("bar").dataset.epoch = epoch;
      ["learnt", "held"].forEach((name, part) => {
        const { cost, wrong, m } = this.training.reading[part];
        this.own(`${name} output`).textContent = Number.isFinite(cost) ? `${short(cost)}, ${wrong} of ${m} wrong` : "–";
      });
      if (whole) this.diagnose();
      this.buttons();
    }

    /* Costs of this run and of those kept, against epochs; the axis grows with the longest. */
    curves() {
      const { history } = this.training;
      const longest = Math.max(history.length - 1, ...this.runs.map((run) => run.history.length - 1));
      const { parts } = this.limits;
      const steps = [20, 40, 100, 200, 400, 1000, 2000, 4000, 10000, 20000, 40000, 100000, 1e6];
      const end = steps.find((step) => step >= longest) ?? longest;
      const [left, top, right, bottom] = this.boxes[1];
      const share = (cost, over = 0) => Math.min(Math.max((Math.log10(cost) - LOWEST) / (1 - LOWEST), -over), 1 + over);
      const path = (list, part) => {
        const every = Math.ceil(list.length / 240);
        const kept = list.flatMap((pair, k) => (k % every === 0 || k === list.length - 1 ? [[k, pair[part].cost]] : []));
        return kept.filter(([, cost]) => Number.isFinite(cost)).map(([k, cost], i) => {
          return `${i ? "L" : "M"}${tenth(left + (k / end) * (right - left))} ${tenth(bottom + share(cost, 0.1) * (top - bottom))}`; // beyond the edge nothing is seen of it
        });
      };
      const beyond = (sign, is) => Object.assign(document.createElement("span"), {
        textContent: history.at(-1).flatMap(({ cost }, part) => (is(cost) ? `${sign} ${part ? "held out " : ""}${short(cost)}` : [])).join(" "),
      });
      this.path("cost", path(history, 0));
      this.path("cost-held", path(history, 1));
      this.edges?.replaceChildren(beyond("▴", (cost) => cost > 10), beyond("▾", (cost) => cost < 10 ** LOWEST));
      if (!this.labels || (end === this.end && this.runs === this.plotted)) return;
      Object.assign(this, { end, plotted: this.runs });
      for (let k = 0; k < MARKS.length; k++) {
        this.path(`run-${k}`, this.runs[k] ? path(this.runs[k].history, 0) : []);
        this.path(`run-held-${k}`, this.runs[k] ? path(this.runs[k].history, 1) : []);
      }
      const tops = this.runs.map(({ history: costs }) => 100 * (1 - share(costs.at(-1)[0].cost)));
      let free = -Infinity;
      for (const k of [...tops.keys()].sort((a, b) => tops[a] - tops[b])) free = (tops[k] = Math.max(tops[k], free)) + 8; // none upon another
      this.labels.replaceChildren(...this.runs.map(({ history: costs }, k) => {
        const label = Object.assign(document.createElement("span"), { textContent: k + 1, className: MARKS[k] });
        Object.assign(label.style, { left: `${(100 * (costs.length - 1)) / end}%`, top: `${tops[k]}%` });
        return label;
      }));
      evenly(0, end, parts + 1).forEach((number, k) => {
        for (const node of named(this.stage, `epoch-tick-${k}`)) node.querySelector("text").textContent = short(number, 4);
      });
    }

    /* What goes wrong is named when it does. */
    diagnose() {
      const { training } = this;
      const said = [];
      const [[first], [now]] = [training.history[0], training.reading];
      const mean = training.restless();
      const long = training.diverged ? `Divergence in step ${training.diverged}: the parameters are no longer finite`
        : mean ? `The cost jumps about and has not fallen: ${short(first.cost)} at the start, ${short(mean)} on average over the last ten epochs`
        : now.cost > GROWN * first.cost && `The cost has grown from ${short(first.cost)} to ${short(now.cost)}`;
      if (long) said.push(`${long}. The steps are too long, and rounding may change the numbers: take a smaller η.`);
      const health = training.health().map((units) => units.map((word) => (word === "saturated" && !now.wrong ? null : word))); // so is a network that is sure and right
      this.graph.mark(health);
      health.forEach((units, l) => {
        for (const [word, meaning] of Object.entries(WORDS)) {
          const { length } = units.filter((unit) => unit === word);
          if (length) said.push(`Layer ${l + 1}: ${units.length === 1 ? "its one unit" : `${length} of ${units.length} units`} ${length === 1 ? "is" : "are"} ${meaning}.`);
        }
      });
      const flat = training.steps && this.flat(said);
      if (flat) said.push(flat);
      set(this.own("trouble"), said.join(" "));
    }

    /* A network that says the same of all it learns from, and why, if that is known. */
    flat(said) {
      const { net, used, settings } = this.training;
      const chances = Array.from(used.Z.at(-1), plain.ACTIVATIONS.sigmoid);
      const [low, high] = [Math.min(...chances), Math.max(...chances)];
      if (!(high - low < 0.05)) return "";
      const why = net.layers[1] && net.layers.every(({ W }) => W.every((w) => !w))
        ? ": all weights are 0 and stay so, for whatever they pass on or send back is 0, too"
        : settings.delta && !said.length ? `: δ = ${settings.delta} holds its weights near 0` : "";
      return `The network says almost the same of all its training points, P(${this.classes[1]}) = ${short((low + high) / 2, 2)}${why}.`;
    }

    /* --------------------------------------------------------------------------------------------- runs */

    title() {
      const { hidden, activation, optimiser, eta } = this.training.settings;
      return `${[2, ...hidden, 1].join("–")}${hidden.length ? ` ${activation}` : ""}, ${optimiser}, η = ${short(eta)}`;
    }

    keepRun() {
      if (this.runs.length >= MARKS.length) return;
      const { history } = this.training;
      this.shelve([...this.runs, { name: this.title(), history: [...history], positions: [...this.positions], points: this.mine() }]);
      rememberSoon();
    }

    shelve(runs) {
      this.runs = runs;
      this.listed();
      this.curves();
      this.buttons();
    }

    /* The reader's own points, as a text; of ready data none. */
    mine() {
      return this.word("data") === OWN ? `${this.points} ${this.axes}` : null;
    }

    /* Whether the address can have a run. */
    addressed({ points }) {
      return points === null || points === this.mine();
    }

    /* Kept runs as the address has them: what was set, for how many epochs, and the name; points of the reader's
       own only once, which are those of now. */
    runsText() {
      return this.runs.filter((run) => this.addressed(run)).map(({ positions, history, name }) => {
        const words = [...positions.map((position, k) => this.shown[k][position]), history.length - 1, name];
        return words.map((word) => encodeURIComponent(word).replace(/!/g, "%21")).join("/");
      }).join("!");
    }

    /* Trains them again, a few milliseconds a frame. */
    async recall(text) {
      const token = (this.recalling = { text });
      this.shelve([]);
      for (const one of text.split("!").filter(Boolean).slice(0, MARKS.length)) {
        const words = one.split("/").map(explorers.decoded);
        const positions = this.shown.map((shown, k) => Math.max(shown.indexOf(words[k]), 0));
        const own = this.word("data", positions) === OWN;
        if (own && !this.mine()) continue;
        const training = new Training(own ? this.seen() : this.sample(positions), this.settings(positions));
        const epochs = Math.min(Number(words[positions.length]) || 1, 1e5);
        while (training.epoch < epochs && !training.diverged) {
          await new Promise(requestAnimationFrame);
          if (this.recalling !== token) return;
          for (const until = performance.now() + BUDGET; training.epoch < epochs && performance.now() < until; ) training.epochOn();
        }
        this.shelve([...this.runs, { name: words[positions.length + 1] ?? "", history: training.history, positions, points: own ? this.mine() : null }]);
      }
      this.recalling = null;
    }

    listed() {
      this.own("runs").replaceChildren(...this.runs.map((run, k) => {
        const item = document.createElement("li");
        const name = Object.assign(document.createElement("input"), { value: run.name, ariaLabel: `name of run ${k + 1}`, maxLength: 60 });
        name.addEventListener("input", () => {
          run.name = name.value;
          rememberSoon();
        });
        const [now, held] = run.history.at(-1);
        const said = Object.assign(document.createElement("span"), { textContent: `epoch ${run.history.length - 1}: ${short(now.cost)}, held out ${short(held.cost)}` });
        const lost = Object.assign(document.createElement("span"), { className: "network-lost", textContent: "Its points are not in use, so it is not in the address." });
        const away = Object.assign(document.createElement("button"), { type: "button", textContent: "Remove", ariaLabel: `Remove run ${k + 1}` });
        away.addEventListener("click", () => {
          this.keep(this.beyond);
          this.shelve(this.runs.toSpliced(k, 1));
          rememberSoon();
          (this.own("runs button") ?? this.own("train")).focus();
        });
        item.append(Object.assign(document.createElement("i"), { textContent: k + 1, className: MARKS[k] }), name, said, lost, away);
        item.dataset.help = "runs";
        return item;
      }));
    }

    /* ------------------------------------------------------------------------------------- explanations */

    /* The key ? explains what is in focus; with the button Explain, the next tap does. */
    help() {
      const { figure } = this;
      const box = this.own("help");
      const show = (node) => {
        const part = node?.closest?.("[data-help]");
        const help = part && figure.contains(part) ? this.helps[part.dataset.help] : this.helps.figure;
        box.querySelector("p").textContent = help;
        if (!box.matches(":popover-open")) box.showPopover();
        box.focus();
      };
      figure.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.explaining(false);
        if (event.key !== "?" || event.target.matches("textarea, [maxlength]")) return;
        event.preventDefault();
        show(event.target);
      });
      for (const type of ["pointerdown", "click"]) {
        figure.addEventListener(type, (event) => {
          if (!("explaining" in figure.dataset) || event.target.closest(".network-explain")) return;
          event.preventDefault();
          event.stopPropagation();
          if (type === "click") {
            this.explaining(false);
            show(event.target);
          }
        }, { capture: true });
      }
    }

    explaining(on) {
      this.figure.toggleAttribute("data-explaining", on);
      this.own("explain").setAttribute("aria-pressed", on);
    }

    /* --------------------------------------------------------------------------------- words and files */

    about() {
      return "";
    }

    verdict() {
      if (!this.awoken) return this.caption.textContent;
      const { history, epoch, steps, used, reading, held: out, settings, idle } = this.training;
      if (idle) return this.one();
      if (this.running) return `${this.title()} learns; its numbers stand above the figure.`;
      const [now, held] = reading;
      const few = this.classes.filter((_, k) => used.y.includes(k) && !out.y.includes(k));
      const fourth = held.m ? `, every fourth ${settings.own ? "of each class " : ""}held out${few.length ? ` (of ${few} there are too few)` : ""}${settings.own ? ", chosen anew now that they are your own" : ""}` : "";
      const more = `${this.title()}; ${this.points.length} points${fourth}.`;
      if (!steps) return `${more} Nothing is learnt yet: ${now.wrong} of ${now.m} wrong.`;
      const least = history.reduce((best, pair, k) => (pair[1].cost < history[best][1].cost ? k : best), 0);
      const { cost } = history[least][1];
      const before = Math.min(history[0][0].cost, history[least][0].cost); // a cost that jumps to and fro is no sign of it
      const risen = held.m && least < history.length - LASTS && history.slice(-LASTS).every(([own, out]) => own.cost < before && out.cost > 1.3 * cost);
      const best = risen ? ` The held-out cost was least after epoch ${least}, ${short(cost)}, and has risen since: the network ${20 * now.wrong <= now.m ? "learns its points by heart" : "gets better at its own points alone"}.` : "";
      const after = `${more} After ${epoch} ${epoch === 1 ? "epoch" : "epochs"}, ${steps} ${steps === 1 ? "step" : "steps"}`;
      if (!Number.isFinite(now.cost)) return `${after}: the cost is no longer finite.`;
      return `${after}: training cost ${short(now.cost)}, ${now.wrong} of ${now.m} wrong${held.m ? `; held out ${short(held.cost)}, ${held.wrong} of ${held.m} wrong` : ""}.${best}`;
    }

    tell(more) {
      if (!this.awoken || !this.training) return;
      super.tell(more);
      const point = this.points[this.chosen];
      this.graph.label = this.classes[1] === "–" ? "another class" : this.classes[1];
      this.graph.scaled = `${this.axes}` !== "-2,2,-2,2";
      this.graph.spell(point && this.scaled(point));
    }

    cell() {
      return this.training.idle ? "# A network takes points of two classes.\n" : this.training.python(...[0, 1].map((k) => this.list(k)), this.points, this.axes);
    }

    state() {
      if (!this.training) return [];
      const rest = super.state().map((text) => text.slice(this.figure.id.length + 1));
      const epochs = this.goal || this.training.epoch + Boolean(this.training.diverged);
      if (epochs) rest.push(`epochs=${epochs}`);
      const runs = this.recalling?.text ?? this.runsText();
      if (runs) rest.push(`runs=${runs}`);
      return rest.length ? [`${this.figure.id}:${rest.join(",")}`] : [];
    }

    restore(pairs, first) {
      const { points, epochs, runs } = Object.fromEntries(pairs.split(",").map((pair) => pair.split("=")));
      this.supplied = null;
      super.restore(points === undefined ? pairs : `${pairs},data=${encodeURIComponent(OWN)}`, first);
      this.begin();
      this.recall(runs ?? "");
      this.goal = Math.max(0, Math.min(Math.floor(Number(epochs) || 0), 1e6));
      this.running = this.goal > 0;
      this.tell();
      this.buttons();
      this.next();
    }

    reset() {
      if (this.running) this.pause();
      super.reset();
      this.begin();
    }
  }

  explorers.kind("network", NetworkPlayground);
})();
