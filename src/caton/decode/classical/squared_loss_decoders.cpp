// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/linear_decoder.hpp"
#include "caton/decode/classical/squared_loss.hpp"

namespace caton {
namespace {

class RidgeDecoder final : public LinearDecoder {
 public:
  explicit RidgeDecoder(double alpha) : LinearDecoder("ridge", Weights::known), alpha_(alpha) {}

 private:
  [[nodiscard]] LinearModel fitted(View<const double, 2> rows, const Training& training) const override {
    return fit_ridge(rows, training.y, training.classes, training.samples.weight, alpha_);
  }

  double alpha_;
};

const DecoderEntry ridge_entry{
    .name = "ridge",
    .about =
        "least squares on the classes as +1 and -1 with a ridge penalty (scikit-learn's RidgeClassifier); its "
        "probabilities are not calibrated; scales nothing itself",
    .keys = {{"alpha", "number", Json(1.0), "weight of the penalty against the sum of squares"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return std::make_unique<RidgeDecoder>(options.at("alpha").number("ridge: alpha"));
    },
};
CATON_REGISTER(DecoderEntry, ridge_entry);

class ElasticNetDecoder final : public LinearDecoder {
 public:
  explicit ElasticNetDecoder(const ElasticNetOptions& options)
      : LinearDecoder("elastic-net", Weights::known), options_(options) {}

 private:
  [[nodiscard]] LinearModel fitted(View<const double, 2> rows, const Training& training) const override {
    return fit_elastic_net(rows, training.y, training.classes, training.samples.weight, options_);
  }

  ElasticNetOptions options_;
};

const DecoderEntry elastic_net_entry{
    .name = "elastic-net",
    .about =
        "least squares on the classes as +1 and -1 that leaves useless features out (scikit-learn's ElasticNet); its "
        "probabilities are not calibrated; scales nothing itself. The same penalty on the logistic loss: "
        "logistic-regression with penalty = \"elasticnet\"",
    .keys = {{"alpha", "number", Json(0.01), "weight of the penalty against the mean square"},
             {"l1_ratio", "number", Json(0.5), "share of the absolute penalty, 0 … 1"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return std::make_unique<ElasticNetDecoder>(
          ElasticNetOptions{.alpha = options.at("alpha").number("elastic-net: alpha"),
                            .l1_ratio = options.at("l1_ratio").number("elastic-net: l1_ratio")});
    },
};
CATON_REGISTER(DecoderEntry, elastic_net_entry);

}  // namespace
}  // namespace caton
