// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/benchmark.hpp"
#include "caton/cli/command.hpp"

#include <cstdio>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::string table = "recipes/benchmark/benchmark.toml", data, output = "runs/benchmark";
};

int benchmark(const Options& options, const Common& common) {
  const auto tasks = read_benchmark(options.table);
  Progress progress(default_display(common.quiet));
  const auto rows = run_benchmark(tasks, Path(options.table).parent_path(), options.data, options.output, progress);
  write_file(Path(options.output) / "benchmark.csv", table_text(benchmark_table(rows)));
  const std::string text = benchmark_text(rows);
  write_file(Path(options.output) / "benchmark.md", text);
  std::printf("%s", text.c_str());
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("DATA", options->data, "folder that holds the recordings' folders")->required();
  app.add_option("--table", options->table, "recipes, their recordings and references")->capture_default_str();
  app.add_option("-o,--output", options->output, "where the run folders, benchmark.md and benchmark.csv go")
      ->capture_default_str();
  return [options](const Common& common) { return benchmark(*options, common); };
}

const Command command{
    .name = "benchmark",
    .about = "pipelines beside a reference on the same honest splits: intervals, paired tests, Holm's correction",
    .examples = "  caton benchmark data/tasks\n  caton benchmark data/tasks --table my-benchmark.toml -o results",
    .place = 58,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
