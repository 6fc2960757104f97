# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import edf_file  # noqa: E402

TITLE = "differential entropy of 5 bands in windows of 1 s, 64 channels x 600 s x 512 Hz; peer: SciPy, vectorised"
NEEDS = {"mne": "python3-mne", "scipy": "python3-scipy"}
TOLERANCE = 1e-09
LIMITS = {"ratio": 8}


def prepare(folder):
    path = folder / "64x600x512.edf"
    edf_file.write(path, 64, 600, 512)
    return {"file": str(path)}


def ours(inputs, build):
    return {"service": [str(build / "bench_spectral"), inputs["file"], "entropy"]}


def peer(inputs, python):
    return {"service": [python, str(pathlib.Path(__file__).with_name("peer.py")), inputs["file"]]}
