// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Every operation of the signal's rooms, found in the registry, meets what no recording should hold: it refuses with an
// error, or gives finite numbers; it never crashes, hangs, or passes NaN on in silence.
#include "caton/base/lanes.hpp"
#include "caton/signal/iir_design.hpp"
#include "operation_examples.hpp"
#include "signal_test.hpp"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <sstream>

namespace caton {

using testing::noise;

namespace {

const std::set<std::string> rooms{"sensors", "signal", "features", "features/connectivity", "geometry"};

/// A call that works, for operations whose arguments or inputs have no default.
struct Example {
  Json args = Json::object();
  Tensors in;
  std::set<std::string> may_be_undefined = {};
};

Json numbers(const std::vector<double>& values) { return Json::list_of(values); }

Matrix positions(std::int64_t count) { return noise(count, 3, 0.08, 4); }

Tensors one(const std::string& name, const Matrix& values) { return {{name, Tensor::of(values)}}; }

Matrix lowpass_sections() {
  return iir_design({.rate_hz = 128, .band = BandKind::bandpass, .order = 3, .cut_hz = {8, 13}});
}

std::map<std::string, Example> examples() {
  const Matrix x = noise(3, 600), sos = lowpass_sections();
  const Tensor xt = Tensor::of(x), st = Tensor::of(sos);
  const Tensor taps = Tensor::vector(std::vector<double>{0.25, 0.5, 0.25});
  const Json rate = 128;
  const Json bands = Json::list_of(std::vector<Json>{numbers({4, 8}), numbers({8, 13})});
  const Json chunks = Json::list_of(std::vector<int>{100, 500});
  const Json names = Json::list_of(std::vector<std::string>{"Cz", "Fp1"});
  std::map<std::string, Example> all;
  all["montage_positions"] = {Json::object({{"names", names}}), {}};
  all["fit_sphere"] = {Json::object(), one("positions", positions(7))};
  all["project_2d"] = all["fit_sphere"];
  all["spline_interpolation_matrix"] = {Json::object(),
                                        {{"good", Tensor::of(positions(7))}, {"bad", Tensor::of(positions(2))}}};
  all["interpolate_bad"] = {Json::object({{"bad", Json::list_of(std::vector<int>{1})}}),
                            {{"x", xt}, {"positions", Tensor::of(positions(3))}}};
  all["current_source_density"] = {Json::object({{"radius_m", 0.09}}),
                                   {{"x", xt}, {"positions", Tensor::of(positions(3))}}};
  all["sphere_leadfield"] = {Json::object({{"center_m", numbers({0, 0, 0})}, {"radius_m", 0.09}}),
                             {{"electrodes", Tensor::of(positions(4))}, {"dipoles", Tensor::of(noise(2, 3, 0.01))}}};
  all["fir_design"] = {Json::object({{"rate_hz", rate}, {"low_hz", 4}, {"high_hz", 30}}), {}};
  all["fir_filter"] = {all["fir_design"].args, one("x", x)};
  all["fir_apply"] = {Json::object(), {{"x", xt}, {"h", taps}}};
  all["fir_stream"] = {Json::object({{"chunks", chunks}}), all["fir_apply"].in};
  all["iir_design"] = {
      Json::object(
          {{"rate_hz", rate}, {"kind", "butterworth"}, {"band", "lowpass"}, {"order", 3}, {"cut_hz", numbers({20})}}),
      {}};
  all["iir_notch_design"] = {Json::object({{"rate_hz", rate}, {"notch_hz", 50}}), {}};
  all["butter_bandpass_ba"] = {Json::object({{"order", 3}, {"low_hz", 4}, {"high_hz", 8}, {"rate_hz", rate}}), {}};
  all["frequency_response"] = {Json::object({{"rate_hz", rate}, {"freqs_hz", numbers({1, 9})}}), {{"sos", st}}};
  all["iir_filter"] = {Json::object(), {{"x", xt}, {"sos", st}}};
  all["iir_filtfilt"] = all["iir_filter"];
  all["iir_stream"] = {Json::object({{"chunks", chunks}}), all["iir_filter"].in};
  all["iir_ringing"] = {Json::object(), {{"sos", st}}};
  all["lfilter"] = {Json::object(), {{"b", taps}, {"a", Tensor::vector(std::vector<double>{1, -0.5})}, {"x", xt}}};
  all["notch"] = {Json::object({{"rate_hz", rate}, {"freqs_hz", numbers({50})}}), one("x", x)};
  all["resample_fft"] = {Json::object({{"up", 1}, {"down", 2}}), one("x", x)};
  all["reference"] = {Json::object({{"kind", "average"}}), one("x", x)};
  all["window"] = {Json::object({{"rate_hz", rate}, {"length_s", 2}, {"step_s", 1}}), one("x", x)};
  all["welch"] = {Json::object({{"rate_hz", rate}}), one("x", x)};
  all["dpss"] = {Json::object({{"samples", 64}, {"half_bandwidth", 3}, {"tapers", 4}}), {}};
  all["detrend"] = {Json::object(), one("x", x)};
  all["savitzky_golay"] = {Json::object({{"window", 11}, {"order", 3}}), one("x", x)};
  all["regress_out"] = {Json::object(), {{"x", xt}, {"reference", Tensor::of(noise(2, 600, 1, 8))}}};
  all["upfirdn"] = {Json::object({{"up", 3}, {"down", 2}}), {{"x", xt}, {"h", taps}}};
  all["resample_poly"] = {Json::object({{"up", 3}, {"down", 2}}), one("x", x)};
  all["differential_entropy"] = {Json::object({{"rate_hz", rate}}), one("x", x)};
  Matrix psd = noise(2, 65), freqs({1, 65});
  for (double& value : psd) value *= value;
  for (std::int64_t k = 0; k < 65; ++k) freqs(0, k) = static_cast<double>(k);
  all["band_power"] = {Json::object({{"bands_hz", bands}}),
                       {{"psd", Tensor::of(psd)}, {"freqs", Tensor::of(freqs).reshaped({65})}}};
  all["zscore_window"] = {Json::object(), one("x", x)};
  all["band_differential_entropy"] = {Json::object(), one("x", x)};
  all["rbt_trial_tokens"] = {Json::object(), one("x", x)};
  return all;
}

std::map<std::string, Example> known_examples() {
  auto known = examples();
  for (const auto* const example : Registry<testing::OperationExample>::instance().entries())
    known[example->name] = {example->args, example->in, example->may_be_undefined};
  return known;
}

/// All operations of these rooms with a call that works.
std::vector<std::pair<const Operation*, Example>> calls() {
  const auto known = known_examples();
  std::vector<std::pair<const Operation*, Example>> result;
  for (const Operation* const operation : Registry<Operation>::instance().entries()) {
    if (rooms.count(operation->room) == 0) continue;
    const auto found = known.find(operation->name);
    if (found != known.end()) result.emplace_back(operation, found->second);
  }
  return result;
}

bool all_finite(const Tensors& out, const std::set<std::string>& may_be_undefined) {
  for (const auto& [name, tensor] : out) {
    if (may_be_undefined.count(name) != 0) continue;
    for (const double value : tensor.doubles()) {
      if (!std::isfinite(value)) return false;
    }
  }
  return true;
}

/// Refused with an error that says something, or finite numbers.
void survives(const Operation& operation, const Example& example, const Json& args, const Tensors& in,
              const std::string& what) {
  INFO(operation.name << ", " << what << ", " << args.dump());
  try {
    const Tensors out = run_operation(operation, args, in);
    CHECK(all_finite(out, example.may_be_undefined));
  } catch (const Error& error) {
    CHECK(std::string(error.what()).size() > 10);
  } catch (const std::exception& error) {
    FAIL_CHECK("another exception than caton's: " << error.what());
  }
}

Tensor with_value(const Tensor& tensor, std::size_t place, double value) {
  Tensor changed = tensor;
  const auto values = changed.values<double>();
  if (!values.empty()) values[place % values.size()] = value;
  return changed;
}

Tensor cut_to(const Tensor& tensor, std::size_t axis, std::int64_t count) {
  Tensor::Shape shape = tensor.shape();
  shape[axis] = std::min(shape[axis], count);
  Tensor changed(Dtype::f64, shape);
  const auto from = tensor.values<double>();
  const auto to = changed.values<double>();
  const auto columns = static_cast<std::size_t>(shape.back()), stride = static_cast<std::size_t>(tensor.shape().back());
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i / columns * stride + i % columns];
  return changed;
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("bad input: the call that works works, and every operation of these rooms has one") {
    const auto known = known_examples();
    for (const Operation* const operation : Registry<Operation>::instance().entries()) {
      if (rooms.count(operation->room) == 0) continue;
      INFO(operation->name << " has no example in this test");
      CHECK(known.count(operation->name) == 1);
    }
    for (const auto& [operation, example] : calls()) {
      INFO(operation->name);
      CHECK(all_finite(run_operation(*operation, example.args, example.in), {}));
    }
  }

