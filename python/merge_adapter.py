"""Merges a LoRA adapter into the model it was trained on, so that the result is one that anything can load.

    python merge_adapter.py ADAPTER OUTPUT

The base model is the one that the adapter's own config names, its path seen from the working directory.
"""

import sys

from peft import AutoPeftModelForCausalLM
from transformers import AutoTokenizer


def merge(adapter: str, output: str) -> None:
    model = AutoPeftModelForCausalLM.from_pretrained(adapter, dtype="auto")
    model.merge_and_unload(safe_merge=True).save_pretrained(output)
    # The trainer saved it beside the adapter, with the chat template it trained with.
    AutoTokenizer.from_pretrained(adapter).save_pretrained(output)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    merge(sys.argv[1], sys.argv[2])
