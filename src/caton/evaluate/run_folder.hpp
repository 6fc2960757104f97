// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/base/table.hpp"

#include <string>
#include <vector>

namespace caton {

/// What a run leaves behind, as read back: the only thing that `report/` knows. Files (all but `timing.json` are the
/// same bytes for equal runs):
///   recipe.toml       resolved and complete
///   study.json        {name, dataset, seed, subjects, sessions, recordings, trials, samples, classes, class_counts,
///                      channels:[{name, position_m:[x,y,z]|null}], rate_hz, bands:[names], recordings:[{id, subject,
///                      session, format, duration_s, sha256}], excluded:[{what, why}], methods: "paragraph",
///                      band_power:{channels, bands, values[channel][band] dB, by_class[class][channel][band]},
///                      amplitude:{channels, by_class[class][channel] robust sd in uV},
///                      truth: null | {positions:[…], electrodes:{name: weight}, note}}
///   findings.json     [{code, severity, where, what}]
///   metrics.json      {evaluations:[{pipeline, plan, leaky, leaks:[{code, severity, what}], metrics:{accuracy:{value,
///   low,
///                      high, n, unit, undefined}, …}, chance:{value, low, high, method, p}, subjects:{name:{value,
///                      low, high, n}}, folds:[{fold, n_train, n_test, accuracy}], confusion:[[…]], claims:[text],
///                      twin: null|{plan, inflation_points, low, high}, ilss: number|null}]}
///   audit.json        {verdict:"clean"|"leaks"|"cannot tell", evaluations:[{pipeline, plan, verdict, findings:[{code,
///                      severity, fold, size, what}], not_checked:[codes]}]}
///   predictions.csv   pipeline,plan,fold,sample,study,subject,session,trial,y,label,p_<class>…
///   tables/*.csv      one table a figure; explain tables (`explain_<pipeline>_<name>.csv`)
///   folds/<pipeline>/<plan>/<n>/  model.safetensors, curve.csv, explain.safetensors, fold.json
///   final/<pipeline>/ model.safetensors, input.json (what the decoder expects), explain.safetensors
///   versions.json, timing.json, report.html
struct RunFolder {
  Path path;
  Json recipe, study, findings, metrics, audit, versions;
  Table predictions;

  /// A table of `tables/`, or nothing (empty header) when it was not made.
  [[nodiscard]] Table table(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> tables() const;
};

/// Reads a complete run folder; one that is unfinished or damaged is refused naming the file.
[[nodiscard]] RunFolder read_run_folder(const Path& path);

}  // namespace caton
