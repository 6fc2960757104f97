// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/conformance/conformance.hpp"

#include "caton/base/error.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/text.hpp"
#include "caton/decode/decoder.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace caton {
namespace {

std::string index_text(std::int64_t flat, const Tensor::Shape& shape) {
  std::vector<std::string> parts(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    parts[axis] = std::to_string(flat % shape[axis]);
    flat /= shape[axis];
  }
  return "[" + join(parts, ",") + "]";
}

/// A scalar may be filed with no axis where an operation gives one value, and the other way round.
bool same_shape(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() || (a.size() == 1 && b.size() == 1 && a.rank() <= 1 && b.rank() <= 1);
}

struct Replay {
  const GoldenCase& golden;
  Json tolerance;
  Tensors made;  ///< outputs of earlier calls, by their name in the file
  CaseResult result;

  const Tensor& input(const std::string& name) const {
    if (const auto found = made.find(name); found != made.end()) return found->second;
    return golden.content.at(name, golden.path.string());
  }
  void compare_output(const std::string& name, const Tensor& ours) {
    result.outputs.push_back(compare(name, ours, golden.content.at(name, golden.path.string()), tolerance));
  }
};

/// Paths in a case are relative to the case's folder.
Json with_paths_resolved(const Json& args, const Path& folder) {
  Json resolved = args;
  if (Json* const path = resolved.find("path"); path != nullptr && path->is_text()) {
    *path = safe_join(folder, path->text(), "path").string();
  }
  return resolved;
}

Tensors inputs_of(const Json& call, const Replay& replay) {
  Tensors in;
  if (const Json* const ports = call.find("in")) {
    for (const auto& [name, tensor] : ports->members("in")) in.emplace(name, replay.input(tensor.text("in")));
  }
  return in;
}

void replay_refusal(const Json& call, const std::string& word, Replay& replay) {
  const std::string name = call.at("op").text();
  OutputComparison comparison{.name = name + " refuses (" + word + ")"};
  try {
    static_cast<void>(run_operation(name, with_paths_resolved(call.at("args"), replay.golden.path.parent_path()),
                                    inputs_of(call, replay)));
    comparison.problem = "it was not refused";
  } catch (const Error& error) {
    comparison.passed = std::string(error.what()).find(word) != std::string::npos;
    if (!comparison.passed) comparison.problem = "refused with other words: " + std::string(error.what());
  }
  replay.result.outputs.push_back(std::move(comparison));
}

void replay_call(const Json& call, Replay& replay) {
  if (const Json* const word = call.find("error")) return replay_refusal(call, word->text("error"), replay);
  const std::string name = call.at("op").text();
  const Json args = call.has("args") ? call.at("args") : Json::object();
  const Tensors out =
      run_operation(name, with_paths_resolved(args, replay.golden.path.parent_path()), inputs_of(call, replay));
  for (const auto& [output, tensor] : call.at("out").members("out")) {
    const auto found = out.find(output);
    if (found == out.end()) throw check_error(name, "gives no output \"" + output + "\"");
    replay.compare_output(tensor.text("out"), found->second);
    replay.made.insert_or_assign(tensor.text("out"), found->second);
  }
}

void replay_operations(Replay& replay, const std::vector<std::string>& only) {
  const Json calls = replay.golden.json("calls");
  for (const auto& call : calls.items("calls")) {
    const std::string name = call.at("op").text();
    if (!only.empty() && std::find(only.begin(), only.end(), name) == only.end()) continue;
    replay_call(call, replay);
  }
}

void replay_network(Replay& replay) {
  const std::string& name = replay.golden.metadata("network");
  open_networks();
  const auto& registry = Registry<NetworkEntry>::instance();
  const NetworkEntry* const entry = registry.find(name);
  if (entry == nullptr)
    throw usage_error("network \"" + name + "\"", "unknown network", suggestion(name, registry.names()));
  const Tensors ours = entry->replay(replay.golden);
  for (const auto& [tensor, golden] : replay.golden.content.tensors) {
    if (tensor.rfind("out.", 0) != 0 && tensor.rfind("grad.", 0) != 0 && tensor.rfind("after.", 0) != 0) continue;
    const auto found = ours.find(tensor);
    if (found == ours.end()) {
      replay.result.outputs.push_back({.name = tensor, .problem = "the network gives no such tensor"});
    } else {
      replay.compare_output(tensor, found->second);
    }
  }
}

}  // namespace

