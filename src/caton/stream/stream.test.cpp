// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/random.hpp"
#include "caton/features/connectivity/pair_measures.hpp"
#include "caton/features/differential_entropy.hpp"
#include "caton/recording/memory_recording.hpp"
#include "caton/signal/fir.hpp"
#include "caton/signal/polyphase.hpp"
#include "caton/signal/reference.hpp"
#include "caton/stream/latency.hpp"
#include "caton/stream/source.hpp"
#include "caton/stream/stream_buffer.hpp"
#include "live_decoder_test.hpp"
#include "signal_test.hpp"

#include <cmath>
#include <string>

namespace caton {

using testing::chain_steps;
using testing::in_blocks;
using testing::some_pipeline;

namespace {

Matrix prepared_in_blocks(Signal x, const std::vector<PrepareStep>& steps, std::uint64_t seed) {
  PrepareStream stream(steps, x.extent(0), 256);
  std::vector<double> values;
  std::int64_t samples = 0;
  std::vector<std::vector<double>> rows(static_cast<std::size_t>(stream.channels()));
  in_blocks(x, seed, [&](Signal block) {
    const Signal y = stream.process(block);
    samples += y.extent(1);
    for (std::int64_t c = 0; c < y.extent(0); ++c) {
      for (std::int64_t t = 0; t < y.extent(1); ++t) rows[static_cast<std::size_t>(c)].push_back(y(c, t));
    }
  });
  Matrix y({stream.channels(), samples}, uninitialised);
  for (std::int64_t c = 0; c < y.extent(0); ++c)
    std::copy(rows[static_cast<std::size_t>(c)].begin(), rows[static_cast<std::size_t>(c)].end(), y[c].data());
  return y;
}

std::string refusal(const std::function<void()>& call) { return testing::error_of(call).what(); }

PrepareStep step(const char* operation, Json args) { return {operation, std::move(args)}; }

/// The bits of the windows of a whole signal of 128 Hz, whatever the blocks in which it comes.
void check_block_by_block(const FeatureEntry& entry, const Json& options, const Matrix& x, std::int64_t count) {
  const std::int64_t channels = x.extent(0);
  FeatureRequest request{.signal = x, .rate_hz = 128, .continuous = {{0, x.extent(1)}}};
  request.trials = {{0, 0, x.extent(1)}};
  const FeatureWindows batch = entry.measure(request, options);
  REQUIRE(batch.values.extent(0) == count);
  for (const std::uint64_t seed : {0, 1, 2}) {
    const auto live = entry.stream({.channels = channels, .rate_hz = 128}, options);
    REQUIRE(live->features() == batch.values.extent(2));
    CHECK(live->delay_s() == 0);
    Array<float, 2> values({channels, live->features()});
    std::int64_t windows = 0, seen = 0;
    in_blocks(x, seed, [&](Signal block) {
      while (block.extent(1) > 0) {
        bool complete = false;
        const std::int64_t taken = live->process(block, values, complete);
        block = block.slice(1, taken, block.extent(1) - taken);
        seen += taken;
        if (!complete) continue;
        REQUIRE(live->defined());
        REQUIRE(windows < count);
        CHECK(seen == batch.end[static_cast<std::size_t>(windows)]);
        bool same = true;
        for (std::int64_t c = 0; c < channels; ++c) {
          for (std::int64_t f = 0; f < values.extent(1); ++f) same &= values(c, f) == batch.values(windows, c, f);
        }
        CHECK(same);
        ++windows;
      }
    });
    CHECK(windows == count);
  }
}

}  // namespace

TEST_SUITE("stream") {
  TEST_CASE("steps: any division into blocks gives the same bits") {
    const Matrix x = testing::noise(5, 3000);
    const Matrix whole = prepared_in_blocks(x, chain_steps(), 0);
    CHECK(whole.extent(1) > 1100);
    for (const std::uint64_t seed : {1, 2, 3}) {
      const Matrix y = prepared_in_blocks(x, chain_steps(), seed);
      REQUIRE(y.extents() == whole.extents());
      CHECK(testing::largest_difference(y, whole) == 0);
    }
  }

  TEST_CASE("filters and references: the causal form equals the recording's, later, away from the ends") {
    const Matrix x = testing::noise(3, 4000);
    const PrepareStep filter = step("fir_filter", Json::object({{"low_hz", 1}, {"high_hz", 40}}));
    const Matrix live = prepared_in_blocks(x, {filter}, 4);
    const FirDesign design{.rate_hz = 256, .low_hz = 1, .high_hz = 40};
    const Matrix batch = fir_filter(x, design);
    const auto taps = static_cast<std::int64_t>(fir_design(design).size());
    const std::int64_t late = (taps - 1) / 2;
    const PrepareStream stream({filter}, 3, 256);
    CHECK(stream.delay_s() == doctest::Approx(static_cast<double>(late) / 256));
    double worst = 0;
    for (std::int64_t t = taps; t < 4000; ++t) {
      for (std::int64_t c = 0; c < 3; ++c) worst = std::max(worst, std::abs(live(c, t) - batch(c, t - late)));
    }
    CHECK(worst < 1e-13);
    const Matrix referenced = prepared_in_blocks(x, {step("reference", Json::object({{"kind", "average"}}))}, 5);
    CHECK(testing::largest_difference(referenced, average_reference(x).y) < 1e-15);
  }

  TEST_CASE("resampling: the same bits as resample_poly, as far as samples have come") {
    const Matrix x = testing::noise(2, 2000);
    const Matrix live = prepared_in_blocks(x, {step("resample_poly", Json::object({{"up", 25}, {"down", 64}}))}, 6);
    const Matrix batch = resample_poly(x, {.up = 25, .down = 64});
    REQUIRE(live.extent(1) > 700);
    REQUIRE(live.extent(1) < batch.extent(1));
    for (std::int64_t c = 0; c < 2; ++c) {
      for (std::int64_t t = 0; t < live.extent(1); ++t) CHECK(live(c, t) == batch(c, t));
    }
    const PrepareStream stream({step("resample_fft", Json::object({{"up", 100}}))}, 2, 256);
    CHECK(stream.rate_hz() == 100);
    CHECK(stream.about().front().difference.find("whole recording") != std::string::npos);
  }

  TEST_CASE("steps that need the future are refused by name") {
    CHECK(refusal([] {
            PrepareStream({step("detrend", Json::object())}, 2, 256);
          }).find("detrend: has no causal form") != std::string::npos);
    CHECK(refusal([] {
            PrepareStream(
                {step("notch", Json::object({{"method", "spectrum-fit"}, {"freqs_hz", Json(Json::List{50})}}))}, 2,
                256);
          }).find("spectrum-fit") != std::string::npos);
    CHECK(refusal([] { PrepareStream({}, 0, 256); }).find("empty") != std::string::npos);
    CHECK(refusal([] {
            PrepareStream({step("resample_fft", Json::object({{"up", 99.5}}))}, 2, 256);
          }).find("no causal form") != std::string::npos);
    PrepareStream none({}, 2, 256);
    const Matrix x({2, 300});
    CHECK(refusal([&] { (void)none.process(x); }).find("longer than 256") != std::string::npos);
  }

  TEST_CASE("live decoder: the same predictions for any blocks, near the recording's own, at the right times") {
    const Matrix x = testing::noise(4, 256 * 20);
    const auto whole = testing::predictions(x, 0), some = testing::predictions(x, 7);
    REQUIRE(whole.size() == some.size());
    REQUIRE(whole.size() > 15);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      CHECK(whole[i].probability == some[i].probability);
      CHECK(whole[i].end_s - whole[i].begin_s == doctest::Approx(1));
      CHECK(whole[i].begin_s == doctest::Approx(whole[0].begin_s + static_cast<double>(i)));
    }
  }

