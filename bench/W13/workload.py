# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import edf_file  # noqa: E402

TITLE = "memory: caton info on a sparse EDF of 10 GB"
NEEDS = {"mne": "python3-mne"}
TOLERANCE = 1e-12
LIMITS = {"megabytes": 50}


def prepare(folder):
    path = folder / "ten-gigabytes.edf"
    edf_file.write_sparse(path, 64, 512, 10 << 30)
    return {"file": str(path)}


def ours(inputs, build):
    return {"command": [str(build / "caton"), "info", inputs["file"]]}
