// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/operation.hpp"
#include "caton/samples/oversampling.hpp"

#include <map>

namespace caton {
namespace {

/// The output ports: old rows and labels, then the made ones.
Tensors joined(const Tensors& in, const std::vector<MadeSample>& made) {
  auto label = port(in, "y").integers("y");
  for (const auto& sample : made) label.push_back(sample.label);
  return {{"x", with_made_rows(port(in, "x"), made)}, {"y", Tensor::vector(label)}};
}

OversamplingOptions options_of(const Arguments& args) { return {args.integer("k"), args.integer("seed")}; }

Tensors run_smote(const Arguments& args, const Tensors& in) {
  return joined(in, smote(port(in, "x").array<2>("x"), port(in, "y").integers("y"), options_of(args)));
}

Tensors run_adasyn(const Arguments& args, const Tensors& in) {
  return joined(in, adasyn(port(in, "x").array<2>("x"), port(in, "y").integers("y"), options_of(args)));
}

Tensors run_neighbours(const Arguments& args, const Tensors& in) {
  const auto near = class_neighbours(port(in, "x").array<2>("x"), port(in, "y").integers("y"), args.integer("class"),
                                     args.integer("k"));
  return {{"neighbours", Tensor::of(near)}};
}

/// Members and neighbours of one class, found once.
struct ClassTable {
  std::vector<std::int64_t> members;
  Array<std::int64_t, 2> neighbours;
};

ClassTable table_of(View<const double, 2> rows, std::span<const std::int64_t> label, std::int64_t wanted,
                    std::int64_t k) {
  ClassTable table{{}, class_neighbours(rows, label, wanted, k)};
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] == wanted) table.members.push_back(static_cast<std::int64_t>(i));
  }
  return table;
}

Tensors run_fixed(const Arguments& args, const Tensors& in) {
  const auto rows = port(in, "x").array<2>("x");
  const auto label = port(in, "y").integers("y");
  const auto classes = port(in, "class").integers("class"), row = port(in, "row").integers("row");
  const auto rank = port(in, "rank").integers("rank");
  const auto gap = port(in, "gap").doubles();
  if (row.size() != classes.size() || rank.size() != classes.size() || gap.size() != classes.size())
    throw args.refuse("class, row, rank and gap have different lengths (shape)");
  std::map<std::int64_t, ClassTable> tables;
  std::vector<MadeSample> made;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (!tables.contains(classes[i])) tables.emplace(classes[i], table_of(rows, label, classes[i], args.integer("k")));
    const ClassTable& table = tables.at(classes[i]);
    if (row[i] < 0 || row[i] >= table.neighbours.extent(0) || rank[i] < 0 || rank[i] >= table.neighbours.extent(1))
      throw args.refuse("row " + std::to_string(row[i]) + ", rank " + std::to_string(rank[i]) + " of class " +
                        std::to_string(classes[i]) + " do not exist");
    const auto other = table.neighbours(row[i], rank[i]);
    made.push_back({table.members[static_cast<std::size_t>(row[i])], table.members[static_cast<std::size_t>(other)],
                    gap[i], classes[i]});
  }
  return joined(in, made);
}

const Argument neighbours_argument{"k", "integer", Json(5), "neighbours"};
const Argument seed_argument{"seed", "integer", Json(23), "of NumPy's legacy generator"};

const Operation smote_neighbours_operation{
    .name = "smote_neighbours",
    .room = "samples",
    .about = "The k nearest members of the same class, the first hit left out (imbalanced-learn 0.10).",
    .arguments = {neighbours_argument, {"class", "integer", {}, "the class whose members are looked at"}},
    .inputs = {{"x", "N F"}, {"y", "N"}},
    .outputs = {{"neighbours", "n_c k"}},
    .call = run_neighbours,
};
CATON_REGISTER(Operation, smote_neighbours_operation);

const Operation smote_fixed_operation{
    .name = "smote_fixed",
    .room = "samples",
    .about = "SMOTE with the draws given: class, row and rank of the neighbour and gap of each new sample.",
    .arguments = {neighbours_argument},
    .inputs = {{"x", "N F"}, {"y", "N"}, {"class", "M"}, {"row", "M"}, {"rank", "M"}, {"gap", "M"}},
    .outputs = {{"x", "N+M F"}, {"y", "N+M"}},
    .call = run_fixed,
};
CATON_REGISTER(Operation, smote_fixed_operation);

const Operation smote_operation{
    .name = "smote",
    .room = "samples",
    .about =
        "Synthetic samples between neighbours until all classes are as large as the largest; equals "
        "imbalanced-learn 0.10 SMOTE.",
    .arguments = {neighbours_argument, seed_argument},
    .inputs = {{"x", "N F"}, {"y", "N"}},
    .outputs = {{"x", "N+M F"}, {"y", "N+M"}},
    .call = run_smote,
};
CATON_REGISTER(Operation, smote_operation);

const Operation adasyn_operation{
    .name = "adasyn",
    .room = "samples",
    .about = "Synthetic samples where neighbours are of other classes; equals imbalanced-learn 0.10 ADASYN.",
    .arguments = {neighbours_argument, seed_argument},
    .inputs = {{"x", "N F"}, {"y", "N"}},
    .outputs = {{"x", "N+M F"}, {"y", "N+M"}},
    .call = run_adasyn,
};
CATON_REGISTER(Operation, adasyn_operation);

}  // namespace
}  // namespace caton
