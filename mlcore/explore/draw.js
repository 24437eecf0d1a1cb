/* A field to draw a digit on, and what a network says of it; made by _draw.py, and moved.js and plain.js come first.
   The field is a raster of ink between 0 and 1, with FINE × FINE cells to a pixel. */
(() => {
  "use strict";
  const [SIDE, FINE, BOX, MIDDLE] = [28, 4, 20, 14.5]; // MNIST: the longer side, and where the centre of mass lies
  const [N, SOFT] = [SIDE * FINE, 1]; // SOFT: pixels over which the edge of a stroke fades
  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function wake(figure) {
    figure.toggleAttribute("data-awake", true);
    const part = (name) => figure.querySelector(`.digit-${name}`);
    const [field, bars, source, before] = [part("field"), [...figure.querySelectorAll(".digit-bars li")], part("network"), []];
    let [ink, at, pen, label, turn] = [new Float32Array(N * N), [MIDDLE, MIDDLE], null, null, 0];
    let [net, state] = [null, "The network is fetched with the first stroke."];

    /* The network is fetched when it is first asked for; after a failure, when it is asked for again. */
    let asked = null;
    async function fetchNetwork() {
      state = "Fetching the network …";
      try {
        net = unpack(await (asked ??= moved(source)));
      } catch {
        [asked, state] = [null, "The network could not be fetched; the next stroke tries again."];
      }
      show(true);
    }

    /* Everything anew; the sentence, which is read aloud, where a stroke or a step has come to its end. */
    function show(ended) {
      const seen = see(ink, part("centring").checked);
      paint(part("paper"), N, (k) => 255 * ink[k]);
      paint(part("seen"), SIDE, (k) => seen[k]);
      part("cursor").style.translate = at.map((value) => `${100 * (value - 0.5)}%`).join(" ");
      const empty = !seen.some(Boolean);
      const p = empty || !net ? null : probabilities(net, seen);
      const order = p && [...p.keys()].sort((a, b) => p[b] - p[a]);
      bars.forEach((bar, k) => {
        bar.classList.toggle("digit-largest", k === order?.[0]);
        bar.querySelector("i").style.width = `${p ? 100 * p[k] : 0}%`;
        bar.querySelector("output").textContent = p ? said(p[k]) : "–";
      });
      let text = empty ? "The field is empty, and nothing is claimed of it." : state;
      if (p) text = `The network says ${order[0]}, with probability ${said(p[order[0]])}; next is ${order[1]}, with ${said(p[order[1]])}.`;
      if (label !== null && !empty) text = `A test image, labelled ${label}. ${text}`;
      if (ended && part("says").textContent !== text) part("says").textContent = text;
    }

    /* A change of the field that can be undone. */
    function change(draw, name = null) {
      before.push([ink.slice(), label]);
      if (before.length > 200) before.shift();
      label = name;
      draw();
      show(!pen);
      if (!net) fetchNetwork();
    }

    function hold(point) {
      part("pen").textContent = point ? "The pen is down." : "The pen is up.";
      const lifted = pen && !point;
      pen = point;
      if (point) change(() => line(ink, point, point, Number(part("width").value)));
      if (lifted) show(true);
    }

    function to(point) {
      line(ink, pen, point, Number(part("width").value));
      pen = point;
    }

    function undo() {
      hold(null);
      if (before.length) [ink, label] = before.pop();
      show(true);
    }

    async function image() {
      if (!net) await fetchNetwork();
      if (!net) return;
      const k = turn++ % net.labels.length;
      const pixel = (cell) => (k * SIDE + Math.floor(cell / N / FINE)) * SIDE + Math.floor((cell % N) / FINE);
      change(() => ink.forEach((_, cell) => (ink[cell] = net.images[pixel(cell)] / 255)), net.labels[k]);
    }

    const place = (event) => {
      const box = part("paper").getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
    };
    field.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button) return;
      event.preventDefault();
      field.focus({ preventScroll: true, focusVisible: false });
      field.setPointerCapture(event.pointerId);
      hold(place(event));
    });
    field.addEventListener("pointermove", (event) => {
      if (!pen || !field.hasPointerCapture(event.pointerId)) return;
      const between = event.getCoalescedEvents?.() ?? [];
      for (const each of between.length ? between : [event]) to(place(each));
      show(false);
    });
    for (const end of ["lostpointercapture", "blur"]) field.addEventListener(end, () => hold(null));
    field.addEventListener("keydown", (event) => {
      const step = KEYS[event.key];
      if (step) {
        at = at.map((value, k) => Math.min(Math.max(value + step[k], 0.5), SIDE - 0.5));
        if (pen) to(at);
        show(true);
      } else if (event.key === " ") hold(pen ? null : at);
      else if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo();
      else return;
      event.preventDefault();
    });
    const clear = () => before.length && change(() => ink.fill(0));
    for (const [name, act] of Object.entries({ undo, clear, image })) part(name).addEventListener("click", act);
    part("centring").addEventListener("change", () => show(true));
    show(true);
    part("panel").inert = false;
  }

  /* A stroke from a to b, in pixels of the field: full to half its width, then fading. */
  function line(ink, a, b, width) {
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    ink.forEach((value, k) => {
      const [x, y] = [((k % N) + 0.5) / FINE - a[0], (Math.floor(k / N) + 0.5) / FINE - a[1]];
      const along = Math.min(Math.max((x * dx + y * dy) / (dx * dx + dy * dy || 1), 0), 1);
      const distance = Math.hypot(x - along * dx, y - along * dy);
      ink[k] = Math.max(value, Math.min((width / 2 - distance) / SOFT + 0.5, 1));
    });
  }

  /* 28 × 28 bytes, each the mean of its cells. If wanted, the drawing is first scaled into a box of 20 × 20 and
     moved by whole pixels until its centre of mass is in the middle, as the images of MNIST were. */
  function see(ink, centred) {
    const [low, high, moment, means] = [[N, N], [0, 0], [0, 0], new Float64Array(SIDE * SIDE)];
    const sum = ink.reduce((total, value) => total + value);
    ink.forEach((value, k) => {
      if (!value) return;
      [k % N, Math.floor(k / N)].forEach((cell, axis) => {
        low[axis] = Math.min(low[axis], cell);
        high[axis] = Math.max(high[axis], cell + 1);
        moment[axis] += value * (cell + 0.5);
      });
    });
    const scale = centred && sum ? (BOX * FINE) / Math.max(high[0] - low[0], high[1] - low[1]) : 1;
    const start = low.map((from, axis) => FINE * Math.round(MIDDLE - ((moment[axis] / sum - from) * scale) / FINE));
    const cell = (k, axis) => (centred && sum ? Math.floor((k + 0.5 - start[axis]) / scale) + low[axis] : k);
    ink.forEach((_, k) => {
      const [x, y] = [cell(k % N, 0), cell(Math.floor(k / N), 1)];
      if (x >= 0 && y >= 0 && x < N && y < N) means[Math.floor(k / N / FINE) * SIDE + Math.floor((k % N) / FINE)] += ink[y * N + x];
    });
    return Uint8ClampedArray.from(means, (total) => (255 * total) / FINE ** 2);
  }

  function probabilities({ theta, activation, scale }, pixels) {
    const [Z] = plain.forward(theta, Float64Array.from(pixels, (pixel) => pixel / scale), plain.ACTIVATIONS[activation]);
    return plain.softmax(Z.at(-1));
  }

  /* Numbers of 24 bits, in steps of their own for each array: W, b, W, b … */
  function unpack({ arrays, theta, images, ...rest }) {
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const [packed, found] = [bytes(theta), []];
    let k = 0;
    const number = () => ((packed[k++] << 8) | (packed[k++] << 16) | (packed[k++] << 24)) >> 8;
    for (const [size, step] of arrays) found.push(Float64Array.from({ length: size }, () => number() * step));
    const pairs = found.flatMap((W, i) => (i % 2 ? [] : [[W, found[i + 1]]]));
    return { ...rest, theta: pairs, images: bytes(images) };
  }

  function paint(canvas, side, alpha) {
    const image = new ImageData(side, side);
    for (let k = 0; k < side * side; k++) image.data[4 * k + 3] = alpha(k);
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  function said(p) {
    return p < 0.0005 ? "< 0.001" : p > 0.9995 ? "> 0.999" : p.toFixed(3);
  }

  globalThis.digit = { wake, line, probabilities, see, unpack }; // for live code, and the tests
  for (const figure of document.querySelectorAll("figure.digit:not([data-awake])")) {
    wake(figure);
  }
})();
