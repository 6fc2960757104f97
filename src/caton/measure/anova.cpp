// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/anova.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace caton {

namespace {

/// Sums of squares this far below those of the values themselves are rounding.
constexpr double rounding = 1e-24;

FTest f_test(const std::string& where, double effect, double freedom, double error, double error_freedom,
             double scale) {
  if (!(error > rounding * scale) || !(error_freedom > 0)) {
    throw input_error(where, "the values are flat: within groups and conditions they do not vary",
                      "look at how they were made");
  }
  FTest test{.f = effect / freedom / (error / error_freedom), .freedom = freedom, .error_freedom = error_freedom};
  if (!std::isfinite(test.f)) throw input_error(where, "the values are too large: F is not finite");
  test.p = f_sf(test.f, freedom, error_freedom);
  test.partial_eta_squared = test.f * freedom / (test.f * freedom + error_freedom);
  return test;
}

double squares_of(View<const double, 2> values) {
  double sum = 0;
  for (std::int64_t s = 0; s < values.extent(0); ++s) {
    for (std::int64_t k = 0; k < values.extent(1); ++k) sum += values(s, k) * values(s, k);
  }
  return sum;
}

/// Means over the participants given: of all, of each condition.
struct Means {
  double all = 0;
  std::vector<double> condition;
};

Means means_of(View<const double, 2> values, const std::vector<std::int64_t>& members) {
  Means means{0, std::vector<double>(static_cast<std::size_t>(values.extent(1)))};
  for (const std::int64_t s : members) {
    for (std::int64_t k = 0; k < values.extent(1); ++k) means.condition[static_cast<std::size_t>(k)] += values(s, k);
  }
  for (double& mean : means.condition) {
    mean /= static_cast<double>(members.size());
    means.all += mean;
  }
  means.all /= static_cast<double>(means.condition.size());
  return means;
}

double mean_of_row(View<const double, 2> values, std::int64_t s) {
  double sum = 0;
  for (std::int64_t k = 0; k < values.extent(1); ++k) sum += values(s, k);
  return sum / static_cast<double>(values.extent(1));
}

double square(double value) { return value * value; }

/// Covariance of the conditions, pooled within groups.
Matrix pooled_covariance(View<const double, 2> values, const std::vector<std::vector<std::int64_t>>& groups) {
  const std::int64_t conditions = values.extent(1);
  Matrix covariance({conditions, conditions});
  double freedom = 0;
  for (const auto& members : groups) {
    const Means means = means_of(values, members);
    freedom += static_cast<double>(members.size()) - 1;
    for (const std::int64_t s : members) {
      for (std::int64_t k = 0; k < conditions; ++k) {
        for (std::int64_t l = 0; l < conditions; ++l)
          covariance(k, l) += (values(s, k) - means.condition[static_cast<std::size_t>(k)]) *
                              (values(s, l) - means.condition[static_cast<std::size_t>(l)]);
      }
    }
  }
  for (double& value : covariance) value /= freedom;
  return covariance;
}

/// tr(D)^2 / ((K-1) sum D_ij^2) of the double-centred covariance D.
double greenhouse_geisser(const Matrix& covariance) {
  const std::int64_t conditions = covariance.extent(0);
  const auto count = static_cast<double>(conditions);
  std::vector<double> rows(static_cast<std::size_t>(conditions));
  double all = 0;
  for (std::int64_t k = 0; k < conditions; ++k) {
    for (std::int64_t l = 0; l < conditions; ++l) rows[static_cast<std::size_t>(k)] += covariance(k, l) / count;
    all += rows[static_cast<std::size_t>(k)] / count;
  }
  double trace = 0, squares = 0;
  for (std::int64_t k = 0; k < conditions; ++k) {
    for (std::int64_t l = 0; l < conditions; ++l) {
      const double centred =
          covariance(k, l) - rows[static_cast<std::size_t>(k)] - rows[static_cast<std::size_t>(l)] + all;
      squares += centred * centred;
      if (k == l) trace += centred;
    }
  }
  return squares > 0 ? trace * trace / ((count - 1) * squares) : 1;
}

double huynh_feldt(double epsilon, double subjects, double conditions) {
  const double below = (conditions - 1) * (subjects - 1 - (conditions - 1) * epsilon);
  return below > 0 ? std::min(1.0, (subjects * (conditions - 1) * epsilon - 2) / below) : 1;
}

double corrected(const FTest& test, double epsilon) {
  return f_sf(test.f, test.freedom * epsilon, test.error_freedom * epsilon);
}

void require_table(const std::string& where, View<const double, 2> values) {
  if (values.empty()) throw input_error(where, "the table is empty");
  if (values.extent(0) < 2) throw input_error(where, "fewer than 2 subjects", "a test needs more participants");
  if (values.extent(1) < 2) throw input_error(where, "fewer than 2 conditions to compare");
}

}  // namespace

