// Offers to run the page's code: by the first cell, and above. All else of live code comes when a reader says so.
(() => {
  const address = document.currentScript.src;
  const cell = document.querySelector(".cell:has(.cell_input)");
  if (!cell) return;
  const offer = Object.assign(document.createElement("div"), { className: "live-offer" });
  const words = offer.appendChild(document.createElement("span"));
  words.setAttribute("role", "status");
  cell.before(offer);
  if (location.protocol === "file:") {
    words.textContent = "The code of this page can be run where the book is served, on the web or by “make serve”: "
      + "browsers start no Python for a page that is opened as a file.";
    return;
  }

  document.querySelector(".lab-icon")?.removeAttribute("hidden");
  const label = "Run the code on this page";
  const buttons = [["live-run", label], ["btn btn-sm pst-navbar-icon live-icon", '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 4v16l13-8z"/></svg>']]
    .map(([className, innerHTML]) => Object.assign(document.createElement("button"), { type: "button", className, innerHTML }));
  offer.prepend(buttons[0]);
  buttons[1].title = label;
  buttons[1].setAttribute("aria-label", label);
  document.querySelector(".article-header-buttons")?.prepend(buttons[1]);
  try {
    if (localStorage.getItem(`live ${location.pathname}`)) words.textContent = "What you changed here comes back with it.";
  } catch {
    // a browser may refuse its store to a page
  }

  let [running, tries] = [false, 0];
  // The printed page is there again, and why.
  const leave = (why = "") => {
    [running, offer.hidden] = [false, false];
    words.textContent = why;
    buttons[1].removeAttribute("aria-disabled");
    buttons[0].focus();
  };
  const start = async () => {
    if (running) return;
    running = true;
    words.textContent = "Fetching Python …";
    buttons[1].setAttribute("aria-disabled", true);
    // A module that did not come once does not come again under its name.
    const page = await import(address.replace("stub.js", "live.js") + (tries ? `&try=${tries}` : "")).catch(() => null);
    if (!page) {
      tries += 1;
      return leave("It did not come. Check the connection, then press the button again.");
    }
    offer.hidden = true;
    page.live(address, leave);
  };
  for (const button of buttons) button.addEventListener("click", start);
})();
