// What every page can do beside its explorers, instead of the theme's scripts. The page's colours are chosen
// by a line in its head, before anything is drawn; here they are changed.
const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
const stored = (kind, key, value) => { // a browser may refuse its store to a page
  try {
    return value === undefined ? window[kind].getItem(key) : window[kind].setItem(key, value);
  } catch {
    return null;
  }
};

// Light, dark, or what the system says: the first click changes what is seen.
const dark = matchMedia("(prefers-color-scheme: dark)");
const setTheme = mode => {
  root.dataset.mode = mode;
  root.dataset.theme = mode !== "auto" ? mode : dark.matches ? "dark" : "light";
};
dark.addEventListener("change", () => setTheme(root.dataset.mode));
for (const button of all(".theme-switch-button")) {
  button.addEventListener("click", () => {
    const modes = dark.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    setTheme(modes[(modes.indexOf(root.dataset.mode) + 1) % 3]);
    stored("localStorage", "mode", root.dataset.mode);
  });
}

// Paper is light.
addEventListener("beforeprint", () => (root.dataset.theme = "light"));
addEventListener("afterprint", () => setTheme(root.dataset.mode));

// Dialogs: Esc, a click beside one, and its button close it; the browser keeps the focus in and gives it back.
const mac = /^(Mac|iPhone)/.test(navigator.platform);
for (const dialog of all("dialog")) {
  dialog.addEventListener("click", event => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const [x, y] = [event.clientX, event.clientY];
    if (event.target === dialog && (x < left || x > right || y < top || y > bottom)) dialog.close();
  });
}
addEventListener("keydown", event => {
  const open = document.querySelector("dialog[open]");
  // One in a dialog that was just closed has the focus still, until the browser draws again.
  const writing = event.target.closest?.("input, select, textarea, [contenteditable]")?.checkVisibility();
  const control = mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  const shortcut = control && !event.shiftKey && !event.altKey && /^k$/i.test(event.key);
  if (event.key === "Escape" && open) {
    open.close();
  } else if (shortcut || (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey)) {
    search();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}, true);

const finder = document.getElementById("pst-search-dialog");
function search() {
  const input = document.querySelector(":not(dialog) > form.bd-search input");
  if (input) input.focus();
  else if (finder.open) finder.close();
  else if (!document.querySelector("dialog[open]")) finder.showModal();
}
all(".search-button__button").forEach(button => button.addEventListener("click", search));
if (mac) all(".search-button__kbd-shortcut kbd:first-child").forEach(key => (key.textContent = "⌘"));

// The menu of the book and the contents of the page: beside the text where there is room, else in a dialog,
// into which they move while it is open. With room, the button folds the menu away.
for (const [name, width] of [["primary", 992], ["secondary", 1200]]) {
  const sidebar = document.getElementById(`pst-${name}-sidebar`);
  const dialog = document.getElementById(`pst-${name}-sidebar-modal`);
  if (!sidebar || !dialog) continue;
  const wide = matchMedia(`(min-width: ${width}px)`);
  const buttons = all(`.${name}-toggle`);
  const move = (from, to) => {
    to.append(...from.childNodes);
    to.classList.add(...from.classList);
    from.removeAttribute("class");
  };
  const fold = folded => {
    sidebar.classList.toggle("pst-sidebar-hidden", folded);
    sidebar.inert = folded;
    buttons.forEach(button => button.setAttribute("aria-expanded", !folded));
  };
  const close = make("button", { type: "button", className: "btn sidebar-close", textContent: "×", title: "Close" });
  close.setAttribute("aria-label", "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    close.remove();
    move(dialog, sidebar);
    buttons.forEach(button => button.setAttribute("aria-expanded", false));
  });
  dialog.addEventListener("click", event => event.target.closest("a[href^='#']") && dialog.close());
  wide.addEventListener("change", () => (dialog.open ? dialog.close() : 0, fold(false)));
  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (wide.matches) return fold(!sidebar.inert);
      fold(false);
      move(sidebar, dialog);
      dialog.prepend(close);
      dialog.showModal();
      bringIntoView();
      button.setAttribute("aria-expanded", true);
    });
  }
}
const here = all("#pst-primary-sidebar .bd-docs-nav li.current").pop();
const menu = here?.closest(".sidebar-primary-item");
function bringIntoView() {
  if (!menu) return;
  const below = here.getBoundingClientRect().top - menu.getBoundingClientRect().top;
  if (below < 0 || below > menu.clientHeight - 60) menu.scrollTop += below - menu.clientHeight / 3;
}
if (menu) { // as the reader left it, but with this page in view
  menu.scrollTop = stored("sessionStorage", "menu") ?? 0;
  bringIntoView();
  addEventListener("pagehide", () => stored("sessionStorage", "menu", menu.scrollTop));
}

