<<<<<<< HEAD
"""A tuned model of the Llama family as a GGUF file, for llama.cpp.

    python hf_to_gguf.py FOLDER MODEL.gguf --like BASE.gguf [--type f16|q8_0]

All but the weights (tokenizer, chat template, sizes) is copied from the GGUF file that the tuning began with.
"""

import argparse
import os

import gguf
import numpy as np
from transformers import AutoModelForCausalLM

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("output")
parser.add_argument("--like", required=True)
parser.add_argument("--type", choices=["f16", "q8_0"], default="q8_0")
options = parser.parse_args()

model = AutoModelForCausalLM.from_pretrained(options.folder, dtype="float32")
base = gguf.GGUFReader(options.like)
architecture = base.fields["general.architecture"].contents()
if architecture != "llama" or model.config.model_type != "llama":
    raise SystemExit(f"Only models of the Llama family, not {architecture} and {model.config.model_type}.")


def for_llama_cpp(name: str, weights: np.ndarray) -> np.ndarray:
    """llama.cpp turns pairs of neighbouring rows of queries and keys, transformers the two halves of a head."""
    heads = {"q_proj": model.config.num_attention_heads, "k_proj": model.config.num_key_value_heads}
    count = next((heads[part] for part in heads if f".{part}." in name), None)
    if count is None:
        return weights
    return weights.reshape(count, 2, weights.shape[0] // count // 2, -1).swapaxes(1, 2).reshape(weights.shape)


# Moved to its name when it is whole.
partial = f"{options.output}.partial"
writer = gguf.GGUFWriter(partial, architecture)
for name, field in base.fields.items():
    if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
        continue
    inner = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
    writer.add_key_value(name, field.contents(), field.types[0], sub_type=inner)
kind = gguf.GGMLQuantizationType[options.type.upper()]
writer.add_file_type(gguf.LlamaFileType[f"MOSTLY_{options.type.upper()}"])

names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, model.config.num_hidden_layers)
expected = {tensor.name for tensor in base.tensors}
for name, tensor in model.state_dict().items():
    own = names.get_name(name, try_suffixes=(".weight", ".bias"))
    if own not in expected:
        continue  # The output of tied embeddings.
    expected.remove(own)
    weights = for_llama_cpp(name, tensor.numpy())
    packed = weights.ndim > 1 and weights.shape[-1] % 32 == 0
    writer.add_tensor(own, gguf.quants.quantize(weights, kind) if packed else weights, raw_dtype=kind if packed else None)
if expected:
    raise SystemExit(f"No weights in {options.folder} for {', '.join(sorted(expected))}.")
=======
"""Turns a fine-tuned model folder back into a GGUF file, for models of llama's family (llama, mistral, qwen, ...).

    python hf_to_gguf.py MODEL LIKE.gguf OUTPUT.gguf [--type Q8_0]

LIKE is any GGUF file of the model before its fine-tune: shape, tokenizer and chat template are taken from it.
"""

import argparse

import torch
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter, LlamaFileType
from gguf.quants import quantize
from gguf_names import Layout, copy_fields
from transformers import AutoModelForCausalLM

FILE_TYPES = {"F16": LlamaFileType.MOSTLY_F16, "Q8_0": LlamaFileType.MOSTLY_Q8_0}
# Q8_0 packs 32 weights of a row at a time.
BLOCK = 32

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model")
parser.add_argument("like")
parser.add_argument("output")
parser.add_argument("--type", default="Q8_0", choices=FILE_TYPES)
arguments = parser.parse_args()

like = GGUFReader(arguments.like)
layout = Layout(like)
model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32)
weights = {layout.name(name): tensor for name, tensor in model.state_dict().items()}

writer = GGUFWriter(arguments.output, layout.architecture)
copy_fields(like, writer)
writer.add_file_type(FILE_TYPES[arguments.type])
for tensor in like.tensors:
    if tensor.name not in weights:
        # Frequencies of the rotary embedding, which are no weights.
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        continue
    rows = layout.arrange(tensor.name, weights[tensor.name].numpy())
    if list(rows.shape) != [int(length) for length in reversed(tensor.shape)]:
        raise SystemExit(f"{tensor.name} is {rows.shape}, and {list(reversed(tensor.shape))} in {arguments.like}")
    kind = GGMLQuantizationType[arguments.type]
    if rows.ndim == 1:
        kind = GGMLQuantizationType.F32
    elif rows.shape[-1] % BLOCK != 0:
        kind = GGMLQuantizationType.F16
    writer.add_tensor(tensor.name, quantize(rows, kind), raw_dtype=kind)
>>>>>>> 71b0ac3 (aloe train: submit, status, logs, cancel, fetch, doctor and setup; GGUF to Hugging Face and back)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
<<<<<<< HEAD
os.replace(partial, options.output)
=======
>>>>>>> 71b0ac3 (aloe train: submit, status, logs, cancel, fetch, doctor and setup; GGUF to Hugging Face and back)
