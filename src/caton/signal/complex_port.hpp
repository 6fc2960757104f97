// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/operation.hpp"
#include "caton/base/tensor.hpp"
#include "caton/signal/zpk.hpp"

#include <array>
#include <string>

namespace caton {

/// Complex values at a port: real and imaginary part along one more axis of length 2.
template <std::size_t N>
[[nodiscard]] Tensor complex_tensor(View<const Complex, N> values) {
  const Array<Complex, N> packed(values);
  Tensor::Shape shape(packed.extents().begin(), packed.extents().end());
  shape.push_back(2);
  Tensor tensor(Dtype::f64, std::move(shape));
  double* place = tensor.values<double>().data();
  for (const Complex& value : packed) {
    *place++ = value.real();
    *place++ = value.imag();
  }
  return tensor;
}

/// The complex values of a port with N axes and one of length 2 behind them; refuses (word `shape`) others and (word
/// `empty`) none.
template <std::size_t N>
[[nodiscard]] Array<Complex, N> complex_port(const Arguments& args, const Tensors& in, const std::string& name) {
  const Tensor& tensor = port(in, name);
  if (tensor.rank() != N + 1 || tensor.extent(N) != 2) {
    throw args.refuse("\"" + name + "\" has the shape " + tensor.about() + ", wanted are " + std::to_string(N) +
                      " axes and one of length 2 (real, imaginary)");
  }
  if (tensor.size() == 0) throw args.refuse("\"" + name + "\" is empty: " + tensor.about());
  const auto values = tensor.doubles();
  typename Array<Complex, N>::Extents extents;
  for (std::size_t axis = 0; axis < N; ++axis) extents[axis] = tensor.extent(axis);
  Array<Complex, N> result(extents, uninitialised);
  const double* place = values.data();
  for (Complex& value : result) {
    value = {place[0], place[1]};
    place += 2;
  }
  return result;
}

}  // namespace caton
