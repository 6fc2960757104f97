// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/samples/fit_context.hpp"
#include "caton/samples/sample_set.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caton {

/// One fit and its predictions: which samples were on which side. Ids are those of `Origins::id`.
struct FoldTask {
  std::string pipeline, plan;
  std::int64_t fold = 0;
  std::vector<std::int64_t> train, test;  ///< positions in the sample set, ascending
};

/// What a finished fold leaves in its folder.
struct FoldResult {
  Prediction prediction;  ///< of the test samples, in their order
  FitRecord record;
};

/// The folders `folds/<pipeline>/<plan>/<n>/`: a fold counts as finished only when all its files are complete and were
/// computed under the same key (RELIABILITY R18, R41).
class FoldStore {
 public:
  explicit FoldStore(Path run) : run_(std::move(run)) {}
  [[nodiscard]] Path folder(const FoldTask& task) const;
  /// Where training keeps its state until the fold is finished.
  [[nodiscard]] Path state_folder(const FoldTask& task) const;
  [[nodiscard]] bool finished(const FoldTask& task, const std::string& key) const;
  void write(const FoldTask& task, const std::string& key, const FoldResult& result, const Safetensors& model,
             const std::optional<Safetensors>& explanation) const;
  [[nodiscard]] FoldResult read(const FoldTask& task, std::int64_t classes) const;
  [[nodiscard]] std::optional<Safetensors> explanation(const FoldTask& task) const;

 private:
  Path run_;
};

/// Explanations as one safetensors file and back.
[[nodiscard]] Safetensors explanations_file(const std::vector<Explanation>& explanations);
[[nodiscard]] std::vector<Explanation> explanations_of(const Safetensors& file);

}  // namespace caton
