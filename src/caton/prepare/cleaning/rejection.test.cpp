// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/rejection.hpp"

#include "caton/prepare/cleaning/clean.hpp"
#include "signal_test.hpp"

namespace caton {

namespace {

constexpr double rate_hz = 100;
const std::vector<std::int64_t> three{0, 1, 2};

Rejection rejected(const Matrix& x, std::vector<std::int64_t> pieces = {}, std::optional<double> limit_v = {}) {
  return reject_epochs(x, x, {.rate_hz = rate_hz, .limit_v = limit_v, .channels = three, .pieces = pieces});
}

void add_jump(Matrix& x, std::int64_t channel, std::int64_t begin, std::int64_t end, double size_v) {
  for (std::int64_t t = begin; t < end; ++t) x(channel, t) += t % 2 == 0 ? size_v : -size_v;
}

}  // namespace

TEST_SUITE("prepare") {
  TEST_CASE("rejection: what is planted is marked, where and why, and nothing else") {
    Matrix x = testing::noise(3, 6000, 1e-5, 4);
    CHECK(rejected(x).spans.empty());
    CHECK(rejected(x).epochs == 60);
    CHECK(rejected(x).limit_found);
    add_jump(x, 1, 1040, 1050, 5e-4);
    add_jump(x, 2, 1110, 1120, 9e-4);
    add_jump(x, 0, 3000, 3020, 5e-4);
    for (std::int64_t t = 4000; t < 4250; ++t) x(2, t) = 3e-6;
    const Rejection found = rejected(x);
    REQUIRE(found.spans.size() == 3);
    CHECK(found.spans[0].begin == 1000);
    CHECK(found.spans[0].end == 1200);  // two neighbours, told of the larger one
    CHECK(found.spans[0].channel == 2);
    CHECK(found.spans[0].largest_v > 1.7e-3);
    CHECK(std::string(annotation_of(found.spans[0])) == "BAD_peak");
    CHECK(found.spans[1].begin == 3000);
    CHECK(found.spans[1].channel == 0);
    CHECK(found.spans[2].begin == 4000);
    CHECK(found.spans[2].end == 4200);
    CHECK(found.spans[2].channel == 2);
    CHECK(std::string(annotation_of(found.spans[2])) == "BAD_flat");
    CHECK(found.rejected == 5);
    CHECK(found.too_large == 3);
    CHECK(found.flat == 2);
  }

  TEST_CASE("rejection: a given limit, channels that are not looked at, gaps and short recordings") {
    Matrix x = testing::noise(3, 1250, 1e-5, 5);
    add_jump(x, 0, 640, 660, 4e-5);
    CHECK(rejected(x, {}, 1e-3).spans.empty());
    const Rejection small = rejected(x, {}, 1e-6);
    CHECK_FALSE(small.limit_found);
    CHECK(small.rejected == 13);  // with the half second at the end, looked at with what came before
    REQUIRE(small.spans.size() == 1);
    CHECK(small.spans[0].end == 1250);
    const Rejection pieces = rejected(x, {650, 600}, 1e-6);
    REQUIRE(pieces.spans.size() == 2);  // no span crosses a gap
    CHECK(pieces.spans[0].end == 650);
    CHECK(pieces.spans[1].begin == 650);
    CHECK(reject_epochs(x, x, {.rate_hz = rate_hz, .limit_v = 1.2e-4, .channels = {1, 2}, .pieces = {}}).spans.empty());
    const Matrix few(x.view().slice(1, 0, 900));
    CHECK(rejected(few).limit_v == 0);
    CHECK(rejected(Matrix({3, 50}, 0.0)).epochs == 0);
  }

  TEST_CASE("rejection: cleaning marks what it leaves unusable and changes no sample for it") {
    Matrix x = testing::noise(3, 3000, 1e-5, 6);
    add_jump(x, 1, 1500, 1700, 3e-3);
    const CleanInput input{.signal = x, .channels = {"C3", "Cz", "C4"}, .positions_m = {}, .rate_hz = rate_hz};
    const CleanOptions options{.bad_channels = false, .ica = false, .asr = false};
    CleanOptions without = options;
    without.reject = false;
    const Cleaned marked = clean(input, options), plain = clean(input, without);
    CHECK(testing::largest_difference(marked.signal, plain.signal) == 0);
    CHECK(plain.rejection.epochs == 0);
    REQUIRE(marked.rejection.spans.size() == 1);
    CHECK(marked.rejection.spans[0].begin <= 1500);
    CHECK(marked.rejection.spans[0].end >= 1700);
    CHECK(rejection_words(input, marked.rejection.spans[0]).find("Cz: ") == 0);
    CHECK(marked.steps.back().find(std::to_string(marked.rejection.rejected) + " of 30") != std::string::npos);
    without.reject = true;
    without.reject_v = -1;
    CHECK(testing::says(testing::error_of([&] { (void)clean(input, without); }), "reject_v"));
  }
}

}  // namespace caton
