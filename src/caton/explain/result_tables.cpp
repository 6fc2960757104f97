// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/explain/tables.hpp"

namespace caton {
namespace {

/// A number of a JSON object as a cell; empty where it is missing or null.
std::string number_cell(const Json* object, std::string_view key) {
  const Json* const value = object == nullptr || !object->is_object() ? nullptr : object->find(key);
  return value != nullptr && value->is_number() ? number_text(value->number()) : std::string();
}

std::string text_cell(const Json* object, std::string_view key) {
  const Json* const value = object == nullptr || !object->is_object() ? nullptr : object->find(key);
  return value != nullptr && value->is_text() ? value->text() : std::string();
}

bool has_object(const Json& json, std::string_view key) {
  const Json* const value = json.find(key);
  return value != nullptr && value->is_object();
}

Table electrodes_table(const Json& study) {
  Table table{.header = {"electrode", "x_m", "y_m", "z_m"}, .rows = {}};
  for (const Json& channel : study.at("channels", "study").items("channels")) {
    std::vector<std::string> row{channel.at("name", "channels").text("channels"), "", "", ""};
    if (const Json* const position = channel.find("position_m"); position != nullptr && position->is_list()) {
      const auto parts = position->numbers("position_m");
      if (parts.size() != 3) throw usage_error("study", "position_m of " + row[0] + " needs three numbers");
      for (std::size_t i = 0; i < 3; ++i) row[i + 1] = number_text(parts[i]);
    }
    table.rows.push_back(row);
  }
  return table;
}

void add_power(Table& table, const std::string& of_class, const Json& power, const Json& values) {
  const auto channels = power.at("channels", "band_power").texts("band_power");
  const auto bands = power.at("bands", "band_power").texts("band_power");
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const auto row = values.items("band_power").at(c).numbers("band_power");
    for (std::size_t b = 0; b < bands.size(); ++b)
      table.rows.push_back({of_class, channels[c], bands[b], number_text(row.at(b))});
  }
}

Table band_power_table(const Json& study, const std::vector<std::string>& classes) {
  Table table{.header = {"class", "electrode", "band", "power_db"}, .rows = {}};
  const Json& power = study.at("band_power");
  add_power(table, "", power, power.at("values", "band_power"));
  if (const Json* const by_class = power.find("by_class"); by_class != nullptr && by_class->is_list()) {
    for (std::size_t k = 0; k < classes.size(); ++k)
      add_power(table, classes[k], power, by_class->items("by_class").at(k));
  }
  return table;
}

Table amplitude_table(const Json& study, const std::vector<std::string>& classes) {
  Table table{.header = {"class", "electrode", "robust_sd", "unit"}, .rows = {}};
  const Json& amplitude = study.at("amplitude");
  const auto channels = amplitude.at("channels", "amplitude").texts("amplitude");
  const std::string unit = amplitude.has("unit") ? amplitude.at("unit").text("amplitude") : "uV";
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const auto values = amplitude.at("by_class", "amplitude").items("by_class").at(k).numbers("by_class");
    for (std::size_t c = 0; c < channels.size(); ++c)
      table.rows.push_back({classes[k], channels[c], number_text(values.at(c)), unit});
  }
  return table;
}

std::string verdict_of(const Json& audit, const std::string& pipeline, const std::string& plan) {
  for (const Json& item : audit.at("evaluations", "audit").items("audit")) {
    if (item.at("pipeline", "audit").text() == pipeline && item.at("plan", "audit").text() == plan)
      return item.at("verdict", "audit").text();
  }
  return "cannot tell";
}

void add_plan(Table& plans, const Json& evaluation, const std::string& verdict) {
  const Json& chance = evaluation.at("chance", "metrics");
  const Json* const twin = evaluation.find("twin");
  for (const auto& [metric, score] : evaluation.at("metrics", "metrics").members("metrics")) {
    const bool accuracy = metric == "accuracy";
    const Json* const its_chance = accuracy ? &chance : nullptr;
    const Json* const its_twin = accuracy ? twin : nullptr;
    plans.rows.push_back({evaluation.at("pipeline").text(), evaluation.at("plan").text(), verdict, metric,
                          number_cell(&score, "value"), number_cell(&score, "low"), number_cell(&score, "high"),
                          number_cell(&score, "n"), text_cell(&score, "unit"), number_cell(its_chance, "value"),
                          number_cell(its_chance, "low"), number_cell(its_chance, "high"), number_cell(its_chance, "p"),
                          text_cell(its_twin, "plan"), number_cell(its_twin, "inflation_points"),
                          number_cell(its_twin, "low"), number_cell(its_twin, "high")});
  }
}