  TEST_CASE("differential entropy, live: filtered forward twice it tells what forward and backward tells") {
    const Matrix x = testing::noise(2, 256 * 60);
    const Json options = feature_choice(Json("differential-entropy")).options;
    const auto live =
        feature_choice(Json("differential-entropy")).entry->stream({.channels = 2, .rate_hz = 256}, options);
    Array<float, 2> values({2, live->features()});
    Matrix sum({2, live->features()});
    std::int64_t windows = 0;
    for (std::int64_t t = 0; t < x.extent(1);) {
      bool complete = false;
      t += live->process(x.view().slice(1, t, std::min<std::int64_t>(100, x.extent(1) - t)), values, complete);
      if (!complete || windows++ < 10) continue;
      for (std::int64_t c = 0; c < 2; ++c) {
        for (std::int64_t f = 0; f < values.extent(1); ++f) sum(c, f) += static_cast<double>(values(c, f)) / 50;
      }
    }
    CHECK(windows == 60);
    const auto batch =
        differential_entropy(x, {.rate_hz = 256, .bands = {{1, 4}, {4, 8}, {8, 14}, {14, 31}, {31, 49}}});
    for (std::int64_t c = 0; c < 2; ++c) {
      for (std::int64_t f = 0; f < 5; ++f) {
        double mean = 0;
        for (std::int64_t w = 10; w < 60; ++w) mean += batch.de(c, f, w) / 50;
        CHECK(sum(c, f) == doctest::Approx(mean).epsilon(0.1));
      }
    }
  }

