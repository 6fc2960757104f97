// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/classical/linear_model.hpp"
#include "caton/decode/classical/spatial_filters.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/covariance_forms.hpp"
#include "caton/geometry/mean.hpp"

#include <cmath>

namespace caton {
namespace {

struct CspStep {
  CspOptions options;
  CovarianceOptions estimator;
  bool by_trace = false;   ///< covariances scaled to trace 1 before their class means are taken
  bool as_share = false;   ///< features: log of the share of power instead of log power
  std::int64_t bands = 1;  ///< the channels are this many bands one below the other, each filtered by itself
};

/// Channels of band `b` among all rows of the epochs.
Epochs band_rows(Epochs x, std::int64_t b, std::int64_t bands) {
  const std::int64_t channels = x.extent(1) / bands;
  return x.slice(1, b * channels, channels);
}

/// Common spatial patterns, then the power of every filtered signal.
class CspTransform final : public FeatureTransform {
 public:
  explicit CspTransform(const CspStep& step) : FeatureTransform("csp"), step_(step) {
    if (step.bands < 1 || step.bands > 1000) throw usage_error(name(), "bands must lie in 1 … 1000");
    if (step.options.filters < 1) throw usage_error(name(), "filters must be at least 1");
  }

 private:
  void learn(const SampleSet& training) override {
    const auto x = cube_of(training, name());
    if (x.extent(1) % step_.bands != 0)
      throw usage_error(
          name(), std::to_string(x.extent(1)) + " rows are not " + std::to_string(step_.bands) + " bands (shape)");
    const auto classes = numbered_classes(training.label, name());
    const auto count = static_cast<std::int64_t>(classes.values.size());
    filters_.clear();
    for (std::int64_t b = 0; b < step_.bands; ++b) {
      Matrices c = covariances(band_rows(x, b, step_.bands), step_.estimator);
      if (step_.by_trace) c = spd_normalize(c, MatrixNorm::trace);
      filters_.push_back(fit_csp(c, classes.y, count, step_.options).filters);
    }
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    const auto x = cube_of(samples, name());
    const std::int64_t each = filters_.front().extent(0);
    Matrix powers({x.extent(0), each * step_.bands}, uninitialised);
    NewBlock about{.name = "features"};
    for (std::int64_t b = 0; b < step_.bands; ++b) {
      const auto& filters = filters_[static_cast<std::size_t>(b)];
      put(log_powers(filters, covariances(band_rows(x, b, step_.bands), step_.estimator)),
          powers.view().slice(1, b * each, each));
      for (std::int64_t f = 1; f <= each; ++f)
        about.features.push_back((step_.bands > 1 ? "band " + std::to_string(b + 1) + " " : std::string()) + "filter " +
                                 std::to_string(f));
    }
    if (step_.as_share) take_shares(powers, each);
    return with_block(samples, about, powers.view());
  }
  /// log(p / Σ p) within each band.
  static void take_shares(Matrix& logs, std::int64_t each) {
    for (std::int64_t n = 0; n < logs.extent(0); ++n) {
      for (std::int64_t first = 0; first < logs.extent(1); first += each) {
        double sum = 0;
        for (std::int64_t f = first; f < first + each; ++f) sum += std::exp(logs(n, f));
        for (std::int64_t f = first; f < first + each; ++f) logs(n, f) -= std::log(sum);
      }
    }
  }
  [[nodiscard]] Tensors learned() const override {
    Tensors state;
    for (std::size_t b = 0; b < filters_.size(); ++b)
      state.emplace("filters." + std::to_string(b), Tensor::of(filters_[b]));
    return state;
  }
  void relearn(const Safetensors& state) override {
    filters_.clear();
    for (std::int64_t b = 0; b < step_.bands; ++b) {
      filters_.push_back(state.at("filters." + std::to_string(b), name()).array<2>("filters"));
      const auto& shape = layout().shape;
      if (shape.size() != 2 || filters_.back().extent(1) * step_.bands != shape[0] || filters_.back().empty() ||
          filters_.back().extent(0) != filters_.front().extent(0))
        throw input_error(name(), "the saved state does not fit its own layout (shape)");
    }
  }

  CspStep step_;
  std::vector<Matrix> filters_;  ///< of each band
};

/// Which of two words a key holds.
bool is_second(const Json& options, const char* key, const std::string& first, const std::string& second) {
  const std::string& given = options.at(key).text(std::string("csp: ") + key);
  if (given != first && given != second)
    throw usage_error("csp", std::string("unknown ") + key + " \"" + given + "\"", "known: " + first + ", " + second);
  return given == second;
}

std::unique_ptr<Transform> make_csp(const Json& options) {
  CspStep step;
  step.options.filters = options.at("filters").integer("csp: filters");
  step.options.metric = metric_named("csp", options.at("metric").text("csp: metric"), mean_metrics());
  step.options.choice = is_second(options, "choice", "distance", "ends") ? CspChoice::ends : CspChoice::distance;
  step.options.ridge = options.at("ridge").number("csp: ridge");
  step.estimator.estimator = estimator_named("csp", options.at("estimator").text("csp: estimator"));
  step.by_trace = is_second(options, "normalise", "none", "trace");
  step.as_share = is_second(options, "power", "log", "log-share");
  step.bands = options.at("bands").integer("csp: bands");
  return std::make_unique<CspTransform>(step);
}

const TransformEntry csp_entry{
    .name = "csp",
    .aliases = {"fbcsp"},
    .about = "common spatial patterns: logarithm of the power of signals whose power differs most between classes",
    .keys = {{"filters", "integer", 4, "of each band"},
             {"estimator", "text", "scm", "of the epochs' covariances"},
             {"metric", "text", "euclid", "of the class means"},
             {"normalise", "text", "none", "none, or trace: covariances of trace 1 before the class means"},
             {"choice", "text", "distance",
              "two classes: by distance of the power share from one half, or from both ends"},
             {"ridge", "number", 0.0, "two classes: times trace / channels, added to the class means"},
             {"power", "text", "log", "log, or log-share: of the sum over the filters"},
             {"bands", "integer", 1, "the channels are copies in this many bands (input epochs with bands_hz)"}},
    .takes = SampleForm::epochs,
    .make = make_csp,
};
CATON_REGISTER(TransformEntry, csp_entry);

}  // namespace
}  // namespace caton
