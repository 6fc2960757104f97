// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/iir_design.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"
#include "caton/signal/checks.hpp"

#include <cmath>
#include <numbers>

namespace caton {

namespace {

constexpr int largest_order = 100;

bool has_two_edges(BandKind band) { return band == BandKind::bandpass || band == BandKind::bandstop; }

void check(const IirDesign& design) {
  const std::string where = "iir_design";
  require_positive(where, "rate_hz", design.rate_hz);
  if (design.order < 1 || design.order > largest_order) {
    throw usage_error(where,
                      "order " + std::to_string(design.order) + " is outside 1 to " + std::to_string(largest_order));
  }
  const std::size_t edges = has_two_edges(design.band) ? 2 : 1;
  if (design.cut_hz.size() != edges) {
    throw usage_error(where, "cut_hz has " + std::to_string(design.cut_hz.size()) + " values, this band needs " +
                                 std::to_string(edges));
  }
  for (const double hz : design.cut_hz) {
    require_positive(where, "cut_hz", hz);
    require_below_nyquist(where, "cut_hz", hz, design.rate_hz);
  }
  if (edges == 2 && !(design.cut_hz[0] < design.cut_hz[1])) {
    throw usage_error(where, "the band " + number_text(design.cut_hz[0]) + " to " + number_text(design.cut_hz[1]) +
                                 " Hz is empty: low is not below high");
  }
}

double required_db(const std::optional<double>& value, const char* name) {
  if (!value) throw usage_error("iir_design", std::string(name) + " is missing");
  require_positive("iir_design", name, *value);
  return *value;
}

Zpk prototype_of(const IirDesign& design) {
  switch (design.kind) {
    case IirKind::chebyshev1: return chebyshev1_prototype(design.order, required_db(design.ripple_db, "ripple_db"));
    case IirKind::chebyshev2:
      return chebyshev2_prototype(design.order, required_db(design.attenuation_db, "attenuation_db"));
    case IirKind::elliptic:
      return elliptic_prototype(design.order, required_db(design.ripple_db, "ripple_db"),
                                required_db(design.attenuation_db, "attenuation_db"));
    case IirKind::bessel: return bessel_prototype(design.order, design.bessel_norm);
    case IirKind::butterworth: break;
  }
  return butterworth_prototype(design.order);
}

}  // namespace

Zpk iir_zpk(const IirDesign& design) {
  check(design);
  const Zpk prototype = prototype_of(design);
  std::vector<double> warped;
  for (const double hz : design.cut_hz)
    warped.push_back(4 * std::tan(std::numbers::pi * (2 * hz / design.rate_hz) / 2));
  switch (design.band) {
    case BandKind::highpass: return bilinear(to_highpass(prototype, warped[0]));
    case BandKind::bandpass:
      return bilinear(to_bandpass(prototype, std::sqrt(warped[0] * warped[1]), warped[1] - warped[0]));
    case BandKind::bandstop:
      return bilinear(to_bandstop(prototype, std::sqrt(warped[0] * warped[1]), warped[1] - warped[0]));
    case BandKind::lowpass: break;
  }
  return bilinear(to_lowpass(prototype, warped[0]));
}

Matrix iir_design(const IirDesign& design) { return to_sections(iir_zpk(design)); }

Matrix iir_notch_design(double rate_hz, double notch_hz, double quality) {
  const std::string where = "iir_notch_design";
  require_positive(where, "rate_hz", rate_hz);
  require_positive(where, "notch_hz", notch_hz);
  require_positive(where, "quality", quality);
  require_below_nyquist(where, "notch_hz", notch_hz, rate_hz);
  const double centre = 2 * notch_hz / rate_hz * std::numbers::pi;
  const double width = 2 * notch_hz / rate_hz / quality * std::numbers::pi;
  if (width >= std::numbers::pi)
    throw usage_error(where, "quality is too low: the notch is wider than all frequencies");
  const double gain = 1 / (1 + std::tan(width / 2));
  Matrix sos({1, 6});
  const double cosine = std::cos(centre);
  const std::vector<double> values{gain, gain * (-2 * cosine), gain, 1, -2 * gain * cosine, 2 * gain - 1};
  std::copy(values.begin(), values.end(), sos.data());
  return sos;
}

TransferFunction butter_bandpass_ba(int order, double low_hz, double high_hz, double rate_hz) {
  return to_transfer_function(
      iir_zpk({.rate_hz = rate_hz, .band = BandKind::bandpass, .order = order, .cut_hz = {low_hz, high_hz}}));
}

namespace {

IirDesign design_of(const Arguments& args) {
  IirDesign design{.rate_hz = args.number("rate_hz")};
  design.kind = choice_argument<IirKind>(args, "kind",
                                         {{"butterworth", IirKind::butterworth},
                                          {"chebyshev1", IirKind::chebyshev1},
                                          {"chebyshev2", IirKind::chebyshev2},
                                          {"elliptic", IirKind::elliptic},
                                          {"bessel", IirKind::bessel}});
  design.band = choice_argument<BandKind>(args, "band",
                                          {{"lowpass", BandKind::lowpass},
                                           {"highpass", BandKind::highpass},
                                           {"bandpass", BandKind::bandpass},
                                           {"bandstop", BandKind::bandstop}});
  design.bessel_norm = choice_argument<BesselNorm>(
      args, "bessel_norm",
      {{"phase", BesselNorm::phase}, {"delay", BesselNorm::delay}, {"mag", BesselNorm::magnitude}});
  design.order = count_argument(args, "order");
  if (args.value("cut_hz").is_number())
    design.cut_hz = {args.number("cut_hz")};
  else
    design.cut_hz = args.numbers("cut_hz");
  design.ripple_db = optional_number(args, "ripple_db");
  design.attenuation_db = optional_number(args, "attenuation_db");
  return design;
}

const Operation iir_design_operation{
    .name = "iir_design",
    .room = "signal",
    .about = "A recursive filter as second-order sections (scipy.signal.iirfilter)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "kind", .type = "text", .about = "butterworth, chebyshev1, chebyshev2, elliptic, bessel"},
                  {.name = "band", .type = "text", .about = "lowpass, highpass, bandpass, bandstop"},
                  {.name = "order", .type = "integer"},
                  {.name = "cut_hz", .type = "numbers"},
                  {.name = "ripple_db", .type = "number", .standard = Json{}},
                  {.name = "attenuation_db", .type = "number", .standard = Json{}},
                  {.name = "bessel_norm", .type = "text", .standard = "phase", .about = "phase, delay, mag"}},
    .outputs = {{.name = "sos", .shape = "S 6"}},
    .call =
        [](const Arguments& args, const Tensors&) {
          return Tensors{{"sos", Tensor::of(iir_design(design_of(args)))}};
        },
};
CATON_REGISTER(Operation, iir_design_operation);

const Operation iir_notch_operation{
    .name = "iir_notch_design",
    .room = "signal",
    .about = "A notch as one second-order section (scipy.signal.iirnotch)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "notch_hz", .type = "number"},
                  {.name = "quality", .type = "number", .standard = 30}},
    .outputs = {{.name = "sos", .shape = "1 6"}},
    .call =
        [](const Arguments& args, const Tensors&) {
          return Tensors{{"sos", Tensor::of(iir_notch_design(args.number("rate_hz"), args.number("notch_hz"),
                                                             args.number("quality")))}};
        },
};
CATON_REGISTER(Operation, iir_notch_operation);

const Operation butter_bandpass_operation{
    .name = "butter_bandpass_ba",
    .room = "signal",
    .about = "A Butterworth band-pass as one ratio of polynomials (scipy.signal.butter)",
    .arguments = {{.name = "order", .type = "integer"},
                  {.name = "low_hz", .type = "number"},
                  {.name = "high_hz", .type = "number"},
                  {.name = "rate_hz", .type = "number"}},
    .outputs = {{.name = "b", .shape = "2order+1"}, {.name = "a", .shape = "2order+1"}},
    .call =
        [](const Arguments& args, const Tensors&) {
          const auto filter = butter_bandpass_ba(count_argument(args, "order"), args.number("low_hz"),
                                                 args.number("high_hz"), args.number("rate_hz"));
          return Tensors{{"b", Tensor::vector(filter.b)}, {"a", Tensor::vector(filter.a)}};
        },
};
CATON_REGISTER(Operation, butter_bandpass_operation);

}  // namespace

}  // namespace caton
