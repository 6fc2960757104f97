// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/explanation.hpp"
#include "caton/report/figures/xy_plot.hpp"

#include <algorithm>

namespace caton::report {

void write_features(Html& page, const Page& facts, const std::string& pipeline) {
  const NamedTable table(facts.run, "features2d_" + folder_name(pipeline));
  if (table.empty()) return;
  const auto trials = [&] {
    std::vector<std::string> keys;
    for (std::size_t row = 0; row < table.rows(); ++row)
      keys.push_back(table.cell(row, "subject") + "\x1f" + table.cell(row, "session") + "\x1f" +
                     table.cell(row, "trial"));
    return keys;
  }();
  std::map<std::string, std::size_t> trial_number;
  for (const auto& trial : trials) trial_number.emplace(trial, trial_number.size());
  const auto subjects = table.distinct("subject");
  const auto share = [&](const char* column, const char* name) {
    const Maybe value = table.number(0, column);
    return std::string(name) + (value ? " (" + percent(*value) + " of variance)" : std::string());
  };
  CloudPlot by_class{.title = "Coloured by class",
                     .x_axis = share("share_x", "component 1"),
                     .y_axis = share("share_y", "component 2"),
                     .width = third_width,
                     .height = 280};
  CloudPlot by_trial = by_class, by_subject = by_class;
  by_trial.title = "Coloured by trial";
  by_subject.title = "Coloured by subject";
  for (std::size_t k = 0; k < facts.classes.size(); ++k) by_class.legend.push_back({facts.classes[k], category(k)});
  constexpr std::size_t most = 4000;
  const std::size_t step = std::max<std::size_t>(1, (table.rows() + most - 1) / most);
  for (std::size_t row = 0; row < table.rows(); row += step) {
    const Maybe x = table.number(row, "x"), y = table.number(row, "y");
    if (!x || !y) continue;
    const auto place = [](const std::vector<std::string>& names, const std::string& name) {
      return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    };
    by_class.points.push_back({*x, *y, category(place(facts.classes, table.cell(row, "class")))});
    by_trial.points.push_back({*x, *y, hue(trial_number.at(trials[row]), trial_number.size())});
    by_subject.points.push_back({*x, *y, hue(place(subjects, table.cell(row, "subject")), subjects.size())});
  }
  page.heading(4, "How the decoder sees the windows");
  std::vector<std::string> drawings{cloud_plot(by_class), cloud_plot(by_trial)};
  if (subjects.size() > 1) drawings.push_back(cloud_plot(by_subject));
  std::string about = "One dot a window, " + std::to_string(by_class.points.size()) + " windows";
  if (table.has("space")) about += ", " + table.cell(0, "space");
  about +=
      ", in the plane of their two strongest principal components. Clumps of one trial or person show what a random "
      "split would let a decoder recognise.";
  write_figure(page, drawings, about + split_of(facts, table, pipeline), table.file());
}

}  // namespace caton::report
