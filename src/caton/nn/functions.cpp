// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/functions.hpp"

#include "caton/base/error.hpp"

namespace caton::nn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;
using MaybeTensor = c10::optional<at::Tensor>;

const float* data(const at::Tensor& x) { return x.data_ptr<float>(); }
float* mutable_data(const at::Tensor& x) { return x.data_ptr<float>(); }
std::size_t count_of(const at::Tensor& x) { return static_cast<std::size_t>(x.numel()); }
std::size_t axis_size(const at::Tensor& x, std::int64_t axis) { return static_cast<std::size_t>(x.size(axis)); }

/// The loops read float32 side by side. Every gradient passes here too: one that is not contiguous is packed first.
at::Tensor packed(const at::Tensor& x) {
  if (x.scalar_type() != at::kFloat) throw usage_error("network", "float32 is needed, found another type of number");
  return x.contiguous();
}

/// What a backward pass must know besides tensors, in the one form that libtorch keeps with a node.
template <class T>
struct Kept : torch::CustomClassHolder {
  explicit Kept(T kept) : value(std::move(kept)) {}
  T value;
};
template <class T>
void keep(AutogradContext* context, T value) {
  context->saved_data["kept"] = c10::IValue::make_capsule(c10::make_intrusive<Kept<T>>(std::move(value)));
}
template <class T>
T kept(AutogradContext* context) {
  const auto capsule = context->saved_data["kept"].toCapsule();
  return static_cast<const Kept<T>&>(*capsule).value;
}

/// A dropout as the kernels want it: null when nothing is dropped.
class Keep {
 public:
  explicit Keep(const Dropout& dropout) {
    if (dropout.active()) factors_.emplace(dropout.rate, *dropout.random);
  }
  KeepFactors* get() { return factors_ ? &*factors_ : nullptr; }

 private:
  std::optional<KeepFactors> factors_;
};

struct Linear : Function<Linear> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const MaybeTensor& bias) {
    context->save_for_backward({x, weight});
    context->saved_data["bias"] = bias.has_value();
    return bias ? at::addmm(*bias, x, weight.t()) : at::mm(x, weight.t());
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor gradient = packed(gradients[0]);
    at::Tensor bias;
    if (context->saved_data["bias"].toBool()) {
      bias = at::empty({gradient.size(1)}, at::kFloat);
      sum_rows(data(gradient), axis_size(gradient, 0), axis_size(gradient, 1), mutable_data(bias));
    }
    const at::Tensor x = context->needs_input_grad(0) ? at::mm(gradient, saved[1]) : at::Tensor();
    return {x, at::mm(gradient.t(), saved[0]), bias};
  }
};

struct LayerNorm : Function<LayerNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& given, const at::Tensor& weight,
                            const at::Tensor& bias) {
    const at::Tensor x = packed(given);
    const NormShape shape{.rows = count_of(x) / axis_size(x, -1), .width = axis_size(x, -1)};
    const auto rows = static_cast<std::int64_t>(shape.rows);
    const at::Tensor out = at::empty_like(x), mean = at::empty({rows}, at::kFloat),
                     inverse = at::empty({rows}, at::kFloat);
    layer_norm_forward(shape, data(x), data(weight), data(bias), mutable_data(out), mutable_data(mean),
                       mutable_data(inverse));
    context->save_for_backward({x, weight, mean, inverse});
    return out;
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor gradient = packed(gradients[0]), &x = saved[0], &weight = saved[1];
    const at::Tensor out = at::empty_like(x), weight_out = at::empty_like(weight), bias_out = at::empty_like(weight);
    layer_norm_backward({.rows = count_of(x) / axis_size(x, -1), .width = axis_size(x, -1)},
                        {.x = data(x),
                         .weight = data(weight),
                         .mean = data(saved[2]),
                         .inverse_deviation = data(saved[3]),
                         .gradient = data(gradient),
                         .x_gradient = mutable_data(out),
                         .weight_gradient = mutable_data(weight_out),
                         .bias_gradient = mutable_data(bias_out)});
    return {out, weight_out, bias_out};
  }
};