Table subjects_table(const Json& evaluation, const std::string& verdict) {
  Table table{.header = {"verdict", "subject", "value", "low", "high", "n"}, .rows = {}};
  for (const auto& [subject, score] : evaluation.at("subjects", "metrics").members("subjects"))
    table.rows.push_back({verdict, subject, number_cell(&score, "value"), number_cell(&score, "low"),
                          number_cell(&score, "high"), number_cell(&score, "n")});
  return table;
}

Table confusion_table(const Json& evaluation, const std::vector<std::string>& classes, const std::string& verdict) {
  Table table{.header = {"verdict", "true", "predicted", "count", "row_share"}, .rows = {}};
  const auto& rows = evaluation.at("confusion", "metrics").items("confusion");
  for (std::size_t i = 0; i < rows.size() && i < classes.size(); ++i) {
    const auto counts = rows[i].numbers("confusion");
    double total = 0;
    for (const double count : counts) total += count;
    for (std::size_t k = 0; k < counts.size() && k < classes.size(); ++k)
      table.rows.push_back({verdict, classes[i], classes[k], number_text(counts[k]),
                            total > 0 ? number_text(counts[k] / total) : std::string()});
  }
  return table;
}

void add_learning_curve(Table& table, const std::string& pipeline, const std::string& plan, const Json& points) {
  table.header = {"pipeline", "plan", "share", "unit", "units", "samples", "accuracy", "low", "high"};
  for (const Json& point : points.items("learning_curve")) {
    const Json& accuracy = point.at("accuracy", "learning_curve");
    table.rows.push_back({pipeline, plan, number_cell(&point, "share"), text_cell(&point, "unit"),
                          number_cell(&point, "units"), number_cell(&point, "samples"), number_cell(&accuracy, "value"),
                          number_cell(&accuracy, "low"), number_cell(&accuracy, "high")});
  }
}

void add_choices(Table& table, const std::string& pipeline, const std::string& plan, const Json& choices) {
  table.header = {"pipeline", "plan", "fold", "what", "chosen", "inner_score", "test_accuracy"};
  for (const Json& choice : choices.items("choices"))
    table.rows.push_back({pipeline, plan, number_cell(&choice, "fold"), text_cell(&choice, "what"),
                          text_cell(&choice, "chosen"), number_cell(&choice, "inner_score"),
                          number_cell(&choice, "accuracy")});
}

}  // namespace

Tables study_tables(const Json& study) {
  Tables tables;
  const auto classes = study.at("classes", "study").texts("study");
  tables["electrodes"] = electrodes_table(study);
  if (has_object(study, "band_power")) tables["band_power"] = band_power_table(study, classes);
  if (has_object(study, "amplitude")) tables["amplitude"] = amplitude_table(study, classes);
  return tables;
}

Tables result_tables(const Json& metrics, const Json& audit, const Json& study) {
  Tables tables;
  const auto classes = study.at("classes", "study").texts("study");
  Table& plans = tables["plans"];
  plans.header = {"pipeline",      "plan",          "verdict", "metric", "value",
                  "low",           "high",          "n",       "unit",   "chance",
                  "chance_low",    "chance_high",   "p",       "twin",   "inflation_points",
                  "inflation_low", "inflation_high"};
  for (const Json& evaluation : metrics.at("evaluations", "metrics").items("evaluations")) {
    const std::string& pipeline = evaluation.at("pipeline").text();
    const std::string& plan = evaluation.at("plan").text();
    const std::string verdict = verdict_of(audit, pipeline, plan);
    add_plan(plans, evaluation, verdict);
    const std::string ending = "_" + folder_name(pipeline) + "_" + folder_name(plan);
    tables["subjects" + ending] = subjects_table(evaluation, verdict);
    tables["confusion" + ending] = confusion_table(evaluation, classes, verdict);
    if (const Json* const points = evaluation.find("learning_curve"))
      add_learning_curve(tables["learning_curve"], pipeline, plan, *points);
    if (const Json* const choices = evaluation.find("choices"))
      add_choices(tables["choices"], pipeline, plan, *choices);
  }
  return tables;
}

}  // namespace caton
