"""A GGUF file as a folder in Hugging Face's layout, which trainers take.

    python gguf_to_hf.py MODEL.gguf FOLDER

Weights are unpacked to 32 bits; tokenizer and chat template come from the file as well.
"""

import sys
from pathlib import Path

from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

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
