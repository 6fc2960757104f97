# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib

TITLE = "599 covariances of 64 channels x 400 samples, Riemannian mean, tangent space, one thread; peer: pyRiemann's steps in batched NumPy"
NEEDS = {"numpy": "python3-numpy"}
TOLERANCE = 1e-9
PARTS = {
    "covariance, 64 channels": {"words": ["covariance", "64"], "limits": {"ratio": 4}},
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
    return {"service": [python, str(pathlib.Path(__file__).with_name("peer.py")), *inputs["words"]]}
