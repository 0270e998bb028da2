"""Checks that exported training files mean to TRL what they say.

Each file is loaded with `datasets`, as a trainer would, and given to TRL's own trainer on a tiny random Llama that
is made on the spot. The tokens that TRL is about to train are decoded and must be the response and the end of the
turn: nothing of the prompt, nothing missing. With --train each trainer also takes two steps. Needs no network.

    python check_dataset.py --sft trl-sft.train.jsonl --dpo trl-dpo.train.jsonl --train
    python check_dataset.py --export data --train

--export checks a whole folder: every file by its name, every configuration of the dataset card, and that Parquet
holds what JSON Lines hold. Of the files for Axolotl and LLaMA-Factory it checks the rows; check_engines.py gives them
to these engines.
"""

import argparse
import json
import math
import os
import re
import sys
import tempfile
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TQDM_DISABLE="1")

import torch
import transformers
from check_common import END, Report, decode, make_model, make_tokenizer, read_rows
from datasets import Dataset, disable_progress_bars, get_dataset_config_names, load_dataset
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

# ChatML. The line break stands before a turn and not after it, so that a response ends with END.
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if not loop.first %}{{ '\\n' }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '" + END + "' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '\\n<|im_start|>assistant\\n' }}{% endif %}"
)


def load(path: Path, columns: list[str], report: Report, cache: str) -> Dataset | None:
    """The file as `datasets` sees it, when that is what the file says."""
    try:
        expected = read_rows(path)
        dataset = load_dataset("json", data_files=str(path), split="train", cache_dir=cache)
    except Exception as error:  # Whatever is thrown is the finding.
        report.check(f"{path.name}: loads", [f"{type(error).__name__}: {error}"])
        return None
    problems = []
    if dataset.column_names != columns:
        problems.append(f"columns are {dataset.column_names}, not {columns}")
    # A column of dates only comes back as dates, not as text: seen with datasets 5.0.1.
    if list(dataset) != expected:
        problems.append("the rows loaded are not the rows of the file")
    return dataset if report.check(f"{path.name}: loads, {len(dataset)} x {', '.join(columns)}", problems) else None


def message_problems(row: int, prompt: list[dict], *sides: list[dict]) -> list[str]:
    """A dialogue that the assistant has to answer, and one answer a side."""
    roles = [message["role"] for message in prompt]
    dialogue = roles[1:] if roles[:1] == ["system"] else roles
    alternating = [("user", "assistant")[i % 2] for i in range(len(dialogue))]
    problems = []
    if dialogue != alternating or len(dialogue) % 2 == 0:
        problems.append(f"row {row}: the prompt's roles are {roles}")
    for side in sides:
        if [message["role"] for message in side] != ["assistant"]:
            problems.append(f"row {row}: a response is {[message['role'] for message in side]}")
    texts = [message["content"] for message in [*prompt, *(m for side in sides for m in side)]]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        problems.append(f"row {row}: a message has no text")
    return problems


def difference(row: int, what: str, expected: str, actual: str) -> list[str]:
    return [] if expected == actual else [f"row {row}: {what} is {actual!r}, not {expected!r}"]


def trainer_arguments(output_dir: str) -> dict:
    return dict(
        output_dir=output_dir,
        max_length=None,
        max_steps=2,
        per_device_train_batch_size=2,
        gradient_checkpointing=False,
        use_cpu=True,
        bf16=False,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )


def take_steps(trainer: transformers.Trainer, name: str, report: Report) -> None:
    before = [parameter.detach().clone() for parameter in trainer.model.parameters()]
    trainer.remove_callback(transformers.PrinterCallback)
    result = trainer.train()
    moved = any(not torch.equal(old, new) for old, new in zip(before, trainer.model.parameters()))
    problems = [] if math.isfinite(result.training_loss) else [f"the loss is {result.training_loss}"]
    if not moved:
        problems.append("no weight has changed")
    report.check(f"{name}: {result.global_step} training steps, loss {result.training_loss:.4f}", problems)


def check_sft(path: Path, options: argparse.Namespace, report: Report, scratch: str) -> None:
    dataset = load(path, ["prompt", "completion"], report, scratch)
    if dataset is None:
        return
    rows = list(dataset)
    problems = [p for i, row in enumerate(rows) for p in message_problems(i, row["prompt"], row["completion"])]
    if not report.check(f"{path.name}: every row is a dialogue and one answer", problems):
        return
    tokenizer = make_tokenizer(CHAT_TEMPLATE)
    trainer = SFTTrainer(
        model=make_model(tokenizer),
        args=SFTConfig(**trainer_arguments(scratch)),
        processing_class=tokenizer,
        train_dataset=dataset,
    )
    problems = [] if len(trainer.train_dataset) == len(rows) else [f"TRL kept {len(trainer.train_dataset)} rows"]
    for i, (row, prepared) in enumerate(zip(rows, trainer.train_dataset)):
        batch = trainer.data_collator([prepared])
        ids, labels = batch["input_ids"][0].tolist(), batch["labels"][0].tolist()
        trained = [token for token, label in zip(ids, labels) if label != -100]
        problems += difference(i, "what is trained", row["completion"][0]["content"] + END, decode(tokenizer, trained))
    report.check(f"{path.name}: TRL trains the completion and its end, and nothing else", problems)
    if options.train:
        take_steps(trainer, f"{path.name}: SFT", report)


