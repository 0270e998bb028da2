"""Merges a LoRA adapter into the model it was trained on, which gives a complete model that any tool can load.

    python merge_adapter.py ADAPTER OUTPUT

The base model is named in the adapter's config. A relative path there is relative to the working directory. Ends with an error
if a weight of the adapter has no place in the model, or if merging changed nothing although the adapter does.
"""

import shutil
import sys

import torch
import transformers
from peft import PeftConfig, PeftModel, get_peft_model_state_dict
from peft.utils import load_peft_weights
from transformers import AutoConfig, AutoModelForCausalLM, AutoProcessor, AutoTokenizer
from transformers.utils import cached_file

PROBE = "What the user likes shows in how they write: short, warm, and never before coffee."
# Merging rounds each weight once. A merged model further from base plus adapter than this share of what the adapter changes has
# lost much of the training.
LOST = 0.5

# What a server needs of a model that reads images or sound. Where these cannot be loaded, training uses the tokenizer alone.
PROCESSOR_FILES = ["processor_config.json", "preprocessor_config.json", "video_preprocessor_config.json"]


def load_base(name):
    """The class that TRL trains: of a model that also reads images, AutoModelForCausalLM may load another one, whose weights
    have other names."""
    [architecture, *_] = AutoConfig.from_pretrained(name).architectures or [""]
    model_class = getattr(transformers, architecture, AutoModelForCausalLM)
    return model_class.from_pretrained(name, dtype="auto")


def check_names(model, adapter):
    """PEFT leaves out weights that have no place in the model and only warns of it."""
    trained = set(load_peft_weights(adapter, device="cpu"))
    placed = set(get_peft_model_state_dict(model, save_embedding_layers=False))
    unplaced = sorted(trained - placed)
    if unplaced or not trained:
        sys.exit(
            f"{len(unplaced)} of the adapter's {len(trained)} weights have no place in {type(model.get_base_model()).__name__}, "
            f"for example {', '.join(unplaced[:3])}. Without them the training would be lost. The adapter in {adapter} is complete."
        )


def probe(model, tokens):
    with torch.inference_mode():
        return model(input_ids=tokens).logits.float()


def merge(adapter, output):
    base_name = PeftConfig.from_pretrained(adapter).base_model_name_or_path
    model = PeftModel.from_pretrained(load_base(base_name), adapter).eval()
    check_names(model, adapter)
    tokens = AutoTokenizer.from_pretrained(adapter)(PROBE, return_tensors="pt")["input_ids"]
    adapted = probe(model, tokens)
    with model.disable_adapter():
        base = probe(model, tokens)
    merged_model = model.merge_and_unload(safe_merge=True)
    merged = probe(merged_model, tokens)
    changed = (adapted - base).abs().mean().item()
    lost = (merged - adapted).abs().mean().item()
    print(f"On a probe the adapter changes the base by {changed:.3g} on average, merging loses {lost:.3g} of that.")
    if changed == 0:
        print("Warning: the adapter changes nothing. The training may have been too short, or its learning rate too low.")
    elif torch.equal(merged, base):
        sys.exit(f"The merged model answers exactly like {base_name}. The adapter in {adapter} is complete: serve it as an adapter.")
    elif lost > LOST * changed:
        print(f"Warning: {merged_model.dtype} rounds away much of the training. Serve the adapter, or train for longer.")
    merged_model.save_pretrained(output)
    # The trainer saved the tokenizer with the adapter, and the processor of a model that reads images, including the chat
    # template used in training.
    reader = AutoProcessor.from_pretrained(adapter)
    reader.save_pretrained(output)
    if not hasattr(reader, "tokenizer"):
        copy_processor(base_name, output)


def copy_processor(base_name, output):
    for name in PROCESSOR_FILES:
        try:
            shutil.copy(cached_file(base_name, name), output)
        except OSError:
            continue  # The base has no such file.


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    merge(sys.argv[1], sys.argv[2])
