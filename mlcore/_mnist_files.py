"""The four original files of MNIST: where they lie, how they get there, and what is in them."""

import gzip
import os
import zlib
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

import numpy as np

#: Where the files are to be had, tried in turn.
MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)

#: SHA-256 of the files as they are offered, packed by gzip, and the shape of what is in them.
FILES = {
    "train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        (60_000, 28, 28),
    ),
    "train-labels-idx1-ubyte.gz": (
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        (60_000,),
    ),
    "t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        (10_000, 28, 28),
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        (10_000,),
    ),
}
LARGEST = 20_000_000  # bytes of an answer that are read; the largest file has 9,912,422


def cache_folder():
    """The folder for files that can be fetched again: ``mlcore/mnist`` in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlcore" / "mnist"


def arrays(folder):
    """Images and labels to learn from, then to be tested on: bytes. What `folder` lacks is downloaded."""
    found = []
    for name, (digest, shape) in FILES.items():
        values = read_idx(unpack(packed(folder, name, digest), name), name)
        if values.shape != shape:
            raise ValueError(f"{name} must hold an array of shape {shape}; got {values.shape}.")
        found.append(values)
    return found


def packed(folder, name, digest):
    """The bytes of the file `name`, with the right SHA-256, from `folder` or from a mirror."""
    file = folder / name
    if not file.exists():
        return download(folder, name, digest)
    data = file.read_bytes()
    if (got := sha256(data).hexdigest()) != digest:
        cure = f"Delete {file}, and the next call downloads it again."
        raise ValueError(f"{name} must have the SHA-256 {digest}; got {got}. {cure}")
    return data


def download(folder, name, digest):
    """The bytes of the file `name` from the first mirror that has it; they are kept in `folder`."""
    failures = []
    for mirror in MIRRORS:
        try:
            with urlopen(mirror + name, timeout=60) as answer:
                data = answer.read(LARGEST)
        except (OSError, HTTPException) as error:
            failures.append(f"{mirror}: {error}")
            continue
        if (got := sha256(data).hexdigest()) != digest:
            failures.append(f"{mirror}: {len(data)} bytes with the SHA-256 {got}, not {digest}")
            continue
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}.{os.getpid()}.part"  # cut short, it does not look like a whole file
        part.write_bytes(data)
        part.replace(folder / name)
        return data
    cure = f"Fetch {', '.join(FILES)} in another way, put them into {folder}, and call again"
    raise OSError(f"{name} could not be downloaded ({'; '.join(failures)}). {cure}.")


def unpack(data, name):
    """The bytes that gzip packed."""
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(
            f"{name} must be packed by gzip, and whole; got {len(data)} bytes: {error}"
        ) from None


def read_idx(data, name="data"):
    """The array of bytes in a file of the IDX format.

    Two bytes 0, the type of the numbers (8: unsigned bytes, the only one that MNIST uses), how many axes, the
    length of each in four bytes, the highest first; then the numbers, the last axis changing fastest.
    """
    if len(data) < 4 or data[:3] != b"\0\0\x08" or data[3] == 0:
        raise ValueError(
            f"{name} must begin as an IDX file of bytes, with 00 00 08; got {data[:4].hex(' ')!r}."
        )
    start = 4 + 4 * data[3]
    if len(data) < start:
        raise ValueError(f"{name} must have a header of {start} bytes; got {len(data)} bytes in all.")
    shape = tuple(int.from_bytes(data[k : k + 4], "big") for k in range(4, start, 4))
    size = 1
    for length in shape:  # whole numbers of Python: nothing wraps round
        size *= length
    if len(data) != start + size:
        raise ValueError(
            f"{name} must have {size} bytes after its header, for {shape}; got {len(data) - start}."
        )
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape).copy()  # may be written to
