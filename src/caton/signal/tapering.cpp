// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/tapering.hpp"

#include "caton/base/lanes.hpp"

namespace caton {

namespace {

struct LaneSum {
  static inline __attribute__((always_inline)) void run(const double* x, std::int64_t count, double* result) {
    Lanes sum = {}, value;
    std::int64_t t = 0;
    for (; t + lane_count <= count; t += lane_count) {
      load_lanes(value, x + t);
      sum = sum + value;
    }
    double total = 0;
    for (int lane = 0; lane < lane_count; ++lane) total += sum[lane];
    for (; t < count; ++t) total += x[t];
    *result = total;
  }
};

struct Taper {
  static inline __attribute__((always_inline)) void run(const double* x, double mean, const double* window,
                                                        std::int64_t count, double* out) {
    std::int64_t t = 0;
    for (; t + lane_count <= count; t += lane_count) {
      Lanes value, weight;
      load_lanes(value, x + t);
      load_lanes(weight, window + t);
      store_lanes((value - mean) * weight, out + t);
    }
    for (; t < count; ++t) out[t] = (x[t] - mean) * window[t];
  }
};

}  // namespace

double lane_sum(const double* x, std::int64_t count) {
  double sum = 0;
  run_on<LaneSum>(processor(), x, count, &sum);
  return sum;
}

void taper(const double* x, double mean, const double* window, std::int64_t count, double* out) {
  run_on<Taper>(processor(), x, mean, window, count, out);
}

}  // namespace caton
