// The page's side of live code: its cells become editors, Python runs them behind worker.js, and what they give
// takes the printed outputs' place. stub.js loads this when a reader asks for it. The printed page is kept, and
// comes back as it was.
const make = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
const button = (text, act, title = "") => {
  const made = make("button", { type: "button", textContent: text, title });
  made.addEventListener("click", act);
  return made;
};

// What goes wrong before or beside a cell, and what to do.
const TROUBLE = {
  "no-webassembly": "This browser has no WebAssembly, or it is switched off, as some protected modes do. Another browser runs the code.",
  download: "Python did not come whole. Check the connection, then press the button again.",
  start: "Python came, but did not start. Press the button again; if it stays so, try another browser.",
  crash: "Python broke down. Your code is kept: press Restart.",
};
const HINTS = {
  KeyboardInterrupt: "Stopped. What was computed before is kept.",
  ModuleNotFoundError: "Here are NumPy, matplotlib and mlcore; for other packages take the whole project, in the menu of downloads.",
  MemoryError: "That is more memory than a page gets: take fewer numbers.",
};

let base, version, leave; // of the files, and the way back to the offer
let offer; // by the first cell
let cells = [];
let bar;
let script; // the worker's, fetched once: a restart needs no network, however short a server lets caches keep it
let python; // the worker, or null where it broke down
let ready = false;
let queue = []; // cells that are to run
let asking = {}; // requests of exercises' cells, until it is known what they need
let running = null; // the one that does
let heard = {}; // what its outputs and its end are told to
let stop = null;
let count = 0;

addEventListener("kept", () => bar?.noted());

export async function live(stub, back) {
  [base, version, leave] = [new URL("./", stub).href, new URL(stub).search, back];
  try {
    script ??= await fetched(`${base}worker.js${version}`);
  } catch {
    return leave(TROUBLE.download);
  }
  if (!document.querySelector("link.live-sheet")) {
    const sheet = make("link", { rel: "stylesheet", className: "live-sheet", href: `${base}live.css${version}` });
    await new Promise((come) => {
      sheet.onload = sheet.onerror = come;
      document.head.append(sheet);
    });
  }
  const seen = {};
  let exercise = null;
  cells = [];
  offer = document.querySelector(".live-offer [role=status]");
  held(() => {
    for (const place of document.querySelectorAll(".exercise, .cell:has(.cell_input)")) {
      if (place.matches(".cell")) cells.push(new Cell(place, cells.length + 1, exercise, seen));
      else exercise = place;
    }
    bar = new Bar();
  });
  for (const { pre } of cells) colour(pre);
  startPython();
  bar.element.focus({ preventScroll: true });
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  return URL.createObjectURL(new Blob([await answer.text()], { type: "text/javascript" }));
}

function goBack(why) {
  python?.terminate();
  [python, ready] = [null, false];
  forgetRun();
  held(() => {
    for (const cell of cells) cell.restore();
    bar.element.remove();
    bar = null;
    globalThis.explorers?.back();
    leave(why);
  });
  CSS.highlights?.clear();
  ranges.clear();
}

// What stands at the top of the window stays there, whatever changes above it.
function held(change) {
  const top = document.querySelector(".bd-header-article")?.getBoundingClientRect().bottom ?? 0;
  const texts = document.querySelectorAll(".bd-article :is(h1, h2, h3, p, li, pre, figure, table, .math):not(:is(.live-bar, .live-output) *)");
  const place = (element) => element.getBoundingClientRect().top;
  const first = [...texts].find((element) => place(element) >= top && element.checkVisibility());
  const before = first && place(first);
  change();
  if (first?.isConnected) scrollBy({ top: place(first) - before, behavior: "instant" });
}

// ------------------------------------------------------------------------------------------------ Python
function startPython() {
  python?.terminate();
  forgetRun();
  for (const cell of cells) {
    cell.ran = null;
    cell.failed = false;
    cell.say("");
  }
  ready = false;
  const worker = (python = new Worker(script));
  worker.onmessage = ({ data }) => worker === python && hear[data.type](data);
  worker.onerror = (event) => {
    event.preventDefault();
    if (worker === python) hear.failed({ code: "download" });
  };
  bar.show("Fetching Python …");
  worker.postMessage({ type: "start", base, version: version.slice(3), text: cells.map((cell) => cell.code).join("\n") });
}

