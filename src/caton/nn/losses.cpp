// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/losses.hpp"

#include "caton/base/error.hpp"

namespace caton::nn {
namespace {

at::Tensor own_log_probability(const at::Tensor& log_probabilities, const at::Tensor& labels) {
  return log_probabilities.gather(1, labels.unsqueeze(1)).squeeze(1);
}

at::Tensor focal(const Loss& loss, const at::Tensor& logits, const at::Tensor& labels) {
  at::Tensor entropy = -own_log_probability(at::log_softmax(logits, 1), labels);
  if (!loss.class_weights.empty()) {
    const at::Tensor weights = at::tensor(loss.class_weights, at::kDouble).to(logits.scalar_type());
    entropy = entropy * weights.index_select(0, labels);
  }
  return at::pow(1 - at::exp(-entropy), loss.gamma) * entropy;
}

at::Tensor cross_entropy(const Loss& loss, const at::Tensor& logits, const at::Tensor& labels) {
  const at::Tensor log_probabilities = at::log_softmax(logits, 1);
  const at::Tensor own = own_log_probability(log_probabilities, labels);
  if (loss.label_smoothing == 0) return -own;
  return -((1 - loss.label_smoothing) * own + loss.label_smoothing * log_probabilities.mean(1));
}

}  // namespace

Loss loss_from(const Json& training, const std::string& where) {
  Loss loss;
  if (const Json* const kind = training.find("loss")) loss.kind = kind->text(where + ": loss");
  if (loss.kind == "cross-entropy") loss.kind = "cross_entropy";
  if (loss.kind != "cross_entropy" && loss.kind != "focal_loss")
    throw usage_error(where, "the loss \"" + loss.kind + "\" is not known", "use cross_entropy or focal_loss");
  if (const Json* const smoothing = training.find("label_smoothing"))
    loss.label_smoothing = smoothing->number(where + ": label_smoothing");
  if (const Json* const gamma = training.find("gamma")) loss.gamma = gamma->number(where + ": gamma");
  if (const Json* const weights = training.find("class_weights")) loss.class_weights = weights->numbers(where);
  if (const Json* const reduction = training.find("reduction")) {
    const std::string& name = reduction->text(where + ": reduction");
    if (name != "mean" && name != "sum")
      throw usage_error(where, "the reduction \"" + name + "\" is not known", "use mean or sum");
    loss.mean = name == "mean";
  }
  return loss;
}

at::Tensor losses_of(const Loss& loss, const at::Tensor& logits, const at::Tensor& labels) {
  return loss.kind == "focal_loss" ? focal(loss, logits, labels) : cross_entropy(loss, logits, labels);
}

at::Tensor loss_of(const Loss& loss, const at::Tensor& logits, const at::Tensor& labels) {
  const at::Tensor each = losses_of(loss, logits, labels);
  return loss.mean ? each.mean() : each.sum();
}

}  // namespace caton::nn
