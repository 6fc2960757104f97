// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/feature_table.hpp"

#include "caton/base/safetensors.hpp"
#include "caton/base/table.hpp"
#include "caton/containers/container.hpp"
#include "caton/features/hjorth.hpp"
#include "signal_test.hpp"
#include "small_study.hpp"

#include <algorithm>

namespace caton {

using testing::error_of;
using testing::says;
using testing::scratch;
using testing::small_study;

namespace {

Path first_recording() {
  std::vector<Path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(small_study()))
    if (entry.path().extension() == ".edf" && entry.path().string().find("derivatives") == std::string::npos)
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  REQUIRE(!files.empty());
  return files.front();
}

FeatureTableRequest request_for(const std::vector<std::string>& kinds) {
  FeatureTableRequest request;
  for (const auto& kind : kinds) request.kinds.push_back(feature_choice(kind));
  return request;
}

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("features of a recording: every row is its window's own value") {
    const Path file = first_recording();
    auto request = request_for({"hjorth", "line-length"});
    request.window_s = 2;
    request.step_s = 1;
    const FeatureTable table = measure_features(file, request);
    REQUIRE(table.begin_s.size() > 10);
    CHECK(table.features == std::vector<std::string>{"hjorth: activity", "hjorth: mobility", "hjorth: complexity",
                                                     "line-length: line length"});
    const auto recording = open_recording(file);
    const double rate_hz = recording->main_rate_hz();
    const std::size_t row = 7;
    CHECK(table.begin_s[row] == 7);
    CHECK(table.end_s[row] == 9);
    const auto channel = recording->channel_index(table.channels[2]);
    Matrix window({1, std::llround(2 * rate_hz)});
    recording->read(std::span(&channel, 1), std::llround(7 * rate_hz), window.extent(1), window.view());
    CHECK(static_cast<double>(table.values(7, 2, 1)) == doctest::Approx(hjorth(window).mobility[0]).epsilon(1e-6));
  }

  TEST_CASE("features of a BIDS folder: rows say which recording they come from, in every kind of file") {
    auto request = request_for({"band-power"});
    request.window_s = 10;
    const FeatureTable table = measure_features(small_study(), request);
    CHECK(table.recordings.size() == 6);
    CHECK(table.recording.back() == 5);
    CHECK(std::is_sorted(table.recording.begin(), table.recording.end()));
    const Path folder = scratch("feature-files");
    for (const char* const name : {"x.npz", "x.safetensors", "x.csv"}) write_features(folder / name, table);
    const auto npz = open_container(folder / "x.npz");
    const Safetensors tensors = read_safetensors(folder / "x.safetensors");
    const Table csv = read_table(folder / "x.csv", ',');
    CHECK(npz->read("values").array.doubles() == tensors.at("values", "test").doubles());
    CHECK(npz->read("begin_s").array.doubles() == tensors.at("begin_s", "test").doubles());
    CHECK(npz->read("recordings").items.at(5).text == table.recordings[5]);
    CHECK(csv.rows.size() == table.begin_s.size());
    CHECK(csv.header.size() == 3 + table.channels.size() * table.features.size());
    CHECK(csv.rows.back().front() == table.recordings[5]);
    CHECK(csv.header[3] == table.channels[0] + " " + table.features[0]);
  }

  TEST_CASE("features: what cannot be is refused with what to do") {
    const Path file = first_recording();
    auto request = request_for({"hjorth"});
    request.window_s = 1e6;
    CHECK(says(error_of([&] { (void)measure_features(file, request); }), "too short"));
    request.window_s = 2;
    request.channels = {"no such channel"};
    CHECK(error_of([&] { (void)measure_features(file, request); }).kind() != ErrorKind::machine);
    CHECK(says(error_of([&] { (void)measure_features(file, {}); }), "kind"));
    auto apart = request_for({"hjorth", "rbt-trial-tokens"});
    apart.window_s = 2.5;
    CHECK(says(error_of([&] { (void)measure_features(file, apart); }), "window"));
    FeatureTable table;
    CHECK(says(error_of([&] { write_features("x.xyz", table); }), "ending"));
  }

  TEST_CASE("features: a flat channel is named, and its windows are never numbers") {
    const Path folder = scratch("feature-flat");
    std::string text = "a,b\n";
    for (int t = 0; t < 600; ++t) text += std::to_string(std::sin(0.1 * t)) + ",1\n";
    write_file(folder / "flat.csv", text);
    auto request = request_for({"hjorth"});
    request.rate_hz = 100;
    request.channels = {"a", "b"};
    const Error error = error_of([&] { (void)measure_features(folder / "flat.csv", request); });
    CHECK(says(error, "flat"));
    CHECK(says(error, "--channels"));
    request.channels = {"a"};
    CHECK(measure_features(folder / "flat.csv", request).begin_s.size() == 3);
  }
}

}  // namespace caton