std::vector<std::vector<std::int64_t>> group_members(const std::string& where, std::span<const std::int64_t> group) {
  std::map<std::int64_t, std::vector<std::int64_t>> by_name;
  for (std::size_t s = 0; s < group.size(); ++s) by_name[group[s]].push_back(static_cast<std::int64_t>(s));
  if (by_name.size() < 2) throw input_error(where, "there is only one group, nothing to compare");
  std::vector<std::vector<std::int64_t>> result;
  for (auto& [name, members] : by_name) {
    if (members.size() < 2) {
      throw input_error(where, "group " + std::to_string(name) + " has fewer than 2 subjects",
                        "leave it out, or add participants");
    }
    result.push_back(std::move(members));
  }
  return result;
}

FTest anova_one_way(std::span<const double> values, std::span<const std::int64_t> group) {
  const std::string where = "anova_one_way";
  if (values.empty()) throw input_error(where, "the values are empty");
  if (values.size() != group.size()) {
    throw usage_error(where, "shape: " + std::to_string(values.size()) + " values, " + std::to_string(group.size()) +
                                 " names of groups");
  }
  const auto groups = group_members(where, group);
  const View<const double, 2> column(values.data(), {static_cast<std::int64_t>(values.size()), 1});
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double between = 0, within = 0;
  for (const auto& members : groups) {
    const double own = means_of(column, members).all;
    between += static_cast<double>(members.size()) * square(own - mean);
    for (const std::int64_t s : members) within += square(column(s, 0) - own);
  }
  return f_test(where, between, static_cast<double>(groups.size()) - 1, within,
                static_cast<double>(values.size() - groups.size()), squares_of(column));
}

RepeatedAnova anova_repeated(View<const double, 2> values) {
  const std::string where = "anova_repeated";
  require_table(where, values);
  std::vector<std::int64_t> everyone;
  for (std::int64_t s = 0; s < values.extent(0); ++s) everyone.push_back(s);
  const Means means = means_of(values, everyone);
  const auto subjects = static_cast<double>(values.extent(0)), conditions = static_cast<double>(values.extent(1));
  double effect = 0, error = 0;
  for (const double mean : means.condition) effect += subjects * square(mean - means.all);
  for (const std::int64_t s : everyone) {
    const double own = mean_of_row(values, s);
    for (std::int64_t k = 0; k < values.extent(1); ++k)
      error += square(values(s, k) - own - means.condition[static_cast<std::size_t>(k)] + means.all);
  }
  RepeatedAnova result;
  result.effect = f_test(where, effect, conditions - 1, error, (conditions - 1) * (subjects - 1), squares_of(values));
  result.epsilon = greenhouse_geisser(pooled_covariance(values, {everyone}));
  result.epsilon_hf = huynh_feldt(result.epsilon, subjects, conditions);
  result.p_gg = corrected(result.effect, result.epsilon);
  return result;
}

MixedAnova anova_mixed(View<const double, 2> values, std::span<const std::int64_t> group) {
  const std::string where = "anova_mixed";
  require_table(where, values);
  if (static_cast<std::int64_t>(group.size()) != values.extent(0)) {
    throw usage_error(where, "shape: " + std::to_string(values.extent(0)) + " subjects, " +
                                 std::to_string(group.size()) + " names of groups");
  }
  const auto groups = group_members(where, group);
  std::vector<std::int64_t> everyone;
  for (std::int64_t s = 0; s < values.extent(0); ++s) everyone.push_back(s);
  const Means means = means_of(values, everyone);
  const auto subjects = static_cast<double>(values.extent(0)), conditions = static_cast<double>(values.extent(1));
  double between = 0, of_subjects = 0, within = 0, interaction = 0, error = 0;
  for (const double mean : means.condition) within += subjects * square(mean - means.all);
  for (const auto& members : groups) {
    const Means own = means_of(values, members);
    const auto count = static_cast<double>(members.size());
    between += count * conditions * square(own.all - means.all);
    for (std::size_t k = 0; k < own.condition.size(); ++k)
      interaction += count * square(own.condition[k] - own.all - means.condition[k] + means.all);
    for (const std::int64_t s : members) {
      const double row = mean_of_row(values, s);
      of_subjects += conditions * square(row - own.all);
      for (std::int64_t k = 0; k < values.extent(1); ++k)
        error += square(values(s, k) - row - own.condition[static_cast<std::size_t>(k)] + own.all);
    }
  }
  const auto count = static_cast<double>(groups.size());
  const double scale = squares_of(values), error_freedom = (conditions - 1) * (subjects - count);
  MixedAnova result;
  result.between = f_test(where, between, count - 1, of_subjects, subjects - count, scale);
  result.within = f_test(where, within, conditions - 1, error, error_freedom, scale);
  result.interaction = f_test(where, interaction, (count - 1) * (conditions - 1), error, error_freedom, scale);
  result.epsilon = greenhouse_geisser(pooled_covariance(values, groups));
  result.within_p_gg = corrected(result.within, result.epsilon);
  result.interaction_p_gg = corrected(result.interaction, result.epsilon);
  return result;
}

}  // namespace caton