  TEST_CASE("every input of a recipe that looks at windows gives, block by block, the bits of the whole recording") {
    const Matrix x = testing::noise(3, 128 * 12);
    std::vector<std::string> without;
    for (const FeatureEntry* const entry : Registry<FeatureEntry>::instance().entries()) {
      CAPTURE(entry->name);
      if (entry->stream == nullptr) without.push_back(entry->name);
      if (entry->stream == nullptr || entry->name == "differential-entropy") continue;
      Json input = Json::object({{"name", entry->name}, {"length_s", 3.0}, {"step_s", 1.25}});
      if (entry->name == "epochs") input["baseline_s"] = 0.5;
      if (entry->name == "samples") input = Json::object({{"name", "samples"}, {"every", 200}});
      check_block_by_block(*entry, feature_choice(input).options, x, 8);
    }
    CHECK(without == std::vector<std::string>{"given", "rbt-trial-tokens"});
  }

  TEST_CASE("every measure of connectivity gives, block by block, the bits of the whole recording") {
    const Matrix x = testing::noise(5, 128 * 12);
    int without_memory = 0;
    for (const PairMeasure* const measure : Registry<PairMeasure>::instance().entries()) {
      CAPTURE(measure->name);
      const FeatureChoice choice = feature_choice(
          Json::object({{"name", "connectivity"}, {"measure", measure->name}, {"length_s", 4.0}, {"step_s", 2.0}}));
      check_block_by_block(*choice.entry, choice.options, x, 5);
      const bool allocates =
          choice.entry->stream({.channels = x.extent(0), .rate_hz = 128}, choice.options)->allocates();
      CHECK(allocates == (measure->repeated == nullptr));
      without_memory += allocates ? 0 : 1;
    }
    CHECK(without_memory == 14);
  }

  TEST_CASE("a window without a value is left out, live as in a recording") {
    Matrix x = testing::noise(2, 128 * 6);
    for (const char* const name :
         {"hjorth", "moments", "band-power", "aperiodic", "autoregression", "entropies", "fractal"}) {
      CAPTURE(name);
      const bool broken = name == std::string("autoregression");
      for (std::int64_t t = 128; t < 256; ++t) x(1, t) = broken && t == 200 ? std::nan("") : 0;
      const FeatureChoice choice = feature_choice(Json::object({{"name", name}, {"length_s", 1.0}}));
      FeatureRequest request{.signal = x, .rate_hz = 128, .continuous = {{0, x.extent(1)}}};
      request.trials = {{0, 0, x.extent(1)}};
      CHECK(choice.entry->measure(request, choice.options).values.extent(0) == 5);
      const auto live = choice.entry->stream({.channels = 2, .rate_hz = 128}, choice.options);
      Array<float, 2> values({2, live->features()});
      std::vector<bool> defined;
      for (std::int64_t t = 0; t < x.extent(1);) {
        bool complete = false;
        t += live->process(x.view().slice(1, t, std::min<std::int64_t>(50, x.extent(1) - t)), values, complete);
        if (complete) defined.push_back(live->defined());
      }
      CHECK(defined == std::vector<bool>{true, false, true, true, true, true});
    }
  }

