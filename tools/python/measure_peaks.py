"""Trains a small random model with TRL on the CPU, and prints as JSON how much memory the training needed at its peak.

    python measure_peaks.py CASE.json

CASE.json holds `method` (sft or dpo), `model` (a LlamaConfig's values) and `options` (of TRL). The training runs as in a job:
python/train_stage.py, a YAML file of options, rows on disk. Every row is longer than max_length, so each batch is full. Two steps
of two batches each, so that gradients and optimizer states are there at the peak.

The peak is what PyTorch's allocator held: the weights of the model (and of the reference model), and everything that was
allocated from the moment training began. It counts like `torch.cuda.max_memory_allocated()`, and includes what kernels
allocate inside. It leaves out Python, libraries and the data loader.
"""

import json
import os
import runpy
import sys
import tempfile
from pathlib import Path

import numpy
import torch
import transformers
import yaml
from check_common import make_tokenizer
from torch.profiler import ProfilerActivity, profile
from transformers import LlamaConfig, LlamaForCausalLM, Trainer

TRAIN_STAGE = Path(__file__).resolve().parents[2] / "python" / "train_stage.py"
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
ROWS = 64
MEMORY_EVENT = "[memory]"


def widened(tensor: torch.Tensor) -> torch.Tensor:
    """A bf16 tensor as float32, in NumPy's memory, which does not count."""
    bits = tensor.contiguous().view(torch.int16).numpy().astype(numpy.int32) << 16
    return torch.from_numpy(bits.view(numpy.float32))


def narrowed(values: torch.Tensor) -> torch.Tensor:
    bits = values.contiguous().numpy().view(numpy.int32)
    result = torch.empty(values.shape, dtype=torch.bfloat16)
    result.view(torch.int16).numpy()[...] = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    return result


def product(_kernel, _keys, a, b):
    return narrowed(torch.from_numpy(numpy.matmul(widened(a).numpy(), widened(b).numpy())))


def by_float32(kernel, keys, *args, **options):
    """The same kernel in float32. Only its results count for a moment, which are twice as large."""
    wide = [widened(value) if is_bf16(value) else value for value in args]
    results = kernel.call_boxed(keys, *wide, **options)
    return tuple(narrowed(value) if isinstance(value, torch.Tensor) and value.dim() == 4 else value for value in results)


def is_bf16(value) -> bool:
    return isinstance(value, torch.Tensor) and value.dtype == torch.bfloat16


REPLACED = {
    "mm": product,
    "bmm": product,
    "_scaled_dot_product_flash_attention_for_cpu": by_float32,
    "_scaled_dot_product_flash_attention_for_cpu_backward": by_float32,
}


def speed_up_bf16() -> torch.library.Library:
    """Without AVX512_BF16, PyTorch multiplies bf16 matrices fifty times as slowly as others. This does it in float32, and
    allocates the same results."""
    library = torch.library.Library("aten", "IMPL")
    for name, replacement in REPLACED.items():
        own = torch.library.get_kernel(getattr(torch.ops.aten, name).default, "CPU")

        def run(keys, *args, own=own, replacement=replacement, **options):
            if is_bf16(args[0]):
                return replacement(own, keys, *args, **options)
            return own.call_boxed(keys, *args, **options)

        library.impl(name, run, "CPU", with_keyset=True)
    return library


def write_model(values: dict, folder: Path) -> None:
    torch.manual_seed(0)
    tokenizer = make_tokenizer(TEMPLATE)
    tokenizer.save_pretrained(folder)
    special = {"bos_token_id": None, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    model = LlamaForCausalLM(LlamaConfig(max_position_embeddings=16384, **special, **values))
    model.to(torch.bfloat16).save_pretrained(folder)


def write_rows(method: str, length: int, folder: Path) -> None:
    """Bytes are tokens, so a response of `length` bytes makes every row too long."""
    folder.mkdir()
    prompt = [{"role": "user", "content": "Go on."}]
    sides = [[{"role": "assistant", "content": letter * length}] for letter in "ab"]
    row = {"prompt": prompt, "completion": sides[0]} if method == "sft" else dict(zip(("prompt", "chosen", "rejected"), (prompt, *sides)))
    (folder / "train.jsonl").write_text(f"{json.dumps(row)}\n" * ROWS)


def weight_bytes(*models) -> int:
    storages = {}
    for model in models:
        for tensor in [*model.parameters(), *model.buffers()]:
            storages[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
    return sum(storages.values())


def highest(events) -> int:
    held = peak = 0
    for event in sorted((e for e in events if e.name() == MEMORY_EVENT), key=lambda e: e.start_ns()):
        held += event.nbytes()
        peak = max(peak, held)
    return peak


def measure(case: dict, output: Path) -> dict:
    measured = {}
    train = Trainer.train

    def profiled_train(trainer, *args, **options):
        models = [model for model in (trainer.model, getattr(trainer, "ref_model", None)) if model is not None]
        measured["weights"] = weight_bytes(*models)
        measured["parameters"] = sum(p.numel() for p in trainer.model.parameters())
        measured["trained"] = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
        with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as recorded:
            result = train(trainer, *args, **options)
        measured["peak"] = measured["weights"] + highest(recorded.profiler.kineto_results.events())
        return result

    Trainer.train = profiled_train
    config = output / "stage.yaml"
    options = {
        "gradient_accumulation_steps": 2,
        **case["options"],
        "model_name_or_path": str(output / "model"),
        "dataset_name": str(output / "data"),
        "output_dir": str(output / "out"),
        "max_steps": 2,
        "save_strategy": "no",
        "report_to": "none",
        "use_cpu": True,
        "dataloader_pin_memory": False,
    }
    config.write_text(yaml.safe_dump(options))
    sys.argv = [str(TRAIN_STAGE), case["method"], "--config", str(config)]
    runpy.run_path(str(TRAIN_STAGE), run_name="__main__")
    return measured


def main() -> None:
    case = json.loads(Path(sys.argv[1]).read_text())
    transformers.logging.disable_progress_bar()
    library = speed_up_bf16()
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        write_model(case["model"], output / "model")
        write_rows(case["method"], case["options"]["max_length"], output / "data")
        # TRL prints its steps: what this script prints is its last line.
        print(json.dumps(measure(case, output)))


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    main()
