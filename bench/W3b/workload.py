# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
from edf_workload import prepare, sides  # noqa: F401

TITLE = "Welch spectra, segments of 1024, half overlap, 64 channels x 600 s x 512 Hz; peer: SciPy"
NEEDS = {"mne": "python3-mne", "scipy": "python3-scipy"}
TOLERANCE = 1e-11
LIMITS = {"ratio": 6}
ours, peer = sides("bench_spectral", "welch", "W3b")
