// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/base/registry.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/samples/fit_context.hpp"
#include "caton/samples/sample_set.hpp"

#include <memory>
#include <string>
#include <vector>

namespace caton {

/// Class probabilities, one row a sample, rows sum to 1; `label` is the row's largest (lowest class on ties).
struct Prediction {
  Array<double, 2> probability;  ///< samples x classes
  std::vector<std::int64_t> label;
};
[[nodiscard]] Prediction prediction_of(Array<double, 2> probability);

/// Why a decoder decides as it does: numbers over named axes.
struct Explanation {
  std::string name;                             ///< "attention", "weights"
  std::vector<std::string> axes;                ///< "head", "electrode", "electrode"
  std::vector<std::vector<std::string>> ticks;  ///< names along each axis
  Tensor values;                                ///< float64
  std::string unit;                             ///< "share", "bit", "1"
  bool per_class = false;                       ///< then the first axis is "class"
};

/// Learns in `fit`, from `training` alone; a second `fit` forgets the first.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual void fit(const SampleSet& training, FitContext& context) = 0;
  /// Refuses (kind `usage`) before `fit`, and samples whose channels, features or shape differ from training.
  [[nodiscard]] virtual Prediction predict(const SampleSet& samples) const = 0;
  /// Nothing where there is nothing to tell.
  [[nodiscard]] virtual std::vector<Explanation> explain(const SampleSet& /*samples*/) const { return {}; }
  /// Whether `predict` also computes statistics from the samples it is given (declared, so that the audit can say so).
  [[nodiscard]] virtual bool transductive() const { return false; }
  /// What was learned, for a run folder; `restore` of the same gives the same predictions bit for bit.
  [[nodiscard]] virtual Safetensors save() const = 0;
  virtual void restore(const Safetensors& state) = 0;
};

/// What the main block of the samples must be: numbers of any shape, epochs (channels x samples), or matrices (channels
/// x channels, symmetric).
enum class SampleForm { any, epochs, matrices };

/// A decoder that recipes can name. `make` gets all keys, complete.
struct DecoderEntry {
  std::string name;  ///< "rbtransformer", "shrinkage-lda", "logistic-regression", "nearest-neighbours"
  std::vector<std::string> aliases = {};
  std::string about;
  std::string paper = {};
  std::vector<RecipeKey> keys;
  /// Named sets of values ("rbtransformer-small"), used by `preset = "…"`.
  Presets presets = {};
  bool needs_networks = false;  ///< then `make` opens libcaton_nn
  SampleForm takes = SampleForm::any;
  bool learns = true;  ///< otherwise its answers do not depend on training (ssvep-cca)
  bool quick = true;   ///< a fit takes well under a second on a small study: chance may be refitted
  std::unique_ptr<Decoder> (*make)(const Json& options) = nullptr;
};

/// Makes the decoder a recipe names: a text, or a table with `name` and keys.
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(const Json& recipe);

/// Something that changes samples before the decoder: learns in `fit` from training alone.
class Transform {
 public:
  virtual ~Transform() = default;
  virtual void fit(const SampleSet& training, FitContext& context) = 0;
  [[nodiscard]] virtual SampleSet apply(const SampleSet& samples) const = 0;
  /// As `Decoder::transductive`.
  [[nodiscard]] virtual bool transductive() const { return false; }
  /// Resampling (SMOTE) acts on training only; others on both.
  [[nodiscard]] virtual SampleSet apply_to_training(const SampleSet& training) { return apply(training); }
  [[nodiscard]] virtual Safetensors save() const = 0;
  virtual void restore(const Safetensors& state) = 0;
};

struct TransformEntry {
  std::string name;  ///< "standardise", "smote", "adasyn", "select-by-f"
  std::vector<std::string> aliases = {};
  std::string about;
  std::vector<RecipeKey> keys;
  SampleForm takes = SampleForm::any;
  std::unique_ptr<Transform> (*make)(const Json& options) = nullptr;
};

/// The step a recipe names: a text, `{ name = {keys} }`, `{ name = value }` (the first key), or a table with `name`.
[[nodiscard]] std::unique_ptr<Transform> make_transform(const Json& step);

/// The same tables with `name` first and every key: what is written back resolved. A key that is no list may hold a
/// list of candidates, each of which must fit.
[[nodiscard]] Json complete_decoder(const Json& recipe);
[[nodiscard]] Json complete_transform(const Json& step);

/// Keys of such a table that hold a list of candidates where one value is meant, in the order of the entry's keys.
[[nodiscard]] std::vector<std::string> decoder_candidates(const Json& recipe);
[[nodiscard]] std::vector<std::string> transform_candidates(const Json& step);

/// A decoder made of transforms and a decoder; itself a decoder. `pipeline` has `decoder` and may have `steps`; where
/// their keys hold candidates it chooses among them while it is fitted (`decode/search.hpp`) and may have `search`. Its
/// other keys are not looked at.
[[nodiscard]] std::unique_ptr<Decoder> make_pipeline(const Json& pipeline);

/// A second registry for what only libcaton_nn can make, filled when it is opened; `name` as in `DecoderEntry`.
struct NetworkDecoderEntry {
  std::string name;
  std::unique_ptr<Decoder> (*make)(const Json& options) = nullptr;
};
/// Opens libcaton_nn (once). Kind `machine` when it or libtorch is missing, with what to install.
void open_networks();

}  // namespace caton
