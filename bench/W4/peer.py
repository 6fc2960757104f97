# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: the caton authors
"""The peer of workload W4: RBTransformer as the authors build it, from torch.nn, re-expressed from its description.

`peer.py CASE` answers the same commands on standard input as caton's bench_rbtransformer (see run.py).
"""
import json
import struct
import sys
import time

import numpy as np
import torch
from torch import nn


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    kinds = {"F32": np.float32, "F64": np.float64, "I64": np.int64}
    about = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], kinds[entry["dtype"]]).reshape(entry["shape"]).copy()
    return about, tensors


def write_safetensors(path, tensors, about=None):
    names = {np.dtype(np.float32): "F32", np.dtype(np.float64): "F64", np.dtype(np.int64): "I64"}
    header, blocks, at = {}, [], 0
    if about:
        header["__metadata__"] = about
    for name in sorted(tensors):
        value = np.asarray(tensors[name], order="C")
        header[name] = {"dtype": names[value.dtype], "shape": list(value.shape), "data_offsets": [at, at + value.nbytes]}
        blocks.append(value.tobytes())
        at += value.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blocks))


class Projection(nn.Module):
    def __init__(self, features, width):
        super().__init__()
        self.linear = nn.Linear(features, width)

    def forward(self, x):
        return self.linear(x)


class Identity(nn.Module):
    def __init__(self, electrodes, width):
        super().__init__()
        self.embedding = nn.Parameter(torch.randn(1, electrodes, width))

    def forward(self, x):
        return x + self.embedding


class PreNorm(nn.Module):
    def __init__(self, width, fn):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.fn = fn

    def forward(self, x):
        return self.fn(self.norm(x))


class Attention(nn.Module):
    def __init__(self, width, heads, head_dim, dropout):
        super().__init__()
        inner = heads * head_dim
        self.heads, self.scale = heads, head_dim**-0.5
        self.to_qkv = nn.Linear(width, 3 * inner, bias=False)
        self.softmax = nn.Softmax(dim=-1)
        self.dropout = nn.Dropout(dropout)
        self.to_out = nn.Sequential(nn.Linear(inner, width), nn.Dropout(dropout))

    def forward(self, x):
        batch, tokens, _ = x.shape
        parts = self.to_qkv(x).chunk(3, dim=-1)
        q, k, v = (p.reshape(batch, tokens, self.heads, -1).permute(0, 2, 1, 3) for p in parts)
        weights = self.dropout(self.softmax(torch.matmul(q, k.transpose(-1, -2)) * self.scale))
        out = torch.matmul(weights, v).permute(0, 2, 1, 3).reshape(batch, tokens, -1)
        return self.to_out(out)


class FeedForward(nn.Module):
    def __init__(self, width, hidden, dropout):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, width),
                                 nn.Dropout(dropout))

    def forward(self, x):
        return self.net(x)


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        width = c["embed_dim"]
        self.attention = PreNorm(width, Attention(width, c["heads"], c["head_dim"], c["dropout"]))
        self.feed_forward = PreNorm(width, FeedForward(width, c["mlp_hidden_dim"], c["dropout"]))

    def forward(self, x):
        x = self.attention(x) + x
        return self.feed_forward(x) + x


class Head(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, p = c["embed_dim"], c["dropout"]
        self.norm = nn.LayerNorm(d)
        self.mlp = nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(), nn.Dropout(p), nn.Linear(2 * d, 2 * d), nn.GELU(),
                                 nn.Dropout(p), nn.Linear(2 * d, d), nn.GELU(), nn.Dropout(p),
                                 nn.Linear(d, c["num_classes"]))

    def forward(self, x):
        return self.mlp(self.norm(x))


class RBTransformer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.bde_proj_layer = Projection(c["bde_dim"], c["embed_dim"])
        self.electrode_id_embedding = Identity(c["num_electrodes"], c["embed_dim"])
        self.dropout = nn.Dropout(c["dropout"])
        self.intercortical_attention_blocks = nn.ModuleList([Block(c) for _ in range(c["depth"])])
        self.classification_head = Head(c)

    def forward(self, x):
        x = self.dropout(self.electrode_id_embedding(self.bde_proj_layer(x)))
        for block in self.intercortical_attention_blocks:
            x = block(x)
        return self.classification_head(x.mean(dim=1))


class Bench:
    def __init__(self, path):
        about, tensors = read_safetensors(path)
        self.network = RBTransformer(json.loads(about["config"]))
        self.network.load_state_dict({n[6:]: torch.from_numpy(t) for n, t in tensors.items() if n.startswith("param.")})
        self.x, self.y = torch.from_numpy(tensors["in.x"]), torch.from_numpy(tensors["in.y"])
        self.loss = nn.CrossEntropyLoss(label_smoothing=0.12)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=1e-3, weight_decay=1e-3)

    def values(self, path):
        self.network.eval()
        self.optimizer.zero_grad()
        logits = self.network(self.x)
        loss = self.loss(logits, self.y)
        loss.backward()
        out = {"grad." + n: p.grad.numpy() for n, p in self.network.named_parameters()}
        write_safetensors(path, {**out, "out.loss": loss.detach().numpy(), "out.logits": logits.detach().numpy()})

    def step(self):
        self.network.train()
        begin = time.perf_counter()
        self.optimizer.zero_grad()
        self.loss(self.network(self.x), self.y).backward()
        self.optimizer.step()
        return 1e3 * (time.perf_counter() - begin)

    def infer(self, windows):
        self.network.eval()
        x = self.x[:windows]
        with torch.inference_mode():
            begin = time.perf_counter()
            self.network(x)
            return 1e3 * (time.perf_counter() - begin)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    bench = Bench(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        words = line.split()
        if words[0] == "values":
            bench.values(words[1])
            print("written", flush=True)
        else:
            print(bench.step() if words[0] == "step" else bench.infer(int(words[1])), flush=True)


if __name__ == "__main__":
    main()
