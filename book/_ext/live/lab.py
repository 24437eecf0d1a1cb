"""The lab: JupyterLite, which opens a chapter as a notebook in JupyterLab in the reader's browser.

    lab/               JupyterLab, its settings, the chapters
    lab/python/        lab.bin: IPython, the kernel and the sliders; and the list of Python's packages

All else of its Python is the page's: Pyodide, and the archives with NumPy, matplotlib and mlcore. What is
made here is kept in _build/vendor; the environment that JupyterLite is built in is made for that alone.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile

import nbformat
import vendor

from . import runtime

REQUIREMENTS = runtime.HERE / "lab.txt"
# Of Pyodide's packages those that IPython needs; jedi completes what is typed.
KERNEL = (
    *("asttokens", "decorator", "executing", "ipython", "jedi", "matplotlib-inline", "micropip", "parso"),
    *("prompt-toolkit", "pure-eval", "pygments", "sqlite3", "stack-data", "traitlets", "wcwidth"),
)
WIDGETS = ("comm", "ipywidgets")  # of lab.txt, for the browser
# By these names the kernel asks for its packages before it starts.
ASKED = (
    *("comm", "ipykernel", "ipython", "jedi", "micropip", "piplite", "pyodide_kernel", "sqlite3"),
    "ssl",  # which cannot be used in a browser
)
TRIMMED = re.compile(
    r"(^|/)tests/|\.dist-info/(?!METADATA|LICEN[CS]E|COPYING)|^jedi/third_party/django-stubs/"
)
# Fonts that browsers of today take none of, languages that no cell is written in, what nobody asks for.
UNUSED = re.compile(
    r"^build/fa-\w+-\d+\.(eot|svg|ttf|woff)$|/react-syntax-highlighter_languages_(?!highlight_python\.)"
    r"|\.schema\.v0\.json$|\.map$"
)
# What IPython runs before the first cell.
STARTUP = (
    "import logging\n"
    "logging.getLogger('matplotlib.font_manager').setLevel(logging.ERROR)  # 'building the font cache'\n"
    "del logging\n"
)
# What we add to JupyterLab, described as its builder does.
BOOK = {
    "name": "book",
    "version": "0",
    "jupyterlab": {"_build": {"load": "static/book.js", "extension": "./extension"}},
}
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "exposeAppInBrowser": True,  # tests give commands
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {
                "pyodideUrl": "./../_static/pyodide/pyodide.js",
                "disablePyPIFallback": True,
                "loadPyodideOptions": {
                    "lockFileURL": "./python/pyodide-lock.json",
                    "packages": [*ASKED, "mlcore"],
                    "env": {"PYTHONSTARTUP": f"{runtime.SITE_PACKAGES}/lab_startup.py"},
                },
            }
        },
    },
}


def write(site, chapters):
    """Put the lab into the folder `site`, which has live code, with the notebooks `chapters`."""
    lab = site / "lab"
    shutil.copytree(built(), lab, dirs_exist_ok=True)
    (lab / "python" / "pyodide-lock.json").write_text(json.dumps(lock(site), indent=1), "utf-8")
    (lab / "files").mkdir(exist_ok=True)
    for path in chapters:  # with each text in one piece, as a Jupyter server sends it
        notebook = nbformat.read(path, as_version=4)
        (lab / "files" / path.name).write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
    contents = lab / "api" / "contents"
    contents.mkdir(parents=True, exist_ok=True)
    (contents / "all.json").write_text(json.dumps(listing(sorted((lab / "files").iterdir()))), "utf-8")


def address(name):
    """Where the lab opens a chapter, as seen from the site."""
    return f"lab/lab/index.html?path={name}.ipynb"


def built():
    """The folder that holds the lab without what is ours."""

    def make(work):
        made = work / "made"
        try:
            runtime.download(REQUIREMENTS, work / "wheels")
        except ConnectionError as error:
            raise runtime.Unavailable(
                "What it is made of, which is fetched once and then kept in "
                f"{vendor.CACHE}, could not be had. {error}"
            ) from error
        _run(sys.executable, "-m", "venv", "--without-pip", work / "env")
        python = work / "env" / "bin" / "python"
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
        source = ("--no-index", "--find-links", work / "wheels")
        _run(*pip, "install", "--quiet", "--no-compile", "--no-deps", *source, "-r", REQUIREMENTS)
        own = work / "env" / "share" / "jupyter" / "labextensions" / BOOK["name"]
        (own / "static").mkdir(parents=True)
        (own / "package.json").write_text(json.dumps(BOOK), "utf-8")
        shutil.copy(runtime.HERE / "book.js", own / "static")
        (work / "settings").mkdir()
        (work / "settings" / "jupyter-lite.json").write_text(json.dumps(SETTINGS), "utf-8")
        command = (python, "-m", "jupyterlite_core", "build", "--apps", "lab", "--no-sourcemaps")
        _run(*command, "--output-dir", made, cwd=work / "settings")

        wheels = [path for path in (work / "wheels").iterdir() if path.name.partition("-")[0] in WIDGETS]
        wheels += [path for path in made.rglob("pypi/*.whl") if not path.name.startswith("widgetsnb")]
        core = json.loads((vendor.fetch() / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
        runtime.wheels(core, work / "pyodide", names=KERNEL)
        for wheel in sorted([*wheels, *(work / "pyodide").iterdir()]):
            with zipfile.ZipFile(wheel) as files:
                names = [name for name in files.namelist() if not TRIMMED.search(name)]
                files.extractall(work / "packages", names)
        runtime.compile_all(work / "packages", runtime.SITE_PACKAGES)
        (work / "packages" / "lab_startup.py").write_text(STARTUP)
        (made / "python").mkdir()
        runtime.archive(work / "packages", made / "python" / "lab.bin")
        with zipfile.ZipFile(made / "python" / "nothing.zip", "w"):
            pass
        for path in sorted(made.rglob("*")):
            if path.is_file() and UNUSED.search(path.relative_to(made).as_posix()):
                path.unlink()
        return made

    key = hashlib.sha256(runtime.compiled().name.encode())
    for path in (REQUIREMENTS, runtime.HERE / "lab.py", runtime.HERE / "book.js"):
        key.update(path.read_bytes())
    return runtime.newest("lab", key, make)


def _run(*command, cwd=None):
    run = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if run.returncode:
        raise vendor.VendorError(f"The lab could not be built:\n{run.stdout}{run.stderr}")


def lock(site):
    """What Pyodide is to know of its packages: a few archives, and names that are found in them."""
    core = json.loads((site / "_static" / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
    packages = {}

    def add(name, path, imports=(), depends=()):
        content = (site / path).read_bytes()
        # The page asks for it by the same version, so that a browser fetches it once for both; and as Pyodide
        # goes by names, its name ends in what it is.
        version = hashlib.sha256(content).hexdigest()
        ending = "" if path.endswith(".zip") else f"?v={version[:12]}#.tar.gz"
        key = name.replace("_", "-")
        packages[key] = {
            "name": name,
            "version": "0",
            "file_name": f"../../{path}{ending}",
            "install_dir": "site",
            "sha256": version,
            "package_type": "package",
            "imports": list(imports),
            "depends": list(depends),
            "unvendored_tests": False,
        }

    add("packages", "_static/live/packages.bin")
    add("lab", "lab/python/lab.bin")
    for archive in runtime.LARGE:
        add(archive, f"_static/live/{archive}.bin")
    add("mlcore", "_static/live/mlcore.bin", depends=["packages", *runtime.LARGE])
    for name in ASKED:
        add(name, "lab/python/nothing.zip", depends=["lab"])
    return {"info": core["info"], "packages": packages}


def listing(notebooks):
    """The list of the lab's files, as Jupyter's interface words it."""
    time = "2026-01-01T00:00:00+00:00"  # the same site at each build; a reader's own changes are newer
    common = {"writable": True, "mimetype": None, "created": time, "last_modified": time}
    files = [
        {"name": path.name, "path": path.name, "type": "notebook", "size": path.stat().st_size}
        | {"format": None, "content": None}
        | common
        for path in notebooks
    ]
    folder = {"name": "", "path": "", "type": "directory", "size": None, "format": "json", "content": files}
    return common | folder
