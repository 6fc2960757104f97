# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
from edf_workload import prepare, sides  # noqa: F401

TITLE = "read 64 channels x 600 s x 512 Hz of EDF into float32, memory used again; peer: mne.io.read_raw_edf(preload=True)"
NEEDS = {"mne": "python3-mne"}
TOLERANCE = 1e-6
LIMITS = {"ratio": 10}
ours, peer = sides("bench_edf", "float", "W1")
