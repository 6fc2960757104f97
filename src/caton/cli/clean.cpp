// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/datasets/bids/cleaned_folder.hpp"
#include "caton/prepare/cleaning/clean_recording.hpp"
#include "caton/report/cleaning/facts.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>

namespace caton::cli {
namespace {

struct Options {
  std::string file, output, reference = "auto";
  CleanOptions clean;
  bool no_ica = false, no_asr = false, no_reject = false, json = false;
  std::optional<double> reject_uv;
  std::optional<double> rate_hz;
  std::optional<std::string> unit;
};

Matrix read_all(const Recording& recording, const std::vector<std::int64_t>& channels) {
  const std::int64_t samples = recording.channels()[static_cast<std::size_t>(channels.front())].samples;
  Matrix signal({static_cast<std::int64_t>(channels.size()), samples}, uninitialised);
  recording.read(channels, 0, samples, signal.view());
  return signal;
}

std::optional<report::CleaningTruth> compare_with_truth(const DerivativePlace& place, const CleanInput& input,
                                                        const CleanOptions& options, const Cleaned& cleaned) {
  const auto file = true_brain_file(place);
  if (!file) return std::nullopt;
  const auto recording = open_recording(*file);
  std::vector<std::int64_t> channels;
  for (const std::string& name : input.channels) channels.push_back(recording->channel_index(name));
  const Matrix brain = read_all(*recording, channels);
  if (brain.extent(1) != input.signal.extent(1)) return std::nullopt;
  const Matrix alike = filtered_alike(brain, input, options, cleaned);
  return report::CleaningTruth{mean_correlation(cleaned.as_filtered, alike), mean_correlation(cleaned.signal, alike),
                               mean_correlation(input.signal, brain), mean_correlation(cleaned.signal, brain)};
}

void print_summary(const report::CleaningFacts& facts, const std::string& output) {
  const Cleaned& cleaned = *facts.cleaned;
  std::map<std::string, int> kinds;
  for (const CleanComponent& component : cleaned.components)
    if (component.kind != ComponentKind::brain) ++kinds[kind_name(component.kind)];
  std::vector<std::string> words, bad;
  for (const auto& [kind, count] : kinds) words.push_back(std::to_string(count) + " " + kind);
  for (const std::int64_t c : cleaned.bad_indices)
    bad.push_back(printable(facts.input->channels[static_cast<std::size_t>(c)]));
  std::printf("%s\n", printable(facts.file).c_str());
  std::printf("  bad channels   %s\n",
              bad.empty() ? "none" : (join(bad, ", ") + (cleaned.interpolated ? " (interpolated)" : "")).c_str());
  std::printf("  components     %zu, taken away: %s\n", cleaned.components.size(),
              words.empty() ? "none" : join(words, ", ").c_str());
  if (const Rejection& rejection = cleaned.rejection; rejection.epochs > 0)
    std::printf("  marked bad     %lld of %lld s (%lld too large, %lld flat)\n",
                static_cast<long long>(rejection.rejected), static_cast<long long>(rejection.epochs),
                static_cast<long long>(rejection.too_large), static_cast<long long>(rejection.flat));
  std::printf("  rank           %lld of %lld\n", static_cast<long long>(cleaned.rank_after),
              static_cast<long long>(facts.input->signal.extent(0)));
  std::printf("  likeness       r = %s with the recording through the same filters\n",
              fixed_text(facts.likeness, 3).c_str());
  if (facts.truth) {
    std::printf("  true brain     r = %s before, %s after (same filters); %s before, %s after as it is\n",
                fixed_text(facts.truth->recorded, 3).c_str(), fixed_text(facts.truth->cleaned, 3).c_str(),
                fixed_text(facts.truth->recorded_plain, 3).c_str(), fixed_text(facts.truth->cleaned_plain, 3).c_str());
  }
  for (const Finding& finding : cleaned.findings) std::printf("  note           %s\n", printable(finding.what).c_str());
  std::printf("wrote %s: open report.html in it\n", printable(output).c_str());
}

int run_clean(const Options& given, const Common& common) {
  CleanOptions options = given.clean;
  options.ica = !given.no_ica;
  options.asr = !given.no_asr;
  options.reject = !given.no_reject;
  if (given.reject_uv) options.reject_v = *given.reject_uv * 1e-6;
  options.reference = given.reference == "auto"      ? CleanReference::automatic
                      : given.reference == "average" ? CleanReference::average
                                                     : CleanReference::as_recorded;
  const std::string output = given.output.empty() ? Path(given.file).stem().string() + "-cleaned" : given.output;
  FolderWriter folder(output);
  const auto recording = open_recording(given.file, {.rate_hz = given.rate_hz, .unit = given.unit});
  const auto channels = channels_to_clean(*recording, given.file);
  const CleanSource source = clean_source(*recording, channels);
  const CleanInput& input = source.input;

  Progress progress(default_display(common.quiet));
  progress.begin("cleaning", 3);
  const Cleaned cleaned = clean(input, options);
  progress.step();
  const DerivativePlace place = derivative_place(given.file);
  report::CleaningFacts facts{.file = Path(given.file).filename().string(), .input = &input, .cleaned = &cleaned};
  facts.truth = compare_with_truth(place, input, options, cleaned);
  facts.likeness = mean_correlation(cleaned.signal, cleaned.as_filtered);
  facts.likeness_outside = mean_correlation_outside(cleaned.signal, cleaned.as_filtered, cleaned.spans);
  write_cleaned_folder(folder.path(), place, {recording.get(), channels, &input, &options, &cleaned});
  check_interrupted();
  progress.step();
  write_file(folder.path() / "report.html", report::cleaning_page(facts));
  const Json numbers = report::cleaning_json(facts);
  write_file(folder.path() / "cleaning.json", numbers.dump(2) + "\n");
  check_interrupted();
  folder.commit();
  progress.finish();
  if (given.json)
    std::printf("%s\n", numbers.dump(2).c_str());
  else if (!common.quiet)
    print_summary(facts, output);
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CleanOptions& clean = options->clean;
  app.add_option("FILE", options->file, "recording to clean")->required();
  app.add_option("-o,--output", options->output, "folder to make (BIDS derivative); without: FILE's name and -cleaned");
  app.add_option("--high-pass", clean.high_pass_hz, "Hz; 0: none")->capture_default_str();
  app.add_option("--line", clean.line_hz, "mains in Hz; 0: leave it; without: 50 or 60 where it is found");
  app.add_flag("--no-ica", options->no_ica, "no independent components: eyes, muscle and heart stay");
  app.add_flag("--no-asr", options->no_asr, "bursts stay");
  app.add_option("--asr-cutoff", clean.asr_cutoff, "how many deviations above clean windows a burst is")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  auto* const none = app.add_flag("--no-reject", options->no_reject, "what is still unusable is not marked");
  app.add_option("--reject", options->reject_uv,
                 "uV peak to peak above which a second is marked as bad; without: found from the recording")
      ->check(CLI::PositiveNumber)
      ->excludes(none);
  app.add_option("--reference", options->reference, "average, keep, or auto: average from 20 channels on")
      ->check(CLI::IsMember({"auto", "average", "keep"}))
      ->capture_default_str();
  app.add_option("--rate", options->rate_hz, "sampling rate in Hz, where the file does not say it");
  app.add_option("--unit", options->unit, "unit of the samples (uV), where the file does not say it");
  app.add_flag("--json", options->json, "the numbers on standard output as JSON");
  return [options](const Common& common) { return run_clean(*options, common); };
}

const Command command{
    .name = "clean",
    .about = "take eyes, muscle, mains and bad channels out of a recording",
    .examples =
        "  caton clean recording.edf -o cleaned\n  caton clean "
        "study/sub-01/ses-01/eeg/sub-01_ses-01_task-rest_eeg.edf\n"
        "  caton clean recording.edf --no-asr --high-pass 0.5 --reference average",
    .place = 65,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