const hear = {
  progress({ loaded, total }) {
    const done = `${Math.floor((100 * loaded) / total)} %`;
    bar.show(ready ? `Fetching data: ${done}` : loaded < total ? `Fetching Python: ${done}` : "Starting Python …");
  },
  ready() {
    ready = true;
    bar.show("Python is ready.", true);
    work();
  },
  needs({ id, needed }) {
    const cell = asking[id];
    delete asking[id];
    if (cell) enqueue(cell, needed.map((k) => cells[k]));
  },
  output: ({ id, output }) => heard[id]?.show(output),
  done: ({ id, ...end }) => heard[id]?.done(end),
  frame: ({ name, positions, ...answer }) => globalThis.explorers?.draw(name, positions, answer),
  failed({ code, detail = "" }) {
    console.info(`Live code: ${code}. ${detail}`);
    if (code !== "crash") return goBack(TROUBLE[code]);
    python.terminate();
    python = null;
    ready = false;
    forgetRun();
    bar.show(TROUBLE.crash, true);
  },
};

function forgetRun() {
  for (const end of Object.values(heard)) end.done({ ok: false, gone: true });
  heard = {};
  dismiss();
  bar.busy(false);
}

// The cells above one run first, where they have not yet, or were edited: of an exercise those that it needs, which
// Python knows.
function request(cell) {
  if (!python) startPython();
  cell.asked = true;
  const above = cells.slice(0, cells.indexOf(cell));
  if (!cell.answers) return enqueue(cell, above);
  asking[(count += 1)] = cell;
  python.postMessage({ type: "needs", id: count, cells: [...above, cell].map(({ code }) => code) });
  cell.say("waits");
  bar.busy(true);
}

function enqueue(cell, above) {
  let anew = false; // whether something above runs that what failed may have lacked
  const due = above.filter((other) => (anew ||= other.ran !== other.code) && (other.ran !== other.code || other.failed));
  queue.push(...due.filter((other) => other !== running && !queue.includes(other)));
  if (!queue.includes(cell)) queue.push(cell);
  for (const one of queue) one.say("waits");
  work();
}

async function work() {
  while (ready && !running && queue.length) {
    const cell = (running = queue.shift());
    bar.busy(true);
    bar.show(`Cell ${cell.number} of ${cells.length} runs${queue.length ? `; ${queue.length} to go` : ""} …`);
    const { ok, gone } = await cell.run();
    running = null;
    if (gone) return;
    bar.busy(Object.keys(asking).length > 0);
    if (!ok && queue.length && !cell.answers) {
      dismiss();
      cell.reveal();
      bar.show(" ended with an error; those below did not run. Press Run again to go on without it.", true, cell);
    } else if (!queue.length) {
      const gap = cells.slice(0, cells.indexOf(cell)).find(({ failed }) => failed);
      const end = gap ? `; cell ${gap.number} above it did not come to its end.` : ".";
      if (ok) bar.show(`Cell ${cell.number} has run${end}`, true);
      else bar.show(cell.error === "KeyboardInterrupt" ? " was stopped." : ` ended with an error${end}`, true, cell);
    }
  }
}

// Those that wait run no more.
function dismiss() {
  for (const cell of [...queue, ...Object.values(asking)]) {
    cell.say("");
    cell.ended?.(false);
  }
  [queue, asking] = [[], {}];
}

function stopRun() {
  dismiss();
  bar.busy(!!running);
  if (stop) URL.revokeObjectURL(stop);
  if (running) bar.show("Stopping … If it goes on computing, press Restart.");
}

