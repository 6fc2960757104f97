// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ports.hpp"
#include "caton/signal/cleaning/microstates.hpp"

#include <cmath>

namespace caton {

namespace {

std::vector<std::int64_t> integers_port(const Arguments& args, const Tensors& in, const std::string& name) {
  std::vector<std::int64_t> result;
  for (const double value : vector_port(args, in, name)) {
    if (!(std::abs(value) < 9e15)) throw args.refuse(name + " must hold whole numbers that are finite");
    result.push_back(static_cast<std::int64_t>(value));
  }
  return result;
}

Tensor one_number(double value) { return Tensor::vector(std::vector<double>{value}); }

const Operation microstates_operation{
    .name = "microstates",
    .room = "signal",
    .about = "The maps that a recording goes through, by modified k-means (mne_microstates)",
    .arguments = {{.name = "max_iterations", .type = "integer", .standard = 1000},
                  {.name = "tolerance", .type = "number", .standard = 1e-6},
                  {.name = "min_peak_distance", .type = "integer", .standard = 2, .about = "samples"},
                  {.name = "polarity", .type = "text", .standard = "ignored", .about = "ignored, respected"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "start", .shape = "M"}},
    .outputs = {{.name = "maps", .shape = "M C"},
                {.name = "labels", .shape = "T"},
                {.name = "gev", .shape = "1"},
                {.name = "gev_map", .shape = "M"},
                {.name = "peaks", .shape = "P"},
                {.name = "iterations", .shape = "1"}},
    .streaming_form = "samples fitted back to maps learnt before",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const Microstates result = microstates(
              MatrixPort(args, in, "x"), integers_port(args, in, "start"),
              {.max_iterations = args.integer("max_iterations"),
               .tolerance = args.number("tolerance"),
               .min_peak_distance = args.integer("min_peak_distance"),
               .polarity = choice_argument<bool>(args, "polarity", {{"ignored", false}, {"respected", true}})});
          return Tensors{{"maps", Tensor::of(result.maps)},
                         {"labels", Tensor::vector(result.labels)},
                         {"gev", one_number(result.explained)},
                         {"gev_map", Tensor::vector(result.explained_by_map)},
                         {"peaks", Tensor::vector(result.peaks)},
                         {"iterations", Tensor::vector(std::vector<std::int64_t>{result.iterations})}};
        },
};
CATON_REGISTER(Operation, microstates_operation);

const Operation statistics_operation{
    .name = "microstate_statistics",
    .room = "signal",
    .about = "How much, how long, how often each microstate, and what follows what",
    .arguments = {{.name = "rate_hz", .type = "number"}, {.name = "states", .type = "integer"}},
    .inputs = {{.name = "labels", .shape = "T"}},
    .outputs = {{.name = "coverage", .shape = "M"},
                {.name = "duration_s", .shape = "M"},
                {.name = "occurrence_hz", .shape = "M"},
                {.name = "transitions", .shape = "M M"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MicrostateStatistics result =
              microstate_statistics(integers_port(args, in, "labels"), args.number("rate_hz"), args.integer("states"));
          return Tensors{{"coverage", Tensor::vector(result.coverage)},
                         {"duration_s", Tensor::vector(result.duration_s)},
                         {"occurrence_hz", Tensor::vector(result.occurrence_hz)},
                         {"transitions", Tensor::of(result.transitions)}};
        },
};
CATON_REGISTER(Operation, statistics_operation);

}  // namespace

}  // namespace caton
