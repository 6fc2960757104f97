// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/kept_measures.hpp"

#include "caton/base/cache_folder.hpp"
#include "caton/base/finding_json.hpp"

#include <algorithm>

namespace caton {
namespace {

constexpr const char* kept_format = "caton-measured-1";
constexpr std::int64_t samples_at_once = std::int64_t{1} << 20;

std::string hashed(View<const double, 2> values) {
  const Array<double, 2> packed(values);
  return sha256(Bytes(reinterpret_cast<const std::byte*>(packed.data()), static_cast<std::size_t>(packed.size()) * 8));
}

/// Header facts and a digest of all samples of a channel.
Json channel_facts(const Recording& recording, std::int64_t index) {
  const Channel& channel = recording.channels()[static_cast<std::size_t>(index)];
  Json parts = Json::list();
  for (std::int64_t first = 0; first < channel.samples; first += samples_at_once) {
    const std::int64_t count = std::min(samples_at_once, channel.samples - first);
    Matrix part({1, count}, uninitialised);
    recording.read(std::array<std::int64_t, 1>{index}, first, count, part.view());
    parts.push(hashed(part));
  }
  Json place;
  if (channel.position_m)
    place = Json::list_of(std::vector<double>(channel.position_m->begin(), channel.position_m->end()));
  return Json::object(
      {{"name", channel.name},
       {"type", channel.type},
       {"unit", channel.unit},
       {"rate_hz", channel.rate_hz},
       {"si_factor", channel.si_factor},
       {"range", Json::list_of(std::vector<double>{channel.digital_min_value, channel.digital_max_value})},
       {"place", place},
       {"samples", parts}});
}

Json recording_facts(const Recording& recording, const std::string& id) {
  Json channels = Json::list(), segments = Json::list(), annotations = Json::list();
  for (std::size_t c = 0; c < recording.channels().size(); ++c)
    channels.push(channel_facts(recording, static_cast<std::int64_t>(c)));
  for (const Segment& segment : recording.segments())
    segments.push(Json::object({{"first", segment.first}, {"count", segment.count}, {"onset_s", segment.onset_s}}));
  for (const Annotation& annotation : recording.annotations())
    annotations.push(Json::object(
        {{"onset_s", annotation.onset_s}, {"duration_s", annotation.duration_s}, {"text", annotation.text}}));
  Findings findings = recording.findings();
  for (Finding& finding : findings) finding.where = placed_in(id, finding.where);
  return Json::object({{"id", id},
                       {"format", recording.format()},
                       {"duration_s", recording.duration_s()},
                       {"channels", channels},
                       {"segments", segments},
                       {"annotations", annotations},
                       {"findings", findings_json(findings)}});
}

Json trial_facts(const StudyRecording& item) {
  Json trials = Json::list();
  for (std::size_t t = 0; t < item.trials.size(); ++t) {
    const StudyTrial& trial = item.trials[t];
    Json one = Json::object({{"begin", trial.begin}, {"end", trial.end}, {"label", trial.label}});
    if (item.baseline && trial.label >= 0) {
      const Array<double, 2> baseline = item.baseline(static_cast<std::int64_t>(t));
      one["baseline"] = hashed(baseline);
      one["channels"] = baseline.extent(0);
    }
    trials.push(one);
  }
  return trials;
}

Json request_facts(const MeasureRequest& request, const std::vector<std::int64_t>& channels) {
  Json steps = Json::list();
  for (const PrepareStep& step : request.steps)
    steps.push(Json::object({{"operation", step.operation}, {"args", step.args}}));
  return Json::object({{"channels", Json::list_of(channels)},
                       {"steps", steps},
                       {"window_length_s", request.window_length_s},
                       {"window_step_s", request.window_step_s},
                       {"facts", request.facts}});
}

Json about_of(const Safetensors& kept, const Path& where) {
  return parse_json(kept.metadata.at("about"), where.string());
}

const char* const entry = "a kept result";

Safetensors packed(const RecordingFacts& facts) {
  const RecordingAbout& about = facts.about;
  std::vector<double> amplitude, power;
  Json trials = Json::list();
  for (const TrialAbout& trial : facts.trials) {
    trials.push(Json::object({{"label", trial.label},
                              {"amplitudes", trial.amplitude.size()},
                              {"channels", trial.band_power.extent(0)},
                              {"bands", trial.band_power.extent(1)}}));
    amplitude.insert(amplitude.end(), trial.amplitude.begin(), trial.amplitude.end());
    power.insert(power.end(), trial.band_power.begin(), trial.band_power.end());
  }
  Safetensors kept;
  kept.metadata["about"] = Json::object({{"format", about.format},
                                         {"duration_s", about.duration_s},
                                         {"rate_hz", about.rate_hz},
                                         {"digest", about.digest},
                                         {"sketch_channels", Json::list_of(about.sketch.channels)},
                                         {"sketch_samples", about.sketch.samples},
                                         {"trials", trials},
                                         {"steps", Json::list_of(facts.steps)},
                                         {"filter_reach_s", facts.filter_reach_s},
                                         {"findings", findings_json(facts.findings)}})
                               .dump();
  kept.tensors.emplace("sketch.hashes", Tensor::vector(about.sketch.hashes));
  kept.tensors.emplace("sketch.traces", Tensor::of(about.sketch.traces));
  kept.tensors.emplace("trial.amplitude", Tensor::vector(amplitude));
  kept.tensors.emplace("trial.power", Tensor::vector(power));
  return kept;
}

std::vector<TrialAbout> unpacked_trials(const Json& trials, const Safetensors& kept) {
  const auto amplitude = kept.at("trial.amplitude", entry).doubles(), power = kept.at("trial.power", entry).doubles();
  std::size_t a = 0, p = 0;
  std::vector<TrialAbout> all;
  for (const Json& one : trials.items(entry)) {
    TrialAbout& trial = all.emplace_back();
    trial.label = one.at("label", entry).integer(entry);
    const auto amplitudes = static_cast<std::size_t>(one.at("amplitudes", entry).integer(entry));
    trial.band_power = Array<double, 2>(
        {one.at("channels", entry).integer(entry), one.at("bands", entry).integer(entry)}, uninitialised);
    const auto powers = static_cast<std::size_t>(trial.band_power.size());
    if (a + amplitudes > amplitude.size() || p + powers > power.size()) throw std::length_error(entry);
    trial.amplitude.assign(amplitude.begin() + static_cast<std::ptrdiff_t>(a),
                           amplitude.begin() + static_cast<std::ptrdiff_t>(a + amplitudes));
    std::copy_n(power.begin() + static_cast<std::ptrdiff_t>(p), powers, trial.band_power.begin());
    a += amplitudes;
    p += powers;
  }
  return all;
}

RecordingFacts unpacked_facts(const Safetensors& kept) {
  const Json about = about_of(kept, entry);
  RecordingFacts facts;
  facts.about.format = about.at("format", entry).text(entry);
  facts.about.duration_s = about.at("duration_s", entry).number(entry);
  facts.about.rate_hz = about.at("rate_hz", entry).number(entry);
  facts.about.digest = about.at("digest", entry).text(entry);
  facts.about.sketch.channels = about.at("sketch_channels", entry).texts(entry);
  facts.about.sketch.samples = about.at("sketch_samples", entry).integer(entry);
  const auto hashes = kept.at("sketch.hashes", entry).values<std::uint64_t>();
  facts.about.sketch.hashes.assign(hashes.begin(), hashes.end());
  facts.about.sketch.traces = Array<float, 2>(kept.at("sketch.traces", entry).view<float, 2>());
  facts.trials = unpacked_trials(about.at("trials", entry), kept);
  facts.steps = about.at("steps", entry).texts(entry);
  facts.filter_reach_s = about.at("filter_reach_s", entry).number(entry);
  facts.findings = findings_of(about.at("findings", entry), entry);
  return facts;
}

Safetensors packed(const MeasuredInput& measured) {
  Safetensors kept;
  kept.metadata["about"] =
      Json::object({{"in_bad", measured.in_bad}, {"findings", findings_json(measured.windows.findings)}}).dump();
  kept.tensors.emplace("trial", Tensor::vector(measured.windows.trial));
  kept.tensors.emplace("begin", Tensor::vector(measured.windows.begin));
  kept.tensors.emplace("end", Tensor::vector(measured.windows.end));
  kept.tensors.emplace("values", Tensor::of(measured.windows.values));
  return kept;
}

MeasuredInput unpacked_input(const Safetensors& kept) {
  const Json about = about_of(kept, entry);
  MeasuredInput measured;
  measured.in_bad = about.at("in_bad", entry).integer(entry);
  measured.windows.findings = findings_of(about.at("findings", entry), entry);
  measured.windows.trial = kept.at("trial", entry).integers();
  measured.windows.begin = kept.at("begin", entry).integers();
  measured.windows.end = kept.at("end", entry).integers();
  measured.windows.values = Array<float, 3>(kept.at("values", entry).view<float, 3>());
  return measured;
}

/// What `unpack` makes of an entry; nothing where it is none that this caton wrote.
template <class Unpack>
auto unpacked_or_nothing(const std::optional<Safetensors>& kept, const Unpack& unpack)
    -> std::optional<decltype(unpack(*kept))> {
  if (!kept) return std::nullopt;
  try {
    return unpack(*kept);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string input_key(const FeatureChoice& choice) {
  return " input " + choice.entry->name + " " + choice.options.dump();
}

}  // namespace

KeptMeasures::KeptMeasures(const StudyRecording& item, const Recording& recording,
                           const std::vector<std::int64_t>& channels, const MeasureRequest& request)
    : cache_(cache_folder() / "measured", most_bytes) {
  if (!request.keep || !caching() || build_digest().empty()) return;
  key_ = sha256(Json::object({{"format", kept_format},
                              {"build", build_digest()},
                              {"recording", recording_facts(recording, item.id)},
                              {"trials", trial_facts(item)},
                              {"request", request_facts(request, channels)}})
                    .dump());
}

std::optional<RecordingFacts> KeptMeasures::facts() const {
  if (!on()) return std::nullopt;
  return unpacked_or_nothing(cache_.find(key_ + " facts"), unpacked_facts);
}

std::optional<MeasuredInput> KeptMeasures::input(const FeatureChoice& choice) const {
  if (!on()) return std::nullopt;
  return unpacked_or_nothing(cache_.find(key_ + input_key(choice)), unpacked_input);
}

void KeptMeasures::keep(const RecordingFacts& facts) const {
  if (on()) cache_.keep(key_ + " facts", packed(facts));
}

void KeptMeasures::keep(const FeatureChoice& choice, const MeasuredInput& measured) const {
  if (on()) cache_.keep(key_ + input_key(choice), packed(measured));
}

}  // namespace caton
