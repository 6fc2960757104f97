// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/kernels.hpp"
#include "caton/nn/product.hpp"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "caton/nn/packed_linear.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "caton/nn/product-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace caton::nn::HWY_NAMESPACE {

std::size_t panel_width() { return 2 * hn::Lanes(Floats()); }

void multiply(const Product& p, std::size_t columns) { product(p, columns); }

}  // namespace caton::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace caton::nn {
namespace {
HWY_EXPORT(panel_width);
HWY_EXPORT(multiply);
/// Rows treated together: what they read and write stays in the second cache.
constexpr std::size_t row_block = 56;
}  // namespace

PackedLinear::PackedLinear(const float* weight, const float* bias, std::size_t outputs, std::size_t inputs)
    : outputs_(outputs), inputs_(inputs), panel_(HWY_DYNAMIC_DISPATCH(panel_width)()) {
  const std::size_t panels = (outputs + panel_ - 1) / panel_;
  panels_.assign(panels * panel_ * inputs, 0.0F);
  bias_.assign(panels * panel_, 0.0F);
  for (std::size_t j = 0; j < outputs; ++j) {
    float* const panel = panels_.data() + j / panel_ * panel_ * inputs + j % panel_;
    for (std::size_t k = 0; k < inputs; ++k) panel[k * panel_] = weight[j * inputs + k];
    if (bias != nullptr) bias_[j] = bias[j];
  }
}

void PackedLinear::apply(const float* x, std::size_t rows, float* out) const {
  const auto product = HWY_DYNAMIC_DISPATCH(multiply);
  std::vector<float> last(outputs_ % panel_ != 0 ? std::min(rows, row_block) * panel_ : 0);
  for (std::size_t row = 0; row < rows; row += row_block) {
    const std::size_t count = std::min(row_block, rows - row);
    for (std::size_t first = 0; first < outputs_; first += panel_) {
      const std::size_t width = std::min(panel_, outputs_ - first);
      const bool whole = width == panel_;
      product({.a = x + row * inputs_,
               .a_row = inputs_,
               .b = panels_.data() + first * inputs_,
               .b_row = panel_,
               .c = whole ? out + row * outputs_ + first : last.data(),
               .c_row = whole ? outputs_ : panel_,
               .rows = count,
               .inner = inputs_,
               .start = bias_.data() + first},
              panel_);
      if (whole) continue;
      for (std::size_t i = 0; i < count; ++i)
        std::memcpy(out + (row + i) * outputs_ + first, last.data() + i * panel_, width * sizeof(float));
    }
  }
}

}  // namespace caton::nn
#endif
