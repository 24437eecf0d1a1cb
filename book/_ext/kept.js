// What a reader did on this page, as this browser keeps it: code that was changed and exercises that were right, by
// their cells' keys (live.js), and answers to questions (quiz.js). All of it is erased at once.
(() => {
  const store = `kept ${location.pathname}`;
  const parts = { cells: {}, solved: {}, answers: {} };
  const seen = {};
  try {
    Object.assign(parts, JSON.parse(localStorage.getItem(store)));
  } catch {
    // a browser may refuse its store to a page
  }
  globalThis.kept = {
    ...parts,
    save() {
      try {
        if (Object.values(parts).some((part) => Object.keys(part).length)) localStorage.setItem(store, JSON.stringify(parts));
        else localStorage.removeItem(store);
      } catch {
        // then it lasts as long as the page
      }
      dispatchEvent(new Event("kept"));
    },
    forget() {
      for (const part of Object.values(parts)) for (const key of Object.keys(part)) delete part[key];
      this.save();
    },
    // Of what is printed: a new edition takes no answer for another's. The second of two that are alike has its own.
    key(text, times = seen) {
      const hash = [...text].reduce((sum, sign) => (Math.imul(sum, 31) + sign.codePointAt()) | 0, 7).toString(36);
      times[hash] = (times[hash] ?? 0) + 1;
      return `${hash}.${times[hash]}`;
    },
  };
})();