// Where the reader is: the last heading in the upper third, or the one just asked for, is marked in the contents.
// The browser lays out the parts near the window alone (design.css). To measure a heading within another would make
// it lay that out, too, so only those of the part that the reader is in are measured.
const parts = all("article > section > section");
const entries = new Map(all("#pst-page-toc-nav a[href^='#']").map(link => {
  const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  return [target?.querySelector("h1, h2, h3, h4, h5, h6") ?? target, link];
}).filter(([heading]) => heading));
const partOf = new Map([...entries.keys()].map(heading => [heading, parts.find(part => part.contains(heading))]));
let asked = null;
const mark = () => {
  const above = box => box.getBoundingClientRect().top < 0.3 * innerHeight;
  const begun = parts.filter(above);
  const passed = [...entries.keys()].filter(heading => {
    const part = partOf.get(heading);
    return part && part !== begun.at(-1) ? begun.includes(part) : above(heading);
  });
  const end = scrollY > 0 && scrollY + innerHeight > root.scrollHeight - 2; // of the last sections, none gets further up
  const current = asked?.link ?? (end ? [...entries.values()].pop() : entries.get(passed.pop()));
  for (const link of entries.values()) {
    link.classList.toggle("active", link === current);
    if (link === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  all("#pst-page-toc-nav .toc-entry").forEach(entry => entry.classList.toggle("active", entry.contains(current)));
};
const ask = hash => {
  const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  if (target.matches("details")) target.open = true;
  const before = [...entries.keys()].filter(heading =>
    target.contains(heading) || heading.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING);
  const heading = [...entries.keys()].find(heading => target.contains(heading)) ?? before.pop();
  if (!heading) return;
  asked = { target, link: entries.get(heading) };
  mark();
  keep(target);
};
const named = target => decodeURIComponent(location.hash.slice(1)) === target.id; // by the address
// Parts that are laid out on the way turn out taller or shorter than was thought: the target keeps its place.
const keep = (target, frames = 20) => requestAnimationFrame(() => {
  if (asked?.target !== target || !named(target)) return; // the reader went on, or back: that is told a frame late
  const off = target.getBoundingClientRect().top - parseFloat(getComputedStyle(root).scrollPaddingTop) - parseFloat(getComputedStyle(target).scrollMarginTop);
  if (Math.abs(off) > 1) target.scrollIntoView();
  if (frames) keep(target, frames - 1);
});
if (entries.size) {
  let frame = null;
  addEventListener("scroll", () => {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      const { top, bottom } = asked?.target.getBoundingClientRect() ?? {};
      if (top > innerHeight || bottom < 0) asked = null;
      mark();
    });
  }, { passive: true });
  for (const kind of ["wheel", "touchmove", "keydown"]) addEventListener(kind, () => (asked = null), { passive: true });
  addEventListener("hashchange", () => { // the reader went back
    if (asked && !named(asked.target)) asked = null;
  });
  mark();
}
addEventListener("click", event => {
  const link = event.target.closest?.("a[href^='#']");
  if (link) ask(link.hash);
});
// Who comes back, or loads the page anew, is led by the browser to where the reading was, not to the place asked for then.
if (performance.getEntriesByType("navigation")[0]?.type === "navigate") ask(location.hash);

const upper = document.querySelector(".sbt-scroll-pixel-helper");
if (upper) {
  new IntersectionObserver(([entry]) => document.body.classList.toggle("scrolled", entry.boundingClientRect.y < 0)).observe(upper);
}
const top_ = document.getElementById("pst-back-to-top");
const roomy = matchMedia("(min-width: 1200px)"); // it stands beside the text
let [before, lowest] = [scrollY, scrollY]; // who goes back a little looks something up
addEventListener("scroll", () => {
  if (scrollY > before) lowest = scrollY;
  before = scrollY;
  const far = roomy.matches ? scrollY > innerHeight : lowest - scrollY > innerHeight / 2 && scrollY > 70;
  top_.toggleAttribute("data-offered", far);
}, { passive: true });
top_.addEventListener("click", () => scrollTo(0, 0));

// The menu of downloads, and the whole screen.
for (const button of all(".dropdown-toggle")) {
  const show = shown => {
    button.classList.toggle("show", shown);
    button.setAttribute("aria-expanded", shown);
  };
  button.addEventListener("click", () => show(!button.classList.contains("show")));
  addEventListener("click", event => button.parentElement.contains(event.target) || show(false));
  button.parentElement.addEventListener("keydown", event => {
    if (event.key === "Escape" && button.classList.contains("show")) (button.focus(), show(false));
  });
}
for (const button of all(".btn-fullscreen-button")) {
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () =>
    document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
}

