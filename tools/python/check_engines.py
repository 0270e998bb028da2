"""Checks that exported files mean to Axolotl and LLaMA-Factory what they say, by running these engines.

    python check_engines.py axolotl data
    python check_engines.py llama-factory data

Every configuration of that engine in the folder goes through the engine's own entry point as it is, on a tiny random
model that is made on the spot. Only what a CPU and two steps ask for is overridden. The moment before the engine begins
to train, each batch that it would train on is decoded: the whole must be the conversation as the model's chat template
writes it, and what carries loss the response and its end. Needs no network and no GPU.

Each engine pins other versions of the same libraries: requirements-axolotl.txt, requirements-llama-factory.txt. They
are complete lists: install torch first, by itself, then pip install --no-deps -r FILE.
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import types
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet
import torch
import transformers
import yaml
from check_common import END, Report, decode, make_model, make_tokenizer, read_rows

STEPS = 2
# The folder of the model, beside the data.
TINY_MODEL = "tiny-model"
# Characters of the log of a run that failed.
LOG_SHOWN = 4000
# ChatML as Qwen's models have it: a system prompt where there is none, and a line break after every turn.
CHAT_TEMPLATE = (
    "{% if messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}"
    "{% endif %}"
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "DO_NOT_TRACK": "1",
    "AXOLOTL_DO_NOT_TRACK": "1",
}
# The whole text of each sequence of a row, and what of it is trained: one sequence for SFT, chosen and rejected for DPO.
Row = tuple[tuple[str, str], ...]


def start_axolotl(config: str) -> None:
    """`axolotl train` without the launcher for several GPUs."""
    import trl.trainer.utils

    # Axolotl imports Triton, which is for GPUs, before it looks whether it is there (0.19). Without it TRL's own
    # functions stay in place, so this gives Axolotl those.
    kernels = types.ModuleType("axolotl.monkeypatch.trainer.utils")
    kernels.selective_log_softmax = trl.trainer.utils.selective_log_softmax
    kernels.entropy_from_logits = trl.trainer.utils.entropy_from_logits
    sys.modules[kernels.__name__] = kernels

    from axolotl.cli.main import cli

    overrides = [f"--base-model={TINY_MODEL}", "--output-dir=out", f"--max-steps={STEPS}"]
    # On unless told otherwise, and written in Triton.
    overrides += ["--no-lora-qkv-kernel", "--no-lora-o-kernel", "--no-lora-mlp-kernel"]
    cli(["train", config, "--launcher=python", *overrides], standalone_mode=False)


def start_llama_factory(config: str) -> None:
    """`llamafactory-cli train`."""
    # Imported for sound files at start, and its builds on PyPI load the libraries of a GPU.
    sys.modules["torchaudio"] = types.ModuleType("torchaudio")

    from llamafactory.cli import main

    overrides = [f"model_name_or_path={TINY_MODEL}", "output_dir=out", f"max_steps={STEPS}"]
    overrides += ["bf16=false", "use_cpu=true"]
    sys.argv = ["llamafactory-cli", "train", config, *overrides]
    main()


@dataclass(frozen=True)
class Engine:
    """What the check has to know of an engine."""

    package: str
    start: Callable[[str], None]
    # What is trained after the response's text.
    after_response: str


ENGINES = {
    "axolotl": Engine("axolotl", start_axolotl, END),
    # It trains an assistant's turn to its last character, so the line break of the template as well.
    "llama-factory": Engine("llamafactory", start_llama_factory, f"{END}\n"),
}


def data_files(engine: str, config: dict, folder: Path) -> dict[str, Path]:
    """The files that a configuration names, by `train` and `validation`."""
    if engine == "axolotl":
        sets = {"train": config["datasets"], "validation": config.get("test_datasets", [])}
        return {split: folder / entry["path"] for split, entries in sets.items() for entry in entries}
    info = json.loads((folder / config["dataset_dir"] / "dataset_info.json").read_text())
    names = {"train": config["dataset"], "validation": config.get("eval_dataset")}
    return {split: folder / info[name]["file_name"] for split, name in names.items() if name}


def read_file(path: Path) -> list[dict]:
    return pyarrow.parquet.read_table(path).to_pylist() if path.suffix == ".parquet" else read_rows(path)


def expected_rows(path: Path, method: str, engine: str, tokenizer) -> list[Row]:
    """What a file says is to be trained."""
    rows = []
    for row in read_file(path):
        if method == "sft":
            prompt, sides = row["messages"][:-1], row["messages"][-1:]
        else:
            prompt, sides = row["messages"], [row["chosen"], row["rejected"]]
        begin = tokenizer.apply_chat_template(prompt, add_generation_prompt=True, tokenize=False)
        responses = [side["content"] + ENGINES[engine].after_response for side in sides]
        rows.append(tuple((begin + response, response) for response in responses))
    return rows


def actual_rows(dataset, collator, tokenizer) -> list[Row]:
    """What the trainer's own batches hold, made of one row each. The chosen sequence stands before the rejected one."""
    rows = []
    for row in dataset:
        batch = collator([row])
        has_loss = batch["labels"] != -100 if "labels" in batch else batch["completion_mask"].bool()
        sequences = []
        for ids, present, loss in zip(batch["input_ids"], batch["attention_mask"].bool(), has_loss):
            whole, trained = decode(tokenizer, ids[present].tolist()), decode(tokenizer, ids[loss].tolist())
            # The line break that ends the template's last turn may stand there without loss.
            sequences.append((whole if trained.endswith("\n") else whole.removesuffix("\n"), trained))
        rows.append(tuple(sequences))
    return rows


