// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// What `caton bench` measures of this room.
#include "caton/base/kernel.hpp"
#include "caton/recording/sample_decoding.hpp"
#include "caton/recording/text_numbers.hpp"

#include <memory>
#include <vector>

namespace caton {
namespace {

KernelWork decoding() {
  constexpr std::size_t samples = 1 << 20;
  const auto stored = std::make_shared<std::vector<std::byte>>(2 * samples, std::byte{7});
  const auto values = std::make_shared<Array<float, 1>>(Array<float, 1>({samples}));
  return {[=] {
            decode_samples(Bytes(*stored), 2, {.gain = 1e-7, .offset = 1e-9},
                           std::span<float>(values->data(), samples));
          },
          2.0 * samples, (2.0 + sizeof(float)) * samples};
}

KernelWork numbers() {
  constexpr int lines = 20000;
  const auto text = std::make_shared<std::string>();
  for (int i = 0; i < lines; ++i) *text += "1533222559.839,58.105,-28.320,15.137,12.207,54.199\n";
  return {[=] { (void)read_numbers(*text, {.columns = 6}, 1); }, 0,
          static_cast<double>(text->size()) + 6.0 * sizeof(double) * lines};
}

const KernelEntries kernels{{"decode-int16", "a million stored samples to float32 in volts", decoding},
                            {"text-numbers", "20000 lines of six numbers as Muse writes them", numbers}};

}  // namespace
}  // namespace caton
