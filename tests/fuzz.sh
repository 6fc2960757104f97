#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
# tests/fuzz.sh [SECONDS]: builds every fuzz target (clang++-14, folder build-fuzz) and runs each for SECONDS (10) on its
# corpus: the small damaged and good files of its kind, and what earlier runs found. Ends with 1 at the first crash,
# whose input is then build-fuzz/<target>-crash-*.
set -eu
seconds=${1:-10}
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-fuzz
reference=$root/tests/reference/data

cmake -S "$root" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="${CXX:-clang++-14}" -DCATON_FUZZ=ON -DCATON_NETWORKS=OFF \
  -DCATON_DEVELOPER=OFF "-DCATON_ROOMS=base;containers;sensors;recording" > "$build-configure.log" 2>&1 ||
  { cat "$build-configure.log"; exit 1; }
rm -f "$build-configure.log"
ninja -C "$build" $(cd "$build" && ninja -t targets all | sed -n 's/^\(fuzz-[^/]*\): .*/\1/p')

# Folders of the reference files that a target's kind goes by.
kinds() {
  case $1 in
    npy | npz) echo numpy ;;
    hdf5) echo none ;;
    muse-csv) echo muse ;;
    *) echo "$1" ;;
  esac
}

seed() {
  for kind in $(kinds "$1"); do
    for file in "$reference"/faults/"$kind"/* "$reference"/formats/"$kind"/* "$root"/tests/reference/fuzz/"$1"/*; do
      if [ -f "$file" ] && [ "$(wc -c < "$file")" -le 65536 ]; then
        cp "$file" "$build/corpus/$1/"
        chmod u+w "$build/corpus/$1/$(basename "$file")"
      fi
    done
  done
}

names=
for program in "$build"/fuzz-*; do
  [ -x "$program" ] && [ ! -d "$program" ] || continue
  name=$(basename "$program" | sed 's/^fuzz-//')
  mkdir -p "$build/corpus/$name"
  seed "$name"
  echo "$name: $seconds s, $(ls "$build/corpus/$name" | wc -l) files to start from"
  names="$names $name"
done

# As many at a time as there are processors; what one says is shown when it fails.
export build seconds
echo $names | tr ' ' '\n' | xargs -P "$(nproc)" -I '{}' sh -c '
  "$build/fuzz-{}" -max_total_time="$seconds" -rss_limit_mb=2048 -malloc_limit_mb=1024 -timeout=10 -verbosity=0 \
    -artifact_prefix="$build/{}-" "$build/corpus/{}" > "$build/{}.log" 2>&1 || { cat "$build/{}.log"; exit 255; }'
echo "no crash"
