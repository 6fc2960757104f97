# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""The Muse study as a script of today: files -> differential entropy -> shrinkage LDA -> leave one subject out.

Prints one JSON line with the predictions' accuracy by subject, so that values can be compared before any clock is read.
"""
import glob
import json
import os
import re
import sys

import mne.filter  # noqa: F401  (what a user's script imports)
import numpy as np
from scipy.signal import butter, sosfiltfilt
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

BANDS = [(1, 4), (4, 8), (8, 14), (14, 31), (31, 49)]
RATE, LENGTH, STEP = 256, 512, 256


def stretches(stamps):
    """Rows [begin, end) without a jump in time of more than 1.5 s."""
    cuts = np.flatnonzero(np.diff(stamps) > 1.5) + 1
    return list(zip(np.r_[0, cuts], np.r_[cuts, len(stamps)]))


def main(folder):
    sos = [butter(4, band, "band", fs=RATE, output="sos") for band in BANDS]
    x, y, who = [], [], []
    for name in sorted(glob.glob(os.path.join(folder, "subject*.csv"))):
        subject, state, _ = re.match(r"subject(\w)-(\w+)-(\d)", os.path.basename(name)).groups()
        table = np.loadtxt(name, delimiter=",", skiprows=1, usecols=range(5))
        for begin, end in stretches(table[:, 0]):
            signal = table[begin:end, 1:5].T * 1e-6
            if signal.shape[1] < LENGTH:
                continue
            bands = [sosfiltfilt(s, signal) for s in sos]
            for first in range(0, signal.shape[1] - LENGTH + 1, STEP):
                variance = np.stack([b[:, first : first + LENGTH].var(axis=1) for b in bands], axis=1)
                x.append((0.5 * np.log(2 * np.pi * np.e * variance)).astype(np.float32).ravel())
                y.append(state)
                who.append(subject)
    x, y, who = np.array(x), np.array(y), np.array(who)
    right = np.zeros(len(y), bool)
    for subject in np.unique(who):
        train, test = who != subject, who == subject
        lda = make_pipeline(StandardScaler(), LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"))
        right[test] = lda.fit(x[train], y[train]).predict(x[test]) == y[test]
    units = [right[who == s] for s in np.unique(who)]
    generator = np.random.default_rng(1)
    draws = [np.concatenate([units[i] for i in generator.integers(0, len(units), len(units))]).mean() for _ in range(2000)]
    accuracy = {str(s): float(right[who == s].mean()) for s in np.unique(who)}
    if "--values" in sys.argv:
        print(json.dumps([float(len(y)), float(right.mean()), *accuracy.values()]))
    else:
        interval = [float(v) for v in np.quantile(draws, [0.025, 0.975])]
        print(json.dumps({"windows": len(y), "accuracy": float(right.mean()), "subjects": accuracy, "interval": interval}))


if __name__ == "__main__":
    main(sys.argv[1])
