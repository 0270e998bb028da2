"""Turns a LoRA adapter into a GGUF file that llama.cpp puts on top of the model it was trained on.

    python lora_to_gguf.py ADAPTER LIKE.gguf OUTPUT.gguf

LIKE is a GGUF file of the model that the adapter was trained on.
"""

import json
import sys
from pathlib import Path

import gguf
from gguf import GGUFReader, GGUFWriter
from gguf_names import Layout
from safetensors.numpy import load_file

if len(sys.argv) != 4:
    sys.exit(__doc__)
adapter, like, output = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

layout = Layout(GGUFReader(like))
config = json.loads((adapter / "adapter_config.json").read_text())
writer = GGUFWriter(output, layout.architecture)
writer.add_type(gguf.GGUFType.ADAPTER)
writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(config["lora_alpha"]))
for name, matrix in load_file(adapter / "adapter_model.safetensors").items():
    module, _, side = name.removeprefix("base_model.model.").removesuffix(".weight").rpartition(".")
    target = layout.name(f"{module}.weight")
    if target is None or side not in ("lora_A", "lora_B"):
        sys.exit(f"{name} has no place in a GGUF file")
    rows = matrix if side == "lora_A" else layout.arrange(target, matrix)
    writer.add_tensor(f"{target}.{side.lower()}", rows.astype("float32"))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