struct Gelu : Function<Gelu> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& given, const Dropout& dropout) {
    const at::Tensor x = packed(given), out = at::empty_like(x);
    gelu_forward(data(x), Keep(dropout).get(), mutable_data(out), count_of(x));
    context->save_for_backward({x});
    keep(context, dropout);
    return out;
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const at::Tensor x = context->get_saved_variables()[0], gradient = packed(gradients[0]), out = at::empty_like(x);
    gelu_backward(data(x), data(gradient), Keep(kept<Dropout>(context)).get(), mutable_data(out), count_of(x));
    return {out, at::Tensor()};
  }
};

struct AddDropped : Function<AddDropped> {
  static at::Tensor forward(AutogradContext* context, const MaybeTensor& h, const at::Tensor& given,
                            const Dropout& dropout) {
    const at::Tensor x = packed(given), out = at::empty_like(x), base = h ? packed(*h) : at::Tensor();
    add_scaled(base.defined() ? data(base) : nullptr, data(x), Keep(dropout).get(), mutable_data(out), count_of(x));
    keep(context, dropout);
    context->saved_data["base"] = h.has_value();
    return out;
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const at::Tensor gradient = packed(gradients[0]), out = at::empty_like(gradient);
    add_scaled(nullptr, data(gradient), Keep(kept<Dropout>(context)).get(), mutable_data(out), count_of(gradient));
    return {context->saved_data["base"].toBool() ? gradient : at::Tensor(), out, at::Tensor()};
  }
};

struct AttentionKept {
  AttentionShape shape;
  Dropout dropout;
};

struct Attention : Function<Attention> {
  static variable_list forward(AutogradContext* context, const at::Tensor& given, const AttentionKept& how) {
    const AttentionShape& s = how.shape;
    const at::Tensor qkv = packed(given);
    const at::Tensor weights = at::empty({s.batch, s.heads, s.tokens, s.tokens}, at::kFloat);
    const at::Tensor out = at::empty({s.batch * s.tokens, s.heads * s.head_dim}, at::kFloat);
    attention_forward(s, data(qkv), Keep(how.dropout).get(), mutable_data(weights), mutable_data(out));
    context->save_for_backward({qkv, weights});
    context->mark_non_differentiable({weights});
    keep(context, how);
    return {out, weights};
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto how = kept<AttentionKept>(context);
    const at::Tensor gradient = packed(gradients[0]), out = at::empty_like(saved[0]);
    attention_backward(how.shape, data(saved[0]), data(saved[1]), data(gradient), Keep(how.dropout).get(),
                       mutable_data(out));
    return {out, at::Tensor()};
  }
};

}  // namespace

Dropout Dropout::at(std::string_view place) const {
  if (!active()) return {};
  return {rate, random->derive(place)};
}

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  return Linear::apply(x, weight, bias.defined() ? MaybeTensor(bias) : MaybeTensor());
}
at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  return LayerNorm::apply(x, weight, bias);
}
at::Tensor gelu(const at::Tensor& x, const Dropout& dropout) { return Gelu::apply(x, dropout); }
at::Tensor drop(const at::Tensor& x, const Dropout& dropout) {
  return dropout.active() ? AddDropped::apply(MaybeTensor(), x, dropout) : x;
}
at::Tensor add_dropped(const at::Tensor& h, const at::Tensor& x, const Dropout& dropout) {
  return AddDropped::apply(MaybeTensor(h), x, dropout);
}

at::Tensor attention(const at::Tensor& qkv, const AttentionShape& shape, const Dropout& dropout, at::Tensor* weights) {
  const auto results = Attention::apply(qkv, AttentionKept{shape, dropout});
  if (weights != nullptr) *weights = results[1];
  return results[0];
}

}  // namespace caton::nn
