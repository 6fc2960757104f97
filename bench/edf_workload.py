# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""What the workloads on one large EDF recording share: 64 channels x 600 s x 512 Hz."""
import pathlib

import edf_file

HERE = pathlib.Path(__file__).resolve().parent


def prepare(folder):
    path = folder / "64x600x512.edf"
    edf_file.write(path, 64, 600, 512)
    return {"file": str(path)}


def sides(program, mode, peer):
    """The two services: one of caton's bench programs in a mode, and WORKLOAD/peer.py."""

    def ours(inputs, build):
        return {"service": [str(build / program), inputs["file"], mode]}

    def theirs(inputs, python):
        return {"service": [python, str(HERE / peer / "peer.py"), inputs["file"]]}

    return ours, theirs
