"""Model families in small: for each the real architecture with random weights, its special tokens and its chat template.

The templates are those that the installed TRL ships. Where it ships none, a template of the same shape stands in.

    python families.py "Gemma 3 (multimodal)" FOLDER     makes its base, and prints the variables that its template takes
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path

import torch
import transformers
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GenerationConfig, PreTrainedTokenizerFast

# Of the same shape as the real ones.
SHAPES = {
    "mistral": (
        "{{ bos_token }}{% for message in messages %}"
        "{% if message['role'] == 'assistant' %}{{ ' ' + message['content'] | trim + eos_token }}"
        "{% else %}{{ '[INST] ' + message['content'] + '[/INST]' }}{% endif %}{% endfor %}"
    ),
    "olmo2": (
        "{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content'] }}"
        "{% if message['role'] == 'assistant' %}{{ eos_token }}{% if not loop.last %}{{ '\\n' }}{% endif %}"
        "{% else %}{{ '\\n' }}{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
    ),
    "smollm2": (
        "{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}"
        "{% for message in messages %}"
        "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
    ),
}

CHATML = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
THINK = ["<think>", "</think>"]
LLAMA = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
GEMMA = ["<pad>", "<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>", "<start_of_image>", "<end_of_image>", "<image_soft_token>"]
QWEN_VISION = ["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
SMOLVLM = ["<|begin_of_text|>", "<|end_of_text|>", "<image>", "<fake_token_around_image>", "<end_of_utterance>", "<global-img>"]

# Line breaks stay together and apart from words, as in the tokenizers of Llama 3 and Qwen.
WORDS = r" ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s*[\r\n]+|\s+"

SMALL = dict(hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4)
GROUPED = dict(SMALL, num_key_value_heads=2)
WIDE = dict(GROUPED, head_dim=16)
SIGHT = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2)


@dataclass(frozen=True)
class Family:
    """How to make a model of it, and how it is trained and served."""

    architecture: str
    template: str
    tokens: list[str]
    # Ends a turn, and ends a text.
    end: str
    eos: str
    pad: str
    bos: str | None
    # Options of the language model's config, or of the whole config when there is `vision`.
    text: dict
    # Makes the config's part that sees.
    vision: Callable[[PreTrainedTokenizerFast], dict] | None = None
    # Makes the processor around the tokenizer. None: there is none, or it cannot be made here.
    processor: Callable[[PreTrainedTokenizerFast], object] | None = None
    # Files of a processor that cannot be made here.
    processor_files: dict = field(default_factory=dict)
    # Variables that templates and servers of this family take.
    template_kwargs: dict = field(default_factory=dict)
    # Named tokens of the tokenizer, which its processor asks for.
    named: dict = field(default_factory=dict)
    note: str = ""


def token(tokenizer: PreTrainedTokenizerFast, text: str) -> int:
    return tokenizer.convert_tokens_to_ids(text)


def qwen_eyes(tokenizer: PreTrainedTokenizerFast) -> dict:
    names = dict(zip(["vision_start_token_id", "vision_end_token_id", "image_token_id", "video_token_id"], QWEN_VISION))
    vision = dict(depth=1, hidden_size=32, intermediate_size=64, num_heads=2, out_hidden_size=64)
    return dict(vision_config=vision, **{name: token(tokenizer, text) for name, text in names.items()})


def gemma_eyes(tokenizer: PreTrainedTokenizerFast) -> dict:
    return dict(
        vision_config=dict(SIGHT, image_size=28, patch_size=14, vision_use_head=False),
        mm_tokens_per_image=4,
        boi_token_index=token(tokenizer, "<start_of_image>"),
        eoi_token_index=token(tokenizer, "<end_of_image>"),
        image_token_index=token(tokenizer, "<image_soft_token>"),
    )


def gemma_processor(tokenizer: PreTrainedTokenizerFast) -> object:
    images = transformers.Gemma3ImageProcessorPil(size=dict(height=28, width=28))
    return transformers.Gemma3Processor(images, tokenizer, chat_template=tokenizer.chat_template, image_seq_length=4)


def smolvlm_eyes(tokenizer: PreTrainedTokenizerFast) -> dict:
    return dict(vision_config=dict(SIGHT, image_size=28, patch_size=14), image_token_id=token(tokenizer, "<image>"))


def smolvlm_processor(tokenizer: PreTrainedTokenizerFast) -> object:
    images = transformers.Idefics3ImageProcessorPil(size=dict(longest_edge=28), max_image_size=dict(longest_edge=28))
    return transformers.Idefics3Processor(images, tokenizer, image_seq_len=1, chat_template=tokenizer.chat_template)


def gemma(architecture: str, **more: object) -> Family:
    text = dict(WIDE, query_pre_attn_scalar=16, sliding_window=64)
    return Family(architecture, "gemma3", GEMMA, "<end_of_turn>", "<eos>", "<pad>", "<bos>", text, **more)


def qwen(architecture: str, template: str, text: dict, more_tokens: list[str], **more: object) -> Family:
    return Family(architecture, template, [*CHATML, *more_tokens], "<|im_end|>", "<|im_end|>", "<|endoftext|>", None, text, **more)


def llama(template: str, **more: object) -> Family:
    end = "<|eot_id|>"
    return Family("LlamaForCausalLM", template, LLAMA, end, end, "<|end_of_text|>", "<|begin_of_text|>", GROUPED, **more)


NO_PROCESSOR = "tokenizer alone: its processor needs torchvision"
QWEN_IMAGES = {"preprocessor_config.json": {"image_processor_type": "Qwen2VLImageProcessor"}}
QWEN3_VIDEOS = {"video_preprocessor_config.json": {"video_processor_type": "Qwen3VLVideoProcessor"}}
QWEN2_VIDEOS = {"video_preprocessor_config.json": {"video_processor_type": "Qwen2VLVideoProcessor"}}
# Qwen3.5 mixes linear attention with full attention.
MIXED = dict(
    WIDE,
    layer_types=["linear_attention", "full_attention"],
    linear_key_head_dim=16,
    linear_value_head_dim=16,
    linear_num_key_heads=2,
    linear_num_value_heads=2,
)

FAMILIES: dict[str, Family] = {
    "Qwen2.5": qwen("Qwen2ForCausalLM", "qwen2_5", GROUPED, []),
    "Qwen3": qwen("Qwen3ForCausalLM", "qwen3", WIDE, THINK, template_kwargs=dict(enable_thinking=False)),
    "Qwen3.5": qwen(
        "Qwen3_5ForConditionalGeneration",
        "qwen3_5_think",
        MIXED,
        [*THINK, *QWEN_VISION],
        vision=qwen_eyes,
        processor_files=QWEN_IMAGES | QWEN3_VIDEOS,
        template_kwargs=dict(enable_thinking=False),
        note=NO_PROCESSOR,
    ),
    "Qwen2.5-VL": qwen(
        "Qwen2_5_VLForConditionalGeneration",
        "qwen2_5_vl",
        dict(GROUPED, rope_parameters=dict(rope_type="default", mrope_section=[2, 3, 3], rope_theta=10000.0)),
        QWEN_VISION,
        vision=qwen_eyes,
        processor_files=QWEN_IMAGES | QWEN2_VIDEOS,
        note=NO_PROCESSOR,
    ),
    "Llama 3.1": llama("llama3_1"),
    "Llama 3.2": llama("llama3_2", template_kwargs=dict(date_string="26 Jul 2024")),
    "Gemma 3 (text)": gemma("Gemma3ForCausalLM"),
    "Gemma 3 (multimodal)": gemma(
        "Gemma3ForConditionalGeneration",
        vision=gemma_eyes,
        processor=gemma_processor,
        named=dict(boi_token="<start_of_image>", eoi_token="<end_of_image>", image_token="<image_soft_token>"),
    ),
    "OLMo-2": Family(
        "Olmo2ForCausalLM",
        "olmo2",
        ["<|endoftext|>", "<|pad|>", "<|system|>", "<|user|>", "<|assistant|>"],
        "<|endoftext|>",
        "<|endoftext|>",
        "<|pad|>",
        "<|endoftext|>",
        GROUPED,
    ),
    "Mistral": Family("MistralForCausalLM", "mistral", ["<s>", "</s>", "[INST]", "[/INST]"], "</s>", "</s>", "</s>", "<s>", WIDE),
    "Phi-3.5": Family(
        "Phi3ForCausalLM",
        "phi3_5",
        ["<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"],
        "<|end|>",
        "<|endoftext|>",
        "<|endoftext|>",
        None,
        GROUPED,
    ),
    "SmolLM2": qwen("LlamaForCausalLM", "smollm2", GROUPED, []),
    "SmolVLM": Family(
        "Idefics3ForConditionalGeneration",
        "idefics3",
        SMOLVLM,
        "<end_of_utterance>",
        "<end_of_utterance>",
        "<|end_of_text|>",
        "<|begin_of_text|>",
        dict(GROUPED, model_type="llama"),
        vision=smolvlm_eyes,
        processor=smolvlm_processor,
    ),
}


def chat_template(name: str) -> str:
    if name in SHAPES:
        return SHAPES[name]
    return Path(str(distribution("trl").locate_file(f"trl/chat_templates/{name}.jinja"))).read_text()


def make_tokenizer(family: Family) -> PreTrainedTokenizerFast:
    """Bytes, pairs of line breaks as real vocabularies have them, and the family's special tokens."""
    bpe = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(WORDS), "isolated")
    bpe.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    corpus = ["\n\n"] * 9 + ["system user assistant model coffee night shift decaf"]
    bpe.train_from_iterator(
        corpus, trainers.BpeTrainer(vocab_size=320, special_tokens=family.tokens, initial_alphabet=alphabet, show_progress=False)
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe, eos_token=family.eos, pad_token=family.pad, bos_token=family.bos, extra_special_tokens=family.named
    )
    tokenizer.chat_template = chat_template(family.template)
    return tokenizer


