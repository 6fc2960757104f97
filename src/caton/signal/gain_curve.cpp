// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/gain_curve.hpp"

namespace caton {

GainCurve completed(GainCurve curve, double nyquist) {
  if (curve.empty()) return {{0, 1}, {1, 1}};
  if (curve.front().at != 0) curve.insert(curve.begin(), {0, curve.front().gain});
  if (curve.back().at != nyquist) curve.push_back({nyquist, curve.back().gain});
  for (GainPoint& point : curve) point.at /= nyquist;
  return curve;
}

double gain_at(const GainCurve& curve, double at) {
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const GainPoint &left = curve[i - 1], &right = curve[i];
    if (at > right.at) continue;
    if (right.at == left.at) return right.gain;
    const double slope = (right.gain - left.gain) / (right.at - left.at);
    return slope * (at - left.at) + left.gain;
  }
  return curve.back().gain;
}

}  // namespace caton