  TEST_CASE("bad input: values that are not finite are refused with their place") {
    for (const auto& [operation, example] : calls()) {
      for (const auto& [name, tensor] : example.in) {
        for (const double bad : {std::nan(""), static_cast<double>(INFINITY), static_cast<double>(-INFINITY)}) {
          Tensors in = example.in;
          in[name] = with_value(tensor, 5, bad);
          INFO(operation->name << " " << name << " " << bad);
          if (operation->nan_policy != NanPolicy::refuse) {
            survives(*operation, example, example.args, in, name + " not finite");
            continue;
          }
          const Error error = testing::error_of([&, op = operation] { (void)run_operation(*op, example.args, in); });
          CHECK(testing::says(error, "finite"));
        }
      }
    }
  }

  TEST_CASE("bad input: empty, short, single, odd, prime, constant, tiny") {
    for (const auto& [operation, example] : calls()) {
      for (const auto& [name, tensor] : example.in) {
        const auto with = [&, op = operation, port = name](const Tensor& changed, const std::string& what) {
          Tensors in = example.in;
          in[port] = changed;
          survives(*op, example, example.args, in, port + " " + what);
        };
        for (std::size_t axis = 0; axis < tensor.rank(); ++axis) {
          for (const std::int64_t count : {0, 1, 2, 3, 5, 97, 599})
            with(cut_to(tensor, axis, count), "axis " + std::to_string(axis) + " " + std::to_string(count));
        }
        with(Tensor(Dtype::f64, tensor.shape()), "all 0");
        Tensor same(Dtype::f64, tensor.shape()), tiny = tensor;
        for (double& value : same.values<double>()) value = 0.1;
        for (double& value : tiny.values<double>()) value *= 1e-300;
        with(same, "all the same");
        with(tiny, "tiny");
        with(tensor.reshaped({tensor.size()}), "of one axis");
        with(tensor.reshaped({1, 1, tensor.size()}), "of three axes");
        Tensors in = example.in;
        in.erase(name);
        survives(*operation, example, example.args, in, name + " missing");
      }
    }
  }

