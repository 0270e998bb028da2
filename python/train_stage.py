"""`trl sft` or `trl dpo` that can be repeated and may be broken off: its seed decides all, it goes on from its newest
checkpoint, and it tells each step as it is logged.

    python -m accelerate.commands.launch train_stage.py sft --config sft.yaml

TRL's own command begins anew, its seed comes after the first random numbers of an adapter, and its steps can be read from
checkpoints only. Here every logged step is a line of `log_history.jsonl` in the output folder.
"""

import atexit
import ctypes
import json
import os
import re
import runpy
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import datasets
import yaml
from transformers import Trainer, TrainerCallback, set_seed

HISTORY = "log_history.jsonl"

# Of Linux: the signal that a process gets when the one that started it ends.
PR_SET_PDEATHSIG = 1


class StepHistory(TrainerCallback):
    def on_train_begin(self, args, state, control, **_):
        # What was logged after the checkpoint will be trained and logged once more.
        write_history(args, state, "w", state.log_history)

    def on_log(self, args, state, control, **_):
        # The last of all sums up and is no step: its times are those since the newest checkpoint.
        if "train_runtime" not in state.log_history[-1]:
            write_history(args, state, "a", state.log_history[-1:])


def write_history(args, state, mode, entries):
    if state.is_world_process_zero:
        with open(Path(args.output_dir) / HISTORY, mode) as file:
            file.writelines(f"{json.dumps(entry)}\n" for entry in entries)


def newest_checkpoint(folder):
    """The newest that is whole: its state is written last."""
    for checkpoint in sorted(Path(folder).glob("checkpoint-*"), key=step_of, reverse=True):
        try:
            json.loads((checkpoint / "trainer_state.json").read_text())
            return str(checkpoint)
        except (OSError, ValueError):
            print(f"{checkpoint} was broken off: the one before it is taken.")
    return None


def step_of(checkpoint):
    return int(checkpoint.name.removeprefix("checkpoint-"))


def train_on(self, *args, **options):
    self.add_callback(StepHistory)
    checkpoint = newest_checkpoint(self.args.output_dir)
    if checkpoint is not None:
        print(f"Going on from {checkpoint}.")
    return begin(self, *args, resume_from_checkpoint=checkpoint, **options)


def load_by_alias(folder, **_):
    """Instead of `datasets.load_dataset` (5.0.1), which takes the full path of a folder for a pattern with variables in it:
    the files go by another path, which says nothing."""
    place = tempfile.mkdtemp(prefix="aloe-data-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    alias = Path(place, "data")
    alias.symlink_to(Path(folder).resolve())
    files = {file.stem: str(alias / file.name) for file in Path(folder).iterdir()}
    kind = "parquet" if next(iter(files.values())).endswith(".parquet") else "json"
    return load_dataset(kind, data_files=files, cache_dir=str(Path(place, "cache")))


def end_with_launcher():
    """torchrun gives each process a session of its own, which no signal to the job's group reaches: were torchrun killed,
    they would go on training, beside those of the next attempt."""
    if "TORCHELASTIC_RUN_ID" in os.environ and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("sft", "dpo") or sys.argv[2] != "--config":
        sys.exit(__doc__)
    end_with_launcher()
    method = sys.argv.pop(1)
    # 42 is what TRL takes where none is given.
    set_seed(yaml.safe_load(Path(sys.argv[2]).read_text()).get("seed", 42))
    begin, Trainer.train = Trainer.train, train_on
    load_dataset = datasets.load_dataset
    if re.search(r"[*?\[\]\\\n$:]", os.getcwd()):
        datasets.load_dataset = load_by_alias
    runpy.run_module(f"trl.scripts.{method}", run_name="__main__", alter_sys=True)
