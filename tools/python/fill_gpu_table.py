"""Measures steps per second and peak memory of a job's stages on the GPUs of this machine, and prints a row of a table for each.

    python fill_gpu_table.py FOLDER [--steps 10]

FOLDER is a job's directory, as `renderJob()` describes and `aloe train submit` writes it. Each training of its run.sh runs here for a
few steps, in a scratch directory, and is not saved. The first two steps are not timed. A later stage starts from the base
model, which costs as much. Needs the Python that trains, and idle GPUs.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

WARM_UP = 2
RESULT = "measured.json"

# Runs in each process, instead of train_stage.py: the same script, with a clock and PyTorch's own count of memory.
MEASURE = '''
import json, os, runpy, sys, time
import torch
from transformers import Trainer, TrainerCallback

class Clock(TrainerCallback):
    def __init__(self):
        self.times = []
    def on_step_end(self, args, state, control, **_):
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.times.append(time.monotonic())

train = Trainer.train
def timed(self, *args, **options):
    clock = Clock()
    self.add_callback(clock)
    result = train(self, *args, **options)
    times = clock.times[{warm_up} - 1:]
    peak = torch.cuda.max_memory_allocated() if torch.cuda.is_available() else 0
    held = torch.cuda.max_memory_reserved() if torch.cuda.is_available() else 0
    measured = {{"seconds": (times[-1] - times[0]) / (len(times) - 1), "allocated": peak, "reserved": held,
                "tokens": self._total_train_tokens / self.state.global_step}}
    with open(f"{result}." + os.environ.get("RANK", "0"), "w") as file:
        json.dump(measured, file)
    # What follows would save the model.
    os._exit(0)
Trainer.train = timed
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
'''


# How run.sh calls the training of a stage.
CALL = re.compile(r"scripts/train_stage\.py (sft|dpo) --config config/([\w-]+)\.yaml")


def measure(folder: Path, method: str, name: str, given: dict, scratch: Path) -> list[dict]:
    options = {
        **yaml.safe_load((folder / "config" / f"{name}.yaml").read_text()),
        **given,
        "dataset_name": str(folder / "data" / name),
        "output_dir": str(scratch / name),
        "save_strategy": "no",
        "eval_strategy": "no",
        "report_to": "none",
    }
    options.pop("eval_steps", None)
    config, script, result = scratch / f"{name}.yaml", scratch / "measure.py", scratch / f"{name}-{RESULT}"
    config.write_text(yaml.safe_dump(options))
    script.write_text(MEASURE.format(warm_up=WARM_UP, result=result))
    launch = folder / "config" / "accelerate.yaml"
    flags = ["--config_file", str(launch)] if launch.exists() else []
    command = [sys.executable, "-m", "accelerate.commands.launch", *flags, str(script)]
    command += [str(folder / "scripts" / "train_stage.py"), method, "--config", str(config)]
    print(shlex.join(command), file=sys.stderr)
    status = subprocess.run(command, cwd=scratch, env={**os.environ, "PYTHONSAFEPATH": "1"}).returncode
    found = [json.loads(path.read_text()) for path in sorted(scratch.glob(f"{name}-{RESULT}.*"))]
    if not found:
        sys.exit(f"{name} ended with exit code {status} before its steps were measured.")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures a job's stages on this machine's GPUs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=10)
    given = parser.parse_args()
    folder = given.folder.resolve()
    if given.steps <= WARM_UP + 1:
        parser.error(f"--steps must be at least {WARM_UP + 2}")
    stages = CALL.findall((folder / "run.sh").read_text())
    base = yaml.safe_load((folder / "config" / f"{stages[0][1]}.yaml").read_text())["model_name_or_path"]
    print("| stage | processes | s a step | tokens a second | peak GiB, allocated | reserved |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as scratch:
        for method, name in stages:
            changes = {"model_name_or_path": base, "max_steps": given.steps}
            found = measure(folder, method, name, changes, Path(scratch))
            seconds = max(one["seconds"] for one in found)
            peaks = [max(one[kind] for one in found) / 2**30 for kind in ("allocated", "reserved")]
            speed = found[0]["tokens"] / seconds
            print(f"| {name} | {len(found)} | {seconds:.2f} | {speed:,.0f} | {peaks[0]:.1f} | {peaks[1]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
