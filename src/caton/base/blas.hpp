// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/base/json.hpp"

#include <string>

namespace caton {

/// The matrix library that libtorch will use, as found on this machine.
struct BlasState {
  std::string library;  ///< "OpenBLAS", "MKL", "BLIS", "ATLAS", "reference", "unknown" or "none"
  std::string path;     ///< the file behind libblas.so.3
  std::string version;  ///< as the library says it; empty where it does not
  std::string kernel;   ///< processor family it chose its kernels for ("SkylakeX"); empty where it does not say
  int threads = 0;      ///< inside one call; 0: not told
  Findings findings;    ///< "machine/blas-reference" when it is the slow reference one

  [[nodiscard]] Json json() const;
};

/// The one place where BLAS and the threads of libraries are set: one thread inside every library call, since caton
/// spreads work over folds, channels and windows itself, and results must not depend on how many threads there are.
/// $CATON_BLAS_KERNEL pins OpenBLAS to a family of kernels (its choice by processor changes last digits). The first
/// call sets this up and opens libblas.so.3; it must come before libtorch is opened. Later calls give the same answer.
const BlasState& prepare_blas();

/// What is to be told of a library found under this name and path (for tests and `prepare_blas`).
[[nodiscard]] Findings blas_findings(const std::string& library, const std::string& path);

}  // namespace caton
