"""Prints as JSON what this Python can train with: versions, GPUs, free disk space, and facts about the base model.

    python inspect_environment.py FOLDER BASE
"""

import json
import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ["torch", "trl", "transformers", "peft", "accelerate", "datasets", "gguf", "deepspeed"]


def package_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def gpus() -> list[dict]:
    try:
        import torch
    except ImportError:
        return []
    if not torch.cuda.is_available():
        return []
    found = []
    for index in range(torch.cuda.device_count()):
        free, total = torch.cuda.mem_get_info(index)
        name = torch.cuda.get_device_name(index)
        found.append({"name": name, "freeBytes": free, "totalBytes": total, "bf16": torch.cuda.is_bf16_supported()})
    return found


def model(base: str) -> dict:
    """Size, context length and template of the base model, without loading its weights."""
    try:
        from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer
        from accelerate import init_empty_weights

        config = AutoConfig.from_pretrained(base)
        tokenizer = AutoTokenizer.from_pretrained(base)
        with init_empty_weights():
            empty = AutoModelForCausalLM.from_config(config)
        # Emptying the weights separates tied embeddings. Tie them again, so that they count once.
        empty.tie_weights()
        return {
            "error": None,
            "parameters": empty.num_parameters(),
            "config": json.loads(config.to_json_string(use_diff=False)),
            "vocabulary": len(tokenizer),
            "contextLength": getattr(config, "max_position_embeddings", None),
            "template": try_template(tokenizer),
        }
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:500]}


def try_template(tokenizer) -> str | None:
    """Why the chat template cannot be used, or None. DPO requires that a rendered prompt is a prefix of the whole dialogue."""
    if tokenizer.chat_template is None:
        return "the tokenizer has none"
    user = [{"role": "user", "content": "Hello"}]
    try:
        prompt = tokenizer.apply_chat_template(user, tokenize=False, add_generation_prompt=True)
        whole = tokenizer.apply_chat_template([*user, {"role": "assistant", "content": "Hi"}], tokenize=False)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:500]
    return None if whole.startswith(prompt) else "a rendered prompt is not a prefix of prompt and response"


def nearest_folder(path: str) -> Path:
    folder = Path(path).absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


folder, base = sys.argv[1], sys.argv[2]
json.dump(
    {
        "python": platform.python_version(),
        "packages": {name: package_version(name) for name in PACKAGES},
        "gpus": gpus(),
        "cpus": os.cpu_count(),
        "freeDiskBytes": shutil.disk_usage(nearest_folder(folder)).free,
        "model": model(base),
    },
    sys.stdout,
)
