# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""dDTF over windows with surrogates, and wPLI over epochs, transcribed to NumPy: peer.py ddtf|wpli FILE plain|tuned."""
import json
import os
import pathlib
import sys
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
import numpy as np  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from made_numbers import uniform  # noqa: E402

BANDS = [(1, 4), (4, 8), (8, 12), (12, 20), (20, 30)]
RATE_HZ, ORDER, BINS, SURROGATES = 128.0, 6, 128, 200
PART, FILE, TUNED = sys.argv[1], sys.argv[2], sys.argv[3] == "tuned"
FREQS = np.arange(BINS) * RATE_HZ / (2 * BINS - 1)
TURN = np.exp(-2j * np.pi * np.arange(BINS)[:, None] * np.arange(1, ORDER + 1) / (2 * BINS - 1))
IN_BANDS = [np.flatnonzero((FREQS >= low) & (FREQS <= high)) for low, high in BANDS]
USED = np.arange(IN_BANDS[-1][-1] + 1) if TUNED else np.arange(BINS)


def stable_by_eigenvalues(coefficients):
    channels, size = coefficients.shape
    companion = np.eye(size, k=-channels)
    companion[:channels] = coefficients
    return np.abs(np.linalg.eigvals(companion)).max() < 1


def innovations(coefficients, state):
    """Of a state (newest sample first) that began from rest."""
    channels = coefficients.shape[0]
    e = state.copy()
    for k in range(1, ORDER):
        e[:-k] -= state[k:] @ coefficients[:, (k - 1) * channels:k * channels].T
    return e


def surely_stable(coefficients, window, residual_products):
    """See surely_stable in window_model.hpp."""
    channels = coefficients.shape[0]
    state, factor = window[:, :-ORDER - 1:-1].T.copy(), np.linalg.cholesky(residual_products)
    done = 0
    for run in (0, 8, 16, 32, 64, 128, 256, 512, 1024):
        for _ in range(run - done):
            state = np.vstack([coefficients @ state.ravel(), state[:-1]])
        done = run
        total, later = 0.0, state
        for _ in range(ORDER):
            total += (np.linalg.solve(factor, innovations(coefficients, later).T) ** 2).sum()
            if total >= 0.5:
                break
            later = np.vstack([coefficients @ later.ravel(), later[:-1]])
        if total < 0.5:
            return True
    return stable_by_eigenvalues(coefficients)


def window_ddtf(window):
    """Bands x to x from; nothing when the model is not stable."""
    channels, length = window.shape
    w = (window - window.mean(1, keepdims=True)) / window.std(1, keepdims=True)
    past = np.concatenate([w[:, ORDER - k:length - k] for k in range(1, ORDER + 1)])
    now = w[:, ORDER:]
    coefficients = np.linalg.solve(past @ past.T, past @ now.T).T
    left = now - coefficients @ past
    if not (surely_stable(coefficients, w, left @ left.T) if TUNED else stable_by_eigenvalues(coefficients)):
        return None
    a = coefficients.reshape(channels, ORDER, channels).transpose(1, 0, 2)
    spectrum = np.eye(channels) - np.tensordot(TURN, a, 1)
    transfer = np.abs(np.linalg.inv(spectrum))
    rows = np.sqrt((transfer**2).sum((0, 2)))
    spectrum = spectrum[USED]
    g = np.conj(spectrum.transpose(0, 2, 1)) @ (np.linalg.inv(np.cov(left)) @ spectrum)
    d = np.sqrt(np.einsum("fii->fi", g).real)
    ddtf = np.abs(g) / (d[:, :, None] * d[:, None, :]) * transfer[USED] * (BINS / rows)[None, :, None]
    return np.array([ddtf[bins].mean(0) for bins in IN_BANDS])


def mean_ddtf(x):
    length, step = int(16 * RATE_HZ), int(8 * RATE_HZ)
    windows = [window_ddtf(x[:, begin:begin + length]) for begin in range(0, x.shape[1] - length + 1, step)]
    return np.mean([window for window in windows if window is not None], 0)


def tested_ddtf(x):
    channels, samples = x.shape
    mean = mean_ddtf(x)
    reached = np.zeros(mean.shape)
    for s in range(SURROGATES):
        shift = (uniform(s * channels + np.arange(channels, dtype=np.uint64)) * samples).astype(int)
        surrogate = np.stack([np.roll(row, by) for row, by in zip(x, shift)])
        reached += mean_ddtf(surrogate) >= mean
    return np.stack([mean, (1 + reached) / (1 + SURROGATES)])


def wpli(epochs):
    samples = epochs.shape[2]
    spectra = np.fft.rfft((epochs - epochs.mean(2, keepdims=True)) * np.hanning(samples))
    freqs = np.fft.rfftfreq(samples, 1 / 256)
    bands = []
    for low, high in BANDS:
        values = []
        for k in np.flatnonzero((freqs >= low) & (freqs <= high)):
            re, im = spectra[:, :, k].real, spectra[:, :, k].imag
            cross = im[:, :, None] * re[:, None, :] - re[:, :, None] * im[:, None, :]
            below = np.abs(cross).sum(0)
            values.append(np.divide(np.abs(cross.sum(0)), below, out=np.zeros_like(below), where=below > 0))
        bands.append(np.mean(values, 0))
    return np.stack(bands, 2)


if PART == "ddtf":
    data, work = np.fromfile(FILE, "<f8").reshape(32, -1), tested_ddtf
else:
    data, work = np.fromfile(FILE, "<f8").reshape(100, 64, -1), wpli
for line in sys.stdin:
    if line.strip() == "end":
        break
    if line.strip() == "values":
        print(json.dumps([float(value) for value in work(data).ravel()]), flush=True)
        continue
    begin = time.perf_counter()
    work(data)
    print(time.perf_counter() - begin, flush=True)
