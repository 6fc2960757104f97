// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/inner_folds.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/features/fft_features.hpp"
#include "caton/geometry/curvature.hpp"
#include "caton/geometry/eigenmap.hpp"
#include "caton/models/geometric-eeg/ricci_gcn.hpp"
#include "caton/nn/tensors.hpp"
#include "caton/nn/trainer.hpp"

#include <algorithm>
#include <cmath>

namespace caton::geometric_eeg {
namespace {

struct GraphOptions {
  std::int64_t neighbours = 0, components = 0, low_hz = 0, high_hz = 0;
  int flow_iterations = 0;

  [[nodiscard]] std::int64_t cells() const { return high_hz - low_hz; }
  [[nodiscard]] std::int64_t features() const { return cells() + components; }
};

struct GcnOptions {
  GraphOptions graph;
  RicciGcnConfig network;
  nn::TrainingRecipe recipe;
  std::int64_t validation_folds = 0;
};

std::int64_t whole(const Json& table, const char* key, std::int64_t least, std::int64_t most) {
  const std::int64_t value = table.at(key).integer(key);
  if (value < least || value > most)
    throw usage_error("ricci-gcn",
                      std::string(key) + " must be " + std::to_string(least) + " to " + std::to_string(most));
  return value;
}

GcnOptions options_from(const Json& table) {
  GcnOptions options;
  options.graph = {.neighbours = whole(table, "neighbours", 1, 1000),
                   .components = whole(table, "components", 1, 1000),
                   .low_hz = whole(table, "low_hz", 0, 10'000),
                   .high_hz = whole(table, "high_hz", 1, 10'000),
                   .flow_iterations = static_cast<int>(whole(table, "flow_iterations", 0, 1000))};
  if (options.graph.cells() < 1) throw usage_error("ricci-gcn", "low_hz must be below high_hz");
  options.network.hidden = whole(table, "hidden", 1, 1 << 16);
  options.network.out = whole(table, "out", 1, 1 << 16);
  options.network.features = options.graph.features();
  options.recipe.epochs = whole(table, "epochs", 1, 1'000'000);
  options.validation_folds = whole(table, "validation_folds", 0, 1000);
  if (options.validation_folds == 1) throw usage_error("ricci-gcn", "validation_folds must be 0 or 2 and more");
  options.recipe.batch = options.recipe.late_batch = whole(table, "batch", 1, 1'000'000);
  options.recipe.schedule = "constant";
  options.recipe.adam = {.learning_rate = table.at("learning_rate").number("learning_rate"),
                         .weight_decay = table.at("weight_decay").number("weight_decay"),
                         .decoupled = false};
  if (!(options.recipe.adam.learning_rate > 0 && options.recipe.adam.learning_rate <= 1))
    throw usage_error("ricci-gcn", "learning_rate must be above 0 and at most 1");
  if (!(options.recipe.adam.weight_decay >= 0 && options.recipe.adam.weight_decay <= 1))
    throw usage_error("ricci-gcn", "weight_decay must be 0 to 1");
  return options;
}

/// Electrodes of an epoch as nodes: spectra beside the eigenmap of them, and the lengths between nodes behind.
Matrix graph_of_epoch(Signal epoch, double rate_hz, const GraphOptions& options) {
  const Matrix cells = fft_features(epoch, {.rate_hz = rate_hz, .low_hz = options.low_hz, .high_hz = options.high_hz});
  const Matrix embedding = laplacian_eigenmap(cells, options.neighbours, options.components).embedding;
  Matrix lengths = neighbour_lengths(embedding, options.neighbours);
  if (options.flow_iterations > 0) lengths = ricci_flow(lengths, {.iterations = options.flow_iterations}).lengths;
  const std::int64_t nodes = epoch.extent(0), width = options.features();
  Matrix graph({nodes, width + nodes}, uninitialised);
  for (std::int64_t v = 0; v < nodes; ++v) {
    for (std::int64_t f = 0; f < width; ++f)
      graph(v, f) = f < options.cells() ? cells(v, f) : embedding(v, f - options.cells());
    for (std::int64_t u = 0; u < nodes; ++u) graph(v, width + u) = lengths(v, u);
  }
  return graph;
}

/// Graphs of epochs, one thread a graph.
Array<double, 3> graphs_of(const SampleSet& samples, const GraphOptions& options, const std::string& who) {
  const auto x = cube_of(samples, who);
  const std::int64_t nodes = x.extent(1);
  Array<double, 3> graphs({x.extent(0), nodes, options.features() + nodes}, uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t n) {
    const Matrix graph = graph_of_epoch(Matrix(x[n]), samples.rate_hz, options);
    std::copy(graph.begin(), graph.end(), &graphs(n, 0, 0));
  });
  return graphs;
}

/// How well samples left out were told.
struct Held {
  std::int64_t right = 0;
  double loss = 0;  ///< sum over the samples

  friend bool operator<(const Held& a, const Held& b) {
    return a.right != b.right ? a.right < b.right : a.loss > b.loss;
  }
};

class RicciGcnDecoder final : public ClassicalDecoder {
 public:
  explicit RicciGcnDecoder(const GcnOptions& options) : ClassicalDecoder("ricci-gcn"), options_(options) {}

 private:
  [[nodiscard]] bool uses_weights() const override { return true; }
  [[nodiscard]] std::int64_t width() const { return options_.graph.features(); }

  void learn(const Training& training, FitContext& context) override {
    options_.network.classes = training.classes;
    const auto graphs = graphs_of(training.samples, options_.graph, name());
    take_scale(graphs);
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
    nn::TrainingData data;
    data.x = scaled(graphs);
    data.y = nn::to_torch(Tensor::vector(training.y));
    if (!training.samples.weight.empty())
      data.weight = nn::to_torch(Tensor::vector(training.samples.weight)).to(at::kFloat);
    nn::TrainingRecipe recipe = options_.recipe;
    if (options_.validation_folds > 0) recipe.epochs = best_epochs(training.samples, data, context);
    begin_network(context);
    const nn::Trainable trainable{network_->parameters(),
                                  [&](const at::Tensor& x, const RandomStream&) { return logits(x); }};
    const std::string key = sha256("ricci-gcn " + training.samples.digest() + " " +
                                   std::to_string(context.random.seed_for_others()) + " " + described_options());
    nn::train(trainable, data, recipe, key, context);
    parameters_ = network_->parameters().tensors();
  }

  void begin_network(const FitContext& context) {
    network_ = std::make_unique<RicciGcn>(options_.network);
    network_->initialise(context.random.derive("initialisation"));
  }

  /// After how many passes most of the people (sessions, trials) left out of training are told rightly, and with the
  /// least loss among equals: the loss alone rises with the network's confidence while it still gets better. The
  /// networks that are made for it are thrown away: what predicts learns from everybody.
  std::int64_t best_epochs(const SampleSet& samples, const nn::TrainingData& data, FitContext& context) {
    const InnerFolds inner = validation_of(samples, context);
    std::vector<Held> scores(static_cast<std::size_t>(options_.recipe.epochs));
    FitRecord::Selection choice{name() + ": passes, by the answers on folds by " + inner.kept_together, {}, {}, {}};
    for (const Fold& fold : inner.folds) {
      const nn::TrainingData held = rows_of(data, fold.test);
      begin_network(context);
      const nn::Trainable trainable{
          network_->parameters(), [&](const at::Tensor& x, const RandomStream&) { return logits(x); },
          [&](std::int64_t epoch) { add_score(held, scores[static_cast<std::size_t>(epoch - 1)]); }};
      FitContext trial{.random = context.random, .held_out = context.held_out};
      nn::train(trainable, rows_of(data, fold.train), options_.recipe, "validation", trial);
      for (const std::int64_t row : fold.test)
        choice.scored_on.push_back(samples.origins.id[static_cast<std::size_t>(row)]);
    }
    const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin() + 1;
    choice.chosen = std::to_string(best);
    if (context.record != nullptr) context.record->selections.push_back(std::move(choice));
    return best;
  }

  [[nodiscard]] InnerFolds validation_of(const SampleSet& samples, const FitContext& context) const {
    try {
      return inner_folds(samples, context.held_out, options_.validation_folds, context.random.derive("validation"));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      throw usage_error(name(), "the training set is too small to leave a part out for validation",
                        "make all passes with validation_folds = 0");
    }
  }

  [[nodiscard]] static nn::TrainingData rows_of(const nn::TrainingData& data, const std::vector<std::int64_t>& rows) {
    const at::Tensor chosen = at::tensor(rows, at::kLong);
    nn::TrainingData part{data.x.index_select(0, chosen), data.y.index_select(0, chosen), {}};
    if (data.weight.defined()) part.weight = data.weight.index_select(0, chosen);
    return part;
  }

  void add_score(const nn::TrainingData& data, Held& score) const {
    const at::NoGradGuard no_gradients;
    const at::Tensor answers = logits(data.x).to(at::kDouble);
    score.right += answers.argmax(1).eq(data.y).sum().item<std::int64_t>();
    score.loss += at::cross_entropy_loss(answers, data.y).item<double>() * static_cast<double>(data.y.size(0));
  }

  [[nodiscard]] std::string described_options() const {
    const auto& [graph, network, recipe, validation_folds] = options_;
    return Json::list_of(
               std::vector<double>{static_cast<double>(graph.neighbours), static_cast<double>(graph.components),
                                   static_cast<double>(graph.low_hz), static_cast<double>(graph.high_hz),
                                   static_cast<double>(graph.flow_iterations), static_cast<double>(network.hidden),
                                   static_cast<double>(network.out), static_cast<double>(recipe.epochs),
                                   static_cast<double>(validation_folds), static_cast<double>(recipe.batch),
                                   recipe.adam.learning_rate, recipe.adam.weight_decay})
        .dump();
  }

  /// Mean and deviation of each feature over nodes and training samples.
  void take_scale(const Array<double, 3>& graphs) {
    mean_.assign(static_cast<std::size_t>(width()), 0);
    deviation_ = mean_;
    const auto count = static_cast<double>(graphs.extent(0) * graphs.extent(1));
    const auto over_all = [&](const auto& add) {
      for (std::int64_t n = 0; n < graphs.extent(0); ++n)
        for (std::int64_t v = 0; v < graphs.extent(1); ++v)
          for (std::int64_t f = 0; f < width(); ++f) add(static_cast<std::size_t>(f), graphs(n, v, f));
    };
    over_all([&](std::size_t f, double value) { mean_[f] += value / count; });
    over_all([&](std::size_t f, double value) { deviation_[f] += (value - mean_[f]) * (value - mean_[f]) / count; });
    for (double& value : deviation_) value = value > 0 ? std::sqrt(value) : 1;
  }

  [[nodiscard]] at::Tensor scaled(const Array<double, 3>& graphs) const {
    at::Tensor values = at::empty({graphs.extent(0), graphs.extent(1), graphs.extent(2)}, at::kFloat);
    auto* out = values.data_ptr<float>();
    for (std::int64_t i = 0; i < graphs.size(); ++i) {
      const std::int64_t f = i % graphs.extent(2);
      const auto at = static_cast<std::size_t>(f);
      const double value = graphs.data()[i];
      out[i] = static_cast<float>(f < width() ? (value - mean_[at]) / deviation_[at] : value);
    }
    return values;
  }

  [[nodiscard]] at::Tensor logits(const at::Tensor& x) const {
    return network_->forward(x.narrow(2, 0, width()), x.narrow(2, width(), x.size(2) - width()));
  }

  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const at::NoGradGuard no_gradients;
    const at::Tensor x = scaled(graphs_of(samples, options_.graph, name()));
    Array<double, 2> result({samples.size(), present()}, uninitialised);
    for (std::int64_t n = 0; n < samples.size(); ++n) {
      // One graph at a time: its bits must not depend on the others.
      const at::Tensor p = at::softmax(logits(x.narrow(0, n, 1)).to(at::kDouble), 1).contiguous();
      std::copy_n(p.data_ptr<double>(), present(), &result(n, 0));
    }
    return result;
  }

  [[nodiscard]] Tensors learned() const override {
    Tensors tensors = parameters_;
    tensors.emplace("scale.mean", Tensor::vector(mean_));
    tensors.emplace("scale.deviation", Tensor::vector(deviation_));
    return tensors;
  }
  void relearn(const Safetensors& state) override {
    mean_ = expected(state, "scale.mean", {width()}).doubles();
    deviation_ = expected(state, "scale.deviation", {width()}).doubles();
    for (const double value : deviation_)
      if (!(value > 0)) throw input_error(name(), "the saved \"scale.deviation\" is not above 0");
    parameters_ = state.tensors;
    parameters_.erase("scale.mean");
    parameters_.erase("scale.deviation");
    options_.network.classes = present();
    network_ = std::make_unique<RicciGcn>(options_.network);
    network_->parameters().load(parameters_, name());
  }

  GcnOptions options_;
  std::vector<double> mean_, deviation_;
  std::unique_ptr<RicciGcn> network_;
  Tensors parameters_;
};

const NetworkDecoderEntry ricci_gcn{
    .name = "ricci-gcn",
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      return std::make_unique<RicciGcnDecoder>(options_from(options));
    },
};
CATON_REGISTER(NetworkDecoderEntry, ricci_gcn);

}  // namespace
}  // namespace caton::geometric_eeg
