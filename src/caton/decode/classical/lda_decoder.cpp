// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/operation.hpp"
#include "caton/decode/classical/lda.hpp"
#include "caton/decode/classical/linear_decoder.hpp"

namespace caton {
namespace {

Tensors run_lda(const Arguments& args, const Tensors& in) {
  const auto options = lda_options(args.text("solver"), args.value("shrinkage"));
  const auto classes = numbered_classes(port(in, "train_y").integers("train_y"), "lda");
  const auto train = port(in, "train_t").array<2>("train_t"), test = port(in, "test_t").array<2>("test_t");
  return linear_ports(fit_lda(train, classes.y, static_cast<std::int64_t>(classes.values.size()), options), test);
}

const Operation lda_operation{
    .name = "lda",
    .room = "decode",
    .about = "Linear discriminant analysis; equals scikit-learn 1.2 LinearDiscriminantAnalysis.",
    .arguments = {{"solver", "text", Json("lsqr"), "lsqr or svd"},
                  {"shrinkage", "any", Json("auto"),
                   "auto (Ledoit-Wolf within each class), 0 … 1, or null for none; "
                   "lsqr only"}},
    .inputs = {{"train_t", "N F"}, {"train_y", "N"}, {"test_t", "M F"}},
    .outputs = {{"coefficients", "1 or K, F"}, {"intercept", "1 or K"}, {"probability", "M K"}},
    .call = run_lda,
};
CATON_REGISTER(Operation, lda_operation);

const DecoderEntry lda_entry{
    .name = "shrinkage-lda",
    .aliases = {"lda"},
    .about = "linear discriminant analysis with Ledoit-Wolf shrinkage of the covariance within classes",
    .keys = {{"shrinkage", "any", Json("auto"), "\"auto\" (Ledoit-Wolf within each class) or a number 0 … 1"},
             {"solver", "text", Json("lsqr"), "\"lsqr\", or \"svd\" without shrinkage"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      const auto how = lda_options(options.at("solver").text("shrinkage-lda: solver"), options.at("shrinkage"));
      return std::make_unique<LinearDecoder>(
          "shrinkage-lda", LinearDecoder::Weights::refused,
          [how](View<const double, 2> rows, const LinearDecoder::Training& training) {
            return fit_lda(rows, training.y, training.classes, how);
          });
    },
};
CATON_REGISTER(DecoderEntry, lda_entry);

}  // namespace
}  // namespace caton
