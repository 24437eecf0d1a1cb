// The formula collection: a formula, its checks and its code come onto the page when they are near the screen,
// and all of them when the page is printed or searched through. Without scripts, everything is there.
const fill = entry => {
  for (const later of entry.querySelectorAll("noscript")) later.outerHTML = later.textContent;
};
const equations = document.querySelectorAll(".ledger-entry");
const near = new IntersectionObserver(seen => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    fill(target);
  }
}, { rootMargin: "50% 0px" });
equations.forEach(entry => near.observe(entry));
addEventListener("beforeprint", () => equations.forEach(fill));
addEventListener("keydown", event => {
  if (event.key === "f" && (event.ctrlKey || event.metaKey)) equations.forEach(fill);
}, true);
