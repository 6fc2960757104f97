// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/measure_tensor.hpp"

#include <vector>

namespace caton {

Tensor measure_tensor(const Array<Complex, 3>& values, bool complex) {
  Tensor::Shape shape(values.extents().begin(), values.extents().end());
  std::vector<double> flat;
  for (const Complex& value : values) {
    flat.push_back(value.real());
    if (complex) flat.push_back(value.imag());
  }
  if (complex) shape.push_back(2);
  return {shape, flat};
}

}  // namespace caton
