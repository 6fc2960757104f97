# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""MNE-Python reads an EDF file as a user would."""
import json
import sys
import time

import mne

mne.set_log_level("ERROR")


def read():
    return mne.io.read_raw_edf(sys.argv[1], preload=True).get_data()


for line in sys.stdin:
    if line.strip() == "end":
        break
    if line.strip() == "values":
        data = read()
        print(json.dumps([float(v) for c in range(len(data)) for v in data[c, c::4999]]), flush=True)
        continue
    begin = time.perf_counter()
    read()
    print(time.perf_counter() - begin, flush=True)
