// The lab's address names the chapter on screen, so that it is there again after a reload: JupyterLite takes the path
// out of the address that it was opened by, and keeps no layout. An extension of JupyterLab, as its loader wants one.
(globalThis._JUPYTERLAB ??= {}).address = {
  init() {},
  get: async () => () => ({ __esModule: true, default: { id: "address", autoStart: true, activate } }),
};

function activate({ shell }) {
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
