"""Measurements of mlcore beside scikit-learn and PyTorch: `make bench`, or ``python -m benchmarks``."""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"  # read when NumPy is loaded, so before anything that loads it