// Code is copied whole.
const copy = async text => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = make("textarea", { value: text, style: "position: fixed; left: -9999px" }); // without https
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
};
for (const code of all("div.highlight pre")) {
  const button = make("button", { type: "button", className: "copybtn o-tooltip--left" });
  const say = text => {
    button.dataset.tooltip = text;
    button.setAttribute("aria-label", text === "Copy" ? "Copy to clipboard" : text);
    button.classList.toggle("success", text === "Copied!");
  };
  button.addEventListener("click", async () => {
    const whole = code.cloneNode(true);
    all(".linenos", whole).forEach(number => number.remove());
    await copy(whole.textContent.replace(/\n$/, "")).then(() => say("Copied!"), () => say("Failed to copy"));
    setTimeout(say, 2000, "Copy");
  });
  say("Copy");
  code.after(button);
}
// What is wider than its place can be scrolled by keyboard, and fades where it goes on. Live code's outputs, too.
// All boxes are measured before the first is marked: a mark between two measures lays the page out anew each time.
const look = boxes => {
  const seen = boxes.filter(box => getComputedStyle(box).overflowX !== "visible").map(box => {
    const [left, right] = [box.scrollLeft, box.scrollWidth - box.clientWidth - box.scrollLeft];
    const more = [left > 1 && "start", right > 1 && "end"].filter(Boolean).join(" ");
    return { box, more, scrolls: more || box.scrollHeight > box.clientHeight };
  });
  for (const { box, more, scrolls } of seen) {
    if (more) box.dataset.more = more;
    else delete box.dataset.more;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};
const sized = new ResizeObserver(entries => look(entries.map(({ target }) => target)));
globalThis.scrolled = box => {
  sized.observe(box);
  box.addEventListener("scroll", () => look([box]), { passive: true });
};
for (const box of all("pre, .formula, .cell_output > .output, .pst-scrollable-table-container")) scrolled(box);

// The words of a search that led here: marked, one after the other within reach. Folded boxes say how many they hold.
const address = new URL(location);
const words = (address.searchParams.get("highlight") ?? "").split(" ").filter(Boolean);
const article = document.querySelector("article");
if (words.length && article) {
  address.searchParams.delete("highlight"); // who shares the page shares the page alone
  history.replaceState(history.state, "", address);
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  const either = words.map(word => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|");
  const pattern = new RegExp(`((?<![\\p{L}\\p{N}_])(?:${either})[\\p{L}\\p{N}_]*)`, "iu");
  for (const text of texts.filter(text => pattern.test(text.data))) {
    if (text.parentElement.closest(".nohighlight, svg, math, noscript, script, style, button, select, textarea")) continue;
    text.replaceWith(...text.data.split(pattern).map((part, k) =>
      k % 2 ? make("span", { className: "highlighted", textContent: part }) : part));
  }
  const shut = mark => mark.parentElement.closest("details:not([open])");
  const marks = all(".highlighted", article).filter(mark => shut(mark) || mark.getClientRects().length);
  const count = () => all("details > summary", article).forEach(({ dataset, parentElement }) => {
    const held = marks.filter(mark => parentElement.contains(mark)).length;
    if (held && !parentElement.open) dataset.marks = held;
    else delete dataset.marks;
  });
  const first = () => {
    const target = document.querySelector(":target");
    return Math.max(0, marks.findIndex(mark => target?.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING));
  };
  const said = make("span", { textContent: `${marks.length} ${marks.length === 1 ? "match" : "matches"}` });
  said.setAttribute("role", "status");
  let at = null;
  const next = make("button", { type: "button", className: "btn", textContent: "Next match", hidden: !marks.length });
  next.addEventListener("click", () => {
    marks[at]?.classList.remove("highlighted-here");
    at = at === null ? first() : (at + 1) % marks.length;
    for (let box = shut(marks[at]); box; box = shut(marks[at])) box.open = true;
    marks[at].classList.add("highlighted-here");
    marks[at].scrollIntoView({ block: "center" });
    said.textContent = `${at + 1} of ${marks.length}`;
  });
  const hide = make("button", { type: "button", className: "btn", textContent: "Hide search matches" });
  const bar = make("div", { className: "search-marks" });
  hide.addEventListener("click", () => {
    all(".highlighted", article).forEach(mark => mark.classList.remove("highlighted", "highlighted-here"));
    marks.length = 0;
    count();
    bar.remove();
  });
  addEventListener("keydown", event => event.key === "Escape" && hide.click());
  article.addEventListener("toggle", count, true);
  bar.append(said, next, hide);
  article.append(bar);
  count();
  // Where the place that was asked for has the words in folds alone, the reader is led on into the first.
  const place = document.querySelector(":target") ?? article;
  const within = marks.filter(mark => place.contains(mark));
  if (within.length && within.every(shut)) {
    addEventListener("load", () => { // the browser has gone to the place
      asked = null;
      next.click();
    });
  }
}

for (const image of all("img.toggler")) { // of the index of modules
  image.style.display = "";
  image.addEventListener("click", () => {
    const folded = image.src.endsWith("minus.png");
    image.src = image.src.replace(/\w+\.png$/, folded ? "plus.png" : "minus.png");
    all(`tr.cg-${image.id.slice(7)}`).forEach(row => (row.style.display = folded ? "none" : ""));
  });
}
