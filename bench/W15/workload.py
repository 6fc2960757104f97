# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""W15: the folds of a study side by side on two threads or two MPI ranks, against one; the same bytes."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

TITLE = "scaling: a whole `caton run` on 2 threads or 2 ranks beside the same on 1 thread"
NEEDS = {}
TOLERANCE = 0.0
LIMITS = {"ratio": 1.8}
RANKS = ["env", "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "mpirun", "--oversubscribe", "-np", "2"]
PARTS = {
    "RBTransformer, eight folds, 2 threads": {"recipe": "network", "threads": 2, "limits": LIMITS},
    "RBTransformer, eight folds, 2 ranks of 1 thread": {"recipe": "network", "threads": 1, "limits": LIMITS, "before": RANKS},
    "W10's study, three decoders under three plans, 2 threads": {"recipe": "classical", "threads": 2, "limits": LIMITS},
}

NETWORK = """
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

CLASSICAL = """
[study]
name = "w15-classical"
dataset = "muse-mental-state"
gaps = "ignore"
[[pipeline]]
name = "shrinkage LDA"
input = { name = "differential-entropy", length_s = 1.0 }
decoder = "shrinkage-lda"
[[pipeline]]
name = "SVM, RBF"
input = { name = "differential-entropy", length_s = 1.0 }
steps = ["standardise"]
decoder = { name = "svc", kernel = "rbf" }
[[pipeline]]
name = "random forest"
input = { name = "differential-entropy", length_s = 1.0 }
decoder = { name = "random-forest", trees = 50 }
[evaluate]
plans = [{ name = "k-fold", folds = 10, deal = "in-turn" }, { name = "cross-session", pooled = true }, "cross-subject"]
permutations = 0
explain = false
final = false
"""


def prepare(folder):
    for name, text in (("network", NETWORK), ("classical", CLASSICAL)):
        (pathlib.Path(folder) / f"{name}.toml").write_text(text)
    here = pathlib.Path(__file__).resolve().parents[2]
    shared = pathlib.Path(os.environ.get("CATON_SHARED", here.parent / "shared"))
    study = shared / "data/tasks/muse-mental-state"
    if not study.is_dir():
        sys.exit("W15 needs the Muse study; set CATON_SHARED to the reference folder")
    return {"folder": str(folder), "study": str(study)}


def side(inputs, build, name, threads, before):
    folder = pathlib.Path(inputs["folder"])
    run = str(folder / f"{inputs['recipe']}-{name}")
    data = ["--data", inputs["study"]] if inputs["recipe"] == "classical" else []
    command = [*before, str(pathlib.Path(build).resolve() / "caton"), "run", str(folder / f"{inputs['recipe']}.toml"), *data,
               "-q", "--force", "--no-cache", "-o", run, "--threads", str(threads)]
    show = [sys.executable, __file__, json.dumps(command), run]
    return {"command": command, "values": show}


def ours(inputs, build):
    before = inputs.get("before", [])
    if before and shutil.which("mpirun") is None:
        sys.exit("W15 needs mpirun: install openmpi-bin")
    inputs["build"] = build
    return side(inputs, build, "two", inputs["threads"], before)


def peer(inputs, python):
    return side(inputs, inputs["build"], "one", 1, [])


if __name__ == "__main__":
    subprocess.run(json.loads(sys.argv[1]), check=True, stdout=subprocess.DEVNULL)
    rows = (pathlib.Path(sys.argv[2]) / "predictions.csv").read_text().splitlines()[1:]
    print(json.dumps([float(row.split(",")[-1]) for row in rows]))
