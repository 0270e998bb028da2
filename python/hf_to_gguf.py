"""Converts a fine-tuned model of the Llama family (llama, mistral, qwen, ...) to a GGUF file, for llama.cpp.

    python hf_to_gguf.py FOLDER MODEL.gguf --like BASE.gguf [--type f16|q8_0]

Everything but the weights (tokenizer, chat template, sizes) is copied from the base model's GGUF file.
"""

import argparse
import os

import gguf
from gguf_names import Layout
from transformers import AutoModelForCausalLM

# Q8_0 packs this many weights per block.
BLOCK = 32

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("folder")
parser.add_argument("output")
parser.add_argument("--like", required=True)
parser.add_argument("--type", choices=["f16", "q8_0"], default="q8_0")
options = parser.parse_args()

base = gguf.GGUFReader(options.like)
layout = Layout(base)
model = AutoModelForCausalLM.from_pretrained(options.folder, dtype="float32")
weights = {layout.name(name): tensor.numpy() for name, tensor in model.state_dict().items()}

# Renamed once it is complete.
partial = f"{options.output}.partial"
writer = gguf.GGUFWriter(partial, layout.architecture)
for name, field in base.fields.items():
    if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
        continue
    inner = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
    writer.add_key_value(name, field.contents(), field.types[0], sub_type=inner)
kind = gguf.GGMLQuantizationType[options.type.upper()]
writer.add_file_type(gguf.LlamaFileType[f"MOSTLY_{options.type.upper()}"])

for tensor in base.tensors:
    if tensor.name == "rope_freqs.weight":
        # Not weights: rotary frequencies, which the other layout keeps as numbers in its config.
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
        continue
    if tensor.name not in weights:
        raise SystemExit(f"No weights in {options.folder} for {tensor.name}.")
    rows = layout.arrange(tensor.name, weights[tensor.name])
    if rows.shape != tuple(reversed(tensor.shape.tolist())):
        raise SystemExit(f"{tensor.name} is {rows.shape}, but {options.like} has another size for it.")
    packed = rows.ndim > 1 and rows.shape[-1] % BLOCK == 0
    data = gguf.quants.quantize(rows, kind) if packed else rows
    writer.add_tensor(tensor.name, data, raw_dtype=kind if packed else None)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
os.replace(partial, options.output)
