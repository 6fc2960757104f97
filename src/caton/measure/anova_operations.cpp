// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ports.hpp"
#include "caton/measure/anova.hpp"

namespace caton {

namespace {

Tensor some(const std::vector<double>& values) { return Tensor::vector(values); }

Tensors one_way(const Arguments& args, const Tensors& in) {
  const auto test = anova_one_way(vector_port(args, in, "values"), port(in, "group").integers("group"));
  return {{"f", some({test.f})},
          {"df", some({test.freedom, test.error_freedom})},
          {"p_value", some({test.p})},
          {"eta_squared", some({test.partial_eta_squared})}};
}

const Operation one_way_operation{.name = "anova_one_way",
                                  .room = "measure",
                                  .about = "Analysis of variance between groups (scipy.stats.f_oneway)",
                                  .inputs = {{"values", "N"}, {"group", "N"}},
                                  .outputs = {{"f", "1"}, {"df", "2"}, {"p_value", "1"}, {"eta_squared", "1"}},
                                  .call = one_way};
CATON_REGISTER(Operation, one_way_operation);

Tensors repeated(const Arguments& args, const Tensors& in) {
  const MatrixPort values(args, in, "values");
  const auto result = anova_repeated(values.view());
  return {{"f", some({result.effect.f})},
          {"df", some({result.effect.freedom, result.effect.error_freedom})},
          {"p_value", some({result.effect.p})},
          {"epsilon", some({result.epsilon})},
          {"epsilon_hf", some({result.epsilon_hf})},
          {"p_gg", some({result.p_gg})},
          {"partial_eta_squared", some({result.effect.partial_eta_squared})}};
}

const Operation repeated_operation{.name = "anova_repeated",
                                   .room = "measure",
                                   .about =
                                       "Analysis of variance within participants (statsmodels AnovaRM) with the "
                                       "epsilons of Greenhouse-Geisser and Huynh-Feldt",
                                   .inputs = {{"values", "S K"}},
                                   .outputs = {{"f", "1"},
                                               {"df", "2"},
                                               {"p_value", "1"},
                                               {"epsilon", "1"},
                                               {"epsilon_hf", "1"},
                                               {"p_gg", "1"},
                                               {"partial_eta_squared", "1"}},
                                   .call = repeated};
CATON_REGISTER(Operation, repeated_operation);

Tensors mixed(const Arguments& args, const Tensors& in) {
  const MatrixPort values(args, in, "values");
  const auto result = anova_mixed(values.view(), port(in, "group").integers("group"));
  std::vector<double> f, df, p, eta;
  for (const FTest* const test : {&result.between, &result.within, &result.interaction}) {
    f.push_back(test->f);
    df.insert(df.end(), {test->freedom, test->error_freedom});
    p.push_back(test->p);
    eta.push_back(test->partial_eta_squared);
  }
  return {{"f", some(f)},
          {"df", Tensor({3, 2}, df)},
          {"p_value", some(p)},
          {"partial_eta_squared", some(eta)},
          {"epsilon", some({result.epsilon})},
          {"p_gg", some({result.within_p_gg, result.interaction_p_gg})}};
}

const Operation mixed_operation{
    .name = "anova_mixed",
    .room = "measure",
    .about = "Groups of participants (between) x conditions (within): between, within and interaction, in this order",
    .inputs = {{"values", "S K"}, {"group", "S"}},
    .outputs = {{"f", "3"},
                {"df", "3 2"},
                {"p_value", "3"},
                {"partial_eta_squared", "3"},
                {"epsilon", "1"},
                {"p_gg", "2", "within, interaction"}},
    .call = mixed};
CATON_REGISTER(Operation, mixed_operation);

}  // namespace

}  // namespace caton
