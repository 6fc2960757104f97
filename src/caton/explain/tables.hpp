// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/base/table.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/explain/occlusion.hpp"
#include "caton/explain/projection.hpp"
#include "caton/explain/truth.hpp"
#include "caton/samples/sample_set.hpp"

#include <map>
#include <string>
#include <vector>

/// Everything that a report draws also exists as numbers in `tables/` of the run folder. This is the list of those
/// tables; the functions below build them, the runner writes them as `tables/<name>.csv`, `report/` reads them.
/// `<pipeline>` and `<plan>` are `folder_name`s. Shares are of 1, undefined numbers are empty cells. Tables that belong
/// to a plan say in `verdict` ("clean", "leaks", "cannot tell") whether its split leaks, so that no number loses it.
///
///   plans                       pipeline,plan,verdict,metric,value,low,high,n,unit,chance,chance_low,chance_high,p,
///                               twin,inflation_points,inflation_low,inflation_high   (inflation: metric accuracy only)
///   subjects_<pipeline>_<plan>  verdict,subject,value,low,high,n
///   learning_curve    pipeline,plan,share,unit,units,samples,accuracy,low,high (means over folds)
///   choices           pipeline,plan,fold,what,chosen,inner_score,test_accuracy
///   confusion_<pipeline>_<plan> verdict,true,predicted,count,row_share
///   electrodes                  electrode,x_m,y_m,z_m
///   band_power                  class,electrode,band,power_db              (class empty: all classes together)
///   amplitude                   class,electrode,robust_sd,unit
///   curve_<pipeline>_<plan>     verdict,fold,<the keys of the decoder's curve: epoch,loss,accuracy …>
///   attention_<pipeline>        plan,verdict,class,head,from,to,value      (class empty: all; head empty: mean of all)
///   explain_<pipeline>_<name>   plan,verdict,<the explanation's axes>,value,unit
///   occlusion_<pipeline>        plan,verdict,electrode,band,drop_probability,low,high,drop_accuracy,samples,units,unit
///                               (electrode or band empty: all of them hidden)
///   features2d_<pipeline>       plan,verdict,fold,space,share_x,share_y,x,y,class,subject,session,trial
///   truth_<pipeline>            plan,verdict,map,rho,p,electrodes,strongest,shared,shared_p
namespace caton {

using Tables = std::map<std::string, Table>;

/// Which result an explanation explains.
struct ExplainedResult {
  std::string pipeline, plan;
  std::string verdict = "cannot tell";  ///< of the audit: "clean", "leaks", "cannot tell"
};

/// `electrodes`, `band_power` and `amplitude` from study.json (those that it has numbers for).
[[nodiscard]] Tables study_tables(const Json& study);
/// `plans`, `subjects_…` and `confusion_…` from metrics.json, audit.json and the class names of study.json.
[[nodiscard]] Tables result_tables(const Json& metrics, const Json& audit, const Json& study);

/// `attention_…` from an explanation whose last two axes are electrode x electrode (row looks, column is looked at;
/// rows sum to 1). Axes before them: "class" and "head", each optional; others ("block", "layer") are averaged.
/// Classes and heads are averaged with equal weight. Refuses (kind `usage`, word `axes`) any other form.
[[nodiscard]] Table attention_table(const ExplainedResult& result, const Explanation& attention);
/// `explain_…`: one row for each number, whatever the axes.
[[nodiscard]] Table explanation_table(const ExplainedResult& result, const Explanation& explanation);
/// How much attention each electrode receives: mean over the looking electrodes, all classes and heads.
struct ElectrodeMap {
  std::vector<std::string> electrodes;
  std::vector<double> values;
};
[[nodiscard]] ElectrodeMap attention_received(const Table& attention);
/// The drop of probability for each electrode hidden in all bands.
[[nodiscard]] ElectrodeMap occlusion_by_electrode(const Table& occlusion);

[[nodiscard]] Table occlusion_table(const ExplainedResult& result, const OcclusionSummary& summary);
/// `points` of the samples, in their order; `space` says of what: "pooled features of the network", "input features".
[[nodiscard]] Table features_table(const ExplainedResult& result, const std::string& fold, const std::string& space,
                                   const PrincipalPlane& plane, const SampleSet& samples);
/// `curves[f]`: rows of named values of fold f, as `FitRecord::curve`; the columns are all keys in order of appearance.
[[nodiscard]] Table curve_table(const ExplainedResult& result, const std::vector<std::vector<Json>>& curves);
[[nodiscard]] Table truth_table(const ExplainedResult& result, const std::vector<TruthMatch>& matches);

}  // namespace caton
