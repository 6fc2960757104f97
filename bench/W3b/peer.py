# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""SciPy's Welch spectra of a recording."""
import json
import sys
import time

import mne
import numpy as np
from scipy import signal

mne.set_log_level("ERROR")
recording = mne.io.read_raw_edf(sys.argv[1], preload=True)
data, rate = recording.get_data(), recording.info["sfreq"]
WINDOW = signal.get_window("hann", 1024)

for line in sys.stdin:
    if line.strip() == "end":
        break
    begin = time.perf_counter()
    _, psd = signal.welch(data, rate, window=WINDOW, nperseg=1024, noverlap=512, detrend="constant")
    seconds = time.perf_counter() - begin
    if line.strip() == "values":
        print(json.dumps(np.ravel(psd).tolist()), flush=True)
        continue
    print(seconds, flush=True)
