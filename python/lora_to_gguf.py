"""Converts a LoRA adapter to a GGUF file, which llama.cpp applies to the model it was trained on.

    python lora_to_gguf.py ADAPTER ADAPTER.gguf --like BASE.gguf

BASE is a GGUF file of the model that the adapter was trained on.
"""

import argparse
import json
from pathlib import Path

import gguf
from gguf import GGUFReader, GGUFWriter
from gguf_names import Layout
from safetensors.numpy import load_file

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("adapter", type=Path)
parser.add_argument("output")
parser.add_argument("--like", required=True)
options = parser.parse_args()

layout = Layout(GGUFReader(options.like))
config = json.loads((options.adapter / "adapter_config.json").read_text())
writer = GGUFWriter(options.output, layout.architecture)
writer.add_type(gguf.GGUFType.ADAPTER)
writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(config["lora_alpha"]))
for name, matrix in load_file(options.adapter / "adapter_model.safetensors").items():
    module, _, side = name.removeprefix("base_model.model.").removesuffix(".weight").rpartition(".")
    target = layout.name(f"{module}.weight")
    if target is None or side not in ("lora_A", "lora_B"):
        raise SystemExit(f"{name} has no place in a GGUF file")
    rows = matrix if side == "lora_A" else layout.arrange(target, matrix)
    writer.add_tensor(f"{target}.{side.lower()}", rows.astype("float32"))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
