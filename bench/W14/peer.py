# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""What a user types to see what is in a file."""
import json
import sys

import mne

mne.set_log_level("ERROR")
raw = mne.io.read_raw_edf(sys.argv[1], preload=False)
print(json.dumps([len(raw.ch_names), raw.n_times / raw.info["sfreq"]]))
