// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/signal/cleaning/contrast.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace caton {

/// A signal taken apart into independent sources: sources = unmixing (x - mean), x - mean = mixing sources + what lies
/// outside the components.
struct IcaResult {
  Matrix unmixing;           ///< components x channels
  Matrix mixing;             ///< channels x components
  std::vector<double> mean;  ///< by channel [V]
  Matrix sources;            ///< components x samples, variance 1
  std::int64_t iterations = 0;
  Findings findings;  ///< "ica/not-converged"
};

enum class FastIcaAlgorithm { parallel, deflation };
struct FastIca {
  std::int64_t components = 0;
  FastIcaAlgorithm algorithm = FastIcaAlgorithm::parallel;
  Contrast function = Contrast::log_cosh;
  double alpha = 1;  ///< of log cosh, 1 to 2
  std::int64_t max_iterations = 200;
  double tolerance = 1e-4;
};
/// Hyvärinen's fixed-point method on whitened data, as `sklearn.decomposition.FastICA(whiten="unit-variance")` with
/// that start matrix (components x components; without one: random normal values). Refuses as `pca_whitening`, a start
/// of another size (word `shape`), `alpha` outside 1 to 2.
[[nodiscard]] IcaResult ica_fastica(Signal x, const FastIca& options, const std::optional<Matrix>& start = {});

struct Picard {
  bool orthogonal = true;  ///< among rotations only: faster, for whitened data
  bool extended = false;   ///< also sources flatter than normal
  int memory = 10;
  std::int64_t max_iterations = 500;
  double tolerance = 1e-7;  ///< of the largest entry of the gradient
  double lambda_min = 0.01;
  int line_search = 10;
  Contrast density = Contrast::log_cosh;
};
struct PicardResult {
  Matrix unmixing;  ///< K x K: sources = unmixing white
  std::int64_t iterations = 0;
  double gradient_norm = 0;
  Findings findings;  ///< "ica/not-converged"
};
/// Maximum likelihood by preconditioned L-BFGS (Ablin, Cardoso, Gramfort 2018), as `picard.core_picard`. `white`:
/// centred samples of K whitened components.
[[nodiscard]] PicardResult ica_picard(const Tiles& white, const Picard& options = {});

struct Infomax {
  bool extended = true;
  std::optional<double> learning_rate;  ///< 0.01 / ln(K²)
  std::optional<std::int64_t> block;    ///< floor(sqrt(T / 3)) samples
  double stop_change = 1e-12;
  double anneal_degrees = 60, anneal_step = 0.9;
  std::int64_t extended_blocks = 1;  ///< the signs of the kurtosis are looked at every so many blocks
  std::int64_t subgaussian = 1;      ///< sources taken as flat at the start
  bool bias = true;
  std::int64_t kurtosis_samples = 6000;
  std::int64_t max_iterations = 200;
  std::int64_t small_angle_count = 20;
  double blowup = 1e4, blowup_factor = 0.5;
};
struct InfomaxResult {
  Matrix unmixing;  ///< K x K: sources = unmixing white
  std::int64_t iterations = 0;
};
/// Bell and Sejnowski's natural gradient in random blocks, as `mne.preprocessing.infomax`. `white` is samples x
/// components; `permutations` (passes x samples) gives the order of the samples in each pass, without it the project's
/// own generator. Refuses permutations of another size (word `shape`), and weights that grow without bound (`rank`).
[[nodiscard]] InfomaxResult ica_infomax(Signal white, const Infomax& options,
                                        const std::optional<Array<std::int64_t, 2>>& permutations = {});

/// The part of x that the excluded components make, taken away; what lies outside all components stays.
/// Refuses matrices that do not fit each other (word `shape`) and components that are not there (`component`).
[[nodiscard]] Matrix ica_remove(Signal x, Signal unmixing, Signal mixing, const std::vector<double>& mean,
                                const std::vector<std::int64_t>& exclude);

}  // namespace caton
