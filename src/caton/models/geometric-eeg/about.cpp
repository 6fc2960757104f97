// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/decoder.hpp"

/// What recipes may say of the two networks. No libtorch here: listing, spelling hints and checks never load it.
namespace caton {
namespace {

const TransformEntry filtration{
    .name = "attention-filtration",
    .about =
        "a small network that takes muscle out of each channel of an epoch; learns from the training epochs, taken for "
        "clean, and made-up muscle",
    .keys = {{"segments", "integer", 2400, "channels of training epochs to learn from, drawn at random"},
             {"epochs", "integer", 60, "passes over the segments; the best one on a tenth of the epochs is kept"},
             {"batch", "integer", 64, "segments a step"},
             {"learning_rate", "number", 1e-3, "of Adam"},
             {"adversarial_weight", "number", 0.01, "of the discriminator's opinion; 0: no discriminator"},
             {"low_db", "number", -7.0, "strongest noise in training, 10 log10 of the ratio of amplitudes"},
             {"high_db", "number", 2.0, "weakest noise in training"},
             {"patch", "integer", 16, "samples of a token; the epoch must be a multiple of it and of 4"},
             {"threshold", "number", 0.9, "segments whose first estimate correlates less with them are corrected"}},
    .takes = SampleForm::epochs,
};
CATON_REGISTER(TransformEntry, filtration);

const DecoderEntry ricci_gcn{
    .name = "ricci-gcn",
    .about =
        "graph convolution over the electrodes of an epoch, whose lengths come from a Laplacian eigenmap of spectra "
        "and "
        "discrete Ricci flow",
    .paper = "Choi 2025 (our reading; no public code)",
    .keys =
        {{"neighbours", "integer", 4, "of each electrode in the graph"},
         {"components", "integer", 3, "of the eigenmap"},
         {"flow_iterations", "integer", 10, "of the Ricci flow; 0: lengths of the eigenmap"},
         {"low_hz", "integer", 1, "first cell of the spectra"},
         {"high_hz", "integer", 45, "end of their last cell"},
         {"hidden", "integer", 32, "width of the first convolution"},
         {"out", "integer", 16, "width of the second"},
         {"epochs", "integer", 200, "passes over the training samples, at most"},
         {"validation_folds", "integer", 3,
          "parts of the training set that are left out in turn, people (sessions, trials) kept together as the plan "
          "does: as many passes as tell most of them rightly are made on all of it. 0: all epochs"},
         {"batch", "integer", 64, "samples a step"},
         {"learning_rate", "number", 0.01, "of Adam"},
         {"weight_decay", "number", 5e-4, "on every parameter"}},
    .needs_networks = true,
    .takes = SampleForm::epochs,
    .quick = false,
};
CATON_REGISTER(DecoderEntry, ricci_gcn);

}  // namespace
}  // namespace caton
