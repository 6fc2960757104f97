// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/numpy_random.hpp"

#include "caton/base/operation.hpp"

#include <bit>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace caton {

NumpyRandom::NumpyRandom(std::uint32_t seed) noexcept {
  std::uint32_t value = seed;
  for (int i = 0; i < state_size; ++i) {
    state_[static_cast<std::size_t>(i)] = value;
    value = 1812433253U * (value ^ (value >> 30)) + static_cast<std::uint32_t>(i) + 1;
  }
}

void NumpyRandom::refill() noexcept {
  constexpr std::size_t n = state_size, middle = 397;
  constexpr std::uint32_t twist = 0x9908b0dfU, upper = 0x80000000U, lower = 0x7fffffffU;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t joined = (state_[i] & upper) | (state_[(i + 1) % n] & lower);
    state_[i] = state_[(i + middle) % n] ^ (joined >> 1) ^ ((joined & 1U) != 0 ? twist : 0U);
  }
  used_ = 0;
}

std::uint32_t NumpyRandom::next_u32() noexcept {
  if (used_ == state_size) refill();
  std::uint32_t y = state_[static_cast<std::size_t>(used_++)];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680U;
  y ^= (y << 15) & 0xefc60000U;
  return y ^ (y >> 18);
}

double NumpyRandom::uniform() noexcept {
  const std::uint32_t high = next_u32() >> 5, low = next_u32() >> 6;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

std::uint64_t NumpyRandom::up_to(std::uint64_t limit) noexcept {
  if (limit == 0) return 0;
  const std::uint64_t mask = ~std::uint64_t{0} >> std::countl_zero(limit);
  const bool wide = limit > 0xffffffffU;
  while (true) {
    std::uint64_t value = next_u32();
    if (wide) value = (value << 32) | next_u32();
    value &= mask;
    if (value <= limit) return value;
  }
}

double NumpyRandom::normal() noexcept {
  if (has_normal_) {
    has_normal_ = false;
    return std::exchange(normal_, 0.0);
  }
  double x1 = 0, x2 = 0, r2 = 0;
  do {
    x1 = 2.0 * uniform() - 1.0;
    x2 = 2.0 * uniform() - 1.0;
    r2 = x1 * x1 + x2 * x2;
  } while (r2 >= 1.0 || r2 == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(r2) / r2);
  normal_ = factor * x1;
  has_normal_ = true;
  return factor * x2;
}

void NumpyRandom::shuffle(std::vector<std::int64_t>& values) noexcept {
  for (std::size_t i = values.size(); i-- > 1;) std::swap(values[i], values[up_to(i)]);
}

std::vector<std::int64_t> NumpyRandom::permutation(std::int64_t n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  shuffle(order);
  return order;
}

double numpy_sum(const double* values, std::int64_t count) noexcept {
  if (count < 8) {
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) sum += values[i];
    return sum;
  }
  if (count > 128) {
    const std::int64_t half = count / 2 - (count / 2) % 8;
    return numpy_sum(values, half) + numpy_sum(values + half, count - half);
  }
  double part[8];
  for (int lane = 0; lane < 8; ++lane) part[lane] = values[lane];
  std::int64_t i = 8;
  for (; i < count - count % 8; i += 8) {
    for (int lane = 0; lane < 8; ++lane) part[lane] += values[i + lane];
  }
  double sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
  for (; i < count; ++i) sum += values[i];
  return sum;
}

std::uint32_t numpy_seed(std::int64_t seed) {
  if (seed < 0 || seed > 0xffffffffLL)
    throw usage_error("seed " + std::to_string(seed), "the seed must lie in 0 … 4294967295");
  return static_cast<std::uint32_t>(seed);
}

namespace {

std::int64_t count_argument(const Arguments& args, std::string_view name) {
  const auto count = args.integer(name);
  if (count < 0 || count > 100'000'000) throw args.refuse(std::string(name) + " must lie in 0 … 100000000");
  return count;
}

template <class T, class Draw>
Tensor drawn(std::int64_t count, Draw draw) {
  std::vector<T> values(static_cast<std::size_t>(count));
  for (auto& value : values) value = draw();
  return Tensor::vector(values);
}

Tensor drawn_integers(const Arguments& args, NumpyRandom random) {
  const auto& items = args.value("randint").items("numpy_random_state: randint");
  if (items.size() != 3) throw args.refuse("randint is [low, high, n]");
  const auto low = items[0].integer("randint: low"), high = items[1].integer("randint: high");
  const auto count = items[2].integer("randint: n");
  if (low >= high) throw args.refuse("randint: low >= high: empty range");
  if (count < 0 || count > 100'000'000) throw args.refuse("randint: n must lie in 0 … 100000000");
  const auto limit = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) - 1;
  return drawn<std::int64_t>(
      count, [&] { return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + random.up_to(limit)); });
}

Tensors numpy_random_state(const Arguments& args, const Tensors& /*in*/) {
  // Every list is drawn from a fresh generator, so that each can be compared alone.
  const NumpyRandom fresh(numpy_seed(args.integer("seed")));
  Tensors out;
  if (args.given("raw")) {
    out.emplace("raw", drawn<std::int64_t>(count_argument(args, "raw"),
                                           [random = fresh]() mutable { return random.next_u32(); }));
  }
  if (args.given("uniform")) {
    out.emplace("uniform", drawn<double>(count_argument(args, "uniform"),
                                         [random = fresh]() mutable { return random.uniform(); }));
  }
  if (args.given("randint")) out.emplace("randint", drawn_integers(args, fresh));
  if (args.given("normal")) {
    out.emplace("normal",
                drawn<double>(count_argument(args, "normal"), [random = fresh]() mutable { return random.normal(); }));
  }
  if (args.given("shuffle"))
    out.emplace("shuffled", Tensor::vector(NumpyRandom(fresh).permutation(count_argument(args, "shuffle"))));
  return out;
}

const Operation numpy_random_state_operation{
    .name = "numpy_random_state",
    .room = "base",
    .about =
        "Draws of NumPy's legacy generator (MT19937), each list from a fresh generator; equals "
        "numpy.random.RandomState of NumPy 1.24.",
    .arguments = {{"seed", "integer", {}, "0 … 2^32 - 1"},
                  {"raw", "integer", Json{}, "how many 32-bit words"},
                  {"uniform", "integer", Json{}, "how many doubles in [0, 1)"},
                  {"randint", "list", Json{}, "[low, high, n]: n whole numbers in low … high - 1"},
                  {"normal", "integer", Json{}, "how many normal numbers"},
                  {"shuffle", "integer", Json{}, "length of a shuffled 0 … n - 1"}},
    .outputs = {{"raw", "n"}, {"uniform", "n"}, {"randint", "n"}, {"normal", "n"}, {"shuffled", "n"}},
    .call = numpy_random_state,
};
CATON_REGISTER(Operation, numpy_random_state_operation);

}  // namespace
}  // namespace caton
