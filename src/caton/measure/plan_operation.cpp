// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/operation.hpp"
#include "caton/measure/plan.hpp"

namespace caton {
namespace {

std::vector<std::int64_t> column(const Tensors& in, const std::string& name) {
  return in.count(name) ? port(in, name).integers(name) : std::vector<std::int64_t>{};
}

Unit unit_named(const Arguments& args) {
  for (const Unit unit : {Unit::trial, Unit::recording, Unit::session, Unit::subject, Unit::study}) {
    if (args.text("group_by") == unit_name(unit)) return unit;
  }
  throw args.refuse("cannot group by \"" + args.text("group_by") + "\"",
                    "known: trial, recording, session, subject, study");
}

bool dealt_in_turn(const Arguments& args) {
  const std::string& deal = args.text("deal");
  if (deal != "balanced" && deal != "in-turn") throw args.refuse("unknown deal \"" + deal + "\"", "balanced, in-turn");
  return deal == "in-turn";
}

Tensors call(const Arguments& args, const Tensors& in) {
  const Columns columns{.label = column(in, "y"),
                        .study = column(in, "study"),
                        .subject = column(in, "subject"),
                        .session = column(in, "session"),
                        .recording = column(in, "recording"),
                        .trial = column(in, "trial"),
                        .begin = column(in, "begin"),
                        .end = column(in, "end"),
                        .group = column(in, "group")};
  const PlanOptions options{.name = args.text("plan"),
                            .folds = args.given("folds") ? args.integer("folds") : 0,
                            .gap_samples = args.integer("gap_samples"),
                            .shuffle = args.flag("shuffle"),
                            .order = column(in, "order"),
                            .group = unit_named(args),
                            .in_turn = dealt_in_turn(args),
                            .train_share = args.number("train_share")};
  const RandomStream random(static_cast<std::uint64_t>(args.integer("seed")), "split_plan");
  const auto folds = make_folds(columns, options, random);
  const auto count = columns.size();
  std::vector<std::int64_t> fold_of(static_cast<std::size_t>(count), -1);
  std::vector<std::int64_t> split(fold_of.size() * folds.size(), -1);
  for (std::size_t f = 0; f < folds.size(); ++f) {
    for (const auto i : folds[f].train) split[f * fold_of.size() + i] = 0;
    for (const auto i : folds[f].test) {
      split[f * fold_of.size() + i] = 1;
      fold_of[i] = static_cast<std::int64_t>(f);
    }
  }
  return {{"fold", Tensor::vector(fold_of)},
          {"split", Tensor({static_cast<std::int64_t>(folds.size()), count}, split)}};
}

const Operation operation{
    .name = "split_plan",
    .room = "measure",
    .about = "folds of a named plan (scikit-learn 1.2, MOABB), shuffled only by caton's own random stream",
    .arguments = {{"plan", "text", {}, "name of the plan"},
                  {"folds", "integer", Json{}, "number of folds, where the plan lets choose"},
                  {"gap_samples", "integer", 0, "blocked-k-fold: distance between training and test"},
                  {"shuffle", "flag", false, "random order of samples"},
                  {"group_by", "text", "trial", "what grouped plans keep together where no port group is given"},
                  {"deal", "text", "balanced",
                   "in-turn: k-fold deals window i of a recording to fold i mod folds, grouped plans whole groups in "
                   "order of time"},
                  {"train_share", "number", 0.5, "chronological: share of each recording that trains"},
                  {"seed", "integer", 1, "of the random order"}},
    .inputs = {{"y", "N", "class", true},
               {"group", "N", "", true},
               {"study", "N", "", true},
               {"subject", "N", "", true},
               {"session", "N", "", true},
               {"recording", "N", "", true},
               {"trial", "N", "", true},
               {"begin", "N", "samples", true},
               {"end", "N", "samples", true},
               {"order", "N", "sample index", true}},
    .outputs = {{"fold", "N", "test fold, -1: never tested"}, {"split", "folds N", "0 train, 1 test, -1 unused"}},
    .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace
}  // namespace caton