// ------------------------------------------------------------------------------------------------ cells
class Cell {
  constructor(element, number, exercise, seen) {
    const input = element.querySelector(".cell_input");
    Object.assign(this, { element, number, exercise, pre: input.querySelector("pre"), ran: null, asked: false, past: [], future: [] });
    this.printed = { code: [...this.pre.childNodes], output: element.querySelector(".cell_output") };
    this.source = this.pre.textContent.replace(/\n$/, "");
    this.key = kept.key(this.source, seen);
    this.answers = element.matches(".tag_remove-output"); // one of an exercise
    this.output = null;
    this.code = kept.cells[this.key] ?? this.source;

    this.state = make("span", { className: "live-state" });
    this.runner = button("Run", () => request(this), `Runs this cell, and first those above it that ${this.answers ? "it needs" : "have not run"} (Ctrl+Enter)`);
    this.runner.setAttribute("aria-label", `Run cell ${number}`);
    this.resetter = button("Reset", () => this.reset(), "Takes back your changes of this cell");
    this.resetter.setAttribute("aria-label", `Reset cell ${number}`);
    this.tools = make("div", { className: "live-tools" }, this.runner, this.resetter, this.state);
    input.append(this.tools);
    for (const [name, value] of Object.entries({
      contenteditable: "plaintext-only", role: "textbox", "aria-multiline": true, spellcheck: false, autocapitalize: "off",
      "aria-label": `Code of cell ${number}`, "aria-describedby": "live-keys",
    })) this.pre.setAttribute(name, value);
    if (this.pre.contentEditable !== "plaintext-only") this.pre.contentEditable = true; // an older browser
    this.listen = new AbortController();
    this.pre.addEventListener("input", () => this.edited(), this.listen);
    this.pre.addEventListener("keydown", (event) => this.pressed(event), this.listen);
    this.pre.addEventListener("beforeinput", (event) => this.changing(event), this.listen);
    this.pre.addEventListener("focus", () => this.enter(), this.listen);
    this.pre.addEventListener("blur", () => this.pre.scrollTo({ left: 0 }), this.listen);
    this.pre.textContent = `${this.code}\n`;
    this.resetter.hidden = this.code === this.source;
    this.say("");
  }

  // After a tap on a selection of the whole page the focus is here, but the selection is still the page's.
  enter() {
    const selection = getSelection();
    if (!this.pre.contains(selection.anchorNode) || !this.pre.contains(selection.focusNode)) selection.collapse(this.pre.firstChild, 0);
  }

  // The text stays one node with a line's end behind it: browsers break lines by elements, each in its own way.
  write(code, at = 0) {
    this.pre.textContent = `${code}\n`;
    if (document.activeElement === this.pre) this.place(Math.min(at, code.length));
    this.edited();
  }

  // The caret, in sight: browsers follow it only where they move it themselves.
  place(at) {
    const range = document.createRange();
    range.setStart(this.pre.firstChild, at);
    range.setEnd(this.pre.firstChild, at + 1);
    getSelection().collapse(this.pre.firstChild, at);
    const [caret, box] = [range.getClientRects()[0], this.pre.getBoundingClientRect()];
    if (!caret) return;
    const [left, right] = [caret.left - box.left - 20, caret.left - box.right + 20];
    if (left < 0 || right > 0) this.pre.scrollLeft += left < 0 ? left : right;
    const below = caret.bottom - bar.element.getBoundingClientRect().top + 8;
    if (below > 0) scrollBy({ top: below, behavior: "instant" });
  }

  edited() {
    if (this.pre.firstElementChild) this.pre.textContent = `${this.pre.innerText.replace(/\n$/, "")}\n`; // composed ones
    this.code = this.pre.textContent.replace(/\n$/, "");
    this.resetter.hidden = this.code === this.source;
    if (this.code === this.source) delete kept.cells[this.key];
    else kept.cells[this.key] = this.code;
    kept.save();
    if (this.ran !== null && this.ran !== this.code) this.say("is changed");
    colour(this.pre);
  }

  changing(event) {
    if (!event.cancelable) return; // letters that are being composed
    const [start, end] = this.offsets(getSelection().getRangeAt(0));
    const deletes = event.inputType.startsWith("delete");
    if (deletes && start === end && !(start === this.code.length && /Forward/.test(event.inputType))) {
      this.past.push([this.code, end]);
      this.typedTo = null;
      return; // the browser knows how far
    }
    event.preventDefault();
    if (!event.inputType.startsWith("history")) this.replace([start, end], deletes ? "" : lines(event)); // see pressed()
  }

