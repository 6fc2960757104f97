// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/json.hpp"
#include "caton/base/kernel.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/cli/command.hpp"

#include <cstdio>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::vector<std::string> kernels;
  bool json = false;
};

std::vector<const KernelEntry*> chosen_kernels(const std::vector<std::string>& names) {
  const auto& registry = Registry<KernelEntry>::instance();
  if (names.empty()) return registry.entries();
  std::vector<const KernelEntry*> chosen;
  for (const auto& name : names) {
    const KernelEntry* const kernel = registry.find(name);
    if (kernel == nullptr)
      throw usage_error("bench", "unknown kernel \"" + printable(name) + "\"", suggestion(name, registry.names()));
    chosen.push_back(kernel);
  }
  return chosen;
}

struct Measured {
  const KernelEntry* kernel = nullptr;
  double seconds = 0, operations_per_s = 0, bytes_per_s = 0;
};

Measured measure(const KernelEntry& kernel) {
  check_interrupted();
  const KernelWork work = kernel.prepare();
  const double seconds = measured_seconds(work.run);
  return {&kernel, seconds, work.operations / seconds, work.bytes / seconds};
}

std::string share(double part, double whole) { return part > 0 ? fixed_text(100 * part / whole, 1) + " %" : "-"; }

void print_table(const MachinePeak& peak, const std::vector<Measured>& all) {
  std::printf("%s, one thread: %s Gflop/s at best (float64, not fused), %s GB/s when copying\n\n",
              processor_name(processor()), fixed_text(peak.operations_per_s / 1e9, 1).c_str(),
              fixed_text(peak.bytes_per_s / 1e9, 1).c_str());
  std::printf("%-16s %10s %9s %8s %8s %9s   %s\n", "kernel", "ms", "Gflop/s", "of peak", "GB/s", "of copy", "what");
  for (const Measured& one : all) {
    const bool counts = one.operations_per_s > 0;
    std::printf("%-16s %10s %9s %8s %8s %9s   %s\n", one.kernel->name.c_str(), fixed_text(1e3 * one.seconds, 3).c_str(),
                counts ? fixed_text(one.operations_per_s / 1e9, 2).c_str() : "-",
                share(one.operations_per_s, peak.operations_per_s).c_str(),
                fixed_text(one.bytes_per_s / 1e9, 2).c_str(), share(one.bytes_per_s, peak.bytes_per_s).c_str(),
                one.kernel->about.c_str());
  }
}

Json json_of(const MachinePeak& peak, const std::vector<Measured>& all) {
  Json kernels = Json::list();
  for (const Measured& one : all) {
    kernels.push(Json::object({{"name", one.kernel->name},
                               {"about", one.kernel->about},
                               {"seconds", one.seconds},
                               {"operations_per_s", one.operations_per_s},
                               {"bytes_per_s", one.bytes_per_s}}));
  }
  return Json::object({{"target", processor_name(processor())},
                       {"operations_per_s", peak.operations_per_s},
                       {"bytes_per_s", peak.bytes_per_s},
                       {"kernels", kernels}});
}

int bench(const Options& options) {
  const auto kernels = chosen_kernels(options.kernels);
  const MachinePeak peak = measured_peak();
  std::vector<Measured> all;
  for (const KernelEntry* const kernel : kernels) all.push_back(measure(*kernel));
  if (options.json)
    std::printf("%s\n", json_of(peak, all).dump(1).c_str());
  else
    print_table(peak, all);
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("KERNEL", options->kernels, "which to measure (default: all)");
  app.add_flag("--json", options->json, "print the figures as JSON");
  return [options](const Common& common) {
    if (common.threads == 0) set_threads(1);
    return bench(*options);
  };
}

const Command command{.name = "bench",
                      .about = "how fast the inner loops run here, beside what this machine can do",
                      .examples = "  caton bench\n  caton bench fft fir",
                      .place = 90,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
