// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/// Eight reals worked on side by side. Every operation is the plain IEEE one of each real, so results have the same
/// bits on every processor; only the speed differs.
namespace caton {

inline constexpr std::int64_t lane_count = 8;
using Lanes = double __attribute__((vector_size(64)));

/// `count` rounded up to whole registers.
inline constexpr std::int64_t whole_lanes(std::int64_t count) noexcept {
  return (count + lane_count - 1) / lane_count * lane_count;
}

/// A kernel must only see `Lanes` inside one function: they are never passed by value.
inline __attribute__((always_inline)) void load_lanes(Lanes& lanes, const double* from) noexcept {
  std::memcpy(&lanes, from, sizeof lanes);
}
inline __attribute__((always_inline)) void store_lanes(const Lanes& lanes, double* to) noexcept {
  std::memcpy(to, &lanes, sizeof lanes);
}

/// Square roots in place. Files that use it are compiled without errno for mathematics, so that this is one
/// instruction.
inline __attribute__((always_inline)) void root_lanes(Lanes& lanes) noexcept {
  alignas(64) double values[lane_count];
  store_lanes(lanes, values);
  for (std::int64_t k = 0; k < lane_count; ++k) values[k] = __builtin_sqrt(values[k]);
  load_lanes(lanes, values);
}

/// While it lives, results too small for a normal number become zero on this thread: decaying filters would crawl.
class FlushDenormals {
 public:
#if defined(__x86_64__)
  FlushDenormals() noexcept : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040U); }
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  FlushDenormals() noexcept = default;
  ~FlushDenormals() {}
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__x86_64__)
  unsigned before_;
#endif
};

enum class Processor { baseline, avx2, avx512 };
/// The widest instructions this processor has, or the narrower ones that $CATON_TARGET asks for (RELIABILITY R26).
[[nodiscard]] Processor processor() noexcept;
/// "baseline", "avx2", "avx512".
[[nodiscard]] const char* processor_name(Processor target) noexcept;
/// Refuses (kind `usage`) a $CATON_TARGET that is unknown or that this processor has not.
void check_target_wish();

#if defined(__x86_64__)
template <class Kernel, class... Args>
__attribute__((target("avx512f"))) void run_avx512(Args... args) {
  Kernel::run(args...);
}
template <class Kernel, class... Args>
__attribute__((target("avx2"))) void run_avx2(Args... args) {
  Kernel::run(args...);
}
#endif

/// Runs `Kernel::run(args...)` (a static function marked always_inline) compiled for `target`.
template <class Kernel, class... Args>
void run_on(Processor target, Args... args) {
#if defined(__x86_64__)
  if (target == Processor::avx512) return run_avx512<Kernel>(args...);
  if (target == Processor::avx2) return run_avx2<Kernel>(args...);
#endif
  Kernel::run(args...);
}

}  // namespace caton
