// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/random.hpp"

// Highway compiles this file once for each instruction set and picks one while the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "caton/base/random_fill.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace caton::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Philox-4x32-10 on as many counters of one stream as there are lanes; whole vectors only. Gives how many blocks (of
/// four numbers) were made.
std::size_t philox_blocks([[maybe_unused]] const PhiloxCounter& start, [[maybe_unused]] std::uint32_t* out,
                          [[maybe_unused]] std::size_t blocks) {
#if HWY_TARGET == HWY_SCALAR
  return 0;  // one lane gains nothing: the caller's own loop does it
#else
  const hn::ScalableTag<std::uint32_t> d;
  const hn::RepartitionToWide<decltype(d)> wide;
  using V = hn::Vec<decltype(d)>;
  const std::size_t lanes = hn::Lanes(d);
  const auto high_half = [&](V x) HWY_ATTR { return hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, x))); };
  const auto multiply = [&](V x, V factor, V& high, V& low) HWY_ATTR {
    const auto even = hn::BitCast(d, hn::MulEven(x, factor));
    const auto odd = hn::BitCast(d, hn::MulEven(high_half(x), factor));
    high = hn::OddEven(odd, high_half(even));
    low = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(hn::BitCast(wide, odd))), even);
  };
  const V first_factor = hn::Set(d, 0xD2511F53U), second_factor = hn::Set(d, 0xCD9E8D57U);
  const V lane = hn::Iota(d, 0);
  std::size_t done = 0;
  for (; done + lanes <= blocks; done += lanes) {
    const std::uint64_t block = start.block + done;
    const V low = hn::Add(hn::Set(d, static_cast<std::uint32_t>(block)), lane);
    const V carry = hn::VecFromMask(d, hn::Lt(low, lane));  // all ones where the low half ran over
    V c0 = low;
    V c1 = hn::Sub(hn::Set(d, static_cast<std::uint32_t>(block >> 32)), carry);
    V c2 = hn::Set(d, static_cast<std::uint32_t>(start.stream));
    V c3 = hn::Set(d, static_cast<std::uint32_t>(start.stream >> 32));
    std::uint32_t key0 = static_cast<std::uint32_t>(start.key), key1 = static_cast<std::uint32_t>(start.key >> 32);
    for (int round = 0; round < 10; ++round) {
      V high0, low0, high1, low1;
      multiply(c0, first_factor, high0, low0);
      multiply(c2, second_factor, high1, low1);
      c0 = hn::Xor(hn::Xor(high1, c1), hn::Set(d, key0));
      c1 = low1;
      c2 = hn::Xor(hn::Xor(high0, c3), hn::Set(d, key1));
      c3 = low0;
      key0 += 0x9E3779B9U;
      key1 += 0xBB67AE85U;
    }
    hn::StoreInterleaved4(c0, c1, c2, c3, d, out + 4 * done);
  }
  return done;
#endif
}

}  // namespace caton::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace caton {
namespace {
HWY_EXPORT(philox_blocks);
}

void RandomStream::fill(std::span<std::uint32_t> out) noexcept {
  std::size_t at = 0;
  while (at < out.size() && used_ != 4) out[at++] = next_u32();
  const std::size_t blocks =
      HWY_DYNAMIC_DISPATCH(philox_blocks)({key_, stream_, block_}, out.data() + at, (out.size() - at) / 4);
  block_ += blocks;
  at += 4 * blocks;
  while (at < out.size()) out[at++] = next_u32();
}

}  // namespace caton
#endif