  replace([start, end], text) {
    if (start === end && !text) return;
    const typed = text.length === 1 && /\S/.test(text) && start === end && this.typedTo === start; // one word, one step
    if (!typed) this.past.push([this.code, end]);
    this.future = [];
    this.write(this.code.slice(0, start) + text + this.code.slice(end), start + text.length);
    this.typedTo = start + text.length;
  }

  // The lines of a selection, or the one of the caret when it goes back.
  indent(start, end, back) {
    const from = this.code.lastIndexOf("\n", start - 1) + 1;
    const to = `${this.code}\n`.indexOf("\n", end);
    const old = this.code.slice(from, to);
    const text = back ? old.replace(/^ {1,4}/gm, "") : old.replace(/^(?=.)/gm, "    ");
    if (text === old) return;
    this.replace([from, to], text);
    const first = text.split("\n")[0].length - old.split("\n")[0].length;
    const places = [start + first, end + text.length - old.length].map((place) => Math.max(from, place));
    getSelection().setBaseAndExtent(this.pre.firstChild, places[0], this.pre.firstChild, places[1]);
  }

  undo(from, to) {
    if (!from.length) return;
    to.push([this.code, this.offsets(getSelection().getRangeAt(0))[1]]);
    this.typedTo = null;
    this.write(...from.pop());
  }

  offsets({ startContainer, startOffset, endContainer, endOffset }) {
    return [[startContainer, startOffset], [endContainer, endOffset]].map((place) => {
      const range = document.createRange();
      range.setStart(this.pre, 0);
      range.setEnd(...place);
      return Math.min(range.toString().length, this.code.length);
    });
  }

  reset() {
    this.pre.focus();
    this.replace([0, this.code.length], this.source);
    this.place(0);
    if (!this.element.ariaBusy) this.showPrinted();
  }

