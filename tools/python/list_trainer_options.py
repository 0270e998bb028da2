"""Prints the names of all options that the installed TRL takes, by method, as the module the library checks them with.

    python tools/python/list_trainer_options.py > src/training/trainer-option-names.ts
"""

import os

os.environ.update(HF_HUB_OFFLINE="1")

from dataclasses import fields

import transformers
import trl
from trl import DPOConfig, ModelConfig, SFTConfig


def names(*configs: type) -> list[str]:
    return sorted({field.name for config in configs for field in fields(config) if field.init})


def constant(name: str, description: str, values: list[str]) -> str:
    lines = "".join(f"  '{value}',\n" for value in values)
    return f"/** {description} */\nexport const {name}: readonly string[] = [\n{lines}];"


sft = names(SFTConfig, ModelConfig)
dpo = names(DPOConfig, ModelConfig)
shared = sorted(set(sft) & set(dpo))
print(
    f"""// Written by tools/python/list_trainer_options.py.

/** The release whose options these are. */
export const TRAINER_VERSION = 'trl {trl.__version__}, transformers {transformers.__version__}';

{constant("SHARED_OPTIONS", "What both `trl sft` and `trl dpo` take.", shared)}

{constant("SFT_OPTIONS", "What only `trl sft` takes.", sorted(set(sft) - set(shared)))}

{constant("DPO_OPTIONS", "What only `trl dpo` takes.", sorted(set(dpo) - set(shared)))}"""
)