def make_base(family: Family, folder: Path) -> None:
    """Writes the model as the hub has it: weights, config, tokenizer or processor, and what ends an answer."""
    tokenizer = make_tokenizer(family)
    model_class = getattr(transformers, family.architecture)
    ids = dict(
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=tokenizer.bos_token_id,
    )
    # Room for the position of every test row.
    text = dict(family.text, vocab_size=len(tokenizer), max_position_embeddings=2048, **ids)
    if family.vision is None:
        config = model_class.config_class(**text, tie_word_embeddings=False)
    else:
        config = model_class.config_class(text_config=text, **family.vision(tokenizer), tie_word_embeddings=False)
    torch.manual_seed(0)
    model = model_class(config)
    # Of so few numbers, the usual small weights could not make any word likely.
    model.get_output_embeddings().weight.data.mul_(10)
    ends = sorted({tokenizer.eos_token_id, token(tokenizer, family.end)})
    model.generation_config = GenerationConfig(**{**ids, "eos_token_id": ends})
    model.save_pretrained(folder)
    (tokenizer if family.processor is None else family.processor(tokenizer)).save_pretrained(folder)
    for name, content in family.processor_files.items():
        (folder / name).write_text(json.dumps(content))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in FAMILIES:
        sys.exit(f"python families.py FAMILY FOLDER, which makes a base there. There are: {', '.join(FAMILIES)}")
    make_base(FAMILIES[sys.argv[1]], Path(sys.argv[2]))
    print(json.dumps(FAMILIES[sys.argv[1]].template_kwargs))
