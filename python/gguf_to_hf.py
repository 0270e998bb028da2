<<<<<<< HEAD
"""A GGUF file as a folder in Hugging Face's layout, which trainers take.

    python gguf_to_hf.py MODEL.gguf FOLDER

Weights are unpacked to 32 bits; tokenizer and chat template come from the file as well.
"""

import sys
=======
"""Turns a GGUF file into a model folder in Hugging Face's layout, which can be trained.

    python gguf_to_hf.py MODEL.gguf OUTPUT [--dtype float32]
"""

import argparse
>>>>>>> 71b0ac3 (aloe train: submit, status, logs, cancel, fetch, doctor and setup; GGUF to Hugging Face and back)
from pathlib import Path

from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

<<<<<<< HEAD
source, folder = Path(sys.argv[1]), sys.argv[2]
model = AutoModelForCausalLM.from_pretrained(
    source.parent,
    gguf_file=source.name,
    # Without it the weights stay packed, and transformers refuses to save them.
    quantization_config=GgufConfig(dequantize=True),
)
# Written last: a folder with a config.json is whole.
AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(folder)
model.save_pretrained(folder)
=======
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model", type=Path)
parser.add_argument("output", type=Path)
parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
arguments = parser.parse_args()

source = {"pretrained_model_name_or_path": str(arguments.model.parent), "gguf_file": arguments.model.name}
# Without it, transformers 5.17 and later keep the weights packed, and refuse to save them.
unpacked = GgufConfig(dequantize=True)
model = AutoModelForCausalLM.from_pretrained(**source, quantization_config=unpacked, dtype=arguments.dtype)
model.save_pretrained(arguments.output)
AutoTokenizer.from_pretrained(**source).save_pretrained(arguments.output)
>>>>>>> 71b0ac3 (aloe train: submit, status, logs, cancel, fetch, doctor and setup; GGUF to Hugging Face and back)
