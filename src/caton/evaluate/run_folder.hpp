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
/// same bytes for equal runs); [?] marks what may be missing or null:
///   recipe.toml       resolved and complete
///   study.json        {name, dataset, seed, subjects, sessions, trials, samples: counts; classes:[names],
///                      class_counts:[samples of each class], class_trials?:[trials of each class],
///                      channels:[{name, position_m:[x,y,z]|null}], rate_hz, window_s?, step_s?, bands:[names],
///                      recordings:[{id, subject, session, format, duration_s, sha256}], excluded:[{what, why}],
///                      methods: "paragraph",
///                      band_power?:{channels, bands, values[channel][band], unit?: "dB re 1 uV^2",
///                      by_class?[class][channel][band]}, amplitude?:{channels, by_class[class][channel] robust sd,
///                      unit?: "uV"}, truth?:{positions?:[…], electrodes:{name: weight}, note}}
///   findings.json     [{code, severity, where, what}]
///   metrics.json      {evaluations:[{pipeline, plan, leaky, leaks:[{code, severity, what}],
///                      metrics:{accuracy:{value, low, high, n, unit, undefined?}, …} (shares of 1; n counts the
///                      units of inference, `unit` names them: "subjects"; an undefined value is null and
///                      `undefined` says why), chance:{value, low, high, method, p}, subjects:{name:{value, low,
///                      high, n}}, folds:[{fold, n_train, n_test, accuracy}], confusion:[[…]] (rows true, in the
///                      order of study.classes), claims:[text], twin?:{plan, inflation_points, low, high},
///                      learning_curve?:[{share, units, unit, samples, accuracy:{…}}], choices?:[{fold, what, chosen,
///                      inner_score, accuracy}] (keys searched inside each training set),
///                      ilss?: number|null, decision?:{unit, windows, combined}}], comparisons?:[{plan, a, b, metric,
///                      difference_points, low, high, n, unit,
///                      test, p, p_holm}]}
///   audit.json        {verdict:"clean"|"leaks"|"cannot tell", evaluations:[{pipeline, plan, verdict, findings:[{code,
///                      severity, fold, size, what}], not_checked:[codes]}]}
///   predictions.csv   pipeline,plan,fold,sample,study,subject,session,trial,y,label,p_<class>…
///   tables/*.csv      one table a figure, names and columns in `explain/tables.hpp`
///   folds/<pipeline>/<plan>/<n>/  model.safetensors, curve.csv, explain.safetensors, fold.json
///   final/<pipeline>/ model.safetensors, input.json (what the decoder expects), explain.safetensors
///   versions.json     {name: version}
///   timing.json, report.html
/// `<pipeline>` and `<plan>` in names of files and folders are written as `folder_name` gives them.
struct RunFolder {
  Path path;
  Json recipe, study, findings, metrics, audit, versions;
  Table predictions;

  /// A table of `tables/` ("occlusion_rbtransformer", without ".csv"), or nothing (empty header) when it was not made.
  /// Refuses a name that leaves the folder, and a damaged table naming its file.
  [[nodiscard]] Table table(const std::string& name) const;
  /// Names of the tables that are there, sorted.
  [[nodiscard]] std::vector<std::string> tables() const;
};

/// Reads a complete run folder; one that is unfinished or damaged is refused (kind `input`) naming the file, and the
/// key in it where that is at fault. `timing.json`, `report.html`, `folds/` and `final/` are not looked at.
[[nodiscard]] RunFolder read_run_folder(const Path& path);

/// A name as part of a path: letters, digits, '-', '_' and '.', others replaced, never empty.
[[nodiscard]] std::string folder_name(const std::string& name);

}  // namespace caton
