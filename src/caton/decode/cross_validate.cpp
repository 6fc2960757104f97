// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/operation.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/linear_model.hpp"
#include "caton/decode/decoder.hpp"

#include <algorithm>
#include <numeric>

namespace caton {
namespace {

/// The ports as samples: values as float32, labels numbered.
SampleSet samples_of(const Tensor& x, const std::vector<std::int64_t>& y) {
  if (x.rank() < 2 || x.extent(0) != static_cast<std::int64_t>(y.size()))
    throw usage_error("cross_validate", "x must hold one row a label (shape)");
  SampleSet samples;
  const auto values = x.doubles();
  samples.blocks.emplace("features", Tensor(x.shape(), std::vector<float>(values.begin(), values.end())));
  samples.label = y;
  samples.origins.id.resize(y.size());
  std::iota(samples.origins.id.begin(), samples.origins.id.end(), 0);
  return samples;
}

/// `decoder` and its keys, as a recipe has them.
Json recipe_of(const Arguments& args) {
  if (args.value("decoder").is_object()) return args.value("decoder");
  Json recipe = Json::object({{"name", args.text("decoder")}});
  for (const auto& [key, value] : args.all().members()) {
    if (key != "decoder" && key != "seed" && key != "steps") recipe[key] = value;
  }
  return recipe;
}

struct Fold {
  std::vector<std::int64_t> train, test;
};

std::vector<Fold> folds_of(const std::vector<std::int64_t>& fold) {
  std::vector<std::int64_t> numbers;
  for (const auto k : fold) {
    if (k >= 0) numbers.push_back(k);
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  if (numbers.size() < 2) throw usage_error("cross_validate", "at least two folds are needed (folds)");
  std::vector<Fold> folds(numbers.size());
  for (std::size_t i = 0; i < fold.size(); ++i) {
    if (fold[i] < 0) continue;  // left out of training and test
    for (std::size_t k = 0; k < folds.size(); ++k)
      (fold[i] == numbers[k] ? folds[k].test : folds[k].train).push_back(static_cast<std::int64_t>(i));
  }
  return folds;
}

Tensors cross_validate(const Arguments& args, const Tensors& in) {
  const auto classes = numbered_classes(port(in, "y").integers("y"), "cross_validate");
  const SampleSet samples = samples_of(port(in, "x"), classes.y);
  const auto fold = port(in, "fold").integers("fold");
  if (fold.size() != classes.y.size()) throw args.refuse("as many folds as samples are needed (shape)");
  Json pipeline = Json::object({{"decoder", recipe_of(args)}, {"steps", args.value("steps")}});
  static_cast<void>(make_pipeline(pipeline));  // refuses wrong keys before any fold runs
  const auto folds = folds_of(fold);
  std::vector<std::int64_t> label(fold.size(), -1);
  const auto seed = static_cast<std::uint64_t>(args.integer("seed"));
  thread_pool().parallel_for(static_cast<std::int64_t>(folds.size()), [&](std::int64_t k) {
    const auto& part = folds[static_cast<std::size_t>(k)];
    const auto decoder = make_pipeline(pipeline);
    FitContext context{RandomStream(seed, "cross_validate", {static_cast<std::uint64_t>(k)})};
    decoder->fit(samples.selected(part.train), context);
    const auto prediction = decoder->predict(samples.selected(part.test));
    for (std::size_t i = 0; i < part.test.size(); ++i)
      label[static_cast<std::size_t>(part.test[i])] = classes.values[static_cast<std::size_t>(prediction.label[i])];
  });
  std::int64_t tested = 0, right = 0;
  for (std::size_t i = 0; i < fold.size(); ++i) {
    if (fold[i] < 0) continue;
    ++tested;
    right += label[i] == classes.values[static_cast<std::size_t>(classes.y[i])] ? 1 : 0;
  }
  return {{"label", Tensor::vector(label)},
          {"accuracy", Tensor::scalar(static_cast<double>(right) / static_cast<double>(tested))}};
}

const Operation cross_validate_operation{
    .name = "cross_validate",
    .room = "decode",
    .about =
        "Fits a decoder without each fold in turn and predicts that fold; samples of fold -1 are left out. The "
        "accuracy is that of all tested samples together. Values are taken as float32, as samples hold them.",
    .arguments = {{"decoder", "any", {}, "name of a decoder; further arguments are its keys"},
                  {"steps", "list", Json::list(), "transforms before it"},
                  {"seed", "integer", Json(0), "of what the decoder draws"}},
    .inputs = {{"x", "N …"}, {"y", "N"}, {"fold", "N"}},
    .outputs = {{"label", "N"}, {"accuracy", ""}},
    .call = cross_validate,
    .open_arguments = true,
};
CATON_REGISTER(Operation, cross_validate_operation);

}  // namespace
}  // namespace caton
