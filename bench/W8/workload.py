# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib

import numpy as np

TITLE = "connectivity, float64, one thread; peer: the same formulas in batched NumPy"
NEEDS = {"numpy": "python3-numpy"}
TOLERANCE = 1e-8
DDTF = "dDTF of 32 channels x 24 s x 128 Hz, windows of 16 s every 8 s, order 6, 128 bins, with 200 shift surrogates"
PARTS = {
    f"{DDTF}; peer as the formulas stand: stable windows by eigenvalues":
        {"limits": {"ratio": 20}, "part": "ddtf", "how": "plain"},
    f"{DDTF}; peer tuned: stable windows by caton's own test, Gram matrices in the bands only":
        {"limits": {}, "part": "ddtf", "how": "tuned"},
    "wPLI of all pairs, 100 epochs of 64 channels x 2 s x 256 Hz, 5 bands":
        {"limits": {"ratio": 20}, "part": "wpli", "how": "plain"},
}


def prepare(folder):
    """Sums of a slow and an alpha-like process that leak into the neighbours: conditioned as EEG is."""
    random = np.random.default_rng(8)
    samples = 24 * 128
    noise, x = random.standard_normal((32, samples + 300)), np.zeros((32, samples + 300))
    for n in range(2, samples + 300):
        x[:, n] = 1.45 * x[:, n - 1] - 0.62 * x[:, n - 2] + 0.1 * np.roll(x[:, n - 1], 1) + noise[:, n]
    paths = {"ddtf": str(folder / "w8-ddtf.f64"), "wpli": str(folder / "w8-wpli.f64")}
    np.ascontiguousarray(x[:, 300:]).astype("<f8").tofile(paths["ddtf"])
    epochs = random.standard_normal((100, 64, 512))
    epochs[:, 1:] += 0.5 * np.roll(epochs[:, :-1], 3, axis=2)
    epochs.astype("<f8").tofile(paths["wpli"])
    return paths


def ours(inputs, build):
    return {"service": ["env", "CATON_THREADS=1", str(build / "bench_connectivity"), inputs["part"],
                        inputs[inputs["part"]]]}


def peer(inputs, python):
    return {"service": [python, str(pathlib.Path(__file__).with_name("peer.py")), inputs["part"],
                        inputs[inputs["part"]], inputs["how"]]}
