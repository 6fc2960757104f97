// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/samples/shuffled_folds.hpp"

#include "caton/base/numpy_random.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/text.hpp"

namespace caton {
namespace {

constexpr std::int64_t most_samples = 1'000'000'000;

void check_folds(std::int64_t n, std::int64_t folds) {
  if (n < 0 || n > most_samples) throw usage_error("split", std::to_string(n) + " samples cannot be dealt");
  if (folds < 2) throw usage_error("split", std::to_string(folds) + " folds: at least 2 folds are needed");
  if (folds > n) {
    throw usage_error("split", "more folds (" + std::to_string(folds) + ") than samples (" + std::to_string(n) + ")",
                      "use at most as many folds as there are samples");
  }
}

}  // namespace

std::vector<std::int64_t> shuffled_folds(std::int64_t n, std::int64_t folds, std::int64_t seed) {
  check_folds(n, folds);
  const auto order = NumpyRandom(numpy_seed(seed)).permutation(n);
  std::vector<std::int64_t> fold(static_cast<std::size_t>(n));
  std::size_t at = 0;
  for (std::int64_t k = 0; k < folds; ++k) {
    const std::int64_t count = n / folds + (k < n % folds ? 1 : 0);
    for (std::int64_t i = 0; i < count; ++i) fold[static_cast<std::size_t>(order[at++])] = k;
  }
  return fold;
}

PublishedSplit rbt_published_split(std::int64_t n, std::int64_t folds, std::int64_t seed, double drop) {
  if (!(drop >= 0 && drop < 1)) {
    throw usage_error("split", "drop = " + number_text(drop) + " is no share of the samples", "give 0 <= drop < 1");
  }
  check_folds(n, folds);
  auto order = NumpyRandom(numpy_seed(seed)).permutation(n);
  order.erase(order.begin(), order.begin() + static_cast<std::int64_t>(static_cast<double>(n) * drop));
  auto fold = shuffled_folds(static_cast<std::int64_t>(order.size()), folds, seed);
  return {std::move(order), std::move(fold)};
}

namespace {

const Operation kfold_shuffled_operation{
    .name = "kfold_shuffled",
    .room = "samples",
    .about = "The fold in which each sample is tested; equals scikit-learn 1.2 KFold(k, shuffle=True, random_state).",
    .arguments = {{"n", "integer", {}, "samples"}, {"k", "integer", Json(5), "folds"}, {"seed", "integer", Json(23)}},
    .outputs = {{"fold", "n"}},
    .call =
        [](const Arguments& args, const Tensors& /*in*/) {
          return Tensors{
              {"fold", Tensor::vector(shuffled_folds(args.integer("n"), args.integer("k"), args.integer("seed")))}};
        },
};
CATON_REGISTER(Operation, kfold_shuffled_operation);

const Operation rbt_published_split_operation{
    .name = "rbt_published_split",
    .room = "samples",
    .about =
        "RBTransformer's published split over windows: the share that is dropped for good, then shuffled folds "
        "(train.py at effdad2).",
    .arguments = {{"n", "integer", {}, "windows"},
                  {"k", "integer", Json(5), "folds"},
                  {"seed", "integer", Json(23)},
                  {"drop", "number", Json(0.1), "share of the windows that is thrown away"}},
    .outputs = {{"kept", "kept windows, in their order"}, {"fold", "fold of each kept window"}},
    .call =
        [](const Arguments& args, const Tensors& /*in*/) {
          const auto split =
              rbt_published_split(args.integer("n"), args.integer("k"), args.integer("seed"), args.number("drop"));
          return Tensors{{"kept", Tensor::vector(split.kept)}, {"fold", Tensor::vector(split.fold)}};
        },
};
CATON_REGISTER(Operation, rbt_published_split_operation);

}  // namespace
}  // namespace caton
