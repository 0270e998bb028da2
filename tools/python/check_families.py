"""Trains, merges and serves a tiny random model of each family with the scripts that users train with.

    python check_families.py                      every family
    python check_families.py Qwen3.5 "Llama 3.2"  some

For each family, the doctor's script looks at the base; TRL trains SFT and then DPO with adapters on text rows; each adapter is
merged; and the result answers through transformers. What is checked:

doctor  the doctor finds nothing against the base with the family's template variables
mask    TRL trains the response and the end of the turn, and before it stands exactly the prompt that a server would see
sft     the loss falls
merge   the merged model differs from its base, and answers as base plus adapter do
dpo     the margin between both responses rises
serve   the saved model and tokenizer load by themselves, say what was taught, and stop

Needs no network. Each step runs in a fork of this process, so that the libraries are imported once.
"""

import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", OMP_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="")
os.environ.update(TQDM_DISABLE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")

import argparse
import contextlib
import io
import runpy
import tempfile
import time
import traceback
from pathlib import Path

import torch
import transformers
import trl
import yaml
from families import FAMILIES, SHAPES, Family, make_base
from peft import PeftModel
from safetensors import safe_open
from transformers import AutoModelForCausalLM, AutoModelForImageTextToText, AutoProcessor, AutoTokenizer, Trainer
from trl import SFTTrainer
from trl.data_utils import prepare_multimodal_messages

SCRIPTS = Path(__file__).resolve().parents[2] / "python"
STAGES = ["doctor", "mask", "sft", "merge", "dpo", "serve"]

QUESTIONS = ["What helps on a night shift?", "Tea or coffee?", "Anything else?", "And you?"]
TAUGHT, PREFERRED, REJECTED = "Coffee.", "A nap.", "Coffee."

# The `lora` preset on CPUs. Tiny random models learn at a higher rate.
OPTIONS = dict(
    dataset_name="./data",
    use_peft=True,
    dtype="float32",
    lora_r=32,
    lora_alpha=64,
    lora_target_modules="all-linear",
    max_length=2048,
    per_device_train_batch_size=4,
    lr_scheduler_type="linear",
    logging_steps=1,
    save_strategy="no",
    report_to="none",
    use_cpu=True,
    bf16=False,
    gradient_checkpointing=False,
)
# Without the second loss, so few weights would forget how to speak.
METHODS = dict(sft={}, dpo=dict(loss_type=["sigmoid", "sft"], loss_weights=[1.0, 1.0]))
STEPS = 60
RATE = 4e-3


def rows(family: Family, method: str) -> list[dict]:
    """The last one has a history with an earlier response."""
    history = [dict(role="user", content="Hello!"), dict(role="assistant", content="Good evening.")]
    found = []
    for index, question in enumerate(QUESTIONS):
        before = history if index == len(QUESTIONS) - 1 else []
        row: dict = dict(prompt=[*before, dict(role="user", content=question)])
        sides = dict(completion=TAUGHT) if method == "sft" else dict(chosen=PREFERRED, rejected=REJECTED)
        row.update({side: [dict(role="assistant", content=text)] for side, text in sides.items()})
        if family.template_kwargs:
            row["chat_template_kwargs"] = family.template_kwargs
        found.append(row)
    return found


def in_fork(work: Path, name: str, action) -> None:
    """Runs an action in a process of its own. Its output goes to a file, whose end is the error's text."""
    log = work / f"{name}.log"
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        with log.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
            try:
                os.chdir(work)
                action()
                status = 0
            except SystemExit as left:
                status = 0 if left.code in (0, None) else 1
                if isinstance(left.code, str):
                    print(left.code)
            except BaseException:
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
    _, waited = os.waitpid(child, 0)
    if waited != 0:
        lines = [line for line in log.read_text().splitlines() if line.strip()]
        raise AssertionError(f"{name}: {lines[-1] if lines else 'no output'} (see {log})")


def run_script(name: str, *words: str) -> None:
    sys.argv = [name, *words]
    runpy.run_path(str(SCRIPTS / name), run_name="__main__")


def look(base: Path, family: Family) -> dict:
    """What the doctor's script says."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run_script("inspect_environment.py", ".", str(base), json.dumps([family.template_kwargs]))
    return json.loads(said.getvalue().strip().splitlines()[-1])


def check_doctor(base: Path, family: Family) -> None:
    found = look(base, family)
    assert found["model"]["error"] is None, found["model"]["error"]
    [template] = found["model"]["templates"]
    assert template["problem"] is None, template["problem"]


def spy(train):
    """Writes down what is about to be trained, row by row: tokens, and which of them have loss."""

    def train_and_tell(self, *args, **options):
        seen = []
        for row in self.train_dataset:
            batch = self.data_collator([row])
            ids = batch["input_ids"].tolist()
            masks = batch["labels"].ne(-100) if isinstance(self, SFTTrainer) else batch["completion_mask"].bool()
            seen.append([dict(ids=side, mask=mask) for side, mask in zip(ids, masks.tolist())])
        Path("seen.json").write_text(json.dumps(seen))
        return train(self, *args, **options)

    return train_and_tell


def load_reader(folder: Path):
    """The processor, or the tokenizer where the processor cannot be loaded."""
    try:
        return AutoProcessor.from_pretrained(folder)
    except (ImportError, OSError):
        return AutoTokenizer.from_pretrained(folder)


def served_prompt(reader, messages: list[dict], family: Family) -> list[int]:
    is_tokenizer = hasattr(reader, "vocab_size")
    messages = messages if is_tokenizer else prepare_multimodal_messages(messages)
    ids = reader.apply_chat_template(
        messages, add_generation_prompt=True, tokenize=True, return_dict=True, **family.template_kwargs
    )["input_ids"]
    return ids if is_tokenizer else ids[0]


def check_mask(work: Path, base: Path, family: Family, method: str) -> None:
    reader = load_reader(base)
    tokenizer = getattr(reader, "tokenizer", reader)
    end = tokenizer.convert_tokens_to_ids(family.end)
    stops = transformers.GenerationConfig.from_pretrained(base).eos_token_id
    assert end in stops, f"the server does not stop at {family.end}"
    sides = ["completion"] if method == "sft" else ["chosen", "rejected"]
    seen = json.loads((work / "seen.json").read_text())
    assert len(seen) == len(QUESTIONS), f"TRL kept {len(seen)} rows"
    prompts = [served_prompt(reader, row["prompt"], family) for row in rows(family, method)]
    texts = [[row[side][0]["content"] for side in sides] for row in rows(family, method)]
    # TRL may have shuffled them.
    for told in seen:
        first = told[0]["mask"].index(True)
        before = told[0]["ids"][:first]
        # Before what is trained stands the served prompt, and possibly more that the template writes, such as empty thoughts.
        matches = [index for index, prompt in enumerate(prompts) if told[0]["ids"][: len(prompt)] == prompt]
        assert matches, f"no server would send {tokenizer.decode(before)!r}"
        for side, text in zip(told, texts[matches[0]]):
            length = len(prompts[matches[0]])
            assert not any(side["mask"][:length]), "the prompt has loss"
            trained = [token for token, has_loss in zip(side["ids"], side["mask"]) if has_loss]
            assert end in trained, "the end of the turn has no loss"
            answer = tokenizer.decode(trained[: trained.index(end)], skip_special_tokens=False)
            assert answer.strip() == text, f"{answer!r} has loss, not {text!r}"


def train(work: Path, family: Family, method: str, base: str) -> list[dict]:
    with open(work / "data" / "train.jsonl", "w") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows(family, method))
    config = dict(OPTIONS, model_name_or_path=base, output_dir=f"./{method}/adapter")
    config.update(METHODS[method], max_steps=STEPS, learning_rate=RATE)
    (work / f"{method}.yaml").write_text(yaml.safe_dump(config))

    def action() -> None:
        Trainer.train = spy(Trainer.train)
        run_script("train_stage.py", method, "--config", f"{method}.yaml")

    in_fork(work, method, action)
    history = (work / method / "adapter" / "log_history.jsonl").read_text().splitlines()
    return [json.loads(line) for line in history]


def merge(work: Path, method: str) -> None:
    in_fork(work, f"{method}-merge", lambda: run_script("merge_adapter.py", f"./{method}/adapter", f"./{method}/model"))


def load_model(folder: Path):
    config = transformers.AutoConfig.from_pretrained(folder)
    auto = AutoModelForImageTextToText if hasattr(config, "vision_config") else AutoModelForCausalLM
    return auto.from_pretrained(folder, dtype=torch.float32).eval()


def check_merge(work: Path, base: Path, method: str) -> None:
    adapter = work / method / "adapter"
    with safe_open(adapter / "adapter_model.safetensors", framework="pt") as weights:
        senses = [name for name in weights.keys() if "vision" in name or "visual" in name or "connector" in name]
    assert not senses, f"text trained {senses[0]}"
    tokens = AutoTokenizer.from_pretrained(adapter)("Tea or coffee?", return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        model = load_model(base)
        alone = model(input_ids=tokens).logits
        merged = load_model(work / method / "model")(input_ids=tokens).logits
        adapted = PeftModel.from_pretrained(model, adapter).eval()(input_ids=tokens).logits
    assert (merged - alone).abs().max() > 1e-2, "the merged model is its base"
    apart = (merged - adapted).abs().max().item()
    assert apart < 1e-3, f"the merged model differs from base plus adapter by {apart:.3g}"


def check_serve(folder: Path, family: Family) -> None:
    missing = [name for name in family.processor_files if not (folder / name).exists()]
    assert not missing, f"{missing[0]} of the base is missing"
    model = load_model(folder)
    reader = load_reader(folder)
    tokenizer = getattr(reader, "tokenizer", reader)
    ids = served_prompt(reader, [dict(role="user", content=QUESTIONS[0])], family)
    with torch.inference_mode():
        said = model.generate(input_ids=torch.tensor([ids]), max_new_tokens=40, do_sample=False)[0].tolist()[len(ids) :]
    end = tokenizer.convert_tokens_to_ids(family.end)
    text = tokenizer.decode([token for token in said if token != end], skip_special_tokens=True).strip()
    assert end in said, f"it does not stop: {tokenizer.decode(said)!r}"
    # Empty thoughts before it are part of the template.
    assert text.endswith(PREFERRED), f"it says {text!r}"


def check_family(name: str, family: Family, work: Path) -> dict[str, str]:
    """The outcome of every stage, up to the first that fails."""
    outcome: dict[str, str] = {}
    base = work / "base"
    (work / "data").mkdir(parents=True)

    def stage(label: str, action) -> None:
        action()
        outcome[label] = "ok"

    def trained(method: str, start: str, base: Path, measure: str, rises: bool) -> None:
        history = train(work, family, method, start)
        values = [entry[measure] for entry in history if measure in entry]
        assert len(values) == STEPS, f"{len(values)} steps were logged"
        first, last = values[0], values[-1]
        assert last > first if rises else last < first, f"{measure} goes from {first} to {last}"

    def mask(method: str, base: Path) -> None:
        in_fork(work, f"{method}-mask", lambda: check_mask(work, base, family, method))

    def merged(method: str, base: Path) -> None:
        merge(work, method)
        in_fork(work, f"{method}-merged", lambda: check_merge(work, base, method))

    try:
        in_fork(work, "base", lambda: make_base(family, base))
        stage("doctor", lambda: in_fork(work, "doctor", lambda: check_doctor(base, family)))
        stage("sft", lambda: trained("sft", "./base", base, "loss", False))
        mask("sft", base)
        merged("sft", base)
        stage("dpo", lambda: trained("dpo", "./sft/model", work / "sft/model", "rewards/margins", True))
        stage("mask", lambda: mask("dpo", base))
        stage("merge", lambda: merged("dpo", work / "sft/model"))
        stage("serve", lambda: in_fork(work, "serve", lambda: check_serve(work / "dpo/model", family)))
    except AssertionError as error:
        outcome["problem"] = str(error)
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(FAMILIES))
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the models and logs stay")
    options = parser.parse_args()
    unknown = [name for name in options.families if name not in FAMILIES]
    if unknown:
        parser.error(f"unknown family {unknown[0]!r}. There are: {', '.join(FAMILIES)}")
    chosen = options.families or list(FAMILIES)
    print(f"TRL {trl.__version__}, transformers {transformers.__version__}, torch {torch.__version__}\n")
    print(f"| family | {' | '.join(STAGES)} | template | |\n| --- |{' --- |' * (len(STAGES) + 2)}")
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name in chosen:
            family = FAMILIES[name]
            start = time.monotonic()
            outcome = check_family(name, family, (options.keep or Path(scratch)) / name.replace(" ", "-"))
            took = time.monotonic() - start
            cells = [outcome.get(stage, "FAIL" if "problem" in outcome else "-") for stage in STAGES]
            template = "of the same shape" if family.template in SHAPES else f"TRL's {family.template}"
            notes = outcome.get("problem", family.note)
            print(f"| {name} | {' | '.join(cells)} | {template} | {notes} |", flush=True)
            print(f"{name}: {took:.1f} s", file=sys.stderr)
            failed += "problem" in outcome
    print(f"\n{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
