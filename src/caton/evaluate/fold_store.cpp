// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/fold_store.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <set>

namespace caton {
namespace {

/// Ids as ascending ranges [first, last], since most statistics saw long runs of samples.
Json ranges_of(std::vector<std::int64_t> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  Json ranges = Json::list();
  for (std::size_t i = 0; i < ids.size();) {
    std::size_t j = i;
    while (j + 1 < ids.size() && ids[j + 1] == ids[j] + 1) ++j;
    ranges.push(Json::list_of(std::vector<std::int64_t>{ids[i], ids[j]}));
    i = j + 1;
  }
  return ranges;
}

std::vector<std::int64_t> ids_of(const Json& ranges) {
  std::vector<std::int64_t> ids;
  for (const auto& range : ranges.items("ranges")) {
    for (std::int64_t id = range.items().at(0).integer(); id <= range.items().at(1).integer(); ++id) ids.push_back(id);
  }
  return ids;
}

Json to_json(const FitRecord& record) {
  Json statistics = Json::list(), selections = Json::list(), parents = Json::list();
  for (const auto& statistic : record.statistics) {
    statistics.push(Json::object({{"name", statistic.name}, {"fitted_on", ranges_of(statistic.fitted_on)}}));
  }
  for (const auto& selection : record.selections) {
    Json told = Json::object(
        {{"what", selection.what}, {"chosen", selection.chosen}, {"scored_on", ranges_of(selection.scored_on)}});
    if (selection.score) told["score"] = *selection.score;
    selections.push(told);
  }
  std::vector<std::int64_t> all_parents;
  for (const auto& pair : record.made_parents) {
    for (const auto parent : pair) {
      if (parent >= 0) all_parents.push_back(parent);
    }
  }
  return Json::object({{"statistics", statistics},
                       {"selections", selections},
                       {"ancestry", ranges_of(record.ancestry)},
                       {"ancestry_known", record.ancestry_known},
                       {"made_samples", record.made_parents.size()},
                       {"made_from", ranges_of(all_parents)}});
}

FitRecord record_of(const Json& json) {
  FitRecord record;
  for (const auto& entry : json.at("statistics").items()) {
    record.statistics.push_back({entry.at("name").text(), ids_of(entry.at("fitted_on"))});
  }
  for (const auto& entry : json.at("selections").items()) {
    record.selections.push_back({entry.at("what").text(), entry.at("chosen").text(), ids_of(entry.at("scored_on"))});
    if (const Json* const score = entry.find("score")) record.selections.back().score = score->number();
  }
  record.ancestry = ids_of(json.at("ancestry"));
  record.ancestry_known = json.at("ancestry_known").text();
  for (const auto parent : ids_of(json.at("made_from"))) record.made_parents.push_back({parent, -1});
  return record;
}

std::string curve_text(const std::vector<Json>& curve) {
  Table table;
  for (const auto& row : curve) {
    for (const auto& [key, value] : row.members()) {
      if (!table.has(key)) table.header.push_back(key);
    }
  }
  for (const auto& row : curve) {
    std::vector<std::string> cells;
    for (const auto& column : table.header) {
      const Json* const value = row.find(column);
      cells.push_back(value == nullptr                             ? ""
                      : value->is_number() && !value->is_integer() ? number_text(value->number())
                                                                   : value->dump());
    }
    table.rows.push_back(std::move(cells));
  }
  return table_text(table);
}

constexpr const char* fold_format = "caton-fold-1";

}  // namespace

Path FoldStore::folder(const FoldTask& task) const {
  return run_ / "folds" / folder_name(task.pipeline) / folder_name(task.plan) / std::to_string(task.fold);
}
Path FoldStore::state_folder(const FoldTask& task) const {
  return run_ / "state" / folder_name(task.pipeline) / folder_name(task.plan) / std::to_string(task.fold);
}

bool FoldStore::finished(const FoldTask& task, const std::string& key) const {
  const Path about = folder(task) / "fold.json";
  if (!std::filesystem::exists(about)) return false;
  try {
    const Json json = parse_json(read_text_file(about, limits::json_bytes), about.string());
    return json.at("format").text() == fold_format && json.at("key").text() == key;
  } catch (const Error&) {
    return false;  // damaged: it is computed again
  }
}

void FoldStore::write(const FoldTask& task, const std::string& key, const FoldResult& result, const Safetensors& model,
                      const std::optional<Safetensors>& explanation) const {
  const Path target = folder(task);
  std::error_code ignored;
  std::filesystem::remove_all(target, ignored);
  FolderWriter writer(target);
  Safetensors predictions;
  predictions.tensors.emplace("probability", Tensor::of(result.prediction.probability));
  predictions.tensors.emplace("label", Tensor::vector(result.prediction.label));
  write_safetensors(writer.path() / "predictions.safetensors", predictions);
  write_safetensors(writer.path() / "model.safetensors", model);
  if (!result.record.curve.empty()) write_file(writer.path() / "curve.csv", curve_text(result.record.curve));
  if (explanation) write_safetensors(writer.path() / "explain.safetensors", *explanation);
  Json about = Json::object({{"format", fold_format},
                             {"key", key},
                             {"pipeline", task.pipeline},
                             {"plan", task.plan},
                             {"fold", task.fold},
                             {"n_train", task.train.size()},
                             {"n_test", task.test.size()}});
  about["record"] = to_json(result.record);
  write_file(writer.path() / "fold.json", about.dump(1) + "\n");
  writer.commit();
  std::filesystem::remove_all(state_folder(task), ignored);
}

FoldResult FoldStore::read(const FoldTask& task, std::int64_t classes) const {
  const Path from = folder(task);
  const Safetensors predictions = read_safetensors(from / "predictions.safetensors");
  FoldResult result;
  result.prediction.probability = predictions.at("probability", from.string()).array<2>("probability");
  const auto label = predictions.at("label", from.string()).values<std::int64_t>("label");
  result.prediction.label.assign(label.begin(), label.end());
  if (result.prediction.probability.extent(0) != static_cast<std::int64_t>(task.test.size()) ||
      result.prediction.probability.extent(1) != classes) {
    throw input_error(from.string(), "the predictions are of another split", "run again with --force");
  }
  const Json about = parse_json(read_text_file(from / "fold.json", limits::json_bytes), (from / "fold.json").string());
  result.record = record_of(about.at("record"));
  return result;
}

std::optional<Safetensors> FoldStore::explanation(const FoldTask& task) const {
  const Path file = folder(task) / "explain.safetensors";
  if (!std::filesystem::exists(file)) return std::nullopt;
  return read_safetensors(file);
}

Safetensors explanations_file(const std::vector<Explanation>& explanations) {
  Safetensors file;
  for (const auto& explanation : explanations) {
    Json ticks = Json::list();
    for (const auto& names : explanation.ticks) ticks.push(Json::list_of(names));
    file.metadata[explanation.name] = Json::object({{"axes", Json::list_of(explanation.axes)},
                                                    {"ticks", ticks},
                                                    {"unit", explanation.unit},
                                                    {"per_class", explanation.per_class}})
                                          .dump();
    file.tensors.emplace(explanation.name, explanation.values);
  }
  return file;
}

std::vector<Explanation> explanations_of(const Safetensors& file) {
  std::vector<Explanation> explanations;
  for (const auto& [name, about] : file.metadata) {
    const Json json = parse_json(about, name);
    Explanation explanation;
    explanation.name = name;
    explanation.axes = json.at("axes").texts();
    for (const auto& names : json.at("ticks").items()) explanation.ticks.push_back(names.texts());
    explanation.unit = json.at("unit").text();
    explanation.per_class = json.at("per_class").flag();
    explanation.values = file.at(name, "explanations");
    explanations.push_back(std::move(explanation));
  }
  return explanations;
}

}  // namespace caton
