#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""Workload W8: dDTF over windows, 32 channels: caton and a batched NumPy transcription, one thread each.

run.py BENCH_PROGRAM [--rounds N] [--order P]   e.g. run.py build/bench_ddtf
Values first (means over windows agree to 1e-8), then interleaved rounds; prints medians and the median of the pairwise
ratios. The peer leaves out the eigenvalues of the stability check unless --radius is given; caton always has them.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", CATON_THREADS="1")
import numpy as np  # noqa: E402

RATE_HZ, WINDOW_S, BINS = 128.0, 16.0, 128
BANDS = [(1, 4), (4, 8), (8, 12), (12, 20), (20, 30)]


def write_signal(path, x):
    header = json.dumps({"x": {"dtype": "F64", "shape": list(x.shape), "data_offsets": [0, x.nbytes]}}).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as file:
        file.write(len(header).to_bytes(8, "little") + header + x.tobytes())


def made_signal(channels, seconds, rng):
    """Sums of a slow and an alpha-like process that leak into the neighbours: conditioned as EEG is."""
    samples = int(seconds * RATE_HZ)
    noise, x = rng.standard_normal((channels, samples + 300)), np.zeros((channels, samples + 300))
    for n in range(2, samples + 300):
        x[:, n] = 1.45 * x[:, n - 1] - 0.62 * x[:, n - 2] + 0.1 * np.roll(x[:, n - 1], 1) + noise[:, n]
    return x[:, 300:]


def peer(x, order, with_radius):
    channels, length = x.shape[0], int(WINDOW_S * RATE_HZ)
    freqs = np.arange(BINS) * RATE_HZ / (2 * BINS - 1)
    turn = np.exp(-2j * np.pi * np.arange(BINS)[:, None] * np.arange(1, order + 1) / (2 * BINS - 1))
    sums, stable = 0, 0
    for begin in range(0, x.shape[1] - length + 1, length):
        w = x[:, begin:begin + length]
        w = (w - w.mean(1, keepdims=True)) / w.std(1, keepdims=True)
        past = np.concatenate([w[:, order - k:length - k] for k in range(1, order + 1)])
        now = w[:, order:]
        coefficients = np.linalg.solve(past @ past.T, past @ now.T).T
        noise = np.cov(now - coefficients @ past)
        a = coefficients.reshape(channels, order, channels).transpose(1, 0, 2)
        if with_radius:
            companion = np.eye(channels * order, k=-channels)
            companion[:channels] = coefficients
            if np.abs(np.linalg.eigvals(companion)).max() >= 1:
                continue
        spectrum = np.eye(channels) - np.tensordot(turn, a, 1)
        transfer = np.abs(np.linalg.inv(spectrum))
        g = np.conj(spectrum.transpose(0, 2, 1)) @ np.linalg.inv(noise) @ spectrum
        d = np.sqrt(np.einsum("fii->fi", g).real)
        partial = np.abs(g) / (d[:, :, None] * d[:, None, :])
        ddtf = partial * transfer * BINS / np.sqrt((transfer ** 2).sum((0, 2)))[None, :, None]
        sums, stable = sums + np.array([ddtf[(freqs >= lo) & (freqs <= hi)].mean(0) for lo, hi in BANDS]), stable + 1
    return sums / stable


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--order", type=int, default=6)
    parser.add_argument("--radius", action="store_true")
    args = parser.parse_args()
    x = made_signal(32, 10 * WINDOW_S, np.random.default_rng(8))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.safetensors")
        write_signal(path, x)
        ours = subprocess.Popen([args.program, path, str(RATE_HZ), str(args.order), str(WINDOW_S)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def ask(word):
            ours.stdin.write(word + "\n")
            ours.stdin.flush()
            return json.loads(ours.stdout.readline())

        worst = np.abs(np.array(ask("values")) - peer(x, args.order, True).ravel()).max()
        print(f"values: largest difference {worst:.2e}")
        if worst > 1e-8:
            sys.exit("the values differ")
        times, theirs = [], []
        for _ in range(args.rounds):
            times.append(ask("run"))
            begin = time.perf_counter()
            peer(x, args.order, args.radius)
            theirs.append(time.perf_counter() - begin)
        ours.stdin.write("end\n")
        ours.stdin.flush()
    ratios = sorted(b / a for a, b in zip(times, theirs))
    print(f"10 windows of 32 channels, order {args.order}: caton {1e3 * statistics.median(times):.1f} ms, NumPy "
          f"{1e3 * statistics.median(theirs):.1f} ms, ratio {statistics.median(ratios):.1f} "
          f"({ratios[0]:.1f} to {ratios[-1]:.1f})")


main()
