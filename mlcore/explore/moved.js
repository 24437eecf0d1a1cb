/* The data of a script element: in it, or in a file that the book's build has made of them; see _moved.py. */
globalThis.moved = (source) =>
  new Promise((resolve, reject) => {
    const { src } = source.dataset;
    if (!src) return resolve(JSON.parse(source.textContent));
    const script = Object.assign(document.createElement("script"), { src, onerror: reject });
    script.onload = () => resolve(script.data);
    document.head.append(script);
  });
