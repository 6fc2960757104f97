// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/clean_step.hpp"

#include "caton/base/cache_folder.hpp"
#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <map>

namespace caton {
namespace {

constexpr const char* kept_format = "caton-cleaned-1";  // another one whenever `clean` gives other numbers

std::string hashed(Signal x) {
  const Matrix whole(x);
  return sha256(Bytes(reinterpret_cast<const std::byte*>(whole.data()), static_cast<std::size_t>(whole.size()) * 8));
}

/// Of everything that the cleaned signal depends on.
std::string digest_of(const CleanInput& input, const Json& args) {
  Json facts = Json::object({{"format", kept_format},
                             {"signal", hashed(input.signal)},
                             {"channels", Json::list_of(input.channels)},
                             {"rate_hz", input.rate_hz},
                             {"pieces", Json::list_of(input.pieces)},
                             {"options", args}});
  facts["places"] = input.positions_m ? Json(hashed(*input.positions_m)) : Json{};
  facts["eog"] = input.eog ? Json(hashed(*input.eog)) : Json{};
  facts["ecg"] = input.ecg ? Json(hashed(*input.ecg)) : Json{};
  return sha256(facts.dump());
}

std::string words_of(const CleanInput& input, const Cleaned& cleaned) {
  std::vector<std::string> words, bad;
  for (const std::int64_t c : cleaned.bad_indices)
    bad.push_back(printable(input.channels[static_cast<std::size_t>(c)]));
  if (!bad.empty())
    words.push_back("bad channels " + join(bad, ", ") + (cleaned.interpolated ? " interpolated" : " kept as they are"));
  std::map<std::string, int> kinds;
  for (const CleanComponent& component : cleaned.components) {
    if (component.kind != ComponentKind::brain) ++kinds[kind_name(component.kind)];
  }
  for (const auto& [kind, count] : kinds)
    words.push_back(std::to_string(count) + " of " + std::to_string(cleaned.components.size()) +
                    " components: " + kind);
  const auto bursts = std::count_if(cleaned.spans.begin(), cleaned.spans.end(),
                                    [](const CleanSpan& span) { return span.kind == "burst"; });
  if (bursts > 0) words.push_back(std::to_string(bursts) + " bursts rebuilt");
  words.push_back("rank " + std::to_string(cleaned.rank_after) + " of " + std::to_string(input.channels.size()));
  return join(words, "; ");
}

CleanedSignal computed(const CleanInput& input, const Json& args) {
  Cleaned cleaned = clean(input, clean_step_options(args));
  return {std::move(cleaned.signal), cleaned.rank_after, cleaned.reference, words_of(input, cleaned),
          std::move(cleaned.findings)};
}

Severity severity_of(const std::string& name) {
  for (const Severity severity : {Severity::note, Severity::warn, Severity::stop}) {
    if (name == severity_name(severity)) return severity;
  }
  throw input_error("severity", "unknown: " + name);
}

std::optional<CleanedSignal> read_back(const Path& file, const CleanInput& input) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const Safetensors content = read_safetensors(file);
    const Json about = parse_json(content.metadata.at("about"), file.string());
    CleanedSignal result{content.at("signal", file.string()).array<2>("signal"),
                         about.at("rank").integer(),
                         about.at("reference").text(),
                         about.at("what").text(),
                         {}};
    if (result.signal.extents() != input.signal.extents()) return std::nullopt;
    for (const Json& one : about.at("findings").items())
      result.findings.push_back({one.at("code").text(), severity_of(one.at("severity").text()), one.at("where").text(),
                                 one.at("what").text()});
    return result;
  } catch (const std::exception&) {
    return std::nullopt;  // a damaged copy is made again
  }
}

std::int64_t bytes_in(const Path& folder) {
  std::int64_t sum = 0;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return 0;
  for (const Path& entry : entries_of(folder)) {
    const auto bytes = std::filesystem::file_size(entry, error);
    if (!error) sum += static_cast<std::int64_t>(bytes);
  }
  return sum;
}

void keep(const Path& file, const CleanedSignal& cleaned) {
  Json findings = Json::list();
  for (const Finding& finding : cleaned.findings)
    findings.push(Json::object({{"code", finding.code},
                                {"severity", severity_name(finding.severity)},
                                {"where", finding.where},
                                {"what", finding.what}}));
  Safetensors content;
  content.metadata["about"] =
      Json::object(
          {{"rank", cleaned.rank}, {"reference", cleaned.reference}, {"what", cleaned.what}, {"findings", findings}})
          .dump();
  content.tensors.emplace("signal", Tensor::of(cleaned.signal));
  try {
    std::filesystem::create_directories(file.parent_path());
    if (bytes_in(file.parent_path()) + cleaned.signal.size() * 8 <= most_kept_bytes) write_safetensors(file, content);
  } catch (const std::exception&) {
    return;  // a cache that cannot be written costs time, not the result
  }
}

}  // namespace

const std::vector<RecipeKey>& clean_step_keys() {
  static const std::vector<RecipeKey> keys{
      {"high_pass_hz", "number", CleanOptions{}.high_pass_hz, "0: the mean alone is taken away"},
      {"line_hz", "number", Json{}, "mains; 0: left alone; without: 50 or 60 Hz where it is there"},
      {"bad_channels", "flag", true, "look for channels that record no brain and interpolate them"},
      {"ica", "flag", true, "take components of eyes, muscle and heart away"},
      {"asr", "flag", true, "rebuild bursts"},
      {"asr_cutoff", "number", CleanOptions{}.asr_cutoff, "deviations above clean windows"},
      {"reference", "text", "auto", "average, keep, or auto: average from 20 channels on"}};
  return keys;
}

Json clean_step_arguments(const Json& given, const std::string& where) {
  if (!given.is_object()) throw usage_error(where, "expected a table of arguments, found " + given.dump());
  Json args = complete_options(where, clean_step_keys(), {}, given);
  const std::string& reference = args.at("reference").text(where + ": reference");
  if (reference != "auto" && reference != "average" && reference != "keep")
    throw usage_error(where, "unknown reference \"" + printable(reference) + "\"", "known: auto, average, keep");
  if (!(args.at("asr_cutoff").number() > 0)) throw usage_error(where, "asr_cutoff must be positive");
  if (!(args.at("high_pass_hz").number() >= 0)) throw usage_error(where, "high_pass_hz must be 0 or positive");
  return args;
}

CleanOptions clean_step_options(const Json& args) {
  CleanOptions options{.high_pass_hz = args.at("high_pass_hz").number(),
                       .bad_channels = args.at("bad_channels").flag(),
                       .ica = args.at("ica").flag(),
                       .asr = args.at("asr").flag(),
                       .asr_cutoff = args.at("asr_cutoff").number()};
  if (!args.at("line_hz").is_null()) options.line_hz = args.at("line_hz").number();
  const std::string& reference = args.at("reference").text();
  options.reference = reference == "average" ? CleanReference::average
                      : reference == "keep"  ? CleanReference::as_recorded
                                             : CleanReference::automatic;
  return options;
}

CleanedSignal cleaned_recording(const Recording& recording, std::span<const std::int64_t> channels, const Json& args) {
  const CleanSource source = clean_source(recording, channels);
  for (const std::int64_t channel : channels)
    require_voltage(recording.channels()[static_cast<std::size_t>(channel)], clean_step_name);
  const Path file = cache_folder() / "cleaned" / (digest_of(source.input, args) + ".safetensors");
  if (auto kept = read_back(file, source.input)) return std::move(*kept);
  CleanedSignal cleaned = computed(source.input, args);
  keep(file, cleaned);
  return cleaned;
}

}  // namespace caton
