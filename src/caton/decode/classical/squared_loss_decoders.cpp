// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/linear_decoder.hpp"
#include "caton/decode/classical/squared_loss.hpp"

namespace caton {
namespace {

std::unique_ptr<Decoder> linear_decoder(const char* name, LinearDecoder::Fit fit) {
  return std::make_unique<LinearDecoder>(name, LinearDecoder::Weights::known, std::move(fit));
}

const DecoderEntry ridge_entry{
    .name = "ridge",
    .about =
        "least squares on the classes as +1 and -1 with a ridge penalty (scikit-learn's RidgeClassifier); its "
        "probabilities are not calibrated; scales nothing itself",
    .keys = {{"alpha", "number", Json(1.0), "weight of the penalty against the sum of squares"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      const double alpha = options.at("alpha").number("ridge: alpha");
      return linear_decoder("ridge", [alpha](View<const double, 2> rows, const LinearDecoder::Training& training) {
        return fit_ridge(rows, training.y, training.classes, training.samples.weight, alpha);
      });
    },
};
CATON_REGISTER(DecoderEntry, ridge_entry);

const DecoderEntry elastic_net_entry{
    .name = "elastic-net",
    .about =
        "least squares on the classes as +1 and -1 that leaves useless features out (scikit-learn's ElasticNet); its "
        "probabilities are not calibrated; scales nothing itself. The same penalty on the logistic loss: "
        "logistic-regression with penalty = \"elasticnet\"",
    .keys = {{"alpha", "number", Json(0.01), "weight of the penalty against the mean square"},
             {"l1_ratio", "number", Json(0.5), "share of the absolute penalty, 0 … 1"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      const ElasticNetOptions penalty{.alpha = options.at("alpha").number("elastic-net: alpha"),
                                      .l1_ratio = options.at("l1_ratio").number("elastic-net: l1_ratio")};
      return linear_decoder(
          "elastic-net", [penalty](View<const double, 2> rows, const LinearDecoder::Training& training) {
            return fit_elastic_net(rows, training.y, training.classes, training.samples.weight, penalty);
          });
    },
};
CATON_REGISTER(DecoderEntry, elastic_net_entry);

}  // namespace
}  // namespace caton
