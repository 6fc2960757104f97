// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/functions.hpp"

#include "caton/nn/optimiser.hpp"
#include "caton/nn/parameters.hpp"
#include "caton/nn/setup.hpp"
#include "caton/nn/tensors.hpp"
#include "golden_test.hpp"

#include <ATen/Parallel.h>
#include <doctest/doctest.h>

#include <cmath>
#include <thread>

using namespace caton;
using namespace caton::nn;
using namespace caton::testing;

namespace {

at::Tensor random_tensor(c10::IntArrayRef shape, std::uint64_t seed, double scale = 1) {
  RandomStream random(seed, "tensor");
  at::Tensor result = at::empty(shape, at::kFloat);
  for (std::int64_t i = 0; i < result.numel(); ++i)
    result.data_ptr<float>()[i] = static_cast<float>(scale * random.normal());
  return result;
}
double largest(const at::Tensor& x) { return x.abs().max().item().toDouble(); }
at::Tensor leaf(const at::Tensor& x) { return x.clone().requires_grad_(); }

/// Largest difference of two functions' gradients with respect to the same inputs, weighted at random.
template <class Ours, class Reference>
double gradient_difference(const std::vector<at::Tensor>& inputs, const Ours& ours, const Reference& reference) {
  std::vector<at::Tensor> a, b;
  for (const auto& input : inputs) {
    a.push_back(leaf(input));
    b.push_back(leaf(input.to(at::kDouble)));
  }
  const at::Tensor first = ours(a), second = reference(b);
  double worst = largest(first.to(at::kDouble) - second);
  const at::Tensor weight = random_tensor(first.sizes(), 99);
  (first * weight).sum().backward();
  (second * weight.to(at::kDouble)).sum().backward();
  for (std::size_t i = 0; i < inputs.size(); ++i)
    worst = std::max(worst, largest(a[i].grad().to(at::kDouble) - b[i].grad()));
  return worst;
}

using Inputs = std::vector<at::Tensor>;

at::Tensor attention_by_definition(const at::Tensor& qkv, const AttentionShape& s) {
  const at::Tensor parts = qkv.view({s.batch, s.tokens, 3, s.heads, s.head_dim}).permute({2, 0, 3, 1, 4});
  const at::Tensor scores =
      at::matmul(parts[0], parts[1].transpose(-1, -2)) / std::sqrt(static_cast<double>(s.head_dim));
  return at::matmul(at::softmax(scores, -1), parts[2])
      .permute({0, 2, 1, 3})
      .reshape({s.batch * s.tokens, s.heads * s.head_dim});
}

}  // namespace

