// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// One block of 10 ms at a time through band-pass, notch, another rate, average reference, differential entropy and a
// linear decoder, 64 channels at 512 Hz: bench/W11. "run" gives the 99.9 % latency of many blocks.
#include "caton/base/json.hpp"
#include "caton/base/random.hpp"
#include "caton/stream/latency.hpp"
#include "caton/stream/live_decoder.hpp"

#include <chrono>
#include <ctime>
#include <iostream>
#include <numeric>

using namespace caton;

namespace {

constexpr std::int64_t channels = 64, block = 5;
constexpr double rate_hz = 512;

SavedPipeline pipeline() {
  SavedPipeline result;
  result.name = "bench";
  result.rate_hz = rate_hz;
  result.classes = {"a", "b"};
  result.input = Json::object({{"name", "differential-entropy"}, {"length_s", 1.0}, {"step_s", 0.1}});
  result.steps = prepare_steps(Json(Json::List{
      Json::object({{"bandpass", Json::object({{"low_hz", 1}, {"high_hz", 60}})}}),
      Json::object({{"notch", Json::object({{"hz", 50}})}}),
      Json::object({{"resample", Json::object({{"rate_hz", 256}})}}),
      Json::object({{"reference", Json::object({{"kind", "average"}})}}),
  }));
  for (std::int64_t c = 0; c < channels; ++c) result.channels.push_back("c" + std::to_string(c));
  RandomStream random(1, "stream bench", {0});
  SampleSet training;
  const std::int64_t samples = 40, features = 5;
  std::vector<float> values;
  for (std::int64_t i = 0; i < samples * channels * features; ++i)
    values.push_back(static_cast<float>(random.normal()));
  training.blocks.emplace("features", Tensor({samples, channels, features}, values));
  training.classes = result.classes;
  for (std::int64_t i = 0; i < samples; ++i) {
    training.label.push_back(i % 2);
    training.origins.id.push_back(i);
  }
  result.decoder = make_pipeline(
      Json::object({{"steps", Json::list_of(std::vector<std::string>{"standardise"})}, {"decoder", "shrinkage-lda"}}));
  FitContext context{.random = RandomStream(1, "stream bench fit", {0})};
  result.decoder->fit(training, context);
  return result;
}

/// Beside the wall clock, in which other programs of the machine show.
struct Latencies {
  Latency wall, processor;
};

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void print(const char* what, const Latency& latency) {
  std::cerr << "  " << what << ": median " << latency.percentile_s(0.5) * 1e3 << " ms, 99 % "
            << latency.percentile_s(0.99) * 1e3 << " ms, 99.9 % " << latency.percentile_s(0.999) * 1e3
            << " ms, longest " << latency.largest_s() * 1e3 << " ms\n";
}

}  // namespace

int main() {
  LiveDecoder decoder(pipeline(), channels);
  Matrix noise({channels, 4096});
  RandomStream random(1, "stream bench samples", {0});
  for (double& value : noise) value = 1e-5 * random.normal();
  std::int64_t place = 0, told = 0;
  const auto run = [&](int blocks) {
    Latencies latency;
    for (int i = 0; i < blocks; ++i) {
      const Signal x = noise.view().slice(1, place, block);
      place = (place + block) % (4096 - block);
      const auto begin = std::chrono::steady_clock::now();
      const double processor_s = processor_seconds();
      decoder.process(x, [&](const LivePrediction&) { ++told; });
      latency.processor.add(processor_seconds() - processor_s);
      latency.wall.add(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return latency;
  };
  (void)run(2000);
  std::string line;
  while (std::getline(std::cin, line) && line != "end") {
    const Latencies latency = run(20000);
    print("wall clock", latency.wall);
    print("processor time", latency.processor);
    std::cout << (line == "values" ? "[]" : Json(latency.wall.percentile_s(0.999)).dump()) << std::endl;
  }
  return 0;
}
