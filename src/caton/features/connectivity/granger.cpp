// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/granger.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/model_spectrum.hpp"
#include "caton/features/connectivity/mvar_connectivity.hpp"
#include "caton/signal/checks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

/// The epochs of some channels.
Array<double, 3> chosen(Epochs x, const std::vector<std::int64_t>& channels) {
  Array<double, 3> result({x.extent(0), static_cast<std::int64_t>(channels.size()), x.extent(2)}, uninitialised);
  for (std::int64_t e = 0; e < x.extent(0); ++e) {
    for (std::size_t c = 0; c < channels.size(); ++c) {
      for (std::int64_t t = 0; t < x.extent(2); ++t) result(e, static_cast<std::int64_t>(c), t) = x(e, channels[c], t);
    }
  }
  return result;
}

/// The products of some channels out of those of all.
Matrix chosen(Signal products, std::int64_t channels, const std::vector<std::int64_t>& which) {
  const auto count = static_cast<std::int64_t>(which.size()), lags = products.extent(0) / channels;
  Matrix result({count * lags, count * lags}, uninitialised);
  const auto place = [&](std::int64_t at) {
    return at / count * channels + which[static_cast<std::size_t>(at % count)];
  };
  for (std::int64_t r = 0; r < result.extent(0); ++r) {
    for (std::int64_t c = 0; c < result.extent(1); ++c) result(r, c) = products(place(r), place(c));
  }
  return result;
}

/// Residual sums of squares of each of some channels in a model of them.
std::vector<double> residual_sums(const std::string& where, Epochs all, Signal all_products, std::int64_t order,
                                  const std::vector<std::int64_t>& which) {
  const auto kept = chosen(all, which);
  const Epochs x = kept.view();
  const Matrix products = chosen(all_products, all.extent(1), which);
  const Matrix left = regress(where, {x, order, order, 0}, products).left;
  std::vector<double> sums;
  for (std::int64_t c = 0; c < left.extent(0); ++c) {
    if (!(left(c, c) > 0))
      throw input_error(where, "channel " + std::to_string(c) + " is predicted without error: no full rank");
    sums.push_back(left(c, c));
  }
  return sums;
}

struct Samples {
  double count = 0, order = 0, regressors = 0;  ///< regressor channels of the full model
};

void compare(Granger& result, std::int64_t to, std::int64_t from, double without, double with, const Samples& samples) {
  const double freedom = samples.count - samples.regressors * samples.order;
  result.gc(to, from) = std::log(without / with);
  result.f(to, from) = std::max(0.0, (without - with) / samples.order / (with / freedom));
  result.p_value(to, from) = f_sf(result.f(to, from), samples.order, freedom);
}

void conditional_pairs(const std::string& where, Epochs x, std::int64_t order, Granger& result, Samples samples) {
  const std::int64_t channels = x.extent(1);
  samples.regressors = static_cast<double>(channels);
  const Matrix products = lagged_products(x, order);
  std::vector<std::int64_t> everyone(static_cast<std::size_t>(channels));
  std::iota(everyone.begin(), everyone.end(), std::int64_t{0});
  const auto full = residual_sums(where, x, products, order, everyone);
  thread_pool().parallel_for(channels, [&](std::int64_t from) {
    auto others = everyone;
    others.erase(others.begin() + from);
    const auto without = residual_sums(where, x, products, order, others);
    for (std::size_t k = 0; k < others.size(); ++k)
      compare(result, others[k], from, without[k], full[static_cast<std::size_t>(others[k])], samples);
  });
}

void separate_pairs(const std::string& where, Epochs x, std::int64_t order, Granger& result, Samples samples) {
  const std::int64_t channels = x.extent(1);
  samples.regressors = 2;
  const Matrix products = lagged_products(x, order);
  std::vector<double> alone;
  for (std::int64_t c = 0; c < channels; ++c) alone.push_back(residual_sums(where, x, products, order, {c})[0]);
  thread_pool().parallel_for(channels, [&](std::int64_t i) {
    for (std::int64_t j = i + 1; j < channels; ++j) {
      const auto both = residual_sums(where, x, products, order, {i, j});
      compare(result, i, j, alone[static_cast<std::size_t>(i)], both[0], samples);
      compare(result, j, i, alone[static_cast<std::size_t>(j)], both[1], samples);
    }
  });
}

}  // namespace

Granger granger(Epochs x, std::int64_t order, bool conditional) {
  const std::string where = "granger";
  if (x.extent(1) < 2) throw usage_error(where, "a single channel has no partner: two are needed");
  require_samples(where, x, order);
  require_variation(where, x);
  const std::int64_t channels = x.extent(1);
  Granger result{Matrix({channels, channels}), Matrix({channels, channels}), Matrix({channels, channels}, 1.0)};
  const Samples samples{.count = static_cast<double>(x.extent(0) * (x.extent(2) - order)),
                        .order = static_cast<double>(order)};
  if (conditional)
    conditional_pairs(where, x, order, result, samples);
  else
    separate_pairs(where, x, order, result, samples);
  return result;
}

