// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/tapered_spectra.hpp"

#include "caton/base/lanes.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/tapering.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

namespace caton {

namespace {

/// The transforms of one epoch after the other: two channels ride in one, as its real and its imaginary part.
class PairedTransforms {
 public:
  PairedTransforms(Signal tapers, std::int64_t first, TaperedSpectra& spectra)
      : first_(first),
        samples_(tapers.extent(1)),
        plan_(fft_plan(samples_)),
        values_({4, whole_lanes(samples_)}, uninitialised),
        block_({2 * spectra.bins(), lane_count}),
        halves_(tapers),
        means_(static_cast<std::size_t>(spectra.channels)),
        spectra_(spectra) {
    for (double& value : halves_) value /= 2;
  }

  void put(Signal epoch, std::int64_t index) {
    if (epoch.stride(1) != 1) return put(Matrix(epoch), index);
    for (std::int64_t c = 0; c < spectra_.channels; ++c) {
      means_[static_cast<std::size_t>(c)] = lane_sum(epoch[c].data(), samples_) / static_cast<double>(samples_);
    }
    for (std::int64_t k = 0; k < spectra_.tapers; ++k) {
      for (std::int64_t c = 0; c < spectra_.channels; c += lane_count) {
        for (std::int64_t lane = 0; lane < lane_count; lane += 2) transform(epoch, k, c, lane);
        store(index * spectra_.tapers + k, c);
      }
    }
  }

 private:
  /// Channels c + lane and c + lane + 1, zeros where there are none, into the block.
  void transform(Signal epoch, std::int64_t k, std::int64_t c, std::int64_t lane) {
    for (std::int64_t part = 0; part < 2; ++part) {
      const std::int64_t channel = c + lane + part;
      double* const to = values_[part].data();
      if (channel < spectra_.channels) {
        taper(epoch[channel].data(), means_[static_cast<std::size_t>(channel)], halves_.view()[k].data(), samples_, to);
      } else {
        std::fill_n(to, samples_, 0.0);
      }
    }
    if (c + lane >= spectra_.channels) return untangle({values_[0].data(), values_[1].data()}, lane);
    untangle(plan_->run({values_[0].data(), values_[1].data()}, {values_[2].data(), values_[3].data()}), lane);
  }

  /// Z = (A + iB) / 2 of two real signals: A_k = Z_k + Z*_-k, B_k = (Z_k - Z*_-k) / i.
  void untangle(const Split<double>& z, std::int64_t lane) {
    const std::int64_t bins = spectra_.bins();
    for (std::int64_t b = 0; b < bins; ++b) {
      const std::int64_t at = first_ + b, mirrored = (samples_ - at) % samples_;
      double *const re = block_[b].data() + lane, *const im = block_[bins + b].data() + lane;
      re[0] = z.re[at] + z.re[mirrored];
      im[0] = z.im[at] - z.im[mirrored];
      re[1] = z.im[at] + z.im[mirrored];
      im[1] = z.re[mirrored] - z.re[at];
    }
  }

  void store(std::int64_t row, std::int64_t c) {
    const std::int64_t bins = spectra_.bins();
    for (std::int64_t b = 0; b < bins; ++b) {
      std::memcpy(&spectra_.re(b, row, c), block_[b].data(), lane_count * sizeof(double));
      std::memcpy(&spectra_.im(b, row, c), block_[bins + b].data(), lane_count * sizeof(double));
    }
  }

  std::int64_t first_, samples_;
  std::shared_ptr<const Fft> plan_;
  Matrix values_;  ///< real and imaginary parts, and as much to work in
  Matrix block_;   ///< of eight channels: real parts of all bins, then imaginary parts
  Matrix halves_;  ///< of the tapers: the two real signals of a transform come out of sums of two of its values
  std::vector<double> means_;
  TaperedSpectra& spectra_;
};

constexpr std::int64_t epochs_together = 8;  // they share what they are worked in

}  // namespace

TaperedSpectra::TaperedSpectra(std::int64_t bins, std::int64_t repetition_count, std::int64_t taper_count,
                               std::int64_t channel_count)
    : repetitions(repetition_count),
      tapers(taper_count),
      channels(channel_count),
      re({bins, repetition_count * taper_count, whole_lanes(channel_count)}, uninitialised),
      im(re.extents(), uninitialised) {
  if (width() == channels) return;
  re.fill(0);
  im.fill(0);
}

TaperedSpectra tapered_spectra(Epochs epochs, Signal tapers, std::int64_t first, std::int64_t last) {
  TaperedSpectra spectra(last - first, epochs.extent(0), tapers.extent(0), epochs.extent(1));
  const std::int64_t tasks = (epochs.extent(0) + epochs_together - 1) / epochs_together;
  thread_pool().parallel_for(tasks, [&](std::int64_t task) {
    PairedTransforms transforms(tapers, first, spectra);
    const std::int64_t end = std::min(epochs.extent(0), (task + 1) * epochs_together);
    for (std::int64_t e = task * epochs_together; e < end; ++e) transforms.put(epochs[e], e);
  });
  return spectra;
}

struct RepeatedSpectra::State {
  State(const Epochs::Extents& extents, Matrix given, std::int64_t first, std::int64_t last)
      : tapers(std::move(given)),
        spectra(last - first, extents[0], tapers.extent(0), extents[1]),
        transforms(tapers, first, spectra) {}

  Matrix tapers;
  TaperedSpectra spectra;
  PairedTransforms transforms;
};

RepeatedSpectra::RepeatedSpectra(const Epochs::Extents& extents, Matrix tapers, std::int64_t first, std::int64_t last)
    : state_(std::make_unique<State>(extents, std::move(tapers), first, last)) {}
RepeatedSpectra::~RepeatedSpectra() = default;

const TaperedSpectra& RepeatedSpectra::run(Epochs epochs) {
  for (std::int64_t e = 0; e < epochs.extent(0); ++e) state_->transforms.put(epochs[e], e);
  return state_->spectra;
}

}  // namespace caton
