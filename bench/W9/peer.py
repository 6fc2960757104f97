# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""Ensemble TRCA and filter bank CCA in batched NumPy and SciPy; every epoch is filtered once for all folds."""
import json
import os
import pathlib
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np  # noqa: E402
import scipy.linalg  # noqa: E402
import scipy.signal  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from made_numbers import uniform  # noqa: E402

STIMULI, BLOCKS, CHANNELS, SAMPLES, BANDS, HARMONICS, RATE = 40, 6, 9, 250, 5, 5, 250.0
FREQUENCIES = 8 + 0.2 * np.arange(STIMULI)
WEIGHTS = np.arange(1, BANDS + 1) ** -1.25 + 0.25


def epochs():
    shape = (BLOCKS * STIMULI, CHANNELS, SAMPLES)
    noise = uniform(np.arange(np.prod(shape), dtype=np.uint64).reshape(shape))
    frequency = np.tile(FREQUENCIES, BLOCKS)[:, None, None]
    phase = 2 * np.pi * frequency * np.arange(1, SAMPLES + 1) / RATE + 0.2 * np.arange(CHANNELS)[:, None]
    return 20 * (noise - 0.5) + 2 * np.sin(phase) + np.cos(2 * phase)


def band(x, index):
    low, stop = 6 + 8 * index, [4, 10, 16, 24, 32][index]
    order, _ = scipy.signal.cheb1ord(np.array([low, 90]) / (RATE / 2), np.array([stop, 100]) / (RATE / 2), 3, 40)
    sos = scipy.signal.cheby1(order, 0.5, [low, 90], "bandpass", output="sos", fs=RATE)
    return scipy.signal.sosfiltfilt(sos, x, axis=-1, padtype="odd", padlen=6 * order)


def trca_weights(x):
    """x: repetitions x channels x samples of one class."""
    x = x - x.mean(axis=-1, keepdims=True)
    total = x.sum(axis=0)
    q = np.einsum("nct,ndt->cd", x, x, optimize=True)
    _, vectors = scipy.linalg.eigh(total @ total.T, q, subset_by_index=[CHANNELS - 1, CHANNELS - 1])
    w = vectors[:, 0] / np.linalg.norm(vectors[:, 0])
    return w * np.sign(w[np.argmax(np.abs(w))])


def rows(x):
    """Flattened, centred and of unit length, so that products are correlations."""
    x = x.reshape(len(x), -1)
    x = x - x.mean(axis=1, keepdims=True)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def trca(filtered):
    scores = []
    for block in range(BLOCKS):
        others = [b for b in range(BLOCKS) if b != block]
        score = 0
        for index, x in enumerate(filtered):
            x = x.reshape(BLOCKS, STIMULI, CHANNELS, SAMPLES)
            w = np.stack([trca_weights(x[others, k]) for k in range(STIMULI)])
            score = score + WEIGHTS[index] * (rows(w @ x[block]) @ rows(w @ x[others].mean(axis=0)).T)
        scores.append(score)
    return np.concatenate(scores)


def orthonormal(x):
    return np.linalg.qr((x - x.mean(axis=-1, keepdims=True)).transpose(0, 2, 1))[0]


def fbcca(filtered):
    t = np.arange(1, SAMPLES + 1) / RATE
    angle = 2 * np.pi * FREQUENCIES[:, None, None] * np.arange(1, HARMONICS + 1)[None, :, None] * t
    reference = orthonormal(np.concatenate([np.sin(angle), np.cos(angle)], axis=1))
    score = 0
    for index, x in enumerate(filtered):
        cross = orthonormal(x).transpose(0, 2, 1)[:, None] @ reference[None]
        score = score + WEIGHTS[index] * np.linalg.svd(cross, compute_uv=False)[..., 0]
    return score


def work():
    filtered = [band(x, index) for index in range(BANDS)]
    return np.concatenate([trca(filtered).ravel(), fbcca(filtered).ravel()])


x = epochs()
for line in sys.stdin:
    if line.strip() == "end":
        break
    if line.strip() == "values":
        print(json.dumps(work().tolist()), flush=True)
        continue
    begin = time.perf_counter()
    work()
    print(time.perf_counter() - begin, flush=True)
