"""Runs `transformers serve` for text. Where the part of a processor that reads images or video cannot be loaded, which
`transformers serve` ends with, the tokenizer serves alone.

    python serve_model.py MODEL --port 8000
"""

import runpy
import sys

from transformers import AutoProcessor, AutoTokenizer

load_processor = AutoProcessor.from_pretrained


def load_reader(cls, name, **options):
    try:
        return load_processor.__func__(cls, name, **options)
    except (ImportError, OSError) as error:
        tokenizer = AutoTokenizer.from_pretrained(name, **options)
        [reason, *_] = str(error).strip().splitlines() or [""]
        print(f"Serving text alone, as the processor of {name} cannot be loaded: {reason}", flush=True)
        return tokenizer


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    AutoProcessor.from_pretrained = classmethod(load_reader)
    sys.argv = ["transformers", "serve", *sys.argv[1:]]
    runpy.run_module("transformers.cli.transformers", run_name="__main__", alter_sys=True)