def check_dpo(path: Path, options: argparse.Namespace, report: Report, scratch: str) -> None:
    dataset = load(path, ["prompt", "chosen", "rejected"], report, scratch)
    if dataset is None:
        return
    rows = list(dataset)
    problems = [
        p for i, row in enumerate(rows) for p in message_problems(i, row["prompt"], row["chosen"], row["rejected"])
    ]
    problems += [f"row {i}: both sides are the same" for i, row in enumerate(rows) if row["chosen"] == row["rejected"]]
    if not report.check(f"{path.name}: every row is a dialogue and one answer a side", problems):
        return
    tokenizer = make_tokenizer(CHAT_TEMPLATE)
    trainer = DPOTrainer(
        model=make_model(tokenizer),
        ref_model=make_model(tokenizer),
        args=DPOConfig(**trainer_arguments(scratch)),
        processing_class=tokenizer,
        train_dataset=dataset,
    )
    problems = [] if len(trainer.train_dataset) == len(rows) else [f"TRL kept {len(trainer.train_dataset)} rows"]
    for i, (row, prepared) in enumerate(zip(rows, trainer.train_dataset)):
        prompt = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, tokenize=False)
        problems += difference(i, "the prompt", prompt, decode(tokenizer, prepared["prompt_ids"]))
        # The collator stacks the chosen sequence on the rejected one, and masks what is trained.
        batch = trainer.data_collator([prepared])
        for side, ids, mask in zip(("chosen", "rejected"), batch["input_ids"], batch["completion_mask"]):
            trained = decode(tokenizer, ids[mask.bool()].tolist())
            problems += difference(i, f"what is trained of {side}", row[side][0]["content"] + END, trained)
    report.check(f"{path.name}: TRL trains each side and its end, and nothing else", problems)
    if options.train:
        take_steps(trainer, f"{path.name}: DPO", report)


def check_kto(path: Path, options: argparse.Namespace, report: Report, scratch: str) -> None:
    dataset = load(path, ["prompt", "completion", "label"], report, scratch)
    if dataset is None:
        return
    rows = list(dataset)
    problems = [p for i, row in enumerate(rows) for p in message_problems(i, row["prompt"], row["completion"])]
    problems += [f"row {i}: the label is {row['label']!r}" for i, row in enumerate(rows) if type(row["label"]) is not bool]
    if not report.check(f"{path.name}: every row is a dialogue, one answer and a label", problems):
        return
    tokenizer = make_tokenizer(CHAT_TEMPLATE)
    trainer = KTOTrainer(
        model=make_model(tokenizer),
        ref_model=make_model(tokenizer),
        args=KTOConfig(**trainer_arguments(scratch), train_sampling_strategy="sequential"),
        processing_class=tokenizer,
        train_dataset=dataset,
    )
    problems = [] if len(trainer.train_dataset) == len(rows) else [f"TRL kept {len(trainer.train_dataset)} rows"]
    for i, (row, prepared) in enumerate(zip(rows, trainer.train_dataset)):
        prompt = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, tokenize=False)
        problems += difference(i, "the prompt", prompt, decode(tokenizer, prepared["prompt_ids"]))
        batch = trainer.data_collator([prepared])
        trained = decode(tokenizer, batch["input_ids"][0][batch["completion_mask"][0].bool()].tolist())
        problems += difference(i, "what is trained", row["completion"][0]["content"] + END, trained)
        if bool(batch["label"][0]) is not row["label"]:
            problems.append(f"row {i}: TRL's label is {batch['label'][0]}")
    report.check(f"{path.name}: TRL trains the completion and its end, and nothing else", problems)
    if options.train:
        take_steps(trainer, f"{path.name}: KTO", report)


def check_openai(path: Path, _options: argparse.Namespace, report: Report, scratch: str) -> None:
    dataset = load(path, ["input", "preferred_output", "non_preferred_output"], report, scratch)
    if dataset is None:
        return
    problems = []
    for i, row in enumerate(dataset):
        if list(row["input"]) != ["messages"]:
            problems.append(f"row {i}: input has the keys {list(row['input'])}")
        problems += message_problems(i, row["input"]["messages"], row["preferred_output"], row["non_preferred_output"])
    report.check(f"{path.name}: every row is a dialogue and one answer a side", problems)


def check_openai_sft(path: Path, _options: argparse.Namespace, report: Report, scratch: str) -> None:
    dataset = load(path, ["messages"], report, scratch)
    if dataset is None:
        return
    problems = []
    for i, row in enumerate(read_rows(path)):
        *prompt, answer = row["messages"]
        problems += message_problems(i, prompt, [answer])
        weights = [message.get("weight") for message in row["messages"]]
        expected = [0 if message["role"] == "assistant" else None for message in prompt] + [1]
        if weights != expected:
            problems.append(f"row {i}: the weights are {weights}")
    report.check(f"{path.name}: every row trains its last message", problems)


