// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/speller/speller_study.hpp"

namespace caton::speller {
namespace {

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json{}; }

Json json_of(const Spread& spread) {
  return Json::object({{"mean", spread.mean},
                       {"low", json_of(spread.low)},
                       {"high", json_of(spread.high)},
                       {"each", Json::list_of(spread.each)}});
}

template <class Item, class ToJson>
Json list_of(const std::vector<Item>& items, const ToJson& json) {
  Json list = Json::list();
  for (const Item& item : items) list.push(json(item));
  return list;
}

Json json_of(const MethodResult& method) {
  return Json::object({{"name", method.name},
                       {"learns", method.learns},
                       {"fixed", list_of(method.fixed,
                                         [](const FixedWindow& one) {
                                           return Json::object({{"window_s", one.window_s},
                                                                {"accuracy", json_of(one.accuracy)},
                                                                {"itr_bits_per_minute", json_of(one.itr)},
                                                                {"itr_without_gaze_shift", json_of(one.itr_without)}});
                                         })},
                       {"stopping", list_of(method.stopping,
                                            [](const StoppingPoint& one) {
                                              return Json::object(
                                                  {{"rule", one.rule == StoppingRule::bayes ? "bayes" : "cost"},
                                                   {"setting", one.setting},
                                                   {"seconds", json_of(one.seconds)},
                                                   {"accuracy", json_of(one.accuracy)},
                                                   {"itr_bits_per_minute", json_of(one.itr)}});
                                            })},
                       {"posterior", list_of(method.posterior,
                                             [](const PosteriorBin& bin) {
                                               return Json::object({{"low", bin.low},
                                                                    {"high", bin.high},
                                                                    {"promised", bin.promised},
                                                                    {"right", bin.right},
                                                                    {"count", bin.count}});
                                             })},
                       {"training", list_of(method.training, [](const TrainedOn& one) {
                          return Json::object({{"blocks", one.blocks}, {"accuracy", json_of(one.accuracy)}});
                        })}});
}

}  // namespace

Json to_json(const Result& result) {
  return Json::object(
      {{"dataset", result.request.dataset},
       {"subjects", Json::list_of(result.subjects)},
       {"channels", Json::list_of(result.channels)},
       {"rate_hz", result.rate_hz},
       {"latency_s", result.latency_s},
       {"gaze_shift_s", result.request.gaze_shift_s},
       {"harmonics", result.request.harmonics},
       {"bands", result.request.bands},
       {"trials", result.trials},
       {"chance", result.chance()},
       {"targets", list_of(result.targets,
                           [](const TargetAbout& target) {
                             return Json::object({{"name", target.name},
                                                  {"frequency_hz", target.frequency_hz},
                                                  {"phase_pi", json_of(target.phase_pi)}});
                           })},
       {"methods", list_of(result.methods, [](const MethodResult& method) { return json_of(method); })}});
}

void write_result(const Result& result, const Path& folder) {
  FolderWriter writer(folder);
  write_file(writer.path() / "results.json", to_json(result).dump(1) + "\n");
  write_file(writer.path() / "decisions.csv", table_text(result.decisions));
  write_file(writer.path() / "speller.html", page_of(result));
  writer.commit();
}

}  // namespace caton::speller
