"""Merges a LoRA adapter into the model it was trained on, which gives a complete model that any tool can load.

    python merge_adapter.py ADAPTER OUTPUT

The base model is named in the adapter's config. A relative path there is relative to the working directory.
"""

import sys

from peft import AutoPeftModelForCausalLM
from transformers import AutoTokenizer


def merge(adapter: str, output: str) -> None:
    model = AutoPeftModelForCausalLM.from_pretrained(adapter, dtype="auto")
    model.merge_and_unload(safe_merge=True).save_pretrained(output)
    # The trainer saved the tokenizer with the adapter, including the chat template used in training.
    AutoTokenizer.from_pretrained(adapter).save_pretrained(output)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    merge(sys.argv[1], sys.argv[2])
