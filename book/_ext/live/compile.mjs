// Compiles all modules of a folder with the Python that will run them.
//     node compile.mjs CORE FOLDER PLACE [--keep]
// PLACE is where the folder will lie, for tracebacks. The .pyc are never checked against a source, and stand in its
// place; or, with --keep, beside it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [core, folder, place, keep] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(core, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: core });
python.mountNodeFS("/work", folder);
python.globals.set("place", place);
python.globals.set("keep", Boolean(keep));
python.runPython(`
import compileall, pathlib, py_compile

done = compileall.compile_dir(
    "/work", ddir=place, quiet=1, force=True, legacy=not keep, maxlevels=99,
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
)
if not done:
    raise RuntimeError("not every module compiles")
if not keep:
    for path in pathlib.Path("/work").rglob("*.py"):
        path.unlink()
`);
