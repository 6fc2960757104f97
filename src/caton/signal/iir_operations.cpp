// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Recursive filters, as recipes and golden cases name them.
#include "caton/base/ports.hpp"
#include "caton/signal/iir.hpp"
#include "caton/signal/stream.hpp"

namespace caton {

namespace {

std::optional<std::int64_t> pad_argument(const Arguments& args, Signal sos, std::int64_t samples) {
  const Json& value = args.value("pad_samples");
  if (!value.is_text()) return args.integer("pad_samples");
  return iir_pad_samples(
      sos, samples,
      choice_argument<PadRule>(args, "pad_samples", {{"auto", PadRule::ringing}, {"scipy", PadRule::scipy}}));
}

const Operation iir_filter_operation{
    .name = "iir_filter",
    .room = "signal",
    .about = "Causal filtering by second-order sections (scipy.signal.sosfilt)",
    .arguments = {{.name = "initial", .type = "text", .standard = "zero", .about = "zero, steady"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "sos", .shape = "S 6"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}, {.name = "state", .shape = "S C 2"}},
    .streaming_form = "IirFilter: state S x C x 2, delay 0",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x"), sos(args, in, "sos");
          const auto start =
              choice_argument<IirStart>(args, "initial", {{"zero", IirStart::zero}, {"steady", IirStart::steady}});
          const auto filtered = iir_filter(x, sos, start);
          return Tensors{{"y", Tensor::of(filtered.y)}, {"state", Tensor::of(filtered.state)}};
        },
};
CATON_REGISTER(Operation, iir_filter_operation);

const Operation iir_stream_operation{
    .name = "iir_stream",
    .room = "signal",
    .about = "Causal filtering block by block; any division gives the same bits as the whole (scipy.signal.sosfilt)",
    .arguments = {{.name = "chunks", .type = "list", .about = "lengths of the blocks, together the signal"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "sos", .shape = "S 6"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
    .streaming_form = "IirFilter",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x"), sos(args, in, "sos");
          IirFilter filter(sos, x.view().extent(0));
          return Tensors{{"y", Tensor::of(in_chunks(args, x, filter))}};
        },
};
CATON_REGISTER(Operation, iir_stream_operation);

const Operation iir_ringing_operation{
    .name = "iir_ringing",
    .room = "signal",
    .about = "How many samples the impulse response lasts (mne.filter.estimate_ringing_samples)",
    .inputs = {{.name = "sos", .shape = "S 6"}},
    .outputs = {{.name = "samples", .shape = "1", .unit = "samples"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort sos(args, in, "sos");
          return Tensors{{"samples", Tensor::vector(std::vector<std::int64_t>{iir_ringing(sos)})}};
        },
};
CATON_REGISTER(Operation, iir_ringing_operation);

const Operation iir_filtfilt_operation{
    .name = "iir_filtfilt",
    .room = "signal",
    .about = "Zero-phase filtering, forward and backward (scipy.signal.sosfiltfilt with MNE's padding)",
    .arguments = {{.name = "pad_samples", .type = "any", .standard = "auto", .about = "auto, scipy, or samples"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "sos", .shape = "S 6"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x"), sos(args, in, "sos");
          return Tensors{{"y", Tensor::of(iir_filtfilt(x, sos, pad_argument(args, sos, x.view().extent(1))))}};
        },
};
CATON_REGISTER(Operation, iir_filtfilt_operation);

}  // namespace

}  // namespace caton