Array<double, 3> granger_spectral(Coefficients a, Signal noise, std::int64_t bins) {
  const std::string where = "granger_spectral";
  require_model(where, a, noise);
  require_bins(where, bins);
  if (a.extent(1) != 2)
    throw usage_error(
        where, "two channels are needed, the model has " + std::to_string(a.extent(1)) + " (wrong shape: channel)");
  const auto polynomial = characteristic(a);
  const Circle circle(bins);
  Array<double, 3> result({2, 2, bins});
  LaneMatrix h(2);
  for (std::int64_t first = 0; first < bins; first += lane_count) {
    polynomial.evaluate_inverse(where, circle.powers(first, polynomial.terms().extent(0)), h);
    for (std::int64_t lane = 0; lane < std::min(lane_count, bins - first); ++lane) {
      for (std::int64_t i = 0; i < 2; ++i) {
        const std::int64_t j = 1 - i;
        const Complex own(h.at(i, i)[lane], h.at(i, i)[lane + lane_count]);
        const Complex other(h.at(i, j)[lane], h.at(i, j)[lane + lane_count]);
        const double power = std::norm(own) * noise(i, i) + std::norm(other) * noise(j, j) +
                             2 * (own * std::conj(other)).real() * noise(i, j);
        const double share = (noise(j, j) - noise(i, j) * noise(i, j) / noise(i, i)) * std::norm(other) / power;
        result(i, j, first + lane) = -std::log1p(-share);
        if (!std::isfinite(result(i, j, first + lane)))
          throw input_error(where, "the noise gives values that are not finite: it has not full rank, or is flat");
      }
    }
  }
  return result;
}

namespace {

Tensors in_time(const Arguments& args, const Tensors& in) {
  const auto x = cube_port(args, in, "x");
  const auto result = granger(x.view(), args.integer("order"), args.flag("conditional"));
  return {{"gc", Tensor::of(result.gc)}, {"f", Tensor::of(result.f)}, {"p_value", Tensor::of(result.p_value)}};
}

const Operation granger_operation{
    .name = "granger",
    .room = "features/connectivity",
    .about = "Granger causality in time with its F test, [to, from]",
    .arguments = {{.name = "order", .type = "integer"},
                  {.name = "conditional", .type = "flag", .standard = true, .about = "false: each pair by itself"}},
    .inputs = {{.name = "x", .shape = "E C T", .unit = "V"}},
    .outputs = {{.name = "gc", .shape = "C C"}, {.name = "f", .shape = "C C"}, {.name = "p_value", .shape = "C C"}},
    .call = in_time};
CATON_REGISTER(Operation, granger_operation);

constexpr std::int64_t highest_order = 20;

/// The order asked for, or that of the least BIC among those the epochs can carry.
std::int64_t order_for(const Arguments& args, Epochs x) {
  if (args.given("order")) return args.integer("order");
  const std::int64_t most = x.extent(0) * x.extent(2) / (x.extent(0) + x.extent(1) + 1) - 1;
  return mvar_order(x, std::clamp<std::int64_t>(most, 1, highest_order)).best_bic;
}

Tensors over_frequency(const Arguments& args, const Tensors& in) {
  const double rate_hz = args.number("rate_hz");
  require_positive("granger_spectral", "rate_hz", rate_hz);
  const std::int64_t bins = args.integer("bins");
  require_bins("granger_spectral", bins);
  const auto answer = [&](Coefficients a, Signal noise) -> Tensors {
    return {{"gc", Tensor::of(granger_spectral(a, noise, bins))},
            {"freqs", Tensor::vector(model_frequencies(bins, rate_hz))}};
  };
  if (in.count("x") == 0) {
    const auto a = cube_port(args, in, "a");
    return answer(a.view(), MatrixPort(args, in, "noise").view());
  }
  const auto x = cube_port(args, in, "x");
  if (x.extent(1) != 2)
    throw args.refuse("two channels are needed, got " + std::to_string(x.extent(1)) + " (wrong shape: channel)");
  const auto model = mvar_fit(x.view(), {.order = order_for(args, x.view())});
  return answer(model.a.view(), model.noise);
}

const Operation spectral_operation{
    .name = "granger_spectral",
    .room = "features/connectivity",
    .about = "Geweke's Granger causality over frequency between two channels, [to, from]",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "bins", .type = "integer", .standard = 129},
                  {.name = "order",
                   .type = "integer",
                   .standard = Json{},
                   .about = "of the model of x; null: that of the least BIC up to 20"}},
    .inputs = {{.name = "x", .shape = "E 2 T", .unit = "V", .optional = true},
               {.name = "a", .shape = "p 2 2", .unit = "", .optional = true},
               {.name = "noise", .shape = "2 2", .unit = "", .optional = true}},
    .outputs = {{.name = "gc", .shape = "2 2 bins"}, {.name = "freqs", .shape = "bins", .unit = "Hz"}},
    .call = over_frequency};
CATON_REGISTER(Operation, spectral_operation);

}  // namespace

}  // namespace caton
