# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
TITLE = ("online: blocks of 10 ms, 64 channels at 512 Hz, through band-pass, notch, resampling, reference, differential"
         " entropy and decoder; time is the 99.9 % latency of 20 000 blocks")
NEEDS = {}
TOLERANCE = 0
LIMITS = {"seconds": 5e-4}


def prepare(folder):
    return {}


def ours(inputs, build):
    return {"service": [str(build / "bench_stream")]}
