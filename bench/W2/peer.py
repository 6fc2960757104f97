# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""MNE-Python prepares a recording as a user would: band-pass, notch, resampling, average reference."""
import json
import sys
import time

import mne

mne.set_log_level("ERROR")
recording = mne.io.read_raw_edf(sys.argv[1], preload=True)


def prepare():
    raw = recording.copy()
    begin = time.perf_counter()
    raw.filter(1, 40)
    raw.notch_filter(50)
    raw.resample(200)
    raw.set_eeg_reference("average")
    return raw.get_data(), time.perf_counter() - begin


for line in sys.stdin:
    if line.strip() == "end":
        break
    data, seconds = prepare()
    if line.strip() == "values":
        some = []
        for c, row in enumerate(data):
            some += [row[0], row[1], row[777], row[-1], *row[c::997]]
        print(json.dumps([float(v) for v in some]), flush=True)
        continue
    print(seconds, flush=True)
