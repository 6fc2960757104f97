// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// Our side of workload W4, driven by bench/W4/run.py: reads a case (parameters, batch), then one command a line from
// standard input and answers each with one line. `values FILE` writes logits, loss and gradients without dropout;
// `step` does one training step, `infer N` decides the first N windows: both answer milliseconds.
#include "caton/base/error.hpp"
#include "caton/base/golden_case.hpp"
#include "caton/models/rbtransformer/inference.hpp"
#include "caton/models/rbtransformer/network.hpp"
#include "caton/nn/losses.hpp"
#include "caton/nn/optimiser.hpp"
#include "caton/nn/tensors.hpp"

#include <chrono>
#include <iostream>

namespace caton::rbtransformer {
namespace {

using Clock = std::chrono::steady_clock;
double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

class Bench {
 public:
  explicit Bench(const GoldenCase& given)
      : network_(config_from(given.json("config"), "case")),
        x_(nn::to_torch(given.content.at("in.x", "case"))),
        y_(nn::to_torch(given.content.at("in.y", "case"))),
        adam_({.weight_decay = 1e-3}, network_.parameters().count()) {
    Tensors parameters;
    for (const auto& [name, tensor] : given.content.tensors) {
      if (name.starts_with("param.")) parameters.emplace(name.substr(6), tensor);
    }
    network_.parameters().load(parameters, "case");
    inference_ = Inference(network_.config(), parameters, "case");
  }

  void write_values(const Path& path) {
    Safetensors out;
    network_.parameters().clear_gradients();
    const at::Tensor loss = nn::loss_of(loss_, network_.forward(x_), y_);
    loss.backward();
    for (auto& [name, tensor] : network_.parameters().gradient_tensors()) out.tensors.emplace("grad." + name, tensor);
    out.tensors.emplace("out.loss", nn::from_torch(loss));
    infer(x_.size(0));
    out.tensors.emplace("out.logits", Tensor::of(logits_));
    write_safetensors(path, out);
  }

  double step() {
    const auto begin = Clock::now();
    network_.parameters().clear_gradients();
    const RandomStream random(1, "bench", {++steps_});
    nn::loss_of(loss_, network_.forward(x_, random), y_).backward();
    adam_.step(network_.parameters().values(), network_.parameters().gradients(), 1e-3);
    return milliseconds_since(begin);
  }

  double infer(std::int64_t windows) {
    const auto begin = Clock::now();
    logits_ = Array<float, 2>({windows, network_.config().num_classes});
    const std::int64_t width = x_.size(1) * x_.size(2);
    inference_.run(View<const float, 2>(x_.data_ptr<float>(), {windows, width}), logits_);
    return milliseconds_since(begin);
  }

 private:
  Network network_;
  Inference inference_;
  at::Tensor x_, y_;
  nn::Loss loss_{.label_smoothing = 0.12};
  nn::Adam adam_;
  std::uint64_t steps_ = 0;
  Array<float, 2> logits_;
};

int run(const char* path) {
  Bench bench(read_golden_case(path));
  std::cout << "ready" << std::endl;
  std::string command;
  while (std::cin >> command) {
    if (command == "values") {
      std::string file;
      std::cin >> file;
      bench.write_values(file);
      std::cout << "written" << std::endl;
    } else if (command == "step") {
      std::cout << bench.step() << std::endl;
    } else if (command == "infer") {
      std::int64_t windows = 1;
      std::cin >> windows;
      std::cout << bench.infer(windows) << std::endl;
    }
  }
  return 0;
}

}  // namespace
}  // namespace caton::rbtransformer

int main(int count, char** arguments) {
  try {
    if (count != 2) throw caton::usage_error("bench_rbtransformer", "the path of a case is needed");
    return caton::rbtransformer::run(arguments[1]);
  } catch (const caton::Error& error) {
    std::cerr << error.what() << "\n";
    return error.exit_code();
  }
}
