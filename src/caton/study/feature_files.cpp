// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/json.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/npy/npy_writer.hpp"
#include "caton/containers/zip/zip_writer.hpp"
#include "caton/study/feature_table.hpp"

namespace caton {
namespace {

Tensors tensors_of(const FeatureTable& table) {
  return {{"values", Tensor::of(table.values)},
          {"recording", Tensor::vector(table.recording)},
          {"begin_s", Tensor::vector(table.begin_s)},
          {"end_s", Tensor::vector(table.end_s)}};
}

void write_npz(const Path& path, const FeatureTable& table) {
  ZipWriter archive(path);
  for (const auto& [name, tensor] : tensors_of(table)) archive.add(name + ".npy", npy_bytes(tensor));
  archive.add("recordings.npy", npy_bytes(table.recordings));
  archive.add("channels.npy", npy_bytes(table.channels));
  archive.add("features.npy", npy_bytes(table.features));
  archive.add("steps.npy", npy_bytes(table.steps));
  archive.commit();
}

void write_tensors(const Path& path, const FeatureTable& table) {
  const auto names = [](const std::vector<std::string>& texts) { return Json::list_of(texts).dump(); };
  write_safetensors(path, {.metadata = {{"format", "caton-features-1"},
                                        {"recordings", names(table.recordings)},
                                        {"channels", names(table.channels)},
                                        {"features", names(table.features)},
                                        {"steps", names(table.steps)},
                                        {"unit", table.unit_known ? "V" : "as filed"}},
                           .tensors = tensors_of(table)});
}

void write_csv(const Path& path, const FeatureTable& table) {
  FileWriter file(path);
  Table part{{"recording", "begin_s", "end_s"}, {}};
  for (const std::string& channel : table.channels)
    for (const std::string& feature : table.features) part.header.push_back(channel + " " + feature);
  file.write(table_text(part));
  const std::size_t head = table_text(part).size();
  for (std::int64_t row = 0; row < table.values.extent(0); ++row) {
    const auto r = static_cast<std::size_t>(row);
    std::vector<std::string> cells{table.recordings[static_cast<std::size_t>(table.recording[r])],
                                   number_text(table.begin_s[r]), number_text(table.end_s[r])};
    for (std::int64_t c = 0; c < table.values.extent(1); ++c)
      for (std::int64_t f = 0; f < table.values.extent(2); ++f)
        cells.push_back(number_text(static_cast<double>(table.values(row, c, f))));
    part.rows = {std::move(cells)};
    file.write(std::string_view(table_text(part)).substr(head));
  }
  file.commit();
}

}  // namespace

void check_feature_ending(const Path& path) {
  const std::string ending = lower_case(path.extension().string());
  if (ending == ".npz" || ending == ".csv" || ending == ".safetensors") return;
  throw usage_error(path.string(), "the ending \"" + printable(ending) + "\" is not written",
                    "name a file that ends in .npz, .csv or .safetensors");
}

void write_features(const Path& path, const FeatureTable& table) {
  check_feature_ending(path);
  const std::string ending = lower_case(path.extension().string());
  if (ending == ".npz") return write_npz(path, table);
  if (ending == ".csv") return write_csv(path, table);
  write_tensors(path, table);
}

}  // namespace caton
