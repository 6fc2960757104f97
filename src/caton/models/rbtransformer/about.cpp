// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/decoder.hpp"

/// What recipes may say of RBTransformer. No libtorch here: listing, spelling hints and checks never load it.
namespace caton {
namespace {

const DecoderEntry rbtransformer{
    .name = "rbtransformer",
    .about = "transformer over electrodes, each one token of band differential entropies; trained as published",
    .paper = "arXiv 2511.13954",
    .keys =
        {
            {"embed_dim", "integer", 128, "width of a token inside the network"},
            {"depth", "integer", 4, "blocks of attention and feed-forward"},
            {"heads", "integer", 6, "attention heads of a block"},
            {"head_dim", "integer", 32, "width of a head"},
            {"mlp_hidden_dim", "integer", 128, "hidden width of the feed-forward part"},
            {"dropout", "number", 0.1, "share dropped in training, 0 to below 1"},
            {"electrode_identity", "flag", true, "off: no embedding that tells electrodes apart (ablation)"},
            {"intercortical_attention", "flag", true, "off: no blocks, the classifier sees the mean token (ablation)"},
            {"epochs", "integer", 300, "passes over the training samples"},
            {"batch", "integer", 256, "samples a step"},
            {"late_batch", "integer", 64, "samples a step from late_from_epoch on"},
            {"late_from_epoch", "integer", 150, "epochs with the first batch size"},
            {"learning_rate", "number", 1e-3, "of AdamW, at the start"},
            {"schedule", "text", "cosine", "cosine (per epoch), constant, or plateau (of the training loss)"},
            {"minimum_learning_rate", "number", 1e-6, "where the schedule ends"},
            {"beta1", "number", 0.9, "decay of AdamW's first moment"},
            {"beta2", "number", 0.999, "decay of AdamW's second moment"},
            {"epsilon", "number", 1e-8, "AdamW's epsilon"},
            {"weight_decay", "number", 1e-3, "decoupled, on every parameter"},
            {"loss", "text", "cross_entropy", "cross_entropy or focal_loss"},
            {"label_smoothing", "number", 0.12, "of the cross-entropy, 0 to below 1; none with focal_loss"},
            {"gamma", "number", Json{}, "exponent of the focal loss (2 where it is chosen)"},
            {"class_weights", "text", "none", "none, or inverse-frequency (N/(K n), with focal_loss)"},
            {"largest_gradient_norm", "number", 0, "gradients are clipped to this norm; 0: not"},
            {"average", "number", 0, "decay of a moving average of the weights, which is then kept; 0: none"},
            {"oversampling", "text", "smote", "smote, adasyn or none: of rare classes, training samples only"},
            {"oversampling_neighbours", "integer", 5, "neighbours between which samples are made"},
            {"oversampling_seed", "integer", 23, "of NumPy's generator, as the authors"},
        },
    .presets =
        {
            {"rbtransformer-published", Json::object()},
            {"rbtransformer-own", Json::object()},
            {"rbtransformer-small", Json::object({{"embed_dim", 32},
                                                  {"depth", 2},
                                                  {"heads", 4},
                                                  {"head_dim", 8},
                                                  {"mlp_hidden_dim", 64},
                                                  {"epochs", 24},
                                                  {"late_from_epoch", 12}})},
            {"rbtransformer-large", Json::object({{"embed_dim", 256},
                                                  {"depth", 6},
                                                  {"heads", 8},
                                                  {"head_dim", 32},
                                                  {"mlp_hidden_dim", 1024},
                                                  {"dropout", 0.15},
                                                  {"label_smoothing", 0.0},
                                                  {"minimum_learning_rate", 1e-5}})},
            {"rbtransformer-loso", Json::object({{"dropout", 0.3},
                                                 {"oversampling", "none"},
                                                 {"loss", "focal_loss"},
                                                 {"label_smoothing", 0.0},
                                                 {"class_weights", "inverse-frequency"},
                                                 {"weight_decay", 5e-3},
                                                 {"largest_gradient_norm", 1.0},
                                                 {"average", 0.999},
                                                 {"schedule", "plateau"}})},
            {"rbtransformer-without-electrode-identity", Json::object({{"electrode_identity", false}})},
            {"rbtransformer-without-intercortical-attention", Json::object({{"intercortical_attention", false}})},
        },
    .needs_networks = true,
    .quick = false,
};
CATON_REGISTER(DecoderEntry, rbtransformer);

}  // namespace
}  // namespace caton
