"""What the checks of training files share: a tiny random model, the rows of a file, and a count of what held."""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

END = "<|im_end|>"
SHOWN = 3


class Report:
    """Prints checks as they are made, and counts them."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def check(self, name: str, problems: list[str]) -> bool:
        """Passes where there is no problem; otherwise shows the first few."""
        print(f"{'FAIL' if problems else 'ok  '}  {name}")
        for problem in problems[:SHOWN]:
            print(f"        {problem}")
        if len(problems) > SHOWN:
            print(f"        and {len(problems) - SHOWN} more")
        self.passed += not problems
        self.failed += bool(problems)
        return not problems


def make_tokenizer(chat_template: str) -> PreTrainedTokenizerFast:
    """Bytes are the vocabulary: any text survives encoding and decoding."""
    specials = ["<|endoftext|>", "<|im_start|>", END, "<pad>"]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    # One merge across line breaks, which real vocabularies have: it tells when a response begins with one.
    vocabulary = [*specials, *alphabet, "ĊĊ"]
    bpe = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(vocabulary)}, merges=[("Ċ", "Ċ")]))
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.add_special_tokens(specials)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token=END, pad_token="<pad>")
    tokenizer.chat_template = chat_template
    return tokenizer


def make_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    torch.manual_seed(0)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            num_key_value_heads=2,
            max_position_embeddings=16384,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def decode(tokenizer: PreTrainedTokenizerFast, ids: list[int]) -> str:
    return tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)


def read_rows(path: Path) -> list[dict]:
    with path.open("rb") as lines:
        return [json.loads(line) for line in lines]
