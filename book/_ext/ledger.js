// The formula collection: a formula, its checks and its code come onto the page when they are near the screen.
// All of them come when the page is printed, and once somebody reads it, a few whenever the browser is idle, so
// that they are found however the search through the page is begun. Without scripts, everything is there.
const fill = entry => {
  for (const later of entry.querySelectorAll("noscript")) later.outerHTML = later.textContent;
};
const equations = [...document.querySelectorAll(".ledger-entry")];
const near = new IntersectionObserver(seen => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    fill(target);
  }
}, { rootMargin: "50% 0px" });
equations.forEach(entry => near.observe(entry));
addEventListener("beforeprint", () => equations.forEach(fill));

// What comes above the screen moves nothing on it; Safari does not see to that itself.
const anchored = CSS.supports("overflow-anchor", "auto");
const fillInPlace = entry => {
  const { top, height } = anchored ? { top: 0 } : entry.getBoundingClientRect();
  fill(entry);
  if (top < 0) scrollBy({ top: entry.getBoundingClientRect().height - height, behavior: "instant" });
};
const idle = window.requestIdleCallback ?? (work => setTimeout(work, 50)); // which Safari lacks, too
const rest = [...equations];
const fillSome = deadline => {
  do rest.splice(0, 4).forEach(fillInPlace);
  while (rest.length && deadline?.timeRemaining() > 8);
  if (rest.length) idle(fillSome);
};
const read = new AbortController();
for (const kind of ["scroll", "pointerdown", "keydown"]) {
  addEventListener(kind, () => (read.abort(), idle(fillSome)), { signal: read.signal, passive: true });
}
// Who searches at once does not wait for that; the place of a key is the same with all alphabets.
addEventListener("keydown", event => {
  const find = (event.code === "KeyF" || /^f$/i.test(event.key)) && (event.ctrlKey || event.metaKey);
  if (find || event.code === "F3") equations.forEach(fill);
}, true);
