// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/report.hpp"

#include "caton/base/file.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/report/group_report.hpp"

#include <cstdio>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::string folder, output;
};

int render(const Options& options, const Common& common) {
  const Path folder = options.folder, target = options.output.empty() ? folder / "report.html" : Path(options.output);
  write_file(target, is_group_folder(folder) ? group_report_html(read_group_folder(folder))
                                             : report_html(read_run_folder(folder)));
  if (!common.quiet) std::printf("%s\n", printable(target.string()).c_str());
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("RUN_FOLDER", options->folder, "what caton run wrote")->required();
  app.add_option("-o,--output", options->output, "the page to write (RUN_FOLDER/report.html)");
  return [options](const Common& common) { return render(*options, common); };
}

const Command command{.name = "report",
                      .about = "render the report of a finished run again",
                      .examples = "  caton report runs/demo\n  caton report runs/demo -o demo.html",
                      .place = 45,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
