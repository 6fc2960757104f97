// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// W10: the whole small job on the Muse study, files to metrics with an interval: differential entropy, shrinkage LDA,
// leave one subject out. Audit, chance and report are off on both sides. Prints what bench/W10/peer.py prints.
#include "caton/base/error.hpp"
#include "caton/base/result_cache.hpp"
#include "caton/datasets/study.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/measure/interval.hpp"
#include "caton/measure/plan.hpp"
#include "caton/study/measured_study.hpp"

#include <cstdio>

using namespace caton;

namespace {

Study muse_study(const Path& folder) {
  const DatasetEntry* const layout = Registry<DatasetEntry>::instance().find("muse-mental-state");
  Study study = layout->open(folder, complete_options("study", layout->keys, {}, Json::object()));
  // The copy under another name is left out on both sides.
  std::erase_if(study.recordings, [](const StudyRecording& recording) { return recording.subject == "name"; });
  return study;
}

struct Counts {
  double right = 0, all = 0;
};

int run(const Path& folder) {
  const Study study = muse_study(folder);
  MeasureRequest request{.channels = {"TP9", "AF7", "AF8", "TP10"},
                         .window_length_s = 2,
                         .window_step_s = 1,
                         .inputs = {feature_choice("differential-entropy")},
                         .facts = false};
  Progress progress;
  const MeasuredStudy measured = measure_study(study, request, progress);
  const SampleSet& samples = measured.samples.front();
  const auto folds =
      make_folds(columns_of(samples.origins, samples.label), {.name = "cross-subject"}, RandomStream(1, "plan"));
  std::vector<Counts> subjects;
  for (const Fold& fold : folds) {
    const auto decoder =
        make_pipeline(Json::object({{"steps", Json(Json::List{"standardise"})}, {"decoder", "shrinkage-lda"}}));
    FitRecord record;
    FitContext context{.random = RandomStream(1, "fit"), .record = &record};
    decoder->fit(samples.selected(fold.train), context);
    const SampleSet test = samples.selected(fold.test);
    const Prediction prediction = decoder->predict(test);
    Counts counts;
    for (std::size_t i = 0; i < fold.test.size(); ++i) counts.right += prediction.label[i] == test.label[i] ? 1 : 0;
    counts.all = static_cast<double>(fold.test.size());
    subjects.push_back(counts);
  }
  const Bootstrap bootstrap = bootstrap_units(
      static_cast<std::int64_t>(subjects.size()),
      [&](std::span<const std::int32_t> times) {
        Counts pooled;
        for (std::size_t u = 0; u < subjects.size(); ++u) {
          pooled.right += times[u] * subjects[u].right;
          pooled.all += times[u] * subjects[u].all;
        }
        return pooled.right / pooled.all;
      },
      RandomStream(1, "bootstrap"));
  Json values = Json::list();
  values.push(static_cast<double>(samples.size()));
  values.push(bootstrap.estimate);
  for (const Counts& counts : subjects) values.push(counts.right / counts.all);
  std::printf("%s\n", values.dump().c_str());
  return bootstrap.interval.low <= bootstrap.interval.high ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  set_caching(false);  // the peer keeps nothing either
  try {
    return run(argv[1]);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code();
  }
}
