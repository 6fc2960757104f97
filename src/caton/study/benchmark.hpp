// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/table.hpp"
#include "caton/evaluate/benchmark_rows.hpp"

#include <string>
#include <vector>

namespace caton {

/// A recipe of a benchmark, where its recordings lie, and what its pipelines are held against.
struct BenchmarkTask {
  std::string name, recipe, data, reference;
  SessionScoreKind score = SessionScoreKind::accuracy;
};

/// The tasks of a table (TOML, [[task]]); errors name file and place.
[[nodiscard]] std::vector<BenchmarkTask> read_benchmark(const Path& file);

/// Runs every recipe (in `recipes`, recordings below `data`, run folders into `output`; what is there is taken) and
/// holds each pipeline against the reference under every plan; p values are adjusted over all of it.
[[nodiscard]] std::vector<BenchmarkRow> run_benchmark(const std::vector<BenchmarkTask>& tasks, const Path& recipes,
                                                      const Path& data, const Path& output, Progress& progress);

/// One row a pipeline, task and plan: all numbers.
[[nodiscard]] Table benchmark_table(const std::vector<BenchmarkRow>& rows);
/// The same to be read: one table for every task and plan, in Markdown.
[[nodiscard]] std::string benchmark_text(const std::vector<BenchmarkRow>& rows);

}  // namespace caton
