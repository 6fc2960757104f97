// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/samples/neighbours.hpp"

namespace caton {
namespace {

/// Remembers its training samples; a class's probability is its share among the nearest.
class NearestNeighbours final : public ClassicalDecoder {
 public:
  explicit NearestNeighbours(std::int64_t neighbours)
      : ClassicalDecoder("nearest-neighbours"), neighbours_(neighbours) {
    if (neighbours < 1) throw usage_error(name(), "neighbours must be at least 1");
  }

 private:
  void learn(const Training& training, FitContext& /*context*/) override {
    if (training.samples.size() < neighbours_) {
      throw usage_error(name(), std::to_string(neighbours_) + " neighbours, but only " +
                                    std::to_string(training.samples.size()) + " training samples");
    }
    rows_ = Array<float, 2>(training.samples.flat());
    y_ = training.y;
    doubled_ = as_double(rows_);
  }

  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const auto found = nearest_rows(doubled_, as_double(samples.flat()), neighbours_);
    Array<double, 2> share({samples.size(), present()}, 0.0);
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      for (std::int64_t k = 0; k < neighbours_; ++k) share(i, y_[static_cast<std::size_t>(found.row(i, k))]) += 1;
      for (std::int64_t c = 0; c < present(); ++c) share(i, c) /= static_cast<double>(neighbours_);
    }
    return share;
  }

  [[nodiscard]] Tensors learned() const override { return {{"rows", Tensor::of(rows_)}, {"y", Tensor::vector(y_)}}; }

  void relearn(const Safetensors& state) override {
    y_ = state.at("y", name()).integers("y");
    const auto count = static_cast<std::int64_t>(y_.size());
    rows_ = Array<float, 2>(expected(state, "rows", {count, layout().width()}).view<float, 2>("rows"));
    if (count < neighbours_) throw input_error(name(), "the saved state has too few training samples");
    for (const auto value : y_) {
      if (value < 0 || value >= present()) throw input_error(name(), "the saved state has impossible classes");
    }
    doubled_ = as_double(rows_);
  }

  std::int64_t neighbours_;
  Array<float, 2> rows_;
  Array<double, 2> doubled_;
  std::vector<std::int64_t> y_;
};

const DecoderEntry nearest_neighbours_entry{
    .name = "nearest-neighbours",
    .aliases = {"1nn", "knn"},
    .about =
        "classes of the most similar training samples (Euclidean in double, uniform votes, ties to the lowest "
        "training sample); what it finds under a leaky split is the recording, not the class",
    .keys = {{"neighbours", "integer", Json(1), "how many vote"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return std::make_unique<NearestNeighbours>(options.at("neighbours").integer("neighbours"));
    },
};
CATON_REGISTER(DecoderEntry, nearest_neighbours_entry);

}  // namespace
}  // namespace caton
