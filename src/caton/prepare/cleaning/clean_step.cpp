// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/clean_step.hpp"

#include "caton/base/cache_folder.hpp"
#include "caton/base/error.hpp"
#include "caton/base/finding_json.hpp"
#include "caton/base/result_cache.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <map>

namespace caton {
namespace {

constexpr const char* kept_format = "caton-cleaned-2";

std::string hashed(Signal x) {
  const Matrix whole(x);
  return sha256(Bytes(reinterpret_cast<const std::byte*>(whole.data()), static_cast<std::size_t>(whole.size()) * 8));
}

/// Of everything that the cleaned signal depends on.
std::string digest_of(const CleanInput& input, const Json& args) {
  Json facts = Json::object({{"format", kept_format},
                             {"build", build_digest()},
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
  const Rejection& rejection = cleaned.rejection;
  if (rejection.rejected > 0)
    words.push_back(std::to_string(rejection.rejected) + " of " + std::to_string(rejection.epochs) +
                    " seconds marked as bad (" + std::to_string(rejection.too_large) + " too large, " +
                    std::to_string(rejection.flat) + " flat)");
  words.push_back("rank " + std::to_string(cleaned.rank_after) + " of " + std::to_string(input.channels.size()));
  return join(words, "; ");
}

CleanedSignal computed(const CleanInput& input, const Json& args) {
  Cleaned cleaned = clean(input, clean_step_options(args));
  std::vector<BadSpan> bad;
  for (const RejectedSpan& span : cleaned.rejection.spans) bad.push_back({span.begin, span.end, annotation_of(span)});
  return {std::move(cleaned.signal), cleaned.rank_after, cleaned.reference,
          words_of(input, cleaned),  std::move(bad),     std::move(cleaned.findings)};
}

std::optional<CleanedSignal> unpacked(const std::optional<Safetensors>& kept, const CleanInput& input) {
  if (!kept) return std::nullopt;
  const char* const where = "a cleaned signal";
  const Json about = parse_json(kept->metadata.at("about"), where);
  CleanedSignal result{kept->at("signal", where).array<2>("signal"),
                       about.at("rank").integer(),
                       about.at("reference").text(),
                       about.at("what").text(),
                       {},
                       findings_of(about.at("findings"), where)};
  if (result.signal.extents() != input.signal.extents()) return std::nullopt;
  for (const Json& one : about.at("bad").items())
    result.bad.push_back({one.at("begin").integer(), one.at("end").integer(), one.at("what").text()});
  return result;
}

Safetensors packed(const CleanedSignal& cleaned) {
  Json bad = Json::list();
  for (const BadSpan& span : cleaned.bad)
    bad.push(Json::object({{"begin", span.begin}, {"end", span.end}, {"what", span.what}}));
  Safetensors content;
  content.metadata["about"] = Json::object({{"rank", cleaned.rank},
                                            {"reference", cleaned.reference},
                                            {"what", cleaned.what},
                                            {"bad", bad},
                                            {"findings", findings_json(cleaned.findings)}})
                                  .dump();
  content.tensors.emplace("signal", Tensor::of(cleaned.signal));
  return content;
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
      {"reference", "text", "auto", "average, keep, or auto: average from 20 channels on"},
      {"reject", "flag", true, "mark seconds that are still unusable; windows that share time with them are left out"},
      {"reject_v", "number", Json{}, "their limit peak to peak; without: found from each recording"}};
  return keys;
}

Json clean_step_arguments(const Json& given, const std::string& where) {
  if (!given.is_object()) throw usage_error(where, "expected a table of arguments, found " + given.dump());
  Json args = complete_options(where, clean_step_keys(), {}, given);
  const std::string& reference = args.at("reference").text(where + ": reference");
  if (reference != "auto" && reference != "average" && reference != "keep")
    throw usage_error(where, "unknown reference \"" + printable(reference) + "\"", "known: auto, average, keep");
  if (!(args.at("asr_cutoff").number() > 0)) throw usage_error(where, "asr_cutoff must be positive");
  if (const Json& limit = args.at("reject_v"); !limit.is_null() && !(limit.number() > 0))
    throw usage_error(where, "reject_v must be positive");
  if (!(args.at("high_pass_hz").number() >= 0)) throw usage_error(where, "high_pass_hz must be 0 or positive");
  return args;
}

CleanOptions clean_step_options(const Json& args) {
  CleanOptions options{.high_pass_hz = args.at("high_pass_hz").number(),
                       .bad_channels = args.at("bad_channels").flag(),
                       .ica = args.at("ica").flag(),
                       .asr = args.at("asr").flag(),
                       .asr_cutoff = args.at("asr_cutoff").number()};
  options.reject = args.at("reject").flag();
  if (!args.at("reject_v").is_null()) options.reject_v = args.at("reject_v").number();
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
  if (!caching() || build_digest().empty()) return computed(source.input, args);
  const ResultCache cache(cache_folder() / "cleaned", most_kept_bytes);
  const std::string key = digest_of(source.input, args);
  if (auto kept = unpacked(cache.find(key), source.input)) return std::move(*kept);
  CleanedSignal cleaned = computed(source.input, args);
  cache.keep(key, packed(cleaned));
  return cleaned;
}

}  // namespace caton
