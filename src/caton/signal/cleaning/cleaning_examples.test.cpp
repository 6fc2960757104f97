// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "cleaning.test.hpp"
#include "operation_examples.hpp"

namespace caton {

namespace {

using testing::OperationExample;

Tensor labels() {
  std::vector<double> values;
  for (int t = 0; t < 600; ++t) values.push_back(t / 7 % 3);
  return Tensor::vector(values);
}

Tensor epochs() {
  const Matrix x = testing::noise(24, 80, 1e-5, 31);
  return Tensor::of(x).reshaped({12, 2, 80});
}

const Matrix mixed = testing::mixed_sources(4, 900);
const Matrix unmixing = testing::noise(3, 4, 1e5, 32), mixing = testing::noise(4, 3, 1e-5, 33);

const OperationExample whiten{"pca_whiten", Json::object({{"components", 3}}), {{"x", Tensor::of(mixed)}}};
const OperationExample fastica{"ica_fastica",
                               Json::object({{"components", 3}}),
                               {{"x", Tensor::of(mixed)}, {"start", Tensor::of(testing::noise(3, 3, 1, 34))}}};
const OperationExample picard{"ica_picard", Json::object(), {{"white", Tensor::of(testing::sources(3, 900))}}};
const OperationExample infomax{"ica_infomax",
                               Json::object({{"max_iterations", 3}}),
                               {{"white", Tensor::of(testing::transposed(testing::sources(3, 900)))}}};
const OperationExample score{
    "ica_score_eog",
    Json::object({{"rate_hz", 100}}),
    {{"sources", Tensor::of(testing::noise(4, 1200, 1, 35))}, {"eog", Tensor::of(testing::noise(1, 1200, 1e-4, 36))}}};
const OperationExample removal{"ica_remove",
                               Json::object({{"exclude", Json::list_of(std::vector<int>{1})}}),
                               {{"x", Tensor::of(mixed)},
                                {"unmixing", Tensor::of(unmixing)},
                                {"mixing", Tensor::of(mixing)},
                                {"mean", Tensor::vector(std::vector<double>(4, 1e-6))}}};
const OperationExample design{"asr_filter_design", Json::object({{"rate_hz", 128}}), {}};
const OperationExample calibrate{
    "asr_calibrate", Json::object({{"rate_hz", 100}}), {{"x", Tensor::of(testing::noise(3, 1200, 10, 37))}}};
const OperationExample process{"asr_process",
                               Json::object({{"rate_hz", 100}}),
                               {{"x", Tensor::of(testing::noise(3, 600, 10, 38))},
                                {"mixing", Tensor::of(testing::diagonal(3, 10))},
                                {"threshold", Tensor::of(testing::diagonal(3, 15))}}};
const OperationExample threshold{"reject_threshold", Json::object(), {{"epochs", epochs()}}};
const OperationExample bad{
    "bad_channels", Json::object({{"rate_hz", 128}}), {{"x", Tensor::of(testing::noise(5, 600, 1e-5, 39))}}};
const OperationExample states{
    "microstates",
    Json::object(),
    {{"x", Tensor::of(testing::noise(5, 600, 1e-5, 40))}, {"start", Tensor::vector(std::vector<double>{1, 5, 9})}}};
const OperationExample statistics{
    "microstate_statistics", Json::object({{"rate_hz", 100}, {"states", 3}}), {{"labels", labels()}}};

CATON_REGISTER(OperationExample, whiten);
CATON_REGISTER(OperationExample, fastica);
CATON_REGISTER(OperationExample, picard);
CATON_REGISTER(OperationExample, infomax);
CATON_REGISTER(OperationExample, score);
CATON_REGISTER(OperationExample, removal);
CATON_REGISTER(OperationExample, design);
CATON_REGISTER(OperationExample, calibrate);
CATON_REGISTER(OperationExample, process);
CATON_REGISTER(OperationExample, threshold);
CATON_REGISTER(OperationExample, bad);
CATON_REGISTER(OperationExample, states);
CATON_REGISTER(OperationExample, statistics);

}  // namespace

}  // namespace caton
