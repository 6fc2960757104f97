# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""W15: the folds of one network side by side on two threads, against the same on one; the same bytes."""
import json
import pathlib
import subprocess
import sys

TITLE = "W15 scaling: RBTransformer, eight folds on 2 threads beside 1 thread"
NEEDS = {}
TOLERANCE = 0.0
LIMITS = {"ratio": 1.7}

RECIPE = """
[study]
name = "w15"
dataset = "emotion-null"
subjects = 8
[[pipeline]]
name = "rbtransformer"
input = "given"
decoder = { name = "rbtransformer", preset = "rbtransformer-small", epochs = 6 }
[evaluate]
plans = ["cross-subject"]
twins = false
explain = false
final = false
"""


def prepare(folder):
    recipe = pathlib.Path(folder) / "w15.toml"
    recipe.write_text(RECIPE)
    return {"recipe": str(recipe), "folder": str(folder)}


def side(inputs, build, threads):
    run = str(pathlib.Path(inputs["folder"]) / f"run-{threads}")
    command = [str(pathlib.Path(build) / "caton"), "run", inputs["recipe"], "-q", "--force", "--no-cache", "-o", run, "--threads", str(threads)]
    show = [sys.executable, __file__, json.dumps(command), run]
    return {"command": command, "values": show}


def ours(inputs, build):
    return side(inputs, build, 2)


def peer(inputs, python):
    build = pathlib.Path(__file__).resolve().parents[2] / "build"
    return side(inputs, build, 1)


if __name__ == "__main__":
    subprocess.run(json.loads(sys.argv[1]), check=True, stdout=subprocess.DEVNULL)
    rows = (pathlib.Path(sys.argv[2]) / "predictions.csv").read_text().splitlines()[1:]
    print(json.dumps([float(row.split(",")[-1]) for row in rows]))
