#!/usr/bin/env bash
# Installs a build into a fresh folder and builds a stranger's ten lines against it.
set -euo pipefail
build=$1 scratch=$1/scratch/install
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$scratch"; mkdir -p "$scratch"
cmake --install "$build" --prefix "$scratch/prefix" >/dev/null
cmake -S "$here/install" -B "$scratch/stranger" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/prefix" >/dev/null
cmake --build "$scratch/stranger" >/dev/null
"$scratch/stranger/stranger"
"$scratch/prefix/bin/caton" --version | grep -q "not a medical device"