  pressed(event) {
    const control = event.ctrlKey || event.metaKey;
    const [start, end] = this.offsets(getSelection().getRangeAt(0));
    const before = this.code.slice(0, start).split("\n").pop();
    if (event.key === "Escape") {
      this.runner.focus();
    } else if (event.key === "Enter" && (event.shiftKey || control)) {
      if (event.shiftKey) this.goOn();
      request(this);
    } else if (event.key === "Enter") {
      this.replace([start, end], `\n${margin(this.code.slice(0, start))}${/:\s*$/.test(before) ? "    " : ""}`);
    } else if (event.key === "Tab" && !control && !event.altKey) {
      if (event.shiftKey || start < end) this.indent(start, end, event.shiftKey);
      else this.replace([start, end], "    ");
    } else if (control && !event.altKey && /^[zy]$/i.test(event.key)) {
      if (event.shiftKey || /y/i.test(event.key)) this.undo(this.future, this.past);
      else this.undo(this.past, this.future);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // To the next cell as soon as this one has run, where nobody has left it: an error keeps the reader.
  async goOn() {
    const ok = await new Promise((resolve) => (this.ended = resolve));
    const next = cells.slice(cells.indexOf(this) + 1).find((cell) => cell.pre.checkVisibility());
    if (ok && document.activeElement === this.pre) next?.pre.focus();
  }

  say(text) {
    this.state.textContent = `cell ${this.number} ${text}`;
  }

  run() {
    const [code, id, began] = [this.code, (count += 1), performance.now()];
    [this.said, this.error] = ["", null];
    this.fresh = true; // what it showed before stays until there is something new
    this.element.setAttribute("aria-busy", true);
    this.pre.scrollTo({ left: 0 });
    this.say("runs");
    const clock = setInterval(() => this.say(`runs, ${Math.round((performance.now() - began) / 1000)} s`), 1000);
    stop = URL.createObjectURL(new Blob(["on"]));
    python.postMessage({ type: "run", id, source: code, cell: `cell ${this.number}`, stop });
    return new Promise((resolve) => {
      heard[id] = {
        show: (output) => this.show(output),
        done: (end) => {
          delete heard[id];
          clearInterval(clock);
          URL.revokeObjectURL(stop);
          stop = null;
          this.element.removeAttribute("aria-busy");
          if (!end.gone && this.fresh) this.clear();
          // What its reader stopped, or ended with an error, would do so again, until something above it has changed.
          this.failed = !end.ok;
          this.ran = end.gone || (this.error === "KeyboardInterrupt" && this.failed && !this.asked) ? null : code;
          if (end.ok) for (const other of cells.slice(cells.indexOf(this) + 1)) if (other.failed) other.ran = null;
          this.say(!end.ok ? "" : end.seconds < 1 ? "has run" : `has run, ${end.seconds.toFixed(1)} s`);
          if (this.answers && !end.gone) this.mark(end.ok);
          this.asked = false;
          if (!end.ok && document.activeElement === this.pre) this.output?.scrollIntoView({ block: "nearest" });
          this.ended?.(end.ok);
          resolve(end);
        },
      };
    });
  }

  // Outputs come into the place of the printed ones, which are kept.
  clear() {
    this.fresh = false;
    const box = make("div", { className: "cell_output docutils container live-output" });
    const before = this.output ?? this.printed.output;
    if (before) before.replaceWith(box);
    else (this.pre.closest(".cell > details") ?? this.pre.closest(".cell_input")).after(box);
    box.classList.toggle("live-below", !this.printed.output); // folded code that printed nothing stays where it is
    this.output = box;
  }

  show(output) {
    if (this.fresh) this.clear();
    if (output.output_type === "stream") return this.stream(output);
    if (output.output_type === "error") {
      this.error = output.ename;
      this.output.append(failure(output, this.number));
      bar.tell(`Cell ${this.number}: ${output.ename}. ${output.evalue}`);
      return this.reveal();
    }
    const box = make("div", { className: "output" });
    this.output.append(box);
    display(box, output.data);
  }

  stream({ name, text }) {
    this.said += name === "stdout" ? text : "";
    const last = this.output.lastElementChild;
    const kind = name === "stderr" ? "stderr" : "stream";
    if (last?.classList.contains(kind)) return last.querySelector("pre").append(text);
    this.output.append(make("div", { className: `output ${kind} highlight-myst-ansi notranslate` }, printedText(text)));
  }

  // The verdict of an exercise's check: where nobody asked for it and nothing is answered, it says nothing.
  mark(ok) {
    const verdicts = this.said.match(/: (right$|not yet|nothing to check yet|raises |a function is wanted|this is a function)/gm) ?? [];
    const right = ok && verdicts.length > 0 && verdicts.every((verdict) => verdict === ": right");
    const silent = !this.asked && ok && verdicts.length > 0 && verdicts.every((verdict) => verdict.startsWith(": nothing"));
    this.output.hidden = silent;
    this.output.classList.toggle("live-right", right);
    if (right) kept.solved[this.key] = true;
    else delete kept.solved[this.key];
    kept.save();
    bar.score();
    if (this.asked) bar.tell(this.said);
  }

  reveal() {
    const folded = this.element.querySelector("details:has(.cell_input)");
    if (folded && !folded.open) folded.open = true;
  }

  find() {
    this.reveal();
    for (let fold = this.element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    this.pre.focus({ preventScroll: true });
    this.output.scrollIntoView({ block: "center" });
  }

  restore() {
    this.listen.abort();
    this.tools.remove();
    for (const name of ["contenteditable", "role", "aria-multiline", "spellcheck", "autocapitalize", "aria-label", "aria-describedby"]) {
      this.pre.removeAttribute(name);
    }
    this.pre.replaceChildren(...this.printed.code);
    this.showPrinted();
  }

  showPrinted() {
    if (this.printed.output) this.output?.replaceWith(this.printed.output);
    else this.output?.remove();
    this.output = null;
  }
}

// The spaces before the last line, or, if that closes a bracket, before the line that opened it.
function margin(code) {
  let bare = code;
  for (const [kind, start, end] of tokens(code)) if (kind === "c" || kind === "s") bare = bare.slice(0, start) + "-".repeat(end - start) + bare.slice(end);
  const [open, last] = [[], bare.lastIndexOf("\n") + 1];
  let from = last;
  for (const { 0: bracket, index } of bare.matchAll(/[()[\]{}]/g)) {
    if (/[([{]/.test(bracket)) open.push(index);
    else {
      const opened = open.pop() ?? last;
      if (index >= last) from = Math.min(from, bare.lastIndexOf("\n", opened) + 1);
    }
  }
  return bare.slice(from).match(/^ */)[0];
}

const lines = ({ inputType, data, dataTransfer }) =>
  /^insert(LineBreak|Paragraph)$/.test(inputType) ? "\n" : (data ?? dataTransfer?.getData("text/plain") ?? "").replaceAll("\r", "");

// ------------------------------------------------------------------------------------------------ outputs
function printedText(text) {
  const pre = make("pre", {}, text);
  globalThis.scrolled?.(pre); // by keyboard, where it is too wide
  return make("div", { className: "highlight" }, pre);
}

const FACES = {
  "text/html": (box, text) => {
    box.classList.add("text_html");
    box.innerHTML = text;
    for (const figure of box.querySelectorAll("figure.explorer:not(.explorer-still)")) {
      globalThis.explorers?.live(figure, (name, positions) => python?.postMessage({ type: "redraw", name, positions }));
    }
    for (const figure of box.querySelectorAll("figure.digit")) globalThis.digit?.wake(figure);
  },
  "image/svg+xml": (box, text, data) => picture(box, `data:image/svg+xml,${encodeURIComponent(text)}`, data),
  "image/png": (box, text, data) => picture(box, `data:image/png;base64,${text}`, data),
  "text/markdown": markdown,
  "text/plain": (box, text) => {
    box.classList.add("text_plain");
    box.append(printedText(text));
  },
};

function display(box, data) {
  const kind = Object.keys(FACES).find((name) => name in data);
  FACES[kind](box, data[kind], data);
}

function picture(box, src, data) {
  box.append(make("img", { src, alt: data["text/plain"] }));
}

// As much Markdown as mlcore's cells give: blocks of code, tables, paragraphs.
function markdown(box, text) {
  box.classList.add("text_markdown");
  for (const [, code, table, words] of text.matchAll(/```\w*\n(.*?)\n```|((?:^\|.*\|$\n?)+)|((?:^(?!\||```).+$\n?)+)/gms)) {
    if (code !== undefined) {
      const [, path, lines] = code.match(/^(?:# (mlcore\/\S+\.py)\n)?(.*)$/s);
      if (path) box.append(origin(path, lines));
      box.append(make("div", { className: "highlight-python notranslate" }, printedText(lines)));
      colour(box.lastElementChild.querySelector("pre"));
    } else if (table) {
      box.append(tableOf(table));
    } else {
      box.append(make("p", { textContent: words.trim() }));
    }
  }
}

// The name of a file of mlcore, with the link that it has on the printed page.
function origin(path, code) {
  const name = code.match(/^(?:def|class) (\w+)/m)?.[1];
  const links = cells.flatMap(({ printed }) => [...(printed.output?.querySelectorAll(".code-origin a") ?? [])]);
  const known = links.filter((link) => link.textContent === path);
  const { href } = known.find((link) => link.hash.endsWith(`.${name}`)) ?? known[0] ?? {};
  const file = make("code", { textContent: path });
  return make("p", { className: "code-origin" }, href ? make("a", { className: "reference internal", href }, file) : file);
}

// No line parts a number from its error, or from its percent sign, as on the printed page.
const joined = (text) => text.replace(/(?<=\d) (?=%)|(?<=[\d%]) (?=± \d)|(?<=[\d%] ±) (?=\d)/g, "\u00a0");

function tableOf(text) {
  const [head, rule, ...rows] = text.trim().split("\n").map((line) =>
    line.slice(1, -1).split(/(?<!\\)\|/).map((part) => joined(part.trim().replaceAll("\\|", "|"))));
  const row = (tag, parts) => make("tr", {}, ...parts.map((part, k) =>
    make(tag && part ? tag : "td", { className: rule[k].endsWith("-:") ? "text-right" : "text-left", textContent: part })));
  const box = make("div", { className: "pst-scrollable-table-container" }, make("table", { className: "table" },
    make("thead", {}, row("th", head)), make("tbody", {}, ...rows.map((parts) => row("td", parts)))));
  globalThis.scrolled?.(box);
  return box;
}

function failure({ ename, evalue, traceback }, number) {
  const lines = traceback.join("\n");
  const line = [...lines.matchAll(new RegExp(`File "<cell ${number}>", line (\\d+)`, "g"))].pop()?.[1];
  const box = make("div", { className: "output live-error" });
  const stopped = ename === "KeyboardInterrupt";
  if (!stopped) box.append(make("p", {}, make("b", { textContent: ename }), `${line ? ` in line ${line}` : ""}: ${evalue}`));
  if (HINTS[ename]) box.append(make("p", { textContent: HINTS[ename] }));
  if (!stopped) box.append(make("details", {}, make("summary", { textContent: "How it came to that" }), printedText(lines)));
  return box;
}

// ------------------------------------------------------------------------------------------------ colours
// Without markup in the editor: the browser colours ranges of its text, where it can. The kinds and their colours are
// those of the printed page, where one kind stands for all that look like it (highlight.py).
const STRING = /(?:'''(?:\\[^]|[^])*?(?:'''|$)|"""(?:\\[^]|[^])*?(?:"""|$)|'(?:\\[^]|[^'\\\n])*'?|"(?:\\[^]|[^"\\\n])*"?)/.source;
const TOKENS = new RegExp([
  /(?<c>#.*)/,
  new RegExp(`(?<f>\\b(?:f|rf|fr)${STRING})`),
  new RegExp(`(?<s>(?:\\b(?:r|b|u|rb|br))?${STRING})`),
  /(?<=\b(?:def|class)\s+)(?<nc>\w+)/,
  /(?<![\w.])(?<kc>False|None|True)\b/,
  /(?<![\w.])(?<ne>and|in|is|not|or|(?:Arithmetic|Assertion|Attribute|FloatingPoint|Import|Index|Key|Lookup|Memory|ModuleNotFound|Name|NotImplemented|OS|Overflow|Recursion|Runtime|Syntax|Type|Value|ZeroDivision)Error|(?:Deprecation|Future|Runtime|User)?Warning|Exception|KeyboardInterrupt|StopIteration)\b/,
  /(?<![\w.])(?<k>as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|lambda|nonlocal|pass|raise|return|try|while|with|yield)\b/,
  /(?<![\w.])(?<l>abs|all|any|bool|callable|dict|dir|divmod|enumerate|eval|exec|filter|float|format|frozenset|getattr|globals|hasattr|hash|id|input|int|isinstance|issubclass|iter|len|list|locals|map|max|min|next|object|open|ord|pow|print|property|range|repr|reversed|round|self|set|setattr|slice|sorted|staticmethod|str|sum|super|tuple|type|vars|zip)\b/,
  /(?<n>(?<=(?:^|\n) *)@[a-zA-Z_][\w.]*|\b__(?:doc|file|main|module|name|qualname)__\b|(?<!\w)(?:0[xob][\da-f_]+|(?:\d[\d_]*(?:\.(?:\d[\d_]*)?)?|\.\d[\d_]*)(?:e[+-]?\d+)?))/,
].map((part) => part.source).join("|"), "g");
const inside = (depth) => `(?:'[^']*'|"[^"]*"${depth ? `|[([{]${inside(depth - 1)}[)\\]}]` : ""}|[^'"()[\\]{}])*`;
const HOLES = new RegExp(`\\{\\{|\\{((?:'[^']*'|"[^"]*"|[([{]${inside(4)}[)\\]}]|!=|[^'"()[\\]{}:!])*)`, "g"); // of f-strings
const ranges = new Map(); // where code stands -> its coloured ranges, by kinds

function* tokens(code, from = 0) {
  for (const { index, 0: text, groups } of code.matchAll(TOKENS)) {
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
    const start = from + index;
    if (kind !== "f") {
      yield [kind === "n" ? "l" : kind, start, start + text.length];
      continue;
    }
    let at = 0; // what stands in braces is code; what follows a colon there is not
    for (const { index: open, 1: inner } of text.matchAll(HOLES)) {
      if (inner === undefined) continue;
      yield ["s", start + at, start + open + 1];
      yield* tokens(inner, start + open + 1);
      at = open + 1 + inner.length;
    }
    yield ["s", start + at, start + text.length];
  }
}

function colour(pre) {
  if (!globalThis.Highlight) return;
  if (!document.querySelector("style.live-colours")) document.head.append(make("style", { className: "live-colours", textContent: colours() }));
  for (const [old, found] of ranges) {
    if (old === pre || !old.isConnected) {
      for (const [kind, range] of found) CSS.highlights.get(kind).delete(range);
      ranges.delete(old);
    }
  }
  const [node, found] = [pre.firstChild, []];
  for (const [kind, start, end] of tokens(pre.textContent)) {
    if (end > (node?.length ?? 0)) break; // an editor that is just being written into
    const name = `live-${kind}`;
    if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
    const range = new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end });
    CSS.highlights.get(name).add(range);
    found.push([name, range]);
  }
  ranges.set(pre, found);
}

// The printed page's rules for its tokens, once more for ranges.
function colours() {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).map((rule) => rule.cssText);
  const own = rules.filter((text) => /^html\[data-theme="\w+"\] \.highlight \.\w+ \{/.test(text));
  return own.map((text) => text.replace(/ \.highlight \.(\w+)/, " pre::highlight(live-$1)")).join("\n");
}

// ------------------------------------------------------------------------------------------------ the bar
const KEYS = "Shift+Enter runs the cell and goes to the next, Ctrl+Enter stays. Tab indents; Escape leaves the editor.";

class Bar {
  constructor() {
    this.status = make("span", { className: "live-status" });
    this.voice = make("span", { className: "live-voice" });
    this.voice.setAttribute("role", "status");
    this.solved = make("span", {});
    this.stopper = button("Stop", stopRun, "Stops what runs, and keeps what was computed");
    this.forgetter = button("Forget them", () => this.forget(), "Takes back all your changes and answers on this page, and erases them from this browser");
    this.element = make("section", { className: "live-bar", tabIndex: -1 },
      make("div", { className: "live-keys", id: "live-keys", textContent: KEYS }),
      make("div", { className: "live-said" }, this.status, this.solved),
      make("div", { className: "live-buttons" },
        button("Run all", () => request(cells.at(-1)), "Runs all cells that have not run, or were edited"),
        this.stopper,
        button("Restart", () => startPython(), "A new Python, in which no cell has run"),
        button("Printed page", () => goBack(), "Back to the page as it is printed; your changes are kept")),
      this.voice);
    this.element.setAttribute("aria-label", "Running the code");
    document.querySelector(".bd-article").append(this.element);
    this.busy(false);
    this.score();
    this.noted();
  }

  // With a cell: what is said of it, and the way to it.
  show(text, aloud = false, cell = null) {
    const way = cell && button(`Cell ${cell.number}`, () => cell.find(), "Goes to it");
    this.status.replaceChildren(...(cell ? [way, text] : [text]));
    if (aloud) this.tell(this.status.textContent);
  }

  tell(text) {
    this.voice.textContent = text;
  }

  busy(state) {
    if (state) this.stopper.removeAttribute("aria-disabled");
    else this.stopper.setAttribute("aria-disabled", true);
  }

  score() {
    const exercises = Map.groupBy(cells.filter((cell) => cell.answers && cell.exercise), (cell) => cell.exercise);
    const solved = [...exercises.values()].filter((answers) => answers.every(({ key }) => kept.solved[key])).length;
    this.solved.textContent = exercises.size ? `${solved} of ${exercises.size} exercises solved` : "";
  }

  // In the offer's place, which keeps its height.
  noted() {
    const { cells, solved, answers } = kept;
    const some = (part) => Object.keys(part).length > 0;
    const what = some(cells) ? "changes" : some(solved) || some(answers) ? "answers" : null;
    if (this.what !== what) {
      offer.replaceChildren(...(what ? [`Your ${what} are kept in this browser. `, this.forgetter] : ["Each cell can be changed and run."]));
    }
    this.what = what;
  }

  forget() {
    for (const cell of cells) if (cell.code !== cell.source) cell.write(cell.source);
    kept.forget();
    this.score();
    this.show("Your changes and answers are taken back and erased.", true);
    this.element.focus({ preventScroll: true });
  }
}
