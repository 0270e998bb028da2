"""Prints the names of all options of the installed TRL, by method, as the TypeScript module that finds typos with them. Run it
with the newest TRL of the tested range:

    python tools/python/list_trainer_options.py > src/training/job/trainer-option-names.ts
"""

import os

os.environ.update(HF_HUB_OFFLINE="1")

from dataclasses import fields

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

{constant("SHARED_OPTIONS", "Options of both `trl sft` and `trl dpo`.", shared)}

{constant("SFT_OPTIONS", "Options of `trl sft` only.", sorted(set(sft) - set(shared)))}

{constant("DPO_OPTIONS", "Options of `trl dpo` only.", sorted(set(dpo) - set(shared)))}"""
)
