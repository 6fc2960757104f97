# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib

TITLE = "one subject of 40 stimuli x 6 blocks x 9 channels x 250 samples, leave one block out: ensemble TRCA and filter bank CCA over 5 bands, one thread; peer: batched NumPy/SciPy"
NEEDS = {"numpy": "python3-numpy", "scipy": "python3-scipy"}
TOLERANCE = 1e-6
LIMITS = {"ratio": 15}


def prepare(folder):
    return {}


def ours(inputs, build):
    return {"service": [str(build / "bench_ssvep")]}


def peer(inputs, python):
    return {"service": [python, str(pathlib.Path(__file__).with_name("peer.py"))]}
