"""Converts a GGUF file to a directory in Hugging Face's layout, for training.

    python gguf_to_hf.py MODEL.gguf FOLDER

Weights become float32. Tokenizer and chat template come from the file too.
"""

import sys
from pathlib import Path

from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

source, folder = Path(sys.argv[1]), sys.argv[2]
model = AutoModelForCausalLM.from_pretrained(
    source.parent,
    gguf_file=source.name,
    # Otherwise the weights stay quantised, and transformers refuses to save them.
    quantization_config=GgufConfig(dequantize=True),
)
# Written last: a directory with a config.json is complete.
AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(folder)
model.save_pretrained(folder)
