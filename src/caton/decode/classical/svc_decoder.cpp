// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/classical/svc.hpp"
#include "caton/samples/neighbours.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

struct SvcChoice {
  SvcKernel kernel = SvcKernel::linear;
  double c = 1;
  double gamma = 0;  ///< 0: scale
};

/// Support vector classification. Its probabilities order the classes as its votes do; they are not calibrated.
class SvcDecoder final : public ClassicalDecoder {
 public:
  explicit SvcDecoder(const SvcChoice& choice) : ClassicalDecoder("svc"), choice_(choice) {
    if (!(choice.c > 0 && std::isfinite(choice.c))) throw usage_error(name(), "c must be above 0");
    if (!(choice.gamma >= 0 && std::isfinite(choice.gamma))) throw usage_error(name(), "gamma must be above 0");
  }

 private:
  void learn(const Training& training, FitContext& context) override {
    rows_ = as_double(training.samples.flat());
    gamma_ = choice_.gamma > 0 ? choice_.gamma : scale_gamma(rows_);
    model_ = fit_svc(kernel_matrix(rows_, rows_, choice_.kernel, gamma_), training.y, training.classes, choice_.c);
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }

  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const Matrix decision =
        svc_decision(model_, kernel_matrix(as_double(samples.flat()), rows_, choice_.kernel, gamma_));
    Array<double, 2> result({samples.size(), present()}, uninitialised);
    for (std::int64_t n = 0; n < samples.size(); ++n) {
      if (present() == 2) {
        result(n, 1) = 1 / (1 + std::exp(-decision(n, 0)));
        result(n, 0) = 1 - result(n, 1);
      } else {
        softmax_of_votes(decision[n], result[n]);
      }
    }
    return result;
  }
  /// Votes and, below one vote, the sum of decisions (scikit-learn's one-against-rest form of pairwise decisions).
  void softmax_of_votes(View<const double, 1> decision, View<double, 1> probability) const {
    std::vector<double> votes(static_cast<std::size_t>(present()), 0.0), sums = votes;
    std::int64_t pair = 0;
    for (std::size_t i = 0; i < votes.size(); ++i) {
      for (std::size_t j = i + 1; j < votes.size(); ++j, ++pair) {
        votes[decision[pair] > 0 ? i : j] += 1;
        sums[i] += decision[pair];
        sums[j] -= decision[pair];
      }
    }
    double total = 0, largest = 0;
    for (std::size_t k = 0; k < votes.size(); ++k) {
      votes[k] += sums[k] / (3 * (std::abs(sums[k]) + 1));
      largest = std::max(largest, votes[k]);
    }
    for (std::size_t k = 0; k < votes.size(); ++k)
      total += probability[static_cast<std::int64_t>(k)] = std::exp(votes[k] - largest);
    for (std::int64_t k = 0; k < present(); ++k) probability[k] /= total;
  }

  [[nodiscard]] Tensors learned() const override {
    return {{"rows", Tensor::of(rows_)},
            {"coefficients", Tensor::of(model_.coefficients)},
            {"intercept", Tensor::vector(model_.intercept)},
            {"gamma", Tensor::vector(std::vector<double>{gamma_})}};
  }
  void relearn(const Safetensors& state) override {
    rows_ = state.at("rows", name()).array<2>("rows");
    const std::int64_t pairs = present() * (present() - 1) / 2;
    if (rows_.extent(1) != layout().width()) throw input_error(name(), "the saved \"rows\" do not fit (shape)");
    model_ = {present(), expected(state, "coefficients", {pairs, rows_.extent(0)}).array<2>("coefficients"),
              expected(state, "intercept", {pairs}).doubles()};
    gamma_ = expected(state, "gamma", {1}).doubles().front();
  }

  SvcChoice choice_;
  double gamma_ = 1;
  Matrix rows_;
  SupportVectors model_;
};

const DecoderEntry svc_entry{
    .name = "svc",
    .aliases = {"svm"},
    .about = "support vector classification, linear or with a Gaussian kernel; its probabilities are not calibrated",
    .keys = {{"kernel", "text", Json("linear"), "linear or rbf"},
             {"c", "number", Json(1.0), "weight of the data against the margin"},
             {"gamma", "any", Json("scale"), "of the rbf kernel: scale, or a number"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      SvcChoice choice{.kernel = svc_kernel_named("svc", options.at("kernel").text("svc: kernel")),
                       .c = options.at("c").number("svc: c")};
      const Json& gamma = options.at("gamma");
      if (!gamma.is_text()) {
        choice.gamma = gamma.number("svc: gamma");
        if (!(choice.gamma > 0)) throw usage_error("svc", "gamma must be above 0");
      } else if (gamma.text() != "scale") {
        throw usage_error("svc", "unknown gamma \"" + gamma.text() + "\"", "give \"scale\" or a number");
      }
      return std::make_unique<SvcDecoder>(choice);
    },
};
CATON_REGISTER(DecoderEntry, svc_entry);

}  // namespace
}  // namespace caton