  TEST_CASE("bad input: numbers out of every range, and words of no meaning") {
    for (const auto& [operation, example] : calls()) {
      for (const Argument& argument : operation->arguments) {
        std::vector<Json> values{"", "no such word", Json(), Json::list(), Json::object()};
        for (const double value : {0.0, -1.0, 0.5, 64.0, 1e-12, 1e12}) values.emplace_back(value);
        for (const std::int64_t value : {1L, 2L, 1000000000000L, -1000000000000L}) values.emplace_back(value);
        values.push_back(numbers({1e12}));
        values.push_back(numbers({-1, 1e300}));
        values.push_back(Json::list_of(std::vector<Json>{numbers({40, 90}), numbers({9, 3})}));
        for (const Json& value : values) {
          Json args = example.args;
          args[argument.name] = value;
          survives(*operation, example, args, example.in, argument.name);
        }
      }
    }
  }

  TEST_CASE("digest of operations" * doctest::skip(std::getenv("CATON_TEST_DIGEST") == nullptr)) {
    const char* const file = std::getenv("CATON_TEST_DIGEST");
    REQUIRE(file != nullptr);
    std::ofstream out(file);
    out << std::hexfloat;
    for (const auto& [operation, example] : calls()) {
      for (const auto& [name, tensor] : run_operation(*operation, example.args, example.in)) {
        out << operation->name << ' ' << name;
        for (const double value : tensor.doubles()) out << ' ' << value;
        out << '\n';
      }
    }
  }

  TEST_CASE("R26 the same bits with 1, 2 and 3 threads, and on every set of instructions") {
    const Path folder = testing::scratch("signal-threads");
    std::string first;
    const std::string narrow = processor() >= Processor::avx2 ? "avx2" : "baseline";
    for (const std::string& how :
         {std::string("CATON_THREADS=1"), std::string("CATON_THREADS=2"), std::string("CATON_THREADS=3"),
          std::string("CATON_TARGET=baseline"), "CATON_TARGET=" + narrow}) {
      INFO(how);
      const Path file = folder / how;
      const std::string command = how + " CATON_TEST_DIGEST='" + file.string() + "' '" +
                                  std::filesystem::read_symlink("/proc/self/exe").string() +
                                  "' --test-case='digest of operations' >/dev/null";
      REQUIRE(std::system(command.c_str()) == 0);
      std::stringstream text;
      text << std::ifstream(file).rdbuf();
      CHECK(text.str().size() > 10000);
      if (first.empty())
        first = text.str();
      else
        CHECK(text.str() == first);
    }
  }
}

}  // namespace caton
