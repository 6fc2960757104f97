# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
from edf_workload import prepare, sides  # noqa: F401

TITLE = ("band-pass 1-40 Hz, notch 50 Hz, resample to 200 Hz, average reference, 64 channels x 600 s x 512 Hz in float64;"
         " peer: MNE")
NEEDS = {"mne": "python3-mne"}
TOLERANCE = 1e-10
LIMITS = {"ratio": 6}
ours, peer = sides("bench_preparation", "double", "W2")
