# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""EDF files for benchmarks, written with nothing but the standard library."""
import array
import os
import random


def header(channels, seconds, rate):
    def field(value, width):
        return str(value).ljust(width).encode()

    text = field(0, 8) + field("X X X X", 80) + field("Startdate X X X X", 80) + field("01.01.85", 8)
    text += field("00.00.00", 8) + field(256 * (channels + 1), 8) + field("", 44) + field(seconds, 8) + field(1, 8)
    text += field(channels, 4)
    columns = [(16, lambda i: f"EEG {i + 1}"), (80, ""), (8, "uV"), (8, -3276.8), (8, 3276.7), (8, -32768), (8, 32767),
               (80, ""), (8, rate), (32, "")]
    for width, value in columns:
        for i in range(channels):
            text += field(value(i) if callable(value) else value, width)
    return text


def write(path, channels, seconds, rate):
    """A file of noise; kept when it is there."""
    size = 256 * (channels + 1) + channels * seconds * rate * 2
    if path.exists() and path.stat().st_size == size:
        return
    generator = random.Random(1)
    pool = array.array("h", (int(generator.gauss(0, 300)) for _ in range(rate * 97)))
    with open(path, "wb") as file:
        file.write(header(channels, seconds, rate))
        for record in range(seconds * channels):
            first = record * 7919 % (len(pool) - rate)
            file.write(pool[first : first + rate].tobytes())


def write_sparse(path, channels, rate, size):
    """A file that says it is large and takes no room: all samples are zero."""
    seconds = size // (channels * rate * 2)
    with open(path, "wb") as file:
        file.write(header(channels, seconds, rate))
        os.truncate(path, 256 * (channels + 1) + channels * rate * 2 * seconds)
