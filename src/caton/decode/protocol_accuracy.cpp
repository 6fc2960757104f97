// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/protocol_accuracy.hpp"

#include "caton/base/numpy_random.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/linear_model.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/samples/shuffled_folds.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace caton {
namespace {

/// Folds of samples, given the fold of each (-1: in none).
std::vector<ProtocolFold> folds_from(const std::vector<std::int64_t>& fold, std::int64_t folds) {
  std::vector<ProtocolFold> result(static_cast<std::size_t>(folds));
  for (std::size_t i = 0; i < fold.size(); ++i) {
    for (std::int64_t k = 0; k < folds && fold[i] >= 0; ++k) {
      auto& part = result[static_cast<std::size_t>(k)];
      (fold[i] == k ? part.test : part.train).push_back(static_cast<std::int64_t>(i));
    }
  }
  return result;
}

/// Training keeps the shuffled order, as the published trainer does.
std::vector<ProtocolFold> published_folds(std::int64_t samples, const ProtocolOptions& options) {
  const auto split = rbt_published_split(samples, options.folds, options.seed, options.drop);
  auto folds = folds_from(split.fold, options.folds);
  for (auto& fold : folds) {
    for (auto* const part : {&fold.train, &fold.test}) {
      for (auto& place : *part) place = split.kept[static_cast<std::size_t>(place)];
    }
  }
  return folds;
}

using TrialKey = std::pair<std::int64_t, std::int64_t>;

/// Trials in ascending order: by number where numbers are unique in the study, else by subject and number.
std::vector<TrialKey> trial_keys(const std::vector<std::int64_t>& subject, const std::vector<std::int64_t>& trial) {
  std::map<std::int64_t, std::int64_t> owner;
  bool unique = true;
  for (std::size_t i = 0; i < trial.size(); ++i)
    unique = owner.emplace(trial[i], subject[i]).first->second == subject[i] && unique;
  std::vector<TrialKey> keys;
  for (std::size_t i = 0; i < trial.size(); ++i) keys.emplace_back(unique ? 0 : subject[i], trial[i]);
  return keys;
}

std::vector<ProtocolFold> trial_folds(const std::vector<std::int64_t>& subject, const std::vector<std::int64_t>& trial,
                                      const ProtocolOptions& options) {
  const auto keys = trial_keys(subject, trial);
  std::map<TrialKey, std::int64_t> fold_of;
  for (const auto& key : keys) fold_of.emplace(key, 0);
  const auto trials = static_cast<std::int64_t>(fold_of.size());
  if (options.folds < 2 || options.folds > trials)
    throw usage_error("protocol", std::to_string(options.folds) + " folds of " + std::to_string(trials) + " trials");
  const auto order = NumpyRandom(numpy_seed(options.seed)).permutation(trials);
  std::vector<std::int64_t> fold(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    fold[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i) % options.folds;
  std::size_t at = 0;
  for (auto& [key, value] : fold_of) value = fold[at++];
  std::vector<std::int64_t> by_sample;
  for (const auto& key : keys) by_sample.push_back(fold_of.at(key));
  return folds_from(by_sample, options.folds);
}

std::vector<ProtocolFold> subject_folds(const std::vector<std::int64_t>& subject) {
  std::map<std::int64_t, std::int64_t> fold_of;
  for (const auto name : subject) fold_of.emplace(name, 0);
  if (fold_of.size() < 2) throw usage_error("protocol", "leaving one subject out needs at least two subjects (folds)");
  std::int64_t next = 0;
  for (auto& [name, fold] : fold_of) fold = next++;
  std::vector<std::int64_t> by_sample;
  for (const auto name : subject) by_sample.push_back(fold_of.at(name));
  return folds_from(by_sample, next);
}

}  // namespace

std::vector<ProtocolFold> protocol_folds(const std::vector<std::int64_t>& subject,
                                         const std::vector<std::int64_t>& trial, const ProtocolOptions& options) {
  if (subject.size() != trial.size()) throw usage_error("protocol", "subjects and trials differ in number (shape)");
  if (options.protocol == "published") return published_folds(static_cast<std::int64_t>(subject.size()), options);
  if (options.protocol == "trial") return trial_folds(subject, trial, options);
  if (options.protocol == "subject") return subject_folds(subject);
  throw usage_error("protocol", "unknown protocol \"" + options.protocol + "\"", "known: published, trial, subject");
}

namespace {

Json pipeline_of(const Arguments& args) {
  Json steps = Json::list();
  const auto neighbours = args.integer("smote_k");
  if (neighbours != 0) {
    steps.push(Json::object({{"name", "smote"}, {"neighbours", neighbours}, {"seed", args.integer("seed")}}));
  }
  return Json::object({{"steps", steps}, {"decoder", args.value("classifier")}});
}

Tensors protocol_accuracy(const Arguments& args, const Tensors& in) {
  const auto classes = numbered_classes(port(in, "y").integers("y"), "protocol_accuracy");
  const Tensor& x = port(in, "x");
  if (x.rank() < 2 || x.extent(0) != static_cast<std::int64_t>(classes.y.size()))
    throw args.refuse("x must hold one row a label (shape)");
  SampleSet samples;
  const auto values = x.doubles();
  samples.blocks.emplace("features", Tensor(x.shape(), std::vector<float>(values.begin(), values.end())));
  samples.label = classes.y;
  samples.origins.id.resize(classes.y.size());
  std::iota(samples.origins.id.begin(), samples.origins.id.end(), 0);
  const auto subject = port(in, "subject").integers("subject"), trial = port(in, "trial").integers("trial");
  if (subject.size() != classes.y.size()) throw args.refuse("subjects and labels differ in number (shape)");
  const ProtocolOptions options{args.text("protocol"), args.integer("k"), args.number("drop"), args.integer("seed"),
                                args.integer("smote_k")};
  const auto folds = protocol_folds(subject, trial, options);
  const Json pipeline = pipeline_of(args);
  std::vector<double> accuracy(folds.size());
  thread_pool().parallel_for(static_cast<std::int64_t>(folds.size()), [&](std::int64_t k) {
    const auto& fold = folds[static_cast<std::size_t>(k)];
    const auto decoder = make_pipeline(pipeline);
    FitContext context{
        RandomStream(static_cast<std::uint64_t>(options.seed), "protocol_accuracy", {static_cast<std::uint64_t>(k)})};
    decoder->fit(samples.selected(fold.train), context);
    const SampleSet test = samples.selected(fold.test);
    const auto prediction = decoder->predict(test);
    std::int64_t right = 0;
    for (std::size_t i = 0; i < test.label.size(); ++i) right += prediction.label[i] == test.label[i] ? 1 : 0;
    accuracy[static_cast<std::size_t>(k)] = static_cast<double>(right) / static_cast<double>(test.label.size());
  });
  return {{"accuracy", Tensor::vector(accuracy)}};
}

const Operation protocol_accuracy_operation{
    .name = "protocol_accuracy",
    .room = "decode",
    .about =
        "Accuracy of each fold under RBTransformer's published protocol or with whole trials or subjects held "
        "out; oversampling inside training.",
    .arguments = {{"protocol", "text", Json("published"), "published, trial or subject"},
                  {"k", "integer", Json(5), "folds (published, trial)"},
                  {"drop", "number", Json(0.1), "share of the windows thrown away (published)"},
                  {"seed", "integer", Json(23), "of NumPy's legacy generator"},
                  {"classifier", "any", Json("1nn"), "name of a decoder, or a table with name and keys"},
                  {"smote_k", "integer", Json(5), "neighbours of the oversampling; 0: none"}},
    .inputs = {{"x", "N F"}, {"y", "N"}, {"subject", "N"}, {"trial", "N"}},
    .outputs = {{"accuracy", "folds"}},
    .call = protocol_accuracy,
};
CATON_REGISTER(Operation, protocol_accuracy_operation);

}  // namespace
}  // namespace caton
