# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
from edf_workload import prepare, sides  # noqa: F401

TITLE = "differential entropy of 5 bands in windows of 1 s, 64 channels x 600 s x 512 Hz; peer: SciPy, vectorised"
NEEDS = {"mne": "python3-mne", "scipy": "python3-scipy"}
TOLERANCE = 1e-09
LIMITS = {"ratio": 8}
ours, peer = sides("bench_spectral", "entropy", "W3a")