def row_problems(expected: list[Row], actual: list[Row]) -> list[str]:
    """Engines shuffle: what counts is which rows there are, and how often."""
    problems = [] if len(actual) == len(expected) else [f"{len(actual)} rows are trained, not {len(expected)}"]
    problems += [f"not trained: {row!r}" for row in (Counter(expected) - Counter(actual)).elements()]
    problems += [f"trained: {row!r}" for row in (Counter(actual) - Counter(expected)).elements()]
    return problems


def train(engine: str, config: str, findings: str) -> None:
    """Runs the engine in this process, and writes what was found to a file: a list of a name and its problems."""
    settings = yaml.safe_load(Path(config).read_text())
    method = "dpo" if "dpo" in (settings.get("rl"), settings.get("stage")) else "sft"
    tokenizer = transformers.AutoTokenizer.from_pretrained(TINY_MODEL)
    results = []
    run = transformers.Trainer.train

    def checked_train(trainer, *args, **kwargs):
        datasets = {"train": trainer.train_dataset, "validation": trainer.eval_dataset}
        for split, path in data_files(engine, settings, Path()).items():
            expected = expected_rows(path, method, engine, tokenizer)
            actual = actual_rows(datasets[split], trainer.data_collator, tokenizer)
            name = f"{path.name}: {len(actual)} rows, trained on the response and its end, and on nothing else"
            results.append((name, row_problems(expected, actual)))

        weights = {name: value for name, value in trainer.model.named_parameters() if value.requires_grad}
        before = {name: value.detach().clone() for name, value in weights.items()}
        result = run(trainer, *args, **kwargs)
        moved = [name for name, value in weights.items() if not torch.equal(before[name], value)]
        problems = [] if math.isfinite(result.training_loss) else [f"the loss is {result.training_loss}"]
        if result.global_step != STEPS:
            problems.append(f"{result.global_step} steps, not {STEPS}")
        if not moved or not all("lora_" in name for name in before):
            problems.append(f"{len(moved)} of {len(before)} weights have changed: {list(before)[:2]}")
        results.append((f"{config}: {result.global_step} training steps, loss {result.training_loss:.4f}", problems))
        return result

    transformers.Trainer.train = checked_train
    try:
        ENGINES[engine].start(config)
    finally:
        Path(findings).write_text(json.dumps(results))


def check_config(engine: str, folder: Path, config: str, model: Path, report: Report) -> None:
    """Trains in a process and a copy of the folder: an engine changes libraries in memory, and leaves files behind."""
    with tempfile.TemporaryDirectory() as scratch:
        work, log, findings = Path(scratch, "data"), Path(scratch, "log.txt"), Path(scratch, "findings.json")
        work.mkdir()
        # By a relative path: engines guess a model's family from its path, and a scratch folder's name is random.
        # Axolotl takes every "/tmp/tmpt…" for an MPT model.
        shutil.copytree(model, work / TINY_MODEL)
        for file in folder.iterdir():
            # Folders are what an engine left behind, such as rows that it has tokenised already.
            if file.is_file():
                shutil.copy(file, work)
        command = [sys.executable, Path(__file__).resolve(), engine, config, "--findings", findings]
        environment = {**os.environ, **ENVIRONMENT, "HF_HOME": str(Path(scratch, "cache"))}
        with log.open("wb") as stream:
            process = subprocess.run(command, cwd=work, env=environment, stdout=stream, stderr=subprocess.STDOUT)
        results = json.loads(findings.read_text()) if findings.exists() else []
        for name, problems in results:
            report.check(name, problems)
        output = log.read_text("utf-8", "replace")
        problems = []
        if process.returncode != 0:
            last_line = output.rstrip().rpartition("\n")[2]
            problems.append(f"exit {process.returncode}: {last_line}")
        if not results:
            problems.append("it ended before it trained")
        if not (work / "out" / "adapter_model.safetensors").exists():
            problems.append("there is no adapter")
        if not report.check(f"{config}: the run ends well and leaves an adapter", problems):
            print(output[-LOG_SHOWN:])


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks exported training files against Axolotl or LLaMA-Factory.")
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("path", help="a folder of an export")
    # For the process that trains: the path is then a configuration.
    parser.add_argument("--findings", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.findings:
        train(options.engine, options.path, options.findings)
        return 0

    folder = Path(options.path)
    configs = sorted(path.name for path in folder.glob(f"{options.engine}-*.yaml"))
    if not configs:
        parser.error(f"{folder} has no {options.engine}-*.yaml")
    packages = [ENGINES[options.engine].package, "trl", "transformers", "torch"]
    print(", ".join(f"{package} {version(package)}" for package in packages))
    transformers.logging.disable_progress_bar()
    report = Report()
    with tempfile.TemporaryDirectory() as model:
        tokenizer = make_tokenizer(CHAT_TEMPLATE)
        tokenizer.save_pretrained(model)
        make_model(tokenizer).save_pretrained(model)
        for config in configs:
            check_config(options.engine, folder, config, Path(model), report)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
