// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// A call of every operation out of the reference cases, its inputs spoiled one at a time: another length of an axis,
// another number of axes, class and place numbers that do not exist. Each is refused by an error of ours or computed;
// none ends the program.
#include "caton/base/golden_case.hpp"
#include "caton/base/operation.hpp"
#include "golden_test.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>
#include <map>
#include <set>

using namespace caton;
using namespace caton::testing;

namespace {

struct Call {
  Json args;
  Tensors in;
};

std::size_t bytes_of(const Tensors& in) {
  std::size_t bytes = 0;
  for (const auto& [name, tensor] : in) bytes += tensor.bytes();
  return bytes;
}

/// The smallest call of each operation that has inputs and works, from the project's own copies of cases.
std::map<std::string, Call> smallest_calls() {
  constexpr std::size_t most_bytes = 300'000;
  std::map<std::string, Call> calls;
  std::set<Path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / "tests" / "reference"))
    if (entry.path().extension() == ".safetensors") files.insert(entry.path());
  for (const Path& file : files) {
    const GoldenCase golden = read_golden_case(file);
    if (golden.metadata_or("kind", "") != "operation") continue;
    const Json made = golden.json("calls");
    for (const Json& call : made.items()) {
      if (call.has("error") || call.at("in").members().empty()) continue;
      Tensors in;
      for (const auto& [name, tensor] : call.at("in").members()) in.emplace(name, golden.content.at(tensor.text(), ""));
      const std::string& name = call.at("op").text();
      const auto known = calls.find(name);
      if (bytes_of(in) > (known == calls.end() ? most_bytes : bytes_of(known->second.in))) continue;
      calls.insert_or_assign(name, Call{call.at("args"), std::move(in)});
    }
  }
  return calls;
}

/// The values at the first places of an axis, again and again where it becomes longer.
Tensor with_extent(const Tensor& tensor, std::size_t axis, std::int64_t extent) {
  Tensor::Shape shape = tensor.shape();
  const std::int64_t before = shape[axis];
  shape[axis] = extent;
  Tensor changed(tensor.dtype(), shape);
  std::size_t inner = dtype_bytes(tensor.dtype());
  for (std::size_t k = axis + 1; k < shape.size(); ++k) inner *= static_cast<std::size_t>(shape[k]);
  const std::int64_t outer =
      changed.size() == 0 ? 0
                          : changed.size() / (extent * static_cast<std::int64_t>(inner / dtype_bytes(tensor.dtype())));
  const auto* const from = static_cast<const char*>(tensor.data());
  auto* const to = static_cast<char*>(changed.data());
  for (std::int64_t o = 0; o < outer; ++o) {
    for (std::int64_t i = 0; i < extent; ++i) {
      std::memcpy(to + static_cast<std::size_t>(o * extent + i) * inner,
                  from + static_cast<std::size_t>(o * before + i % before) * inner, inner);
    }
  }
  return changed;
}

std::vector<Tensor> spoiled(const Tensor& tensor) {
  std::vector<Tensor> all;
  for (std::size_t axis = 0; tensor.size() > 0 && axis < tensor.rank(); ++axis) {
    const std::int64_t extent = tensor.extent(axis);
    for (const std::int64_t other : std::set<std::int64_t>{0, 1, 2, extent - 1, extent + 1})
      if (other != extent) all.push_back(with_extent(tensor, axis, other));
  }
  Tensor::Shape longer = tensor.shape();
  longer.insert(longer.begin(), 1);
  all.push_back(tensor.reshaped(longer));
  all.push_back(tensor.reshaped({tensor.size()}));
  all.emplace_back(tensor.dtype(), tensor.shape());
  if (tensor.dtype() != Dtype::i64 || tensor.size() == 0) return all;
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                         most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t number : {least, std::int64_t{-1}, std::int64_t{1'000'000}, most}) {
    Tensor changed = tensor;
    const auto values = changed.values<std::int64_t>();
    values[values.size() / 2] = number;
    all.push_back(std::move(changed));
  }
  return all;
}

/// Gives numbers, or an error that says something.
void survives(const Operation& operation, const Json& args, const Tensors& in) {
  try {
    (void)run_operation(operation, args, in);
  } catch (const Error& error) {
    CHECK(std::string(error.what()).size() > 10);
  } catch (const std::exception& error) {
    FAIL_CHECK("another exception than caton's: " << error.what());
  }
}

}  // namespace

TEST_SUITE("conformance") {
  TEST_CASE("spoiled calls: every operation of the cases refuses or computes what it is given") {
    const auto calls = smallest_calls();
    CHECK(calls.size() > 200);
    for (const auto& [name, call] : calls) {
      for (const auto& [port, tensor] : call.in) {
        for (const Tensor& other : spoiled(tensor)) {
          INFO(name << ": " << port << " as " << other.about());
          Tensors in = call.in;
          in.insert_or_assign(port, other);
          survives(operation_named(name), call.args, in);
        }
        Tensors fewer = call.in;
        fewer.erase(port);
        INFO(name << " without " << port);
        survives(operation_named(name), call.args, fewer);
      }
    }
  }
}
