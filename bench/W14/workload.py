# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import edf_file  # noqa: E402

TITLE = "start: what is in one minute of EEG (64 channels, 512 Hz); peer: import mne and read the header"
NEEDS = {"mne": "python3-mne"}
TOLERANCE = 1e-12
LIMITS = {"seconds": 0.015}
COUNT = "import json,sys; a = json.load(sys.stdin); print([len(a['channels']), a['duration_s']])"


def prepare(folder):
    path = folder / "minute.edf"
    edf_file.write(path, 64, 60, 512)
    return {"file": str(path)}


def ours(inputs, build):
    command = [str(build / "caton"), "info", inputs["file"]]
    values = f'"{command[0]}" info --json "{inputs["file"]}" | python3 -c "{COUNT}"'
    return {"command": command, "values": ["sh", "-c", values]}


def peer(inputs, python):
    command = [python, str(pathlib.Path(__file__).with_name("peer.py")), inputs["file"]]
    return {"command": command, "values": command}
