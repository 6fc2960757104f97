# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""What pyRiemann computes, in batched NumPy: covariances, their Riemannian mean with its step control, tangent space."""
import json
import os
import pathlib
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from made_numbers import uniform  # noqa: E402

WINDOWS, CHANNELS, SAMPLES, STEP = 599, 64, 400, 200


def made(own, shared):
    strength = (1 + 0.02 * np.arange(CHANNELS))[:, None]
    return 20 * (strength * (uniform(own) - 0.5) + 0.5 * (uniform(shared) - 0.5))


def signals():
    own = np.arange(WINDOWS * CHANNELS * SAMPLES, dtype=np.uint64).reshape(WINDOWS, CHANNELS, SAMPLES)
    return made(own, own.size + np.arange(WINDOWS * SAMPLES, dtype=np.uint64).reshape(WINDOWS, 1, SAMPLES))


def recording():
    length = (WINDOWS - 1) * STEP + SAMPLES
    own = np.arange(CHANNELS * length, dtype=np.uint64).reshape(CHANNELS, length)
    return made(own, own.size + np.arange(length, dtype=np.uint64))


def windows_of(x):
    return np.lib.stride_tricks.sliding_window_view(x, SAMPLES, axis=-1)[:, ::STEP].transpose(1, 0, 2)


def covariances(x):
    x = x - x.mean(axis=-1, keepdims=True)
    return x @ x.transpose(0, 2, 1) / x.shape[-1]


def covariances_by_halves(x):
    """The same of windows that overlap by half: each half's products are summed once."""
    halves = x.reshape(CHANNELS, -1, STEP).transpose(1, 0, 2)
    means = halves.mean(axis=-1)
    halves = halves - means[..., None]
    sums = halves @ halves.transpose(0, 2, 1)
    apart = means[1:] - means[:-1]
    return (sums[1:] + sums[:-1] + STEP / 2 * apart[:, :, None] * apart[:, None, :]) / SAMPLES


def function(c, f):
    values, vectors = np.linalg.eigh(c)
    return (vectors * f(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)


def mean(c):
    middle, step, before = c.mean(axis=0), 1.0, np.finfo(float).max
    for _ in range(50):
        root, inverse = function(middle, np.sqrt), function(middle, lambda v: 1 / np.sqrt(v))
        gradient = function(inverse @ c @ inverse, np.log).mean(axis=0)
        middle = root @ function(step * gradient, np.exp) @ root
        norm = np.linalg.norm(gradient)
        if step * norm < before:
            step, before = 0.95 * step, step * norm
        else:
            step *= 0.5
        if norm <= 1e-8 or step <= 1e-8:
            break
    return middle


def tangent_space(c, reference):
    inverse = function(reference, lambda v: 1 / np.sqrt(v))
    logs = function(inverse @ c @ inverse, np.log)
    rows, columns = np.triu_indices(c.shape[-1])
    return logs[:, rows, columns] * np.where(rows == columns, 1, np.sqrt(2))


part, size = sys.argv[1], int(sys.argv[2])
if part == "overlapping":
    x = recording()
    work, step = (lambda: covariances(windows_of(x))) if sys.argv[3] == "windows" else (lambda: covariances_by_halves(x)), 997
elif part == "covariance":
    x = signals()
    work, step = lambda: covariances(x), 997
else:
    c = covariances(signals()[:, :size])
    reference = mean(c)
    work, step = (lambda: mean(c), 1) if part == "mean" else (lambda: tangent_space(c, reference), 97)
for line in sys.stdin:
    if line.strip() == "end":
        break
    if line.strip() == "values":
        print(json.dumps(work().ravel()[::step].tolist()), flush=True)
        continue
    begin = time.perf_counter()
    work()
    print(time.perf_counter() - begin, flush=True)
