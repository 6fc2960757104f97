// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/plots/plot.hpp"
#include "caton/base/error.hpp"
#include "caton/base/file.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/cli/target.hpp"
#include "caton/features/connectivity/pair_measures.hpp"

#include <cstdio>
#include <memory>
#include <optional>

namespace caton::cli {
namespace {

struct Options {
  std::string kind, output, channels, baseline, bands;
  std::vector<std::string> events;
  bool force = false;
  report::PlotRequest request;
};

const report::PlotKind& kind_named(const std::string& name) {
  if (const auto* const kind = Registry<report::PlotKind>::instance().find(name)) return *kind;
  const auto known = Registry<report::PlotKind>::instance().names();
  const std::string near = suggestion(name, known);
  throw usage_error("plot", "unknown kind \"" + printable(name) + "\"",
                    near.empty() ? "choose one of " + join(known, ", ") : near);
}

std::string checked_ending(const Options& options) {
  const std::string ending = lower_case(Path(options.output).extension().string());
  if (ending != ".svg" && ending != ".html")
    throw usage_error(options.output, "the ending \"" + printable(ending) + "\" is not written",
                      "name a file that ends in .svg or .html");
  check_target(options.request.file, options.output, options.force, ".svg or .html");
  return ending;
}

/// "-0.2,0": either end may be left out.
TimeSpan span_of(const std::string& text) {
  const auto ends = split(text, ',');
  TimeSpan span;
  const auto read = [&](const std::string& end, std::optional<double>& to) {
    if (trim(end).empty()) return;
    to = parse_number(trim(end));
    if (!to) throw usage_error("plot", "--baseline " + printable(text) + " is not of the form -0.2,0");
  };
  if (ends.size() != 2) throw usage_error("plot", "--baseline " + printable(text) + " is not of the form -0.2,0");
  read(ends[0], span.begin_s);
  read(ends[1], span.end_s);
  return span;
}

/// "8-13,13-30".
std::vector<Band> bands_of(const std::string& text) {
  std::vector<Band> bands;
  if (text.empty()) return bands;
  for (const std::string& part : split(text, ',')) {
    const auto edges = split(part, '-');
    const auto low = edges.size() == 2 ? parse_number(trim(edges[0])) : std::nullopt;
    const auto high = edges.size() == 2 ? parse_number(trim(edges[1])) : std::nullopt;
    if (!low || !high) throw usage_error("plot", "--bands " + printable(text) + " is not of the form 8-13,13-30");
    bands.push_back({*low, *high});
  }
  return bands;
}

int plot(Options& options, const Common& common) {
  const report::PlotKind& kind = kind_named(options.kind);
  const std::string ending = checked_ending(options);
  report::PlotRequest& request = options.request;
  if (!options.channels.empty()) {
    for (const std::string& name : split(options.channels, ',')) request.channels.emplace_back(trim(name));
  }
  request.events = options.events;
  if (!options.baseline.empty()) request.baseline = span_of(options.baseline);
  request.bands = bands_of(options.bands);
  const report::PlotPicture picture = kind.draw(request);
  write_file(options.output, ending == ".svg" ? report::plot_svg(picture) : report::plot_html(picture));
  if (common.quiet) return 0;
  std::printf("wrote %s: %s\n", printable(options.output).c_str(), picture.title.c_str());
  constexpr std::size_t shown = 12;
  for (std::size_t i = 0; i < std::min(shown, picture.numbers.size()); ++i)
    std::printf("  %s: %s\n", picture.numbers[i].first.c_str(), picture.numbers[i].second.c_str());
  return 0;
}

std::string kinds_text() {
  std::string text = "what to draw:";
  for (const auto* const kind : Registry<report::PlotKind>::instance().entries())
    text += "\n" + kind->name + ": " + kind->about;
  return text;
}

std::string measures_text() { return "connectivity: " + join(Registry<PairMeasure>::instance().names(), ", "); }

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  report::PlotRequest& request = options->request;
  app.add_option("KIND", options->kind, kinds_text())->required();
  app.add_option("FILE", request.file, "recording to draw")->required();
  app.add_option("--with", request.others, "states: a recording to compare with; may be given several times");
  app.add_option("-o,--output", options->output, "picture to write: .svg or .html (with a table of numbers)")
      ->required();
  app.add_option("--channels", options->channels, "only these (Fp1,Cz); else all EEG channels");
  app.add_option("--from", request.from_s, "begin at this second");
  app.add_option("--seconds", request.seconds, "length of the part");
  app.add_option("--low", request.low_hz, "take away what is slower, Hz");
  app.add_option("--high", request.high_hz, "take away what is faster, Hz");
  app.add_option("--event", options->events, "erp, epochs, tfr: text of the annotations; may be given several times");
  app.add_option("--start", request.start_s, "begin of an epoch, s from its event (-0.2)");
  app.add_option("--stop", request.stop_s, "end of an epoch, s from its event (0.8)");
  app.add_option("--baseline", options->baseline, "from,to in s (from the start to the event)");
  app.add_option("--reject", request.reject_uv, "leave out epochs with a larger swing, \xC2\xB5V peak to peak");
  app.add_option("--bands", options->bands, "psd, topomap, connectivity: 8-13,13-30 (delta to gamma)");
  app.add_option("--measure", request.measure, measures_text())->capture_default_str();
  app.add_option("--order", request.order, "connectivity: order of the models (the one with the least BIC)")
      ->check(CLI::PositiveNumber);
  app.add_option("--components", request.most_components, "ica: how many are drawn")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--montage", request.montage, "places of the electrodes where the file has none (standard_1005)");
  app.add_option("--rate", request.open.rate_hz, "sampling rate in Hz, where the file does not say it");
  app.add_option("--unit", request.open.unit, "unit of the samples (uV), where the file does not say it");
  app.add_flag("--force", options->force, "overwrite the output");
  return [options](const Common& common) { return plot(*options, common); };
}

const Command command{
    .name = "plot",
    .about = "draw a recording: raw, psd, topomap, states, erp, epochs, tfr, ica, connectivity, montage, annotations",
    .examples =
        "  caton plot raw recording.edf -o raw.svg\n  caton plot psd recording.edf -o psd.html\n"
        "  caton plot states eyes-open.edf --with eyes-closed.edf -o eyes.svg\n"
        "  caton plot erp recording.edf --event target --low 1 --high 20 -o erp.svg\n"
        "  caton plot connectivity recording.edf --measure ddtf --bands 8-13 -o links.html",
    .place = 25,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
