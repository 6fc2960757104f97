// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Steps that bring covariance matrices of several people, sessions or recordings together.
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/decode/classical/linear_model.hpp"
#include "caton/decode/classical/transfer.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/spectral.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

const std::vector<std::string>& domain_names() {
  static const std::vector<std::string> known{"subject", "session", "recording"};
  return known;
}

/// Places of the samples of each domain, by its name.
using Members = std::map<std::string, std::vector<std::int64_t>>;

Members members_by(const std::string& by, const SampleSet& samples, const std::string& who) {
  const Origins& origins = samples.origins;
  const NameColumn& column =
      by == "subject" ? origins.subject : (by == "session" ? origins.session : origins.recording);
  if (column.index.empty()) throw usage_error(who, "the samples do not say of which " + by + " they are");
  Members members;
  for (std::int64_t i = 0; i < samples.size(); ++i)
    members[by == "session" ? origins.subject.at(i) + "/" + column.at(i) : column.at(i)].push_back(i);
  return members;
}

void put_back(const Matrices& part, const std::vector<std::int64_t>& places, Matrices& whole) {
  for (std::size_t i = 0; i < places.size(); ++i) put(part[static_cast<std::int64_t>(i)], whole[places[i]]);
}

SampleSet with_matrices(const SampleSet& samples, const Matrices& c) {
  return with_block(samples,
                    {.name = main_block_name(samples), .channels = samples.channels, .features = samples.features}, c);
}

[[noreturn]] void refuse_state(const std::string& who) {
  throw input_error(who, "the saved state does not fit its own layout (shape)");
}

/// The matrices that were saved as `prefix` and their domain.
std::map<std::string, Matrix> saved_matrices(const Safetensors& state, const std::string& prefix,
                                             const std::vector<std::int64_t>& shape, const std::string& who) {
  std::map<std::string, Matrix> matrices;
  for (const auto& [key, tensor] : state.tensors) {
    if (!key.starts_with(prefix)) continue;
    if (tensor.shape() != shape) refuse_state(who);
    matrices.emplace(key.substr(prefix.size()), tensor.array<2>(prefix));
  }
  return matrices;
}

std::string domain_key(const Json& options, const char* who) {
  const std::string by = options.at("by").text(std::string(who) + ": by");
  if (std::find(domain_names().begin(), domain_names().end(), by) == domain_names().end())
    throw usage_error(who, "unknown domain \"" + by + "\"", "known: subject, session, recording");
  return by;
}

/// What all of them share: one centre a domain. A domain that training had keeps the centre of its training samples; a
/// new one takes that of the samples to be predicted, without their labels, which the audit is told.
class DomainStep : public FeatureTransform {
 public:
  [[nodiscard]] bool transductive() const override { return true; }

 protected:
  struct Centre {
    Matrix mean;
    double dispersion = 1;
  };
  using Centres = std::map<std::string, Centre>;

  DomainStep(const char* name, std::string by, Metric metric)
      : FeatureTransform(name), by_(std::move(by)), metric_(metric) {}
  [[nodiscard]] virtual Matrices moved(const Centre& centre, const Matrices& part) const = 0;
  [[nodiscard]] virtual double dispersion_of(const Matrices& /*part*/, const Matrix& /*mean*/) const { return 1; }
  [[nodiscard]] Metric metric() const noexcept { return metric_; }

 private:
  [[nodiscard]] Centre centre_of(const Matrices& part) const {
    Centre centre{spd_mean(part, metric_)};
    centre.dispersion = dispersion_of(part, centre.mean);
    return centre;
  }
  void learn(const SampleSet& training) override {
    const auto c = matrices_of(training, name());
    trained_.clear();
    for (const auto& [domain, places] : members_by(by_, training, name()))
      trained_.emplace(domain, centre_of(chosen_matrices(c, places)));
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    const auto c = matrices_of(samples, name());
    Matrices result(c.extents(), uninitialised);
    for (const auto& [domain, places] : members_by(by_, samples, name())) {
      const Matrices part = chosen_matrices(c, places);
      const auto known = trained_.find(domain);
      put_back(moved(known == trained_.end() ? centre_of(part) : known->second, part), places, result);
    }
    return with_matrices(samples, result);
  }
  [[nodiscard]] Tensors learned() const override {
    Tensors state;
    for (const auto& [domain, centre] : trained_) {
      state.emplace("mean." + domain, Tensor::of(centre.mean));
      state.emplace("dispersion." + domain, Tensor::vector(std::vector<double>{centre.dispersion}));
    }
    return state;
  }
  void relearn(const Safetensors& state) override {
    trained_.clear();
    for (auto& [domain, mean] : saved_matrices(state, "mean.", layout().shape, name())) {
      const auto dispersion = state.at("dispersion." + domain, name()).doubles();
      if (dispersion.size() != 1 || !(dispersion.front() > 0)) refuse_state(name());
      trained_.emplace(domain, Centre{std::move(mean), dispersion.front()});
    }
  }

  std::string by_;
  Metric metric_;
  Centres trained_;
};

