// Python in a worker of a page: Pyodide, the packages, and kernel.py, behind one small protocol, so that another
// Python can take its place. Nothing here knows the page.
//
// In:
//   {type: "start", base, version, text}
//                                   base: the address of the folder live; version: that of runtime.json; text: the
//                                   page's code, which says what data it loads
//   {type: "run", id, source, cell, stop}
//                                   cell: its name in tracebacks; stop: a blob: URL, and to revoke it stops the
//                                   cell (a worker that computes gets no message, and servers share memory between
//                                   threads only with special headers)
//   {type: "needs", id, cells}     cells: sources, of which the last is to run
//   {type: "redraw", name, positions}   an explorer's next frame; one index a slider into its values. Where several
//                                   wait, only the newest of each explorer is answered.
// Out:
//   {type: "progress", loaded, total}   bytes
//   {type: "ready"}
//   {type: "output", id, output}    as notebooks store it: stream, execute_result, display_data, error
//   {type: "done", id, ok, seconds}
//   {type: "needs", id, needed}    needed: the indices of those that are to run before it
//   {type: "frame", name, positions, frame}   or, for frame, error: a sentence
//   {type: "failed", code, detail}  nothing more will come; detail is for those who look into it, code is one of
//     "no-webassembly"              the browser has none, or it is switched off
//     "download"                    a file did not come, or not whole: to start again may help
//     "start"                       all came, but Python did not start
//     "crash"                       Python broke down in a cell, as it may where memory ends
//
// To restart, terminate the worker and start another: the files then come from the browser's cache.
//
// When NumPy itself has wheels for the browser (runtime.py says how to ask), take those with the newest Pyodide. A
// Python compiled to WASI with NumPy in it would do, too: it needs a shim for its files, and kernel.py as it is.
"use strict";

const CORE = ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"];
const MODULE = "pyodide/pyodide.asm.wasm";
const ARCHIVES = ["live/packages.bin", "live/mlcore.bin"];
const PATIENCE = 150; // ms between two looks whether the cell is to stop

let base, runtime, python, kernel, needed;
const loaded = {}; // file -> bytes that have come
let total = 0;

class Failure extends Error {
    constructor(code, detail) {
        super(detail);
        this.code = code;
    }
}

function fail(error) {
    const code = error instanceof Failure ? error.code : kernel ? "crash" : "start";
    postMessage({ type: "failed", code, detail: String(error) });
    return new Promise(() => {}); // so what waits in the queue waits for ever
}

// ------------------------------------------------------------------------------------------------ files
// The bytes of a file, or the module that they compile to.
async function read(name, cache) {
    const [size, hash] = runtime.files[name];
    const answer = await fetch(new URL(`../${name}?v=${hash}`, base), { cache });
    if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
    if (name !== MODULE) return counted(name, size, answer.body);
    // Browsers keep what they have compiled of a server's own answer, if the server knows its type.
    const compiled = WebAssembly.compileStreaming(answer.clone()).catch(() => null);
    const bytes = await counted(name, size, answer.body);
    return (await compiled) ?? WebAssembly.compile(bytes);
}

async function counted(name, size, body) {
    const bytes = new Uint8Array(size);
    const reader = body.getReader();
    for (let at = 0; ; ) {
        const { done, value } = await reader.read();
        if (done && at < size) throw new Error(`${at} of ${size} bytes`);
        if (done) return bytes;
        bytes.set(value, at); // throws where there are more than there should be
        at += value.length;
        loaded[name] = at;
        const sum = Object.values(loaded).reduce((a, b) => a + b);
        postMessage({ type: "progress", loaded: sum, total });
    }
}

// The address changes with the contents, so what a cache holds is right; but it may be full, or hold a part only.
function load(name) {
    return read(name, "force-cache")
        .catch(() => read(name, "no-store"))
        .catch((error) => {
            throw new Failure("download", `${name}: ${error.message}`);
        });
}

