// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/conformance/conformance.hpp"

#include <cstdio>
#include <iostream>
#include <memory>
#include <vector>

namespace caton::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  bool json = false;
};

void print(const CaseResult& result, bool verbose) {
  std::printf("%s %s/%s\n", result.passed ? "pass" : "FAIL", printable(result.system).c_str(),
              printable(result.name).c_str());
  if (!result.problem.empty()) std::printf("     %s\n", printable(result.problem).c_str());
  for (const auto& output : result.outputs) {
    if (!output.passed)
      std::printf("     %s: %s\n", printable(output.name).c_str(), printable(output.problem).c_str());
    else if (verbose) {
      std::printf("     %s: largest error %s absolute, %s relative\n", printable(output.name).c_str(),
                  number_text(output.largest_absolute).c_str(), number_text(output.largest_relative).c_str());
    }
  }
}

int verify(const Options& options, const Common& common) {
  std::size_t passed = 0;
  Json all = Json::list();
  for (const auto& file : options.files) {
    const CaseResult result = verify_case(read_golden_case(file));
    passed += result.passed ? 1 : 0;
    if (options.json)
      all.push(to_json(result));
    else if (!common.quiet || !result.passed)
      print(result, common.verbose);
  }
  const std::size_t failed = options.files.size() - passed;
  if (options.json)
    std::cout << Json::object({{"passed", passed}, {"failed", failed}, {"cases", all}}).dump(1) << '\n';
  else
    std::printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 ? 0 : static_cast<int>(ErrorKind::check);
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("CASE", options->files, "golden cases (.safetensors)")->required();
  app.add_flag("--json", options->json, "for every output the largest absolute and relative error and the tolerance");
  return [options](const Common& common) { return verify(*options, common); };
}

const Command command{
    .name = "verify",
    .about = "replay golden cases and compare with the reference's numbers",
    .examples =
        "  caton verify tests/reference/golden/rbtransformer/*.safetensors\n  caton verify --json CASE.safetensors",
    .place = 80,
    .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
