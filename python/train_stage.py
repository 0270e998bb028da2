"""Runs `trl sft` or `trl dpo` so that it is reproducible and can be interrupted: the seed determines everything, training
resumes from the last checkpoint, and each step is written to a file as it is logged.

    python -m accelerate.commands.launch train_stage.py sft --config sft.yaml

TRL's own command starts over, sets its seed only after an adapter has been initialised, and records its steps in checkpoints
only. Here every logged step is a line of `log_history.jsonl` in the output directory. A training that changes no weight ends with
an error.
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
from datetime import timezone
from pathlib import Path

import datasets
import torch
import yaml
from peft import LoraConfig
from transformers import AutoProcessor, AutoTokenizer, Trainer, TrainerCallback, set_seed
from transformers.utils import chat_template_utils

HISTORY = "log_history.jsonl"

# Names of modules within those that read images, video or sound, and of the layers between them and the language model.
OTHER_SENSES = r"(?:.*\.)?(?:embed_)?(?:vision|visual|image|video|audio|speech|multi_modal|multimodal|mm|connector)(?:_\w+)?\..+"

# Schedules without a warm-up.
NO_WARM_UP = ("constant", "reduce_lr_on_plateau", "greedy")
SHORTER_STEPS = (
    "Take fewer rows a step (gradient_accumulation_steps: 1, then a smaller per_device_train_batch_size) or more epochs "
    "(num_train_epochs), or set warmup_steps: 0."
)

# Integers as long as numbers of that many bytes, and how many are added up at once: their sum needs 8 bytes for each.
INTEGERS = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
PIECE = 2**22

# Linux: sets the signal that a process gets when its parent dies.
PR_SET_PDEATHSIG = 1


class StepHistory(TrainerCallback):
    def on_train_begin(self, args, state, control, **_):
        # Steps after the checkpoint will be trained and logged again.
        write_history(args, state, "w", state.log_history)

    def on_log(self, args, state, control, **_):
        # The final entry is a summary, not a step, and its times only count from the last checkpoint.
        if "train_runtime" not in state.log_history[-1]:
            write_history(args, state, "a", state.log_history[-1:])


class WeightWatch(TrainerCallback):
    """Whether training changed any weight of this process, since its first step. That may have been before an interruption."""

    def __init__(self):
        self.unchanged = False

    def on_train_begin(self, args, state, control, model=None, **_):
        warn_of_warm_up(args, state)
        self.place = Path(args.output_dir, f"first_weights.{args.process_index}.json")
        if state.global_step == 0:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            self.place.write_text(json.dumps(fingerprints(model)))

    def on_train_end(self, args, state, control, model=None, **_):
        before = json.loads(self.place.read_text()) if self.place.exists() else []
        self.unchanged = before != [] and fingerprints(model) == before
        if not self.unchanged:
            self.place.unlink(missing_ok=True)


def fingerprints(model):
    """The sum of the bits of each trained weight: exact, and hardly ever the same after a step."""
    return [sum_of_bits(weight) for weight in model.parameters() if weight.requires_grad]


def sum_of_bits(weight):
    # DeepSpeed and FSDP2 keep a part of each weight in each process.
    part = getattr(weight, "ds_tensor", weight).detach()
    part = part.to_local() if hasattr(part, "to_local") else part
    numbers = part.contiguous().view(INTEGERS[part.element_size()]).flatten()
    return sum(piece.sum(dtype=torch.int64).item() for piece in numbers.split(PIECE))


def warn_of_warm_up(args, state):
    """The first step of a warm-up has the learning rate 0."""
    schedule = getattr(args.lr_scheduler_type, "value", args.lr_scheduler_type)
    if schedule in NO_WARM_UP or args.get_warmup_steps(state.max_steps) < state.max_steps:
        return
    if state.is_world_process_zero:
        steps = "has 1 step, and its learning rate is 0" if state.max_steps == 1 else f"has {state.max_steps} steps, all of them warm-up"
        print(f"\n{'!' * 80}\nWarning: this training {steps}. It teaches little or nothing. {SHORTER_STEPS}\n{'!' * 80}\n", flush=True)


def check_changed(trainer, watch):
    unchanged = torch.tensor([int(watch.unchanged)], device=trainer.accelerator.device)
    if trainer.accelerator.gather(unchanged).min().item() == 0:
        return
    dtype = next(weight.dtype for weight in trainer.model.parameters() if weight.requires_grad)
    causes = f"The learning rate was 0, as in the first step of a warm-up, or too low for {dtype}"
    if trainer.args.fp16:
        causes += ", or every step was skipped because its gradients were too large for fp16, where bf16 helps"
    raise RuntimeError(f"Training changed no weight (steps: {trainer.state.global_step}). {causes}. {SHORTER_STEPS}")


def write_history(args, state, mode, entries):
    if state.is_world_process_zero:
        with open(Path(args.output_dir) / HISTORY, mode) as file:
            file.writelines(f"{json.dumps(entry)}\n" for entry in entries)


def newest_checkpoint(folder):
    """The newest complete checkpoint. Its state file is written last."""
    for checkpoint in sorted(Path(folder).glob("checkpoint-*"), key=step_of, reverse=True):
        try:
            json.loads((checkpoint / "trainer_state.json").read_text())
            return str(checkpoint)
        except (OSError, ValueError):
            print(f"{checkpoint} is incomplete: using the one before it.")
    return None


def step_of(checkpoint):
    return int(checkpoint.name.removeprefix("checkpoint-"))


def train_on(self, *args, **options):
    watch = WeightWatch()
    self.add_callback(StepHistory)
    self.add_callback(watch)
    checkpoint = newest_checkpoint(self.args.output_dir)
    if checkpoint is not None:
        print(f"Resuming from {checkpoint}.")
    # TRL 1.16's scripts pass one of their own, which is never set.
    result = begin(self, *args, **{**options, "resume_from_checkpoint": checkpoint})
    check_changed(self, watch)
    return result


def adapt_language_model(self, *args, **options):
    """`all-linear` means every linear layer, also those that read images and sound. Rows of text train none of them."""
    if options.get("target_modules") == "all-linear":
        options.setdefault("exclude_modules", OTHER_SENSES)
    make_adapter(self, *args, **options)


def load_reader(cls, name, **options):
    """What reads images may need packages that are missing here. Rows of text need the tokenizer only."""
    try:
        return load_processor.__func__(cls, name, **options)
    except (ImportError, OSError) as error:
        tokenizer = AutoTokenizer.from_pretrained(name, **options)
        [reason, *_] = str(error).strip().splitlines() or [""]
        print(f"Training with the tokenizer alone, as the processor of {name} cannot be loaded: {reason}")
        return tokenizer


def fix_date(seconds):
    """Chat templates that write the date of the day would make each day's training another one."""

    class FixedDate(chat_template_utils.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(seconds, tz or timezone.utc)

    chat_template_utils.datetime = FixedDate


def load_by_alias(folder, **_):
    """Replaces `datasets.load_dataset` (5.0.1), which expands wildcards and variables in the absolute path of a directory. The
    files are read through a symbolic link with a harmless path."""
    place = tempfile.mkdtemp(prefix="aloe-data-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    alias = Path(place, "data")
    alias.symlink_to(Path(folder).resolve())
    files = {file.stem: str(alias / file.name) for file in Path(folder).iterdir()}
    kind = "parquet" if next(iter(files.values())).endswith(".parquet") else "json"
    return load_dataset(kind, data_files=files, cache_dir=str(Path(place, "cache")))


def end_with_launcher():
    """torchrun starts each process in its own session, which signals to the job's group do not reach. If torchrun were killed,
    these processes would keep training next to those of the following attempt."""
    if "TORCHELASTIC_RUN_ID" in os.environ and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("sft", "dpo") or sys.argv[2] != "--config":
        sys.exit(__doc__)
    end_with_launcher()
    method = sys.argv.pop(1)
    # 42 is TRL's default.
    set_seed(yaml.safe_load(Path(sys.argv[2]).read_text()).get("seed", 42))
    begin, Trainer.train = Trainer.train, train_on
    make_adapter, LoraConfig.__init__ = LoraConfig.__init__, adapt_language_model
    load_processor, AutoProcessor.from_pretrained = AutoProcessor.from_pretrained, classmethod(load_reader)
    if "SOURCE_DATE_EPOCH" in os.environ:
        fix_date(int(os.environ["SOURCE_DATE_EPOCH"]))
    load_dataset = datasets.load_dataset
    if re.search(r"[*?\[\]\\\n$:]", os.getcwd()):
        datasets.load_dataset = load_by_alias
    runpy.run_module(f"trl.scripts.{method}", run_name="__main__", alter_sys=True)