OutputComparison compare(const std::string& name, const Tensor& ours, const Tensor& golden, const Json& tolerance) {
  const Json* bound = tolerance.find(name);
  if (bound == nullptr) bound = &tolerance.at("default", "tolerance");
  OutputComparison comparison{
      .name = name, .passed = true, .atol = bound->at("atol").number(), .rtol = bound->at("rtol").number()};
  if (!same_shape(ours, golden)) {
    comparison.passed = false;
    comparison.problem = "shape: got " + ours.about() + ", golden " + golden.about();
    return comparison;
  }
  const auto a = ours.doubles(), b = golden.doubles();
  std::int64_t worst = -1, failing = 0;
  double worst_excess = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((std::isnan(a[i]) && std::isnan(b[i])) || a[i] == b[i]) continue;
    const double difference = std::abs(a[i] - b[i]);
    const double excess = difference - (comparison.atol + comparison.rtol * std::abs(b[i]));
    comparison.largest_absolute = std::max(comparison.largest_absolute, difference);
    if (b[i] != 0) comparison.largest_relative = std::max(comparison.largest_relative, difference / std::abs(b[i]));
    if (excess <= 0) continue;
    ++failing;
    if (worst < 0 || !(excess <= worst_excess)) {
      worst = static_cast<std::int64_t>(i);
      worst_excess = excess;
    }
  }
  if (failing == 0) return comparison;
  const auto at = static_cast<std::size_t>(worst);
  comparison.passed = false;
  comparison.problem = name + index_text(worst, golden.shape()) + ": got " + number_text(a[at]) + ", golden " +
                       number_text(b[at]) + ", |diff| " + number_text(std::abs(a[at] - b[at])) + " > " +
                       number_text(comparison.atol) + " + " + number_text(comparison.rtol) + "*|golden|; " +
                       std::to_string(failing) + " of " + std::to_string(a.size()) + " differ";
  return comparison;
}

CaseResult verify_calls(const GoldenCase& golden, const std::vector<std::string>& only) {
  Replay replay{golden, {}, {}, {}};
  replay.result.path = golden.path.string();
  try {
    replay.result.system = golden.metadata("system");
    replay.result.name = golden.metadata("case");
    replay.tolerance = golden.json("tolerance");
    const std::string& kind = golden.metadata("kind");
    if (kind == "operation")
      replay_operations(replay, only);
    else if (kind == "network")
      replay_network(replay);
    else
      throw input_error(golden.path.string(), "the kind \"" + kind + "\" is not known", "operation and network are");
  } catch (const Error& error) {
    replay.result.problem = error.what();
  }
  const auto& outputs = replay.result.outputs;
  replay.result.passed = replay.result.problem.empty() && !outputs.empty() &&
                         std::all_of(outputs.begin(), outputs.end(), [](const auto& output) { return output.passed; });
  return replay.result;
}

Tensors replay_outputs(const GoldenCase& golden) {
  Replay replay{golden, golden.json("tolerance"), {}, {}};
  const Json calls = golden.json("calls");
  for (const auto& call : calls.items("calls")) {
    if (!call.has("error")) replay_call(call, replay);
  }
  return std::move(replay.made);
}

CaseResult verify_case(const GoldenCase& golden) { return verify_calls(golden, {}); }

Json to_json(const CaseResult& result) {
  Json outputs = Json::list();
  for (const auto& output : result.outputs) {
    Json entry = Json::object({{"name", output.name},
                               {"passed", output.passed},
                               {"largest_absolute", output.largest_absolute},
                               {"largest_relative", output.largest_relative},
                               {"atol", output.atol},
                               {"rtol", output.rtol}});
    if (!output.problem.empty()) entry["problem"] = output.problem;
    outputs.push(std::move(entry));
  }
  Json json = Json::object(
      {{"file", result.path}, {"system", result.system}, {"case", result.name}, {"passed", result.passed}});
  if (!result.problem.empty()) json["problem"] = result.problem;
  json["outputs"] = std::move(outputs);
  return json;
}

}  // namespace caton