TEST_SUITE("networks") {
  TEST_CASE("gelu: right backwards when the gradient is not contiguous (libtorch's own is not)") {
    const at::Tensor x = random_tensor({8, 40, 25}, 1), weight = random_tensor({8, 25, 40}, 2);
    const at::Tensor ours = leaf(x), exact = leaf(x.to(at::kDouble));
    (nn::gelu(ours).permute({0, 2, 1}) * weight).sum().backward();
    (at::gelu(exact).permute({0, 2, 1}) * weight.to(at::kDouble)).sum().backward();
    CHECK(largest(ours.grad().to(at::kDouble) - exact.grad()) < 5e-6);
  }

  TEST_CASE("gelu: the exact form from far left to far right") {
    at::Tensor x = at::linspace(-12, 12, 4801, at::kFloat);
    const at::Tensor exact = at::gelu(x.to(at::kDouble));
    CHECK(largest(nn::gelu(x).to(at::kDouble) - exact) < 2e-6);
  }

  TEST_CASE("parts: forward and gradients as by definition in float64") {
    CHECK(gradient_difference(
              {random_tensor({11, 7}, 1), random_tensor({5, 7}, 2), random_tensor({5}, 3)},
              [](const Inputs& in) { return nn::linear(in[0], in[1], in[2]); },
              [](const Inputs& in) { return at::linear(in[0], in[1], in[2]); }) < 1e-5);
    for (const std::int64_t width : {1, 3, 16, 37, 128}) {
      CHECK(gradient_difference(
                {random_tensor({70, width}, 1), random_tensor({width}, 2), random_tensor({width}, 3)},
                [](const Inputs& in) { return nn::layer_norm(in[0], in[1], in[2]); },
                [](const Inputs& in) { return at::layer_norm(in[0], in[1].sizes(), in[1], in[2], 1e-5); }) < 3e-4);
    }
    for (const AttentionShape& s :
         {AttentionShape{2, 14, 6, 32}, {3, 7, 5, 7}, {2, 1, 2, 4}, {1, 62, 3, 8}, {2, 17, 1, 33}}) {
      CHECK(gradient_difference(
                {random_tensor({s.batch * s.tokens, 3 * s.heads * s.head_dim}, 4)},
                [&](const Inputs& in) { return nn::attention(in[0], s, {}); },
                [&](const Inputs& in) { return attention_by_definition(in[0], s); }) < 2e-5);
    }
  }

  TEST_CASE("dropout: keyed by its stream, keeps the mean, and the backward pass drops what the forward pass dropped") {
    const RandomStream random(7, "dropout");
    const at::Tensor ones = at::ones({300, 333}, at::kFloat).requires_grad_();
    const at::Tensor dropped = drop(ones, {0.1, random});
    dropped.sum().backward();
    CHECK(at::equal(ones.grad(), dropped.detach()));
    const double kept = dropped.detach().gt(0).to(at::kDouble).mean().item().toDouble();
    CHECK(kept == doctest::Approx(0.9).epsilon(0.005));
    CHECK(dropped.mean().item().toDouble() == doctest::Approx(1).epsilon(0.005));
    CHECK(at::equal(drop(ones, {0.1, random}), dropped));
    CHECK(!at::equal(drop(ones, {0.1, random.derive("other")}), dropped));
    CHECK(at::equal(drop(ones, {0.0, random}), ones));
    at::Tensor elsewhere;
    std::jthread([&] { elsewhere = drop(ones, {0.1, random}).detach(); }).join();
    CHECK(at::equal(elsewhere, dropped));
  }

  TEST_CASE("attention: dropout acts on the weights, forwards and backwards alike") {
    const AttentionShape s{2, 6, 2, 5};
    const at::Tensor qkv = random_tensor({12, 30}, 3).requires_grad_();
    const Dropout dropout{0.3, RandomStream(1, "attention")};
    const at::Tensor direction = random_tensor({12, 30}, 8), weight = random_tensor({12, 10}, 9);
    (attention(qkv, s, dropout) * weight).sum().backward();
    const auto along = [&](double step) {
      return (attention(qkv.detach() + step * direction, s, dropout) * weight).to(at::kDouble).sum().item().toDouble();
    };
    const double slope = (along(1e-2) - along(-1e-2)) / 2e-2;
    CHECK((qkv.grad() * direction).to(at::kDouble).sum().item().toDouble() == doctest::Approx(slope).epsilon(2e-3));
  }

  TEST_CASE("packed linear layer: as by definition for any number of rows; a row's bits do not depend on the others") {
    for (const std::int64_t outputs : {1, 2, 31, 32, 33, 96, 130}) {
      const std::int64_t inputs = 37, rows = 61;
      const at::Tensor x = random_tensor({rows, inputs}, 1), weight = random_tensor({outputs, inputs}, 2),
                       bias = random_tensor({outputs}, 3);
      const PackedLinear layer(weight.data_ptr<float>(), bias.data_ptr<float>(), static_cast<std::size_t>(outputs),
                               static_cast<std::size_t>(inputs));
      const at::Tensor out = at::empty({rows, outputs}, at::kFloat), one = at::empty({outputs}, at::kFloat);
      layer.apply(x.data_ptr<float>(), static_cast<std::size_t>(rows), out.data_ptr<float>());
      CHECK(largest(out - at::linear(x, weight, bias)) < 1e-4);
      for (std::int64_t row = 0; row < rows; row += 13) {
        layer.apply(x.data_ptr<float>() + row * inputs, 1, one.data_ptr<float>());
        CHECK(at::equal(one, out[row]));
      }
    }
  }

  TEST_CASE("AdamW: a step by hand") {
    Adam adam({.learning_rate = 0.1, .weight_decay = 0.5}, 1);
    std::vector<float> parameter{2.0F};
    const std::vector<float> gradient{4.0F};
    adam.step(parameter, gradient, 0.1);
    // Corrected moments are 4 and 16: one step of the learning rate, after the decay of 5 %.
    CHECK(parameter[0] == doctest::Approx(2.0 * 0.95 - 0.1).epsilon(1e-6));
    CHECK(error_of([&] {
            adam.restore({.steps = 1, .first_moment = {0, 0}, .second_moment = {0, 0}});
          }).kind() == ErrorKind::input);
  }

  TEST_CASE("parameters: loaded strictly, naming the key") {
    const Parameters parameters({{"a.weight", {2, 3}}, {"a.bias", {2}}});
    Tensors good{{"a.weight", Tensor({2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6})},
                 {"a.bias", Tensor({2}, std::vector<float>{7, 8})}};
    parameters.load(good, "file");
    CHECK(parameters.values()[5] == 6);
    CHECK(parameters.tensors().at("a.bias").values<float>()[1] == 8);
    const auto refused = [&](const Tensors& tensors, const std::string& key) {
      CHECK(std::string(error_of([&] { parameters.load(tensors, "file"); }).what()).find(key) != std::string::npos);
    };
    Tensors missing = good, surplus = good, misshaped = good;
    missing.erase("a.bias");
    surplus.emplace("b.bias", Tensor({1}, std::vector<float>{0}));
    misshaped["a.weight"] = Tensor({3, 2}, std::vector<float>(6));
    refused(missing, "a.bias");
    refused(surplus, "b.bias");
    refused(misshaped, "a.weight");
  }

  TEST_CASE("libtorch and BLAS use one thread each, and what BLAS it is, is known") {
    CHECK(at::get_num_threads() == 1);
    CHECK(!library_state().blas.empty());
  }
}
