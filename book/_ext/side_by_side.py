"""Runs the notebooks that a build will read side by side, instead of one after the other.

MyST-NB takes the outputs of a notebook from its cache, and runs the notebook where the cache does not know
it. Here the cache is filled beforehand, with as many kernels at a time as there are processors. A notebook
that fails is not cached: MyST-NB runs it again and says what is wrong with it.

jupyter-cache's own executor `local-parallel` does not do: its kernels outlive a Ctrl-C, and it stores what a
cell prints in the pieces that the kernel happens to send, so that no two builds would be the same.
"""

import gc
import os
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import nbformat
import psutil
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution


def setup(app):
    # A book is millions of objects that refer to each other and stay to the end. To look again and again for
    # some that nobody needs any more, as Python does, is a third of the time that its pages take.
    gc.set_threshold(100_000, 5, 1000)
    app.connect("env-before-read-docs", _fill_cache)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _fill_cache(app, env, docnames):
    if app.config.nb_execution_mode != "cache":
        return
    cache = get_cache(app.env.mystnb_config.execution_cache_path)
    paths = [path for name in docnames if (path := Path(env.doc2path(name))).suffix == ".ipynb"]
    new = [(path, notebook) for path in paths if not _is_known(cache, notebook := nbformat.read(path, 4))]

    def run(item):
        path, notebook = item
        return single_nb_execution(
            notebook,
            cwd=str(path.parent),
            allow_errors=False,
            timeout=app.config.nb_execution_timeout,
            coalesce_streams=True,
        )

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(run, item) for item in new]
        try:
            wait(runs)
        except KeyboardInterrupt:
            _stop(pool, runs)
            raise
        for (path, notebook), result in zip(new, (run.result() for run in runs)):
            if result.err is None:
                bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _stop(pool, runs):
    """End the kernels, which don't hear a Ctrl-C, so that nobody waits for their cells."""
    pool.shutdown(wait=False, cancel_futures=True)
    while not all(run.done() for run in runs):  # one may just be starting
        for kernel in psutil.Process().children():
            kernel.kill()
        wait(runs, timeout=0.2)


def _is_known(cache, notebook):
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True
