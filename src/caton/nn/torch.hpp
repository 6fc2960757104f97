// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

/// The whole of libtorch that caton uses: tensors, automatic differentiation, the allocator's door. Precompiled;
/// included in `nn/` and `models/` only, never in a header that other rooms see.
#include <ATen/ATen.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
