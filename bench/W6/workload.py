# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib

TITLE = "599 covariances of 64 channels x 400 samples (2 s every second of 10 minutes at 200 Hz), Riemannian mean, tangent space, one thread; peer: pyRiemann's steps in batched NumPy"
NEEDS = {"numpy": "python3-numpy"}
TOLERANCE = 1e-9
PARTS = {
    "covariance, 64 channels, windows of the recording": {"words": ["overlapping", "64"], "peer": ["windows"], "limits": {"ratio": 4}},
    "covariance, 64 channels, windows of the recording; peer tuned: each half window summed once": {"words": ["overlapping", "64"], "peer": ["halves"], "limits": {}},
    "covariance, 64 channels, the windows cut apart, nothing shared": {"words": ["covariance", "64"], "limits": {}},
    "mean, 22 channels": {"words": ["mean", "22"], "limits": {"ratio": 10}},
    "mean, 64 channels": {"words": ["mean", "64"], "limits": {"ratio": 4}},
    "tangent space, 22 channels": {"words": ["tangent", "22"], "limits": {"ratio": 10}},
    "tangent space, 64 channels": {"words": ["tangent", "64"], "limits": {}},
}


def prepare(folder):
    return {}


def ours(inputs, build):
    return {"service": [str(build / "bench_geometry"), *inputs["words"]]}


def peer(inputs, python):
    return {"service": [python, str(pathlib.Path(__file__).with_name("peer.py")), *inputs["words"], *inputs.get("peer", [])]}
