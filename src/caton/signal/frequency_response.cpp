// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/frequency_response.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/checks.hpp"

#include <cmath>
#include <numbers>

namespace caton {

namespace {

void check(double rate_hz, std::span<const double> freqs_hz) {
  const std::string where = "frequency_response";
  require_positive(where, "rate_hz", rate_hz);
  if (freqs_hz.empty()) throw usage_error(where, "freqs_hz is empty");
  for (const double hz : freqs_hz) {
    if (!(hz >= 0)) throw usage_error(where, "freqs_hz must be positive or 0, got " + number_text(hz));
    if (hz > rate_hz / 2) {
      throw usage_error(where, "freqs_hz: " + number_text(hz) + " Hz lies above the Nyquist frequency " +
                                   number_text(rate_hz / 2) + " Hz");
    }
  }
}

/// The polynomial in z^-1 at one frequency.
Complex evaluate(const double* coefficients, std::size_t count, Complex inverse_z) {
  Complex sum = 0;
  for (std::size_t i = count; i-- > 0;) sum = sum * inverse_z + coefficients[i];
  return sum;
}

Complex inverse_z(double hz, double rate_hz) {
  const double angle = 2 * std::numbers::pi * hz / rate_hz;
  return {std::cos(angle), -std::sin(angle)};
}

}  // namespace

std::vector<Complex> section_response(Signal sos, double rate_hz, std::span<const double> freqs_hz) {
  check(rate_hz, freqs_hz);
  if (sos.extent(0) == 0 || sos.extent(1) != 6) throw usage_error("frequency_response", "shape: sections are S x 6");
  const Matrix packed(sos);
  std::vector<Complex> response;
  for (const double hz : freqs_hz) {
    const Complex z = inverse_z(hz, rate_hz);
    Complex product = 1;
    for (std::int64_t s = 0; s < sos.extent(0); ++s)
      product *= evaluate(packed.data() + 6 * s, 3, z) / evaluate(packed.data() + 6 * s + 3, 3, z);
    response.push_back(product);
  }
  return response;
}

std::vector<Complex> fir_response(std::span<const double> h, double rate_hz, std::span<const double> freqs_hz) {
  check(rate_hz, freqs_hz);
  std::vector<Complex> response;
  for (const double hz : freqs_hz) response.push_back(evaluate(h.data(), h.size(), inverse_z(hz, rate_hz)));
  return response;
}

namespace {

Tensors respond(const Arguments& args, const Tensors& in) {
  const auto freqs_hz = args.numbers("freqs_hz");
  const bool sections = in.count("sos") != 0;
  if (sections == (in.count("h") != 0)) throw args.refuse("give either \"sos\" or \"h\"");
  const auto response = sections ? section_response(MatrixPort(args, in, "sos"), args.number("rate_hz"), freqs_hz)
                                 : fir_response(vector_port(args, in, "h"), args.number("rate_hz"), freqs_hz);
  Matrix parts({static_cast<std::int64_t>(response.size()), 2});
  for (std::size_t i = 0; i < response.size(); ++i) {
    parts(i, 0) = response[i].real();
    parts(i, 1) = response[i].imag();
    if (!std::isfinite(parts(i, 0)) || !std::isfinite(parts(i, 1)))
      throw args.refuse("the filter is unstable: a pole lies at " + number_text(freqs_hz[i]) + " Hz");
  }
  return {{"response", Tensor::of(parts)}};
}

const Operation response_operation{
    .name = "frequency_response",
    .room = "signal",
    .about = "The complex response of a filter (scipy.signal.sosfreqz, freqz)",
    .arguments = {{.name = "rate_hz", .type = "number"}, {.name = "freqs_hz", .type = "numbers"}},
    .inputs = {{.name = "sos", .shape = "S 6", .optional = true}, {.name = "h", .shape = "N", .optional = true}},
    .outputs = {{.name = "response", .shape = "F 2"}},
    .call = respond,
};
CATON_REGISTER(Operation, response_operation);

}  // namespace

}  // namespace caton