async function inflated(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The files of a tar archive, as runtime.py writes it.
function* files(tar) {
    const text = (at, length) => String.fromCharCode(...tar.subarray(at, at + length)).replace(/\0.*/s, "");
    for (let at = 0; tar[at]; ) {
        const [name, prefix, size] = [text(at, 100), text(at + 345, 155), parseInt(text(at + 124, 12), 8)];
        yield [prefix ? `${prefix}/${name}` : name, tar.subarray(at + 512, at + 512 + size)];
        at += 512 * (1 + Math.ceil(size / 512));
    }
}

function unpack(tar) {
    for (const [name, content] of files(tar)) {
        const path = `${runtime.packages}/${name}`;
        python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
        python.FS.writeFile(path, content, { canOwn: true });
    }
}

// Archives that some code needs, and that have not come yet.
const fetched = new Set();
function wanted(text) {
    const names = Object.keys(runtime.when).filter((call) => text.includes(call)).map((call) => runtime.when[call]);
    return names.filter((name) => !fetched.has(name));
}

// ------------------------------------------------------------------------------------------------ start
async function start(message) {
    base = message.base;
    if (typeof WebAssembly !== "object") throw new Failure("no-webassembly", "no WebAssembly");
    runtime = await fetch(new URL(`runtime.json?v=${message.version}`, base), { cache: "force-cache" })
        .then((answer) => answer.json())
        .catch((error) => {
            throw new Failure("download", `runtime.json: ${error.message}`);
        });
    const names = [...CORE.map((name) => `pyodide/${name}`), ...ARCHIVES, ...wanted(message.text ?? "")];
    total = names.reduce((sum, name) => sum + runtime.files[name][0], 0);
    const coming = Object.fromEntries(names.map((name) => [name, load(name)]));
    const archives = names.filter((name) => name.startsWith("live/"));
    const inflating = archives.map(async (name) => inflated(await coming[name]));
    // Pyodide waits for ever for a file that does not come; the first that fails ends it.
    await Promise.all([loadPython(coming), ...Object.values(coming), ...inflating]);
    for (const tar of await Promise.all(inflating)) unpack(tar);
    archives.forEach((name) => fetched.add(name));
    python.setInterruptBuffer(signal);
    const own = python.pyimport("kernel");
    needed = own.needed;
    kernel = own.Kernel(
        (output) => postMessage({ type: "output", id: running, output: plain(output) }),
    );
    postMessage({ type: "ready" });
}

// Pyodide fetches its files by itself; it gets those that have come.
async function loadPython(coming) {
    for (const name of ["pyodide.js", "pyodide.asm.js"]) {
        const content = await coming[`pyodide/${name}`];
        const script = URL.createObjectURL(new Blob([content], { type: "text/javascript" }));
        importScripts(script);
        URL.revokeObjectURL(script);
    }
    const folder = new URL("../pyodide/", base).href;
    const { fetch } = self;
    self.fetch = async (address, options) => {
        const content = coming[`pyodide/${String(address).replace(folder, "")}`];
        return content ? new Response(await content) : fetch(address, options);
    };
    const { instantiateStreaming } = WebAssembly;
    WebAssembly.instantiateStreaming = async (_, imports) => {
        const module = await coming[MODULE].catch(() => new Promise(() => {})); // start() hears of it, too
        return { module, instance: await WebAssembly.instantiate(module, imports) };
    };
    try {
        python = await loadPyodide({ indexURL: folder });
    } finally {
        self.fetch = fetch;
        WebAssembly.instantiateStreaming = instantiateStreaming;
    }
}

// ------------------------------------------------------------------------------------------------ cells
let running = null; // the id of the cell that runs
let stop = null; // the URL that says whether it is to stop
let looked = 0;

// Python looks here, between two of its instructions, for the number of a signal.
const signal = {
    get 0() {
        if (stop === null || performance.now() - looked < PATIENCE) return 0;
        looked = performance.now();
        const request = new XMLHttpRequest();
        try {
            request.open("GET", stop, false);
            request.send();
            return 0;
        } catch {
            stop = null; // or it would stop what comes next, too
            return 2; // SIGINT
        }
    },
    set 0(_) {},
};

const plain = (value) => value.toJs({ dict_converter: Object.fromEntries });

async function run({ id, source, cell, stop: url }) {
    const began = performance.now();
    const names = wanted(source);
    total += names.reduce((sum, name) => sum + runtime.files[name][0], 0);
    for (const name of names) {
        unpack(await inflated(await load(name)));
        fetched.add(name);
    }
    running = id;
    stop = url ?? null;
    const ok = kernel.run(source, cell);
    stop = null;
    postMessage({ type: "done", id, ok, seconds: (performance.now() - began) / 1000 });
}

function needs({ id, cells }) {
    postMessage({ type: "needs", id, needed: plain(needed(python.toPy(cells))) });
}

const asked = new Map(); // explorer -> the newest position asked for
const { port1, port2 } = new MessageChannel();

function redraw({ name, positions }) {
    asked.set(name, positions);
    queue = queue.then(turn).then(answer).catch(fail);
}

// Messages that wait already come first.
function turn() {
    return new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(null);
    });
}

function answer() {
    for (const [name, positions] of asked) {
        asked.delete(name);
        postMessage({ type: "frame", name, positions, ...plain(kernel.redraw(name, positions)) });
    }
}

const deeds = { start, run, needs };
let queue = Promise.resolve();
self.onmessage = ({ data }) => {
    if (data.type === "redraw") redraw(data);
    else queue = queue.then(() => deeds[data.type](data)).catch(fail);
};
