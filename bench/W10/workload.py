# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""W10: the whole small job on the Muse study, files to metrics with an interval; both sides as whole programs."""
import os
import pathlib
import sys

TITLE = "W10 whole small job: Muse study, differential entropy, shrinkage LDA, leave one subject out"
NEEDS = {"mne": "python3-mne", "sklearn": "python3-sklearn", "scipy": "python3-scipy"}
TOLERANCE = 0.005  # a window or two of a thousand at the border between classes
LIMITS = {"ratio": 20}


def prepare(folder):
    here = pathlib.Path(__file__).resolve().parents[2]
    shared = pathlib.Path(os.environ.get("CATON_SHARED", here.parent / "shared"))
    study = shared / "data/tasks/muse-mental-state"
    if not study.is_dir():
        sys.exit("W10 needs the Muse study; set CATON_SHARED to the reference folder")
    return {"study": str(study)}


def ours(inputs, build):
    command = [str(pathlib.Path(build) / "bench_muse"), inputs["study"]]
    return {"command": command, "values": command}


def peer(inputs, python):
    command = [python, str(pathlib.Path(__file__).with_name("peer.py")), inputs["study"]]
    return {"command": command, "values": command + ["--values"]}