def check_engine_sft(path: Path, _options: argparse.Namespace, report: Report, scratch: str) -> None:
    dataset = load(path, ["messages"], report, scratch)
    if dataset is None:
        return
    problems = []
    for i, row in enumerate(dataset):
        *prompt, answer = row["messages"]
        problems += message_problems(i, prompt, [answer])
    report.check(f"{path.name}: every row is a dialogue and one answer", problems)


def check_engine_dpo(path: Path, _options: argparse.Namespace, report: Report, scratch: str) -> None:
    dataset = load(path, ["messages", "chosen", "rejected"], report, scratch)
    if dataset is None:
        return
    problems = []
    for i, row in enumerate(dataset):
        problems += message_problems(i, row["messages"], [row["chosen"]], [row["rejected"]])
    report.check(f"{path.name}: every row is a dialogue and one answer a side", problems)


CHECKS = {
    "sft": check_sft,
    "dpo": check_dpo,
    "kto": check_kto,
    "openai": check_openai,
    "openai-sft": check_openai_sft,
    "engine-sft": check_engine_sft,
    "engine-dpo": check_engine_dpo,
}

# The check of a file of an export, by the format that its name begins with.
FORMATS = {
    "trl-sft": "sft",
    "trl-dpo": "dpo",
    "trl-kto": "kto",
    "openai-preference": "openai",
    "openai-sft": "openai-sft",
    "axolotl-sft": "engine-sft",
    "axolotl-dpo": "engine-dpo",
    "llama-factory-sft": "engine-sft",
    "llama-factory-dpo": "engine-dpo",
}


def check_card(folder: Path, report: Report, scratch: str) -> None:
    """Every configuration that the dataset card names loads, and is what its files say."""
    # A path without a name, as ".", is none to `datasets`.
    folder = folder.resolve()
    names = get_dataset_config_names(str(folder))
    report.check(f"README.md: names {len(names)} configurations", [] if names else ["there are none"])
    for name in names:
        problems = []
        for split, dataset in load_dataset(str(folder), name, cache_dir=scratch).items():
            path = next(folder.glob(f"{name}.{split}.*"))
            expected = read_rows(path) if path.suffix == ".jsonl" else None
            if expected is not None and list(dataset) != expected:
                problems.append(f"{split}: the rows loaded are not the rows of {path.name}")
        report.check(f"README.md: {name} loads as {dataset.column_names}", problems)


def check_parquet(path: Path, report: Report, scratch: str) -> None:
    """A Parquet file holds the rows of the JSON Lines file beside it, in columns of plain types."""
    twin = path.parent / path.name.replace("-parquet.", ".").replace(".parquet", ".jsonl")
    try:
        dataset = load_dataset("parquet", data_files=str(path), split="train", cache_dir=scratch)
    except Exception as error:  # Whatever is thrown is the finding.
        report.check(f"{path.name}: loads", [f"{type(error).__name__}: {error}"])
        return
    problems = [] if list(dataset) == read_rows(twin) else [f"the rows are not those of {twin.name}"]
    as_json = load_dataset("json", data_files=str(twin), split="train", cache_dir=scratch)
    if dataset.features != as_json.features:
        problems.append(f"the types are {dataset.features}, not {as_json.features}")
    report.check(f"{path.name}: {len(dataset)} rows, as in {twin.name}", problems)


def check_export(folder: Path, options: argparse.Namespace, report: Report) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        path = folder / entry["name"]
        # What SFT trains on does not change its rows' form: trl-sft-rejected, trl-sft-general.
        name = re.sub(r"(-rejected)?(-unmixed|-general)?$", "", path.name.split(".")[0])
        with tempfile.TemporaryDirectory() as scratch:
            if path.suffix == ".parquet":
                check_parquet(path, report, scratch)
            elif name in FORMATS:
                CHECKS[FORMATS[name]](path, options, report, scratch)
    with tempfile.TemporaryDirectory() as scratch:
        check_card(folder, report, scratch)


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks exported training files against datasets and TRL.")
    for name in CHECKS:
        parser.add_argument(f"--{name}", type=Path, action="append", default=[], metavar="FILE", help="may be repeated")
    parser.add_argument("--export", type=Path, action="append", default=[], metavar="FOLDER", help="may be repeated")
    parser.add_argument("--train", action="store_true", help="also take two training steps on each file for TRL")
    options = parser.parse_args()
    files = {name: getattr(options, name.replace("-", "_")) for name in CHECKS}
    if not any(files.values()) and not options.export:
        parser.error("name at least one file or folder")

    transformers.logging.set_verbosity_error()
    disable_progress_bars()
    report = Report()
    for name, check in CHECKS.items():
        for path in files[name]:
            # A cache of its own: `datasets` may else answer with an earlier file of that name.
            with tempfile.TemporaryDirectory() as scratch:
                check(path, options, report, scratch)
    for folder in options.export:
        check_export(folder, options, report)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
