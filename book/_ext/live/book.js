// What the book adds to JupyterLab: an extension, as its loader wants one.
(globalThis._JUPYTERLAB ??= {}).book = {
  init() {},
  get: async () => () => ({ __esModule: true, default: { id: "book", autoStart: true, activate } }),
};

// Equations have the book's numbers; those of the text's renderer would stand beside them. And links look like links.
const STYLE = `
  .myst a[aria-label="Link to this Equation"] { display: none; }
  .jp-Notebook .myst a { color: var(--jp-content-link-color); }
`;

// The lab's address names the chapter on screen, so that it is there again after a reload: JupyterLite takes the path
// out of the address that it was opened by, and keeps no layout.
function activate({ shell }) {
  document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
  const tell = () => {
    const file = shell.currentWidget?.context;
    if (!file) return;
    file.pathChanged.connect(tell); // once, however often it is said
    const address = new URL(location);
    address.searchParams.set("path", encodeURIComponent(file.path)); // as the lab reads it
    history.replaceState(history.state, "", address);
  };
  shell.layoutModified.connect(tell);
}
