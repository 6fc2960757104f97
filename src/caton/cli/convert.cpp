// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/cli/target.hpp"
#include "caton/datasets/bids/bids_conversion.hpp"
#include "caton/recording/formats/brainvision/brainvision_writer.hpp"
#include "caton/recording/formats/edf/edf_writer.hpp"
#include "caton/recording/formats/edf/line_ends.hpp"
#include "caton/recording/npy_writer.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

namespace caton::cli {
namespace {

struct Options {
  std::string file, output, dtype = "f8";
  std::string channels, bids;
  double line_hz = 0;
  std::optional<double> rate_hz;
  std::optional<std::string> unit;
  bool force = false, undo_line_ends = false;
};

/// The output, and with BrainVision the two files beside it.
std::vector<Path> written_files(const Path& output) {
  std::vector<Path> files{output};
  if (lower_case(output.extension().string()) == ".vhdr")
    for (const Path& side : brainvision_side_files(output)) files.push_back(side);
  return files;
}

std::vector<std::int64_t> chosen_channels(const Recording& recording, const Options& options) {
  std::vector<std::int64_t> channels;
  if (!options.channels.empty())
    for (const std::string& name : split(options.channels, ','))
      channels.push_back(recording.channel_index(trim(name)));
  return channels;
}

int convert_to_bids(const Options& options, const Common& common) {
  const BidsName name = parse_bids_name(options.bids);
  const auto recording = open_recording(options.file, {.rate_hz = options.rate_hz, .unit = options.unit});
  const Path written = add_to_bids(options.output, *recording,
                                   {.name = name,
                                    .channels = chosen_channels(*recording, options),
                                    .power_line_hz = options.line_hz,
                                    .force = options.force});
  if (!common.quiet) std::printf("wrote %s and its tables\n", printable(written.string()).c_str());
  return 0;
}

int convert(const Options& options, const Common& common) {
  if (!options.bids.empty()) return convert_to_bids(options, common);
  for (const Path& file : written_files(options.output))
    check_target(options.file, file.string(), options.force, ".edf, .vhdr or .npy");
  if (options.undo_line_ends) {
    const std::int64_t undone = undo_line_ends(options.file, options.output);
    if (!common.quiet)
      std::printf("wrote %s: %s line ends undone\n", printable(options.output).c_str(), std::to_string(undone).c_str());
    return 0;
  }
  const std::string extension = lower_case(Path(options.output).extension().string());
  if (extension != ".edf" && extension != ".npy" && extension != ".vhdr")
    throw usage_error(options.output, "the ending \"" + printable(extension) + "\" is not written",
                      "name a file that ends in .edf, .vhdr or .npy");
  const auto recording = open_recording(options.file, {.rate_hz = options.rate_hz, .unit = options.unit});
  const std::vector<std::int64_t> channels = chosen_channels(*recording, options);
  if (extension == ".edf")
    write_edf(options.output, *recording, channels);
  else if (extension == ".vhdr")
    write_brainvision(options.output, *recording, channels);
  else
    write_npy(options.output, *recording, channels, "<" + options.dtype);
  if (common.quiet) return 0;
  const std::size_t count = channels.empty() ? recording->channels().size() : channels.size();
  std::printf("wrote %s: %s channels, %s s, %s annotations%s\n", printable(options.output).c_str(),
              std::to_string(count).c_str(), number_text(recording->duration_s()).c_str(),
              std::to_string(extension != ".npy" ? recording->annotations().size() : 0).c_str(),
              extension == ".npy" && !recording->annotations().empty() ? " (an array holds none)" : "");
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "recording to read")->required();
  app.add_option("-o,--output", options->output, "file to write: .edf (EDF+), .vhdr (BrainVision) or .npy (volts)")
      ->required();
  app.add_option("--channels", options->channels, "only these, in this order (Fp1,Cz)");
  app.add_option("--rate", options->rate_hz, "sampling rate in Hz, where the file does not say it");
  app.add_option("--unit", options->unit, "unit of the samples (uV), where the file does not say it");
  app.add_option("--dtype", options->dtype, "numbers of .npy: f8 or f4")->check(CLI::IsMember({"f8", "f4"}));
  app.add_option("--bids", options->bids, "add it to the BIDS folder -o under this name (sub-01_task-rest)");
  app.add_option("--line-hz", options->line_hz, "with --bids: frequency of the mains, 50 or 60");
  app.add_flag("--undo-line-ends", options->undo_line_ends, "repair an EDF file whose line ends were converted");
  app.add_flag("--force", options->force, "overwrite the output");
  return [options](const Common& common) { return convert(*options, common); };
}

const Command command{
    .name = "convert",
    .about = "write a recording as EDF+, as BrainVision or as a NumPy array",
    .examples =
        "  caton convert recording.bdf -o recording.edf\n  caton convert recording.edf -o samples.npy\n"
        "  caton convert recording.gdf -o recording.vhdr\n"
        "  caton convert recording.gdf -o study --bids sub-01_ses-01_task-rest\n"
        "  caton convert muse.csv -o two.npy --channels TP9,TP10",
    .place = 70,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