  TEST_CASE(
      "an infinite sample entropy is infinite live too, and what no window can have is refused before the first") {
    const Matrix x = testing::noise(1, 12 * 40);
    const FeatureChoice choice = feature_choice(Json::object({{"name", "entropies"}, {"length_s", 12}}));
    FeatureRequest request{.signal = x, .rate_hz = 1, .continuous = {{0, x.extent(1)}}};
    request.trials = {{0, 0, x.extent(1)}};
    const FeatureWindows batch = choice.entry->measure(request, choice.options);
    REQUIRE(batch.values.extent(0) == 40);
    const auto live = choice.entry->stream({.channels = 1, .rate_hz = 1}, choice.options);
    Array<float, 2> values({1, 5});
    int infinite = 0;
    for (std::int64_t w = 0; w < 40; ++w) {
      bool complete = false;
      REQUIRE(live->process(x.view().slice(1, 12 * w, 12), values, complete) == 12);
      REQUIRE(complete);
      CHECK(live->defined());
      for (std::int64_t f = 0; f < 5; ++f) CHECK(values(0, f) == batch.values(w, 0, f));
      infinite += std::isinf(values(0, 3)) ? 1 : 0;
    }
    CHECK(infinite > 0);
    for (const char* const name : {"entropies", "fractal", "autoregression"}) {
      CAPTURE(name);
      const FeatureChoice brief = feature_choice(Json::object({{"name", name}, {"length_s", 2}}));
      CHECK(refusal([&] { (void)brief.entry->stream({.channels = 1, .rate_hz = 1}, brief.options); }).find("short") !=
            std::string::npos);
    }
  }

  TEST_CASE("inputs that need the future are refused with one line") {
    const auto refused = [](Json input) {
      SavedPipeline pipeline = some_pipeline();
      pipeline.input = std::move(input);
      return refusal([&] { LiveDecoder(std::move(pipeline), 4); });
    };
    CHECK(refused(Json("rbt-trial-tokens")).find("has no causal form") != std::string::npos);
    CHECK(refused(Json("epochs")).find("length_s") != std::string::npos);
    CHECK(refused(Json::object(
                      {{"name", "epochs"}, {"length_s", 1.0}, {"bands_hz", Json(Json::List{Json(Json::List{8, 13})})}}))
              .find("forward and backward") != std::string::npos);
    SavedPipeline cleaned = some_pipeline();
    cleaned.steps = prepare_steps(Json(Json::List{"clean"}));
    CHECK(refusal([&] { LiveDecoder(std::move(cleaned), 4); }).find("clean: has no causal form") != std::string::npos);
  }

  TEST_CASE("live decoder: a decoder row by row gives the bits that predict gives") {
    const SavedPipeline pipeline = some_pipeline();
    const SampleSet set = testing::some_samples(9);
    const Prediction all = pipeline.decoder->predict(set);
    const auto* const rows = dynamic_cast<const RowPrediction*>(pipeline.decoder.get());
    REQUIRE(rows != nullptr);
    const auto flat = set.flat();
    for (std::int64_t i = 0; i < set.size(); ++i) {
      std::vector<float> row(flat[i].data(), flat[i].data() + flat.extent(1));
      std::vector<double> probability(all.probability.extent(1));
      REQUIRE(rows->predict_row(row, probability));
      for (std::size_t k = 0; k < probability.size(); ++k)
        CHECK(probability[k] == all.probability(i, static_cast<std::int64_t>(k)));
    }
    std::vector<float> wrong(3);
    std::vector<double> probability(3);
    CHECK_FALSE(rows->predict_row(wrong, probability));
  }

