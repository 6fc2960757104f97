# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import edf_file  # noqa: E402

TITLE = ("band-pass 1-40 Hz, notch 50 Hz, resample to 200 Hz, average reference, 64 channels x 600 s x 512 Hz in float32;"
         " peer: MNE (float64)")
NEEDS = {"mne": "python3-mne"}
TOLERANCE = 1e-5
LIMITS = {"ratio": 10}


def prepare(folder):
    path = folder / "64x600x512.edf"
    edf_file.write(path, 64, 600, 512)
    return {"file": str(path)}


def ours(inputs, build):
    return {"service": [str(build / "bench_preparation"), inputs["file"], "float"]}


def peer(inputs, python):
    return {"service": [python, str(pathlib.Path(__file__).with_name("peer.py")), inputs["file"]]}
