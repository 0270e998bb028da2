"""Prints as JSON what this Python can train with: versions, options of TRL, GPUs, free disk space, and facts about the base
model.

    python inspect_environment.py FOLDER BASE [VARIABLES]

VARIABLES is a JSON list of the chat template variables that training rows have, each an object. Default: [{}].
"""

import json
import os
import platform
import shutil
import sys
from datetime import datetime
from importlib import import_module
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


def options() -> dict:
    """Names of the options that the installed TRL takes, by method."""
    return {method: option_names(method) for method in ("sft", "dpo")}


def option_names(method: str) -> list[str] | None:
    try:
        parser = import_module(f"trl.scripts.{method}").make_parser()
    except Exception:
        return None
    return sorted(action.dest for action in parser._actions)


def model(base: str, variables: list[dict]) -> dict:
    """Size, context length and template of the base model, without loading its weights."""
    try:
        import transformers
        from transformers import AutoConfig, AutoModelForCausalLM
        from accelerate import init_empty_weights

        config = AutoConfig.from_pretrained(base)
        reader, missing = load_reader(base)
        [architecture, *_] = config.architectures or [""]
        with init_empty_weights():
            # The class that TRL trains.
            known = getattr(transformers, architecture, None)
            empty = AutoModelForCausalLM.from_config(config) if known is None else known(config)
        # Emptying the weights separates tied embeddings. Tie them again, so that they count once.
        empty.tie_weights()
        return {
            "error": None,
            "parameters": empty.num_parameters(),
            "config": json.loads(config.to_json_string(use_diff=False)),
            "vocabulary": len(getattr(reader, "tokenizer", reader)),
            "contextLength": getattr(config.get_text_config(), "max_position_embeddings", None),
            "processor": missing,
            "templates": [try_template(reader, given) for given in variables],
        }
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:500]}


def load_reader(base: str) -> tuple:
    """The processor. Where it cannot be loaded, as packages for images are missing: the tokenizer, as in training, and why."""
    from transformers import AutoProcessor, AutoTokenizer

    try:
        return AutoProcessor.from_pretrained(base), None
    except (ImportError, OSError) as error:
        [reason, *_] = str(error).strip().splitlines() or [""]
        return AutoTokenizer.from_pretrained(base), reason.strip()[:200]


# Variables that well-known templates have, with a value that turns thinking off or fixes the date.
NO_THINKING = [("enable_thinking", False), ("thinking", False)]
ONE_DATE = [(name, "26 Jul 2024") for name in ("date_string", "current_date", "date")]

DIALOGUE = [
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": "Hi"},
    {"role": "user", "content": "Coffee?"},
    {"role": "assistant", "content": "Please"},
]


def try_template(reader, given: dict) -> dict:
    """How the chat template works with these variables, and which further variable would repair what does not."""
    problem = prompt_problem(reader, given)
    dated = problem is None and writes_date(reader, given)
    return {
        "variables": given,
        "problem": problem,
        "repair": problem and variable_that(reader, given, NO_THINKING, lambda more: prompt_problem(reader, more) is None),
        # Whether a server that does not get the variables makes another prompt.
        "needed": problem is None and bool(given) and tokens(reader, 1, {}) != tokens(reader, 1, given),
        "dated": dated,
        "dateRepair": variable_that(reader, given, ONE_DATE, lambda more: not writes_date(reader, more)) if dated else None,
    }


def variable_that(reader, given: dict, candidates: list[tuple], helps) -> dict | None:
    source = str(reader.chat_template)
    return next(({name: value} for name, value in candidates if name in source and helps({**given, name: value})), None)


def tokens(reader, messages: int, given: dict) -> list[int]:
    """The dialogue's first messages as a server tokenises a prompt, or, if the assistant has spoken last, as training does."""
    dialogue = DIALOGUE[:messages]
    is_processor = hasattr(reader, "tokenizer")
    if is_processor:
        dialogue = [{**message, "content": [{"type": "text", "text": message["content"]}]} for message in dialogue]
    ids = reader.apply_chat_template(
        dialogue, add_generation_prompt=messages % 2 == 1, tokenize=True, return_dict=True, **given
    )["input_ids"]
    return ids[0] if is_processor else ids


def prompt_problem(reader, given: dict) -> str | None:
    """Why the chat template cannot be used, or None. The tokens of a server's prompt must stand before a trained response."""
    if reader.chat_template is None:
        return "the tokenizer has none"
    tokenizer = getattr(reader, "tokenizer", reader)
    try:
        for messages in (2, 4):
            served, trained = tokens(reader, messages - 1, given), tokens(reader, messages, given)
            text = tokenizer.decode(trained)
            lost = [message["content"] for message in DIALOGUE[:messages] if message["content"] not in text]
            if lost:
                return f"it leaves out the text of messages ({lost[0]!r})"
            if trained[: len(served)] != served:
                same = next(i for i, token in enumerate(served) if trained[i : i + 1] != [token])
                there, here = (tokenizer.decode(ids[same : same + 8]) for ids in (served, trained))
                return f"a server's prompt goes on with {there!r} where training has {here!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:500]
    return None


def writes_date(reader, given: dict) -> bool:
    """Whether the template writes the date of the day into a prompt."""
    from transformers.utils import chat_template_utils

    class LongAgo(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2001, 2, 3, tzinfo=tz)

    today = tokens(reader, 1, given)
    real, chat_template_utils.datetime = chat_template_utils.datetime, LongAgo
    try:
        return tokens(reader, 1, given) != today
    finally:
        chat_template_utils.datetime = real


def nearest_folder(path: str) -> Path:
    folder = Path(path).absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


folder, base = sys.argv[1], sys.argv[2]
variables = json.loads(sys.argv[3]) if len(sys.argv) > 3 else [{}]
json.dump(
    {
        "python": platform.python_version(),
        "packages": {name: package_version(name) for name in PACKAGES},
        "options": options(),
        "gpus": gpus(),
        "cpus": os.cpu_count(),
        "freeDiskBytes": shutil.disk_usage(nearest_folder(folder)).free,
        "model": model(base, variables),
    },
    sys.stdout,
)
