// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/conformance/conformance.hpp"

#include "golden_test.hpp"

#include "caton/base/operation.hpp"
#include "caton/prepare/prepared.hpp"

#include <cstring>
#include <limits>
#include <set>

using namespace caton;
using namespace caton::testing;

namespace {

/// Copies of cases that the project passes.
std::vector<Path> own_cases() {
  std::set<Path> cases;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / "tests/reference/golden")) {
    const bool in_files = entry.path().string().find("/files/") != std::string::npos;
    if (entry.path().extension() == ".safetensors" && !in_files) cases.insert(entry.path());
  }
  return {cases.begin(), cases.end()};
}

bool networks_built() { return std::filesystem::exists(build_dir() / "libcaton_nn.so"); }

void check_same_bytes(const std::string& what, const Tensor& a, const Tensor& b) {
  REQUIRE_MESSAGE(a.about() == b.about(), what);
  CHECK_MESSAGE((a.bytes() == 0 || std::memcmp(a.data(), b.data(), a.bytes()) == 0), what << " differs");
}

}  // namespace

TEST_SUITE("conformance") {
  TEST_CASE("every golden case of the project passes at its tolerance") {
    std::size_t passed = 0;
    for (const Path& path : own_cases()) {
      const GoldenCase golden = read_golden_case(path);
      if (golden.metadata("kind") == "network" && !networks_built()) {
        MESSAGE("skipped, networks are not built: " << path.filename().string());
        continue;
      }
      const CaseResult result = verify_case(golden);
      CHECK_MESSAGE(result.passed, path.filename().string() << ": " << to_json(result).dump());
      ++passed;
    }
    CHECK(passed >= 25);
  }

  TEST_CASE("an operation gives the same bytes directly, in verify and as a step of a recipe") {
    std::set<std::string> seen, steps;
    for (const Path& path : own_cases()) {
      const GoldenCase golden = read_golden_case(path);
      if (golden.metadata("kind") != "operation") continue;
      const Tensors verified = replay_outputs(golden);
      const Json calls = golden.json("calls");
      for (const auto& call : calls.items()) {
        if (call.has("error") || call.at("args").has("path")) continue;
        const Operation& operation = operation_named(call.at("op").text());
        Tensors in;
        for (const auto& [name, tensor] : call.at("in").members()) {
          const auto made = verified.find(tensor.text());
          in.emplace(name, made != verified.end() ? made->second : golden.content.at(tensor.text(), path.string()));
        }
        const Tensors direct = run_operation(operation, call.at("args"), in);
        for (const auto& [port, tensor] : call.at("out").members()) {
          check_same_bytes(operation.name, direct.at(port), verified.at(tensor.text()));
        }
        seen.insert(operation.name);
        // A step of [prepare] is the same function with the rate of the data.
        if (operation.room != "signal" || in.size() != 1 || in.count("x") == 0 || in.at("x").rank() != 2) continue;
        if (!direct.count("y") || !call.at("args").has("rate_hz") || operation.name == "resample_fft") continue;
        Json args = call.at("args");
        const double rate_hz = args.at("rate_hz").number();
        args.erase("rate_hz");
        Json step = Json::object({{operation.name, args}});
        const auto as_step = apply_steps(in.at("x").array<2>("x"), rate_hz, prepare_steps(Json(Json::List{step})));
        check_same_bytes(operation.name + " as a step", direct.at("y"), Tensor::of(as_step));
        steps.insert(operation.name);
      }
    }
    CHECK(seen.size() >= 35);
    CHECK(steps.count("fir_filter") == 1);
    CHECK(steps.count("notch") == 1);
  }

  TEST_CASE("unknown operations and networks fail by name") {
    GoldenCase golden = read_golden_case(own_cases().front());
    golden.content.metadata["kind"] = "operation";
    golden.content.metadata["calls"] = R"([{"op":"no_such_thing","args":{},"in":{},"out":{}}])";
    CHECK(verify_case(golden).problem.find("no_such_thing") != std::string::npos);
    CHECK_FALSE(verify_case(golden).passed);
    if (!networks_built()) return;
    golden.content.metadata["kind"] = "network";
    golden.content.metadata["network"] = "NoSuchNetwork";
    CHECK(verify_case(golden).problem.find("NoSuchNetwork") != std::string::npos);
  }

  TEST_CASE("a wrong number fails with its place, a wrong shape with both shapes") {
    const Json tolerance = Json::object({{"default", Json::object({{"atol", 1e-3}, {"rtol", 0.0}})}});
    const Tensor golden({2, 2}, std::vector<double>{1, 2, 3, 4});
    CHECK(compare("x", golden, golden, tolerance).passed);
    const auto wrong = compare("x", Tensor({2, 2}, std::vector<double>{1, 2, 3.5, 4}), golden, tolerance);
    CHECK_FALSE(wrong.passed);
    CHECK(wrong.problem.find("x[1,0]: got 3.5, golden 3") != std::string::npos);
    CHECK_FALSE(compare("x", Tensor({4}, std::vector<double>{1, 2, 3, 4}), golden, tolerance).passed);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(compare("x", Tensor({2, 2}, std::vector<double>{1, nan, 3, 4}), golden, tolerance).passed);
  }
}
