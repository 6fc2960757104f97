// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/itr.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"

#include <cmath>

namespace caton {

double information_transfer_rate(std::int64_t classes, double accuracy, double seconds) {
  if (classes < 2) throw usage_error("itr", "classes must be at least 2, got " + std::to_string(classes));
  if (!(accuracy >= 0 && accuracy <= 1))
    throw usage_error("itr", "accuracy " + number_text(accuracy) + " lies outside 0 … 1");
  if (!(seconds > 0 && std::isfinite(seconds)))
    throw usage_error("itr", "seconds must be positive, got " + number_text(seconds));
  const auto n = static_cast<double>(classes);
  if (accuracy < 1 / n) return 0;
  const double p = accuracy;
  const double bits = p == 1 ? std::log2(n) : std::log2(n) + p * std::log2(p) + (1 - p) * std::log2((1 - p) / (n - 1));
  return bits * 60 / seconds;
}

namespace {

Tensors run_itr(const Arguments& args, const Tensors& in) {
  const auto classes = port(in, "classes").integers("classes");
  const auto accuracy = vector_port(args, in, "accuracy"), seconds = vector_port(args, in, "seconds");
  if (classes.size() != accuracy.size() || classes.size() != seconds.size())
    throw args.refuse("classes, accuracy and seconds differ in shape");
  std::vector<double> rate;
  for (std::size_t i = 0; i < classes.size(); ++i)
    rate.push_back(information_transfer_rate(classes[i], accuracy[i], seconds[i]));
  return {{"bits_per_minute", Tensor::vector(rate)}};
}

const Operation itr_operation{
    .name = "itr",
    .room = "decode/ssvep",
    .about = "Information transfer rate of selections (mnakanishi/TRCA-SSVEP itr.m)",
    .inputs = {{.name = "classes", .shape = "N"},
               {.name = "accuracy", .shape = "N", .unit = "1"},
               {.name = "seconds", .shape = "N", .unit = "s"}},
    .outputs = {{.name = "bits_per_minute", .shape = "N", .unit = "bit/min"}},
    .call = run_itr,
};
CATON_REGISTER(Operation, itr_operation);

}  // namespace

}  // namespace caton
