// A search shows where to go: the section, the term or the name of the library that holds the words, and the words
// around, marked. Sphinx finds the pages; it would fetch each of them for its words, which takes long, and cannot be
// done without a server. A hit's address carries the words, so that they are marked on the page that is gone to.
{
  const make = (tag, properties, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const loaded = new Promise(done => {
    const query = new URLSearchParams(location.search).get("q");
    if (query) document.head.append(make("script", { src: "_static/searchtexts.js", onload: done }));
  });
  const ignored = new Set(stopwords);
  const wordsOf = query => splitQuery(query.toLowerCase()).filter(word => !ignored.has(word) && !/^\d+$/.test(word));
  const stem = word => new Stemmer().stemWord(word);
  const escape = word => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  // A word that begins as one of these.
  const starting = words => new RegExp(`((?<![\\p{L}\\p{N}_])(?:${words.map(escape).join("|")})[\\p{L}\\p{N}_]*)`, "iu");

  const holds = ([title, text], pattern) => pattern.test(title) || pattern.test(text);
  // Of a page, the place with the most of the words, best in its title.
  const placeIn = (page, patterns) => {
    const worth = ([, place]) =>
      patterns.filter(pattern => holds(place, pattern)).length + (patterns.every(pattern => pattern.test(place[0])) ? 0.5 : 0);
    const places = Object.entries(searchTexts[page] ?? {});
    return places.reduce((best, place) => (worth(place) > worth(best) ? place : best), places[0])?.[0] ?? "";
  };

  // What is found: page, place on it, title, what stands behind the title, text.
  const nameOf = page => (searchTexts[page]?.[""]?.[0] ?? "").replace(/^(\d+\..*?): .*/, "$1");
  const hit = (page, place, name, where) => {
    const places = searchTexts[page] ?? {};
    const [title, text] = places[place] ?? [name, ""];
    const inside = Object.keys(places).slice(Object.keys(places).indexOf(place)); // a heading may stand above another
    const next = places[inside.find(place => places[place][1])]?.[1];
    return { page, place, title, where: where ?? (place ? nameOf(page) : ""), text: text || (place in places && next) };
  };
  // Equations, sections and exercises go by their numbers, and by what they are called.
  const numbered = query => {
    const number = query.match(/\d+(\.\d+)+/)?.[0];
    if (!number) return [];
    const equations = Object.hasOwn(searchEquations, number) ? [searchEquations[number]] : [];
    const found = equations.map(([page, place, title, text]) =>
      ({ page, place, title: `Equation (${number})`, where: `${title}, ${nameOf(page)}`, text }));
    for (const [page, places] of Object.entries(searchTexts)) {
      const begun = ([, [title]]) => title.replace(/^Exercise /, "").startsWith(`${number} `);
      found.push(...Object.entries(places).filter(begun).map(([place]) => hit(page, place)));
    }
    const kind = query.match(/equation|exercise/i)?.[0].toLowerCase() ?? "";
    return found.filter(({ title }) => title.toLowerCase().startsWith(kind));
  };
  const searched = (query, words, patterns) => {
    if (!/[._]/.test(query)) Object.assign(Scorer.objPrio, { 0: 2, 1: 2 }); // chapters before names of the library
    const stems = new Set(words.map(stem));
    for (const table of [Search._index.terms, Search._index.titleterms]) {
      for (const word of stems) if (word in table && !Object.hasOwn(table, word)) table[word] = []; // "constructor"
    }
    const asked = new Set(splitQuery(query.toLowerCase()).filter(word => !ignored.has(word)));
    if (!asked.size) return [];
    const find = query => Search._performSearch(query, stems, new Set(), new Set(words), asked).reverse();
    const terms = find([...stems].join(" ")).filter(([, , anchor]) => anchor.startsWith("#term-")); // also in the plural
    const term = query.trim().toLowerCase();
    const called = title => title.replace(/^[\d.]+ /, "").replace(/:.*/, "").toLowerCase() === term;
    // A name that a short word stands somewhere in, as "eta" in "theta", is another: it must begin a part of it.
    const short = [...asked].filter(word => word.length < 4);
    const meant = ([, name, , said]) => !said || short.every(word =>
      name.split(/[._]|(?<=[a-z])(?=[A-Z])/).some(part => part.toLowerCase().startsWith(word)) || !name.toLowerCase().includes(word));
    const [named, others] = [terms, find(query).filter(meant)].map(found => found.map(([page, title, anchor, said]) => {
      const places = Object.values(searchTexts[page] ?? {});
      if (!anchor && !places.some(place => patterns.some(pattern => holds(place, pattern)))) {
        return { ...hit(page, "", title), text: "In this page’s code, or in what it prints." };
      }
      const place = anchor ? anchor.slice(1) : called(searchTexts[page]?.[""]?.[0] ?? "") ? "" : placeIn(page, patterns);
      return hit(page, place, title.split(" > ").pop(), said?.split(", in ")[0]);
    }));
    const worth = found => 2 * called(found.title) + patterns.every(pattern => pattern.test(found.title));
    const hits = [...named, ...others.sort((one, other) => worth(other) - worth(one))];
    if (Object.hasOwn(searchDefined, term)) { // behind a term stands the place that defines it
      const at = hits.findIndex(({ title, place }) => title.toLowerCase() === term && place.startsWith("term-"));
      hits.splice(at + 1, 0, hit(...searchDefined[term]));
    }
    return hits;
  };

  const excerpt = (text, pattern) => {
    const at = Math.max(0, pattern ? text.search(pattern) : 0);
    const start = at < 120 ? 0 : text.indexOf(" ", at - 120) + 1;
    const last = at + (start ? 120 : 240);
    const end = text.length < last ? text.length : text.lastIndexOf(" ", last);
    const parts = pattern ? text.slice(start, end).split(pattern) : [text.slice(start, end)];
    return make("p", { className: "context" }, start ? "… " : "", ...parts.map((part, k) =>
      k % 2 ? make("span", { className: "highlighted", textContent: part }) : part), end < text.length ? " …" : "");
  };
  const itemOf = ({ page, place, title, where, text }, sought, pattern) => {
    const words = sought.length ? `?highlight=${encodeURIComponent(sought.join(" "))}` : "";
    const link = make("a", { href: `${page}.html${words}${place && `#${place}`}`, textContent: title });
    const item = make("li", {}, link);
    if (where) item.append(make("span", { className: "where", textContent: ` — ${where}` }));
    if (text) item.append(excerpt(text, pattern));
    return item;
  };

  // The nearest word of the book, and of those that are as near the most frequent.
  const distance = (a, b) => {
    let above = Array.from({ length: b.length + 1 }, (_, k) => k);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] !== b[j - 1]));
      }
      above = row;
    }
    return above[b.length];
  };
  const corrected = words => {
    const known = new Map();
    for (const places of Object.values(searchTexts)) {
      for (const word of splitQuery(Object.values(places).flat().join(" ").toLowerCase())) {
        known.set(word, (known.get(word) ?? 0) + 1);
      }
    }
    const near = word => {
      if (known.has(word)) return word;
      let [best, least] = [word, Math.min(2, Math.floor(word.length / 3)) + 1];
      for (const [other, count] of known) {
        if (Math.abs(other.length - word.length) > least) continue;
        const far = distance(word, other);
        if (far < least || (far === least && best !== word && count > known.get(best))) [best, least] = [other, far];
      }
      return best;
    };
    const better = words.map(near).join(" ");
    return better === words.join(" ") ? null : better;
  };

  const show = query => {
    const words = wordsOf(query);
    const sought = [...new Set(words.flatMap(word => [word, stem(word)]))];
    const pattern = sought.length ? starting(sought) : null;
    const seen = new Set();
    const found = [...numbered(query), ...searched(query, words, words.map(word => starting([word, stem(word)])))].filter(({ page, place }) =>
      !seen.has(`${page}#${place}`) && seen.add(`${page}#${place}`));
    Search.stopPulse();
    Search.title.textContent = "Results";
    Search.output.append(...found.map(hit => itemOf(hit, sought, pattern)));
    if (found.length) {
      Search.status.textContent = `${found.length} ${found.length === 1 ? "place" : "places"} found.`;
      return;
    }
    const common = splitQuery(query.toLowerCase()).filter(word => ignored.has(word));
    if (!words.length && common.length) {
      Search.status.textContent = `Too common to be looked for: ${common.map(word => `“${word}”`).join(", ")}.`;
      return;
    }
    const better = corrected(words);
    Search.status.textContent = `Nothing in the book was found for “${query.trim()}”. `;
    if (better) {
      const link = make("a", { href: `?q=${encodeURIComponent(better)}`, textContent: better });
      Search.status.append("Did you mean ", link, "?");
    } else {
      Search.status.append("Try fewer words, or another word for it.");
    }
  };
  Search.query = query => loaded.then(() => show(query));
}
