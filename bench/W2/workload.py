# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
from edf_workload import prepare, sides  # noqa: F401

TITLE = ("band-pass 1-40 Hz, notch 50 Hz, resample to 200 Hz, average reference, 64 channels x 600 s x 512 Hz in float32;"
         " peer: MNE (float64)")
NEEDS = {"mne": "python3-mne"}
TOLERANCE = 1e-5
LIMITS = {"ratio": 10}
ours, peer = sides("bench_preparation", "float", "W2")
