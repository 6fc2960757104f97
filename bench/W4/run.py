#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""Workload W4: RBTransformer (published widths), one thread: training step at batch 256, inference at 1 and 256.

run.py BENCH_PROGRAM [--rounds N]   e.g. run.py build/bench_rbtransformer
Values first (logits, loss and all gradients without dropout agree), then interleaved rounds of caton and the authors'
network in PyTorch; prints medians, the median of the pairwise ratios with its range, and peak memory.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

try:
    import numpy as np
    from peer import RBTransformer, read_safetensors, write_safetensors
    import torch
except ImportError as missing:
    sys.exit(f"W4: {missing}; install python3-torch and python3-numpy")

CONFIG = {"bde_dim": 4, "embed_dim": 128, "depth": 4, "heads": 6, "head_dim": 32, "mlp_hidden_dim": 128, "dropout": 0.1,
          "num_classes": 2}
# Figures of the peer on the reference machine (ms): a peer much slower than these would prove nothing.
WORK = [("training step, batch 256", "step", 7), ("inference, batch 256", "infer 256", 9), ("inference, batch 1", "infer 1", 301)]


def write_case(path, electrodes, batch=256):
    torch.manual_seed(7)
    config = {"num_electrodes": electrodes, **CONFIG}
    tensors = {"param." + n: p.detach().numpy() for n, p in RBTransformer(config).named_parameters()}
    rng = np.random.default_rng(7)
    tensors["in.x"] = rng.standard_normal((batch, electrodes, 4)).astype(np.float32)
    tensors["in.y"] = rng.integers(0, 2, batch)
    write_safetensors(path, tensors, {"format": "caton-golden-1", "config": json.dumps(config)})


class Side:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
                                        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
        if self.process.stdout.readline().strip() != "ready":
            sys.exit(f"W4: {command[0]} did not start")

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def peak_mib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def compare_values(folder, ours, peer):
    for side, name in ((ours, "ours"), (peer, "peer")):
        side.ask(f"values {folder}/{name}.safetensors")
    mine = read_safetensors(f"{folder}/ours.safetensors")[1]
    theirs = read_safetensors(f"{folder}/peer.safetensors")[1]
    if mine.keys() != theirs.keys():
        sys.exit("W4: the two sides give other tensors")
    worst = 0.0
    for name, value in theirs.items():
        allowed = 1e-5 + 2e-4 * np.abs(value).max()
        worst = max(worst, float(np.abs(mine[name].reshape(value.shape) - value).max() / allowed))
    if worst > 1:
        sys.exit(f"W4: values differ ({worst:.2f} of the tolerance)")
    return worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each measurement (default: its own)")
    parser.add_argument("--electrodes", type=int, nargs="*", default=[14, 32])
    given = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    with tempfile.TemporaryDirectory() as folder:
        for electrodes in given.electrodes:
            case = f"{folder}/case-{electrodes}.safetensors"
            write_case(case, electrodes)
            ours, peer = Side([given.program, case]), Side([sys.executable, os.path.join(here, "peer.py"), case])
            worst = compare_values(folder, ours, peer)
            print(json.dumps({"electrodes": electrodes, "values": "agree", "worst_share_of_tolerance": round(worst, 3)}))
            for what, command, rounds in WORK:
                rounds = given.rounds or rounds
                pairs = [(float(ours.ask(command)), float(peer.ask(command))) for _ in range(rounds + 2)][2:]
                ratios = sorted(theirs / mine for mine, theirs in pairs)
                print(json.dumps({"electrodes": electrodes, "work": what, "rounds": rounds,
                                  "caton_ms": round(statistics.median(p[0] for p in pairs), 4),
                                  "peer_ms": round(statistics.median(p[1] for p in pairs), 4),
                                  "ratio": round(statistics.median(ratios), 3),
                                  "ratio_range": [round(ratios[0], 3), round(ratios[-1], 3)]}), flush=True)
            print(json.dumps({"electrodes": electrodes, "caton_peak_mib": ours.peak_mib(), "peer_peak_mib": peer.peak_mib()}))
            ours.close()
            peer.close()


if __name__ == "__main__":
    main()
