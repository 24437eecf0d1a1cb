// Wakes the buttons that run the page's code. All else of live code comes when a reader presses one.
(() => {
  const address = document.currentScript.src;
  const offer = document.querySelector(".live-offer");
  const words = offer.querySelector("span");
  const buttons = [".live-run", ".live-icon"].map(name => document.querySelector(name));
  if (location.protocol === "file:") {
    buttons.forEach(button => button.remove());
    words.textContent = "The code of this page can be run where the book is served, on the web or by “make serve”: "
      + "browsers start no Python for a page that is opened as a file.";
    return;
  }

  for (const part of document.querySelectorAll(".live-run, .live-icon, .lab-icon")) part.inert = false;
  if (Object.keys(kept.cells).length) words.textContent = "What you changed here comes back with it.";

  const offered = words.textContent;
  let [running, tries] = [false, 0];
  // The printed page is there again, and why.
  const leave = (why = offered) => {
    running = false;
    words.textContent = why;
    for (const button of buttons) button.removeAttribute("aria-disabled");
    buttons[1].focus({ preventScroll: true }); // it is in sight wherever the page stands
  };
  const start = async () => {
    if (running) return;
    running = true;
    words.textContent = "Fetching Python …";
    for (const button of buttons) button.setAttribute("aria-disabled", true);
    // A module that did not come once does not come again under its name.
    const page = await import(address.replace("stub.js", "live.js") + (tries ? `&try=${tries}` : "")).catch(() => null);
    if (!page) {
      tries += 1;
      return leave("It did not come. Check the connection, then press the button again.");
    }
    page.live(address, leave);
  };
  for (const button of buttons) button.addEventListener("click", start);
})();
