# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib

import numpy as np

TITLE = "FastICA, 20 components of 64 channels x 120 s x 256 Hz, whitening included; peer: sklearn.decomposition.FastICA"
NEEDS = {"sklearn": "python3-sklearn"}
TOLERANCE = 1e-3
LIMITS = {"ratio": 3}


def prepare(folder):
    """64 mixtures of 32 sources, peaked and flat, and noise; float64, channels x samples, and a start matrix."""
    random = np.random.default_rng(7)
    samples = 120 * 256
    sources = np.concatenate([random.laplace(size=(24, samples)), random.uniform(-1.7, 1.7, (8, samples))])
    signal = random.normal(size=(64, 32)) @ sources + 0.3 * random.normal(size=(64, samples))
    paths = {"signal": str(folder / "w7-signal.f64"), "start": str(folder / "w7-start.f64")}
    (signal * 1e-5).astype("<f8").tofile(paths["signal"])
    random.normal(size=(20, 20)).astype("<f8").tofile(paths["start"])
    return paths


def ours(inputs, build):
    return {"service": [str(build / "bench_ica"), inputs["signal"], inputs["start"]]}


def peer(inputs, python):
    return {"service": [python, str(pathlib.Path(__file__).with_name("peer.py")), inputs["signal"], inputs["start"]]}
