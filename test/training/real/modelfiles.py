"""Prints, as JSON, what modelfile.py makes of the chat templates that TRL ships, each with a tokenizer of its family, and saves two.

    python modelfiles.py SCRIPTS FAMILIES FOLDER

SCRIPTS has modelfile.py, FAMILIES families.py. FOLDER gets the tokenizers of Gemma 3 and of Qwen3.5.
"""

import dataclasses
import json
import sys

sys.path[:0] = sys.argv[1:3]
folder = sys.argv[3]

from families import FAMILIES, make_tokenizer
from modelfile import Unsupported, modelfile

HARMONY = ["<|endoftext|>", "<|startoftext|>", "<|start|>", "<|message|>", "<|channel|>", "<|end|>", "<|return|>"]
DEEPSEEK = ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"]
LFM2 = ["<|pad|>", "<|startoftext|>", "<|im_start|>", "<|im_end|>"]


def like(family, template, **changes):
    return dataclasses.replace(FAMILIES[family], template=template, **changes)


deepseek = dict(tokens=DEEPSEEK, eos=DEEPSEEK[1], pad=DEEPSEEK[1], bos=DEEPSEEK[0])
families = FAMILIES | {
    "Gemma 2": like("Gemma 3 (text)", "gemma"),
    "Phi-3": like("Phi-3.5", "phi3"),
    "Llama 3": like("Llama 3.1", "llama3"),
    "LFM2": like("Qwen2.5", "lfm2", tokens=LFM2, pad="<|pad|>", bos="<|startoftext|>"),
    "gpt-oss": like("Qwen2.5", "gptoss", tokens=HARMONY, eos="<|return|>", bos="<|startoftext|>"),
    "DeepSeek-V3": like("Qwen2.5", "deepseekv3", **deepseek),
    "DeepSeek-R1-Distill": like("Qwen2.5", "deepseek_r1_distill", **deepseek),
}


def made(family):
    try:
        return {"text": modelfile(make_tokenizer(family), "model.gguf")}
    except Unsupported as error:
        return {"refused": str(error)}


for name in ["Gemma 3 (text)", "Qwen3.5"]:
    make_tokenizer(families[name]).save_pretrained(f"{folder}/{name}")
print(json.dumps({name: made(family) for name, family in families.items()}))
