"""Measures how likely a model finds the last message of each conversation.

    python measure_likelihood.py FOLDER CONVERSATIONS.jsonl RESULTS.jsonl

FOLDER has complete weights in Hugging Face's layout. A conversation is {"id": ..., "messages": [...]}.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

folder, source, target = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(folder)
device = "cuda" if torch.cuda.is_available() else "cpu"
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32 if device == "cpu" else torch.bfloat16)
model.to(device).eval()

with open(source, encoding="utf-8") as rows, open(target, "w", encoding="utf-8") as results:
    for row in map(json.loads, rows):
        *context, last = row["messages"]
        prompt = tokenizer.apply_chat_template(context, add_generation_prompt=True, tokenize=False)
        before = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        reply = tokenizer(last["content"], add_special_tokens=False)["input_ids"]
        with torch.no_grad():
            logits = model(torch.tensor([before + reply], device=device)).logits[0].float()
        # The logits at a place predict the token after it.
        scores = logits[len(before) - 1 : -1].log_softmax(-1)
        chosen = scores.gather(1, torch.tensor(reply, device=device)[:, None])
        result = {
            "id": row["id"],
            "logLikelihood": chosen.sum().item(),
            "tokens": len(reply),
            "bytes": len(last["content"].encode()),
        }
        results.write(json.dumps(result) + "\n")
