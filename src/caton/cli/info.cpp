// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/cli/info_page.hpp"
#include "caton/recording/about.hpp"
#include "caton/recording/recording.hpp"
#include "caton/recording/signal_facts.hpp"

#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

namespace caton::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  bool json = false, all = false, formats = false;
  std::string at;
  std::optional<double> rate_hz;
  std::optional<std::string> unit;
};

struct Looked {
  std::unique_ptr<Recording> recording;
  SignalFacts facts;
  Findings more;
  Json variables;
};

std::vector<std::int64_t> positions_of(const std::string& list) {
  std::vector<std::int64_t> positions;
  if (list.empty()) return positions;
  for (const std::string& part : split(list, ',')) {
    const auto position = parse_integer(part);
    if (!position || *position < 0)
      throw usage_error("--at", "\"" + printable(part) + "\" is no sample number", "give them as 0,533,1024");
    positions.push_back(*position);
  }
  return positions;
}

Looked look(const std::string& file, const Options& options) {
  Looked looked;
  looked.recording = open_recording(file, {.rate_hz = options.rate_hz, .unit = options.unit});
  if (container_format_of(file) != nullptr)
    looked.variables = about_variables(*open_container(file), file, looked.more);
  looked.facts = signal_facts(*looked.recording, file);
  return looked;
}

Json json_of(const std::string& file, const Options& options) {
  const Looked looked = look(file, options);
  Findings more = looked.facts.findings;
  more.insert(more.end(), looked.more.begin(), looked.more.end());
  Json about = about_recording(*looked.recording, more, positions_of(options.at));
  if (!looked.variables.is_null()) about["variables"] = looked.variables;
  return about;
}

std::string page_of(const std::string& file, const Options& options) {
  Looked looked = look(file, options);
  const InfoPage page{.recording = looked.recording.get(),
                      .facts = &looked.facts,
                      .more_findings = &looked.more,
                      .variables = looked.variables,
                      .file = file,
                      .all = options.all};
  return info_page(page, terminal());
}

int list_formats() {
  for (const bool read : {true, false}) {
    std::printf("%s\n", read ? "Read:" : "\nKnown by name, not read yet:");
    for (const FormatEntry* const entry : Registry<FormatEntry>::instance().entries())
      if ((entry->open != nullptr) == read) std::printf("  %-34s %s\n", entry->name.c_str(), entry->about.c_str());
  }
  return 0;
}

int info(const Options& options) {
  if (options.formats) return list_formats();
  if (options.files.empty()) throw usage_error("info", "no file is named", "caton info FILE");
  if (options.files.size() == 1) {
    if (options.json)
      std::cout << json_of(options.files.front(), options).dump(1) << '\n';
    else
      std::cout << page_of(options.files.front(), options);
    return 0;
  }
  int worst = 0;
  Json list = Json::list();
  for (const std::string& file : options.files) {
    try {
      if (options.json)
        list.push(json_of(file, options));
      else
        std::cout << page_of(file, options) << '\n' << std::flush;
    } catch (const Error& error) {
      std::fprintf(stderr, "caton: %s\n", error.what());
      if (worst == 0) worst = error.exit_code();
    }
  }
  if (options.json) std::cout << list.dump(1) << '\n';
  return worst;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("FILE", options->files, "recordings, arrays or containers");
  app.add_flag("--json", options->json, "for programs: one object (several files: a list)");
  app.add_flag("--all", options->all, "every channel, annotation and finding, however many");
  app.add_flag("--formats", options->formats, "list the formats that are read and those known by name");
  app.add_option("--at", options->at, "with --json: values of each channel at these sample numbers (0,533)");
  app.add_option("--rate", options->rate_hz, "sampling rate in Hz, where the file does not say it");
  app.add_option("--unit", options->unit, "unit of the samples (uV), where the file does not say it");
  return [options](const Common&) { return info(*options); };
}

const Command command{
    .name = "info",
    .about = "what is in a recording: channels, amplitudes, annotations, what is odd",
    .examples =
        "  caton info recording.edf\n  caton info --json --at 0,533 recording.edf\n"
        "  caton info --rate 256 --unit uV samples.npy",
    .place = 10,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
