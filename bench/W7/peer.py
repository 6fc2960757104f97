# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""peer.py fastica SIGNAL START: scikit-learn's FastICA from the same start, with the same stop.
peer.py infomax SIGNAL MIXING: MNE's extended Infomax; its values are the Amari distance to the true mixing."""
import json
import os
import sys
import time
import warnings

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
import numpy as np  # noqa: E402

warnings.filterwarnings("ignore")
METHOD = sys.argv[1]
signal = np.fromfile(sys.argv[2], "<f8").reshape(64, -1)
other = np.fromfile(sys.argv[3], "<f8").reshape(20 if METHOD == "fastica" else 64, 20)


def fastica():
    from sklearn.decomposition import FastICA

    ica = FastICA(20, whiten="unit-variance", whiten_solver="svd", w_init=other, max_iter=20, tol=1e-12)
    ica.fit_transform(signal.T)
    return ica.mixing_


def infomax():
    from mne.preprocessing import infomax as fit_infomax

    centred = signal - signal.mean(1, keepdims=True)
    values, vectors = np.linalg.eigh(centred @ centred.T / centred.shape[1])
    whitening = (vectors[:, -20:] / np.sqrt(values[-20:])).T
    return fit_infomax((whitening @ centred).T, extended=True, random_state=1, verbose="ERROR") @ whitening


def amari(unmixing):
    p = np.abs(unmixing @ other)
    rows, columns = (p / p.max(1, keepdims=True)).sum(1) - 1, (p / p.max(0, keepdims=True)).sum(0) - 1
    return (rows.sum() + columns.sum()) / (2 * len(p) * (len(p) - 1))


fit = fastica if METHOD == "fastica" else infomax
fit_values = (lambda: fastica().ravel()) if METHOD == "fastica" else (lambda: [amari(infomax())])
for line in sys.stdin:
    if line.strip() == "end":
        break
    if line.strip() == "values":
        print(json.dumps([float(v) for v in fit_values()]), flush=True)
        continue
    begin = time.perf_counter()
    fit()
    print(time.perf_counter() - begin, flush=True)
