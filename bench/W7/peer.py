# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""scikit-learn's FastICA from the same start, with the same stop."""
import json
import sys
import time
import warnings

import numpy as np
from sklearn.decomposition import FastICA

warnings.filterwarnings("ignore")
signal = np.fromfile(sys.argv[1], "<f8").reshape(64, -1)
start = np.fromfile(sys.argv[2], "<f8").reshape(20, 20)


def fit():
    ica = FastICA(20, whiten="unit-variance", whiten_solver="svd", w_init=start, max_iter=20, tol=1e-12)
    ica.fit_transform(signal.T)
    return ica.mixing_


for line in sys.stdin:
    if line.strip() == "end":
        break
    if line.strip() == "values":
        print(json.dumps([float(v) for v in fit().ravel()]), flush=True)
        continue
    begin = time.perf_counter()
    fit()
    print(time.perf_counter() - begin, flush=True)