  TEST_CASE("after a gap nothing of before is remembered") {
    const Matrix x = testing::noise(4, 2000);
    LiveDecoder fresh(some_pipeline(), 4), used(some_pipeline(), 4);
    std::vector<double> a, b;
    in_blocks(x, 1, [&](Signal block) { used.process(block, [](const LivePrediction&) {}); });
    used.reset(500);
    double first_s = -1;
    in_blocks(x, 2, [&](Signal block) {
      fresh.process(block, [&](const LivePrediction& p) { a.push_back(p.probability[0]); });
      used.process(block, [&](const LivePrediction& p) {
        if (first_s < 0) first_s = p.begin_s;
        b.push_back(p.probability[0]);
      });
    });
    CHECK(!a.empty());
    CHECK(a == b);
    CHECK(first_s >= 2500.0 / 256);  // filled after the gap
    CHECK(first_s < 2500.0 / 256 + 1);
    CHECK(std::fmod(first_s - 2500.0 / 256 + used.delay_s() + 1e-9, 1) < 1e-6);
  }

  TEST_CASE("buffer: samples come out as they went in; lost ones and gaps are told") {
    const Matrix x = testing::noise(2, 100);
    StreamBuffer buffer(2, 16);
    Matrix y({2, 10});
    buffer.push(x.view().slice(1, 0, 12));
    auto taken = buffer.take(y);
    CHECK(taken.count == 10);
    CHECK_FALSE(taken.missing.has_value());
    CHECK(y(1, 9) == x(1, 9));
    buffer.push(x.view().slice(1, 12, 20));  // 14 find room, 6 are lost
    CHECK(buffer.lost() == 6);
    for (const std::int64_t expected : {10, 6}) CHECK(buffer.take(y).count == expected);
    CHECK(y(0, 5) == x(0, 25));
    buffer.push(x.view().slice(1, 32, 4));
    buffer.push(x.view().slice(1, 40, 4), 4);
    taken = buffer.take(y);
    CHECK(taken.missing == 6);
    CHECK(taken.count == 4);  // what came after the second gap found the first one not yet told
    CHECK(buffer.lost() == 10);
    buffer.push(x.view().slice(1, 44, 1));
    buffer.close();
    taken = buffer.take(y);
    CHECK(taken.missing == 8);
    CHECK(taken.count == 1);
    CHECK(y(1, 0) == x(1, 44));
    CHECK(buffer.take(y).count == 0);
    CHECK(refusal([] { StreamBuffer(0, 4); }).find("empty") != std::string::npos);
  }

  TEST_CASE("replay: blocks of a recording in order, never across a gap, which is told in samples") {
    const Matrix x = testing::noise(2, 700);
    MemoryContent content{.format = "test", .values = Matrix(x)};
    for (const char* const name : {"Cz", "Pz"}) content.channels.push_back({.name = name, .unit = "V", .rate_hz = 100});
    content.segments = {{0, 430, 0}, {430, 270, 5}};
    FileReplay replay(memory_recording(std::move(content)), {"Pz", "Cz"}, 64);
    CHECK(replay.rate_hz() == 100);
    std::int64_t seen = 0;
    int gaps = 0;
    for (SourceBlock block = replay.next(); block.samples.extent(1) > 0; block = replay.next()) {
      if (block.missing) {
        CHECK(*block.missing == 70);
        CHECK(seen == 430);
        ++gaps;
      }
      for (std::int64_t t = 0; t < block.samples.extent(1); ++t) {
        CHECK(block.samples(0, t) == x(1, seen + t));
        CHECK(block.samples(1, t) == x(0, seen + t));
      }
      CHECK(block.samples.extent(1) <= 64);
      seen += block.samples.extent(1);
    }
    CHECK(seen == 700);
    CHECK(gaps == 1);
    CHECK(replay.next().samples.extent(1) == 0);
  }

  TEST_CASE("latency: percentiles of many times within 1.1 percent") {
    Latency latency;
    CHECK(latency.percentile_s(0.5) == 0);
    for (int i = 1; i <= 1000; ++i) latency.add(1e-6 * i);
    CHECK(latency.count() == 1000);
    CHECK(latency.percentile_s(0.5) == doctest::Approx(500e-6).epsilon(0.012));
    CHECK(latency.percentile_s(0.999) == doctest::Approx(999e-6).epsilon(0.012));
    CHECK(latency.percentile_s(1) == 1e-3);
    CHECK(latency.largest_s() == 1e-3);
    latency.add(1e9);
    latency.add(-1);
    CHECK(latency.largest_s() == 1e9);
  }
}

}  // namespace caton
