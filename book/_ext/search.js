// Below each place that a search finds stand the words around, with those searched for marked. Sphinx finds the
// places; it would fetch every page for its words, which takes long, and cannot be done without a server.
{
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  const results = document.getElementById("search-results");
  const query = new URLSearchParams(location.search).get("q")?.toLowerCase() ?? "";
  const words = splitQuery(query).flatMap(word => [word, new Stemmer().stemWord(word)]);
  const pattern = new RegExp(`(${words.map(word => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|")})`, "iu");
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  const loaded = new Promise(done => {
    if (words.length) document.head.append(make("script", { src: "_static/searchtexts.js", onload: done }));
  });
  const show = item => {
    const link = item.querySelector("a");
    const [page, place] = link.getAttribute("href").split("#");
    const places = searchTexts[page.replace(/\.html$/, "")] ?? {};
    const texts = place in places ? [places[place]] : Object.values(places);
    const text = texts.find(text => pattern.test(text));
    if (!text) return;
    const at = text.search(pattern);
    const start = at < 120 ? 0 : text.indexOf(" ", at - 120) + 1;
    const end = text.length < at + 120 ? text.length : text.lastIndexOf(" ", at + 120);
    const around = make("p", { className: "context" });
    around.append(start ? "… " : "", ...text.slice(start, end).split(pattern).map((part, k) =>
      k % 2 ? make("span", { className: "highlighted", textContent: part }) : part), end < text.length ? " …" : "");
    item.append(around);
  };
  new MutationObserver(changes => {
    const items = changes.flatMap(change => [...change.addedNodes]).filter(node => node.matches?.("li:not(:has(> span))"));
    loaded.then(() => items.forEach(show));
  }).observe(results, { childList: true, subtree: true });
}