class Recentre final : public DomainStep {
 public:
  Recentre(std::string by, Metric metric) : DomainStep("recentre", std::move(by), metric) {}

 private:
  [[nodiscard]] Matrices moved(const Centre& centre, const Matrices& part) const override {
    return congruence(roots_of(name(), centre.mean).invsqrt, part);
  }
};

class Stretch final : public DomainStep {
 public:
  explicit Stretch(std::string by) : DomainStep("stretch", std::move(by), Metric::riemann) {}

 private:
  [[nodiscard]] double dispersion_of(const Matrices& part, const Matrix& mean) const override {
    double sum = 0;
    for (const double d : spd_distance(part, as_set(mean), metric())) sum += d * d;
    const double dispersion = sum / static_cast<double>(part.extent(0));
    constexpr double least = 1e-12;  // one matrix has none but rounding: it is left where it is
    return dispersion > least ? dispersion : 1;
  }
  [[nodiscard]] Matrices moved(const Centre& centre, const Matrices& part) const override {
    const Roots roots = roots_of(name(), centre.mean);
    return congruence(roots.sqrt, spd_function(congruence(roots.invsqrt, part), SpdFunction::power,
                                               1 / std::sqrt(centre.dispersion)));
  }
};

/// Turns the matrices of every domain of training so that its class means come close to those of the largest one. A new
/// domain has no labels to turn it by and stays as it is.
class Rotate final : public FeatureTransform {
 public:
  Rotate(std::string by, Metric metric) : FeatureTransform("rotate"), by_(std::move(by)), metric_(metric) {}

 private:
  void learn(const SampleSet& training) override {
    rotation_.clear();
    const auto c = matrices_of(training, name());
    const Members members = members_by(by_, training, name());
    if (members.size() < 2) return;
    const auto largest = std::max_element(
        members.begin(), members.end(), [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    std::vector<std::int64_t> domain(static_cast<std::size_t>(training.size()));
    std::vector<std::string> sources;
    std::int64_t number = 0, target = 0;
    for (auto one = members.begin(); one != members.end(); ++one, ++number) {
      for (const auto place : one->second) domain[static_cast<std::size_t>(place)] = number;
      if (one == largest)
        target = number;
      else
        sources.push_back(one->first);
    }
    const auto classes = numbered_classes(training.label, name());
    const Rotated found = rotated(c, classes.y, domain, target, metric_);
    for (std::size_t s = 0; s < sources.size(); ++s)
      rotation_.emplace(sources[s], copy_of(found.rotation, static_cast<std::int64_t>(s)));
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    Matrices c = matrices_of(samples, name());
    for (const auto& [domain, places] : members_by(by_, samples, name())) {
      const auto found = rotation_.find(domain);
      if (found != rotation_.end()) put_back(congruence(found->second, chosen_matrices(c, places)), places, c);
    }
    return with_matrices(samples, c);
  }
  [[nodiscard]] Tensors learned() const override {
    Tensors state;
    for (const auto& [domain, rotation] : rotation_) state.emplace("rotation." + domain, Tensor::of(rotation));
    return state;
  }
  void relearn(const Safetensors& state) override {
    rotation_ = saved_matrices(state, "rotation.", layout().shape, name());
  }

  std::string by_;
  Metric metric_;
  std::map<std::string, Matrix> rotation_;
};

const RecipeKey by_key{"by", "text", "subject", "the domains: subject, session or recording"};

const TransformEntry recentre_entry{
    .name = "recentre",
    .about =
        "covariance matrices of each domain moved to the identity by their own mean; for a new domain this is the mean "
        "of the samples to be predicted, without labels (transductive: it needs several of them at once)",
    .keys = {by_key, {"metric", "text", "riemann", "of the mean"}},
    .takes = SampleForm::matrices,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<Recentre>(
          domain_key(options, "recentre"),
          metric_named("recentre", options.at("metric").text("recentre: metric"), mean_metrics()));
    },
};
CATON_REGISTER(TransformEntry, recentre_entry);

const TransformEntry stretch_entry{
    .name = "stretch",
    .about =
        "covariance matrices of each domain stretched around their mean to a mean squared distance of 1; a new domain "
        "by the samples to be predicted, without labels (transductive)",
    .keys = {by_key},
    .takes = SampleForm::matrices,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<Stretch>(domain_key(options, "stretch"));
    },
};
CATON_REGISTER(TransformEntry, stretch_entry);

const TransformEntry rotate_entry{
    .name = "rotate",
    .aliases = {"procrustes"},
    .about =
        "covariance matrices of each domain of training turned so that their class means come close to those of the "
        "largest domain (Riemannian Procrustes); a new domain stays as it is: put recentre and stretch before",
    .keys = {by_key, {"metric", "text", "euclid", "of the closeness: euclid or riemann"}},
    .takes = SampleForm::matrices,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<Rotate>(
          domain_key(options, "rotate"),
          metric_named("rotate", options.at("metric").text("rotate: metric"), {Metric::euclid, Metric::riemann}));
    },
};
CATON_REGISTER(TransformEntry, rotate_entry);

}  // namespace
}  // namespace caton
