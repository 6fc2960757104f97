# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib

import numpy as np

TITLE = "independent components: 20 of 64 channels x 120 s x 256 Hz, whitening included"
NEEDS = {"sklearn": "python3-sklearn", "mne": "python3-mne"}
PARTS = {
    "FastICA; peer: sklearn.decomposition.FastICA, the same start and 20 steps, mixing compared":
        {"limits": {"ratio": 3}, "method": "fastica", "tolerance": 1e-3},
    "extended Infomax's sources; peer: mne.preprocessing.infomax; ours: extended Picard; Amari distance to the truth compared":
        {"limits": {"ratio": 10}, "method": "infomax", "tolerance": 0.05},
}


def prepare(folder):
    """64 mixtures of sources, peaked and flat, and noise: float64, channels x samples; what mixed them; a start."""
    random = np.random.default_rng(7)
    samples = 120 * 256
    paths = {}
    for method, peaked, flat, noise in (("fastica", 24, 8, 0.3), ("infomax", 14, 6, 0.01)):
        sources = np.concatenate([random.laplace(size=(peaked, samples)), random.uniform(-1.7, 1.7, (flat, samples))])
        mixing = random.normal(size=(64, peaked + flat))
        signal = 1e-5 * (mixing @ sources + noise * random.normal(size=(64, samples)))
        for kind, values in (("signal", signal), ("mixing", mixing)):
            paths[f"{method} {kind}"] = str(folder / f"w7-{method}-{kind}.f64")
            values.astype("<f8").tofile(paths[f"{method} {kind}"])
    paths["start"] = str(folder / "w7-start.f64")
    random.normal(size=(20, 20)).astype("<f8").tofile(paths["start"])
    return paths


def arguments(inputs):
    method = inputs["method"]
    return [method, inputs[f"{method} signal"], inputs["start"] if method == "fastica" else inputs["infomax mixing"]]


def ours(inputs, build):
    return {"service": ["env", "CATON_THREADS=1", str(build / "bench_ica"), *arguments(inputs)]}


def peer(inputs, python):
    return {"service": [python, str(pathlib.Path(__file__).with_name("peer.py")), *arguments(inputs)]}
