"""Two ways to do the same work, side by side: `race` says how their times compare, and refuses unequal work.

A single timing says little: the machine is busy with other things, its clock changes speed, memory is warm
or cold. So the two run in one process, in turn, and each pair that ran one right after the other gives one
ratio. The median of the ratios is the result, their quartiles the spread. Who goes first changes from pair
to pair. What is measured is processor time, all threads counted: waiting for other programs is not in it,
and a thread that somebody starts on the side is.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

import numpy as np


class UnequalAccuracy(Exception):
    """Ours was less accurate than the peer: a ratio of their times would mean nothing."""


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Attributes
    ----------
    work : str
        What is computed, with its sizes.
    peer : str
        What it is compared with: library and name.
    goal : float or None
        The ratio ours/peer to reach; None where there is none.
    build : callable
        ``build() -> ours, theirs, errors``: two functions without arguments that do the work, and ``errors``,
        which takes their two results and returns two numbers, both the smaller the better.
    accuracy : str
        What the two numbers are.
    floor : float
        Errors below this are alike.
    needs : str
        Name of a module without which the row is skipped.
    """

    work: str
    peer: str
    goal: float | None
    build: Callable
    accuracy: str
    floor: float = 1e-11
    needs: str = "sklearn"


@dataclass(frozen=True)
class Race:
    """What `race` found: quartiles of the ratio ours/theirs, median seconds of one run, errors, pairs."""

    ratio: tuple
    seconds: tuple
    errors: tuple
    pairs: int


def race(ours, theirs, errors, *, floor, seconds=3.0, fewest=7, most=101, clock=process_time):
    """Let two functions without arguments run in turn.

    Parameters
    ----------
    ours, theirs : callable
    errors : callable
        ``errors(ours(), theirs()) -> (float, float)``.
    floor : float
        Ours may have an error up to this, or up to that of the peer (and one part in a hundred).
    seconds : float
        Roughly how long to go on.
    fewest, most : int
        Number of pairs at least, and at most.
    clock : callable
        Returns seconds.

    Returns
    -------
    Race

    Raises
    ------
    UnequalAccuracy
        The error of ours is above both, or not a number.
    """
    found = tuple(float(e) for e in errors(ours(), theirs()))  # and this is the warm-up
    if not found[0] <= max(1.01 * found[1], floor):
        raise UnequalAccuracy(f"ours has an error of {found[0]:.1e}, the peer of {found[1]:.1e}")
    gc.collect()
    gc.disable()  # rubbish of the one is not the other's to clear
    try:
        runs = [_runs(work, clock) for work in (ours, theirs)]
        pairs = min(most, max(fewest, int(seconds / max(sum(t * n for t, n in runs), 1e-9))))
        times = np.empty((pairs, 2))
        for i in range(pairs):
            for k in (0, 1) if i % 2 == 0 else (1, 0):
                times[i, k] = _time((ours, theirs)[k], runs[k][1], clock)
    finally:
        gc.enable()
    ratio = np.quantile(times[:, 0] / times[:, 1], (0.25, 0.5, 0.75))
    return Race(tuple(ratio.tolist()), tuple(np.median(times, axis=0).tolist()), found, pairs)


def _runs(work, clock, least=0.005):
    """Seconds of one run, and how many runs make a sample long enough to be timed well."""
    once = _time(work, 1, clock)
    return once, max(1, int(least / max(once, 1e-9))) if once < least else 1


def _time(work, runs, clock):
    """Seconds of one of `runs` runs of `work`."""
    start = clock()
    for _ in range(runs):
        work()
    return (clock() - start) / runs
