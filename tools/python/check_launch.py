"""Checks rendered configs of `accelerate launch` with the launcher's own parser, and what it makes of them with FSDP's and
DeepSpeed's own validation. Needs accelerate and deepspeed (DS_BUILD_OPS=0), no GPU.

    python check_launch.py FOLDER      each FOLDER/*.yaml is named after its launch: fsdp2-offload.yaml
"""

import os
import sys
from importlib.metadata import version
from pathlib import Path

from accelerate.commands.launch import _validate_launch_command, launch_command_parser
from accelerate.utils import DeepSpeedPlugin, FullyShardedDataParallelPlugin
from accelerate.utils.launch import prepare_deepspeed_cmd_env, prepare_multi_gpu_env
from torch.distributed.fsdp import CPUOffloadPolicy

# What transformers' Trainer fills in for "auto", here with some values.
TRAINERS = {
    "train_micro_batch_size_per_gpu": 2,
    "gradient_accumulation_steps": 3,
    "gradient_clipping": 1.0,
}


def environment_of(config: Path) -> dict[str, str]:
    """What `accelerate launch` tells its processes. It refuses unknown members of the config."""
    args = launch_command_parser().parse_args(["--config_file", str(config), "train.py"])
    args, defaults, _ = _validate_launch_command(args)
    if args.use_deepspeed:
        # As the launcher does.
        args.deepspeed_fields_from_accelerate_config = ",".join([*defaults.deepspeed_config, "mixed_precision"])
        return prepare_deepspeed_cmd_env(args)[1]
    return prepare_multi_gpu_env(args)


def check_fsdp(offload: bool) -> list[str]:
    plugin = FullyShardedDataParallelPlugin()
    plugin.set_state_dict_type()
    facts = {
        "version 2": plugin.fsdp_version == 2,
        "resharded after forward": plugin.reshard_after_forward is True,
        "offload": isinstance(plugin.cpu_offload, CPUOffloadPolicy) == offload,
        "loaded by the first process": plugin.cpu_ram_efficient_loading is True,
        "one complete model": str(plugin.state_dict_type).endswith("FULL_STATE_DICT"),
        "no second checkpointing": plugin.activation_checkpointing is False,
    }
    return [name for name, holds in facts.items() if not holds]


def check_deepspeed(offload: bool) -> list[str]:
    from deepspeed.runtime.config import DeepSpeedConfig

    config = DeepSpeedPlugin().deepspeed_config
    given = {name: config.get(name, "auto") for name in TRAINERS}
    config.update(TRAINERS)
    # The trainer fills in sizes of buffers from the model.
    for path in [path for path, value in walk(config) if value == "auto"]:
        put(config, path, 1_000_000)
    # One process, as there is no group. It refuses unknown members.
    config.pop("train_batch_size", None)
    zero = DeepSpeedConfig(config).zero_config
    facts = {
        "stage 3": zero.stage == 3,
        "offload of the optimizer": on_host(zero.offload_optimizer) == offload,
        "offload of the weights": on_host(zero.offload_param) == offload,
        "one complete model": zero.gather_16bit_weights_on_model_save is True,
        **{f"{name} as the trainer says": value == "auto" for name, value in given.items()},
    }
    return [name for name, holds in facts.items() if not holds]


def on_host(part) -> bool:
    return part is not None and part.device == "cpu"


def walk(config: dict, prefix: tuple = ()):
    for name, value in config.items():
        if isinstance(value, dict):
            yield from walk(value, (*prefix, name))
        else:
            yield (*prefix, name), value


def put(config: dict, path: tuple, value) -> None:
    *folders, name = path
    for folder in folders:
        config = config[folder]
    config[name] = value


def main() -> int:
    files = sorted(Path(sys.argv[1]).glob("*.yaml"))
    if not files:
        sys.exit(f"{sys.argv[1]} has no *.yaml")
    print(", ".join(f"{name} {version(name)}" for name in ("accelerate", "deepspeed", "torch")))
    before = dict(os.environ)
    failed = False
    for file in files:
        os.environ.clear()
        os.environ.update(before)
        environment = environment_of(file)
        os.environ.update({name: value for name, value in environment.items() if value is not None})
        offload = file.stem.endswith("-offload")
        problems = []
        if file.stem.startswith("fsdp2"):
            problems = check_fsdp(offload)
        elif file.stem.startswith("zero3"):
            problems = check_deepspeed(offload)
        print(f"{'FAIL' if problems else 'ok  '}  {file.name}" + "".join(f"\n        not: {problem}" for problem in problems))
        failed = failed or bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
