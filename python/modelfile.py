"""Prints an Ollama Modelfile for a GGUF file, with the chat template and stop tokens of the model it was made from.

    python modelfile.py FOLDER MODEL.gguf > Modelfile

Ollama reads Go templates, models bring Jinja templates. What stands around a message of each role is taken from the model's own
template, and the result is compared with it. A template that does more than that cannot be written this way, and ends with an error.
"""

import re
import sys

from jinja2 import TemplateError
from transformers import AutoTokenizer

MARKS = ["<<first>>", "<<second>>", "<<third>>", "<<fourth>>"]

RANGE = "{{ range $i, $_ := .Messages }}"
# A message of the system is one of the messages too: the user's first one has the index 1 then.
FIRST = "{{ if and $.System (eq $i 1) }}"


class Unsupported(Exception):
    """The template does more than stand around messages."""


def render(tokenizer, roles, add_generation_prompt):
    messages = [{"role": role, "content": mark} for role, mark in zip(roles, MARKS)]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=add_generation_prompt)
    # Ollama puts the token that begins a text there by itself, if the tokenizer does.
    adds_begin = tokenizer("a").input_ids[:1] == [tokenizer.bos_token_id]
    return text.removeprefix(tokenizer.bos_token) if adds_begin else text


def between(text, first, second):
    parts = re.split("|".join(map(re.escape, (first, second))), text)
    if len(parts) != 3:
        raise Unsupported("it changes or repeats a message")
    return parts[1]


def parts_of(tokenizer):
    """What stands before everything, before a message of the user, before an answer and after it."""
    begun = render(tokenizer, ["user"], True)
    dialogue = render(tokenizer, ["user", "assistant", "user"], True)
    _, after_answer = render(tokenizer, ["user", "assistant"], False).split(MARKS[1])
    start, answer = begun.split(MARKS[0])
    later = between(dialogue, MARKS[1], MARKS[2])
    if not later.startswith(after_answer):
        # Some end the text too, where no answer is asked for.
        after_answer = after_answer.removesuffix(tokenizer.eos_token or "")
    if not later.startswith(after_answer):
        raise Unsupported("it ends the last answer otherwise than earlier ones")
    before_user = later.removeprefix(after_answer)
    if not start.endswith(before_user):
        raise Unsupported("it begins later messages of the user otherwise than the first")
    if between(dialogue, MARKS[0], MARKS[1]) != answer:
        raise Unsupported("it writes earlier answers otherwise than it begins a new one")
    return start.removesuffix(before_user), before_user, answer, after_answer


def system_of(tokenizer, before_user):
    """What stands around a message of the system, and whether it is part of the user's. None if the template accepts none."""
    try:
        text = render(tokenizer, ["system", "user"], False)
    except Exception:
        return None
    if text.count(MARKS[0]) != 1 or text.count(MARKS[1]) != 1 or text.index(MARKS[0]) > text.index(MARKS[1]):
        return None
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[0]
    return (before, after.removesuffix(before_user), False) if after.endswith(before_user) else (before, after, True)


def template_of(tokenizer):
    preamble, before_user, answer, after_answer = parts_of(tokenizer)
    before, after, joined = system_of(tokenizer, before_user) or ("", "", False)
    user, head = before_user, preamble
    if joined:
        if before != preamble + before_user:
            raise Unsupported("it puts the system's message into the user's, and other text with it")
        user += f"{FIRST}{{{{ $.System }}}}{after}{{{{ end }}}}"
    elif before:
        without = f"{{{{ else }}}}{preamble}" if preamble else ""
        head = f"{{{{ if .System }}}}{before}{{{{ .System }}}}{after}{without}{{{{ end }}}}"
    user_turn = f'{{{{ if eq .Role "user" }}}}{user}{{{{ .Content }}}}{answer}{{{{ end }}}}'
    assistant_turn = f'{{{{ if eq .Role "assistant" }}}}{{{{ .Content }}}}{after_answer}{{{{ end }}}}'
    return head + RANGE + user_turn + assistant_turn + "{{ end }}"


def play(template, system, messages):
    """Renders the few forms of Go templates that `template_of` writes, as Ollama does."""
    head, body = template.split(RANGE)
    body = body.removesuffix("{{ end }}")
    begin = re.compile(re.escape(FIRST) + r"(.*?)\{\{ end \}\}", re.DOTALL)
    joined = [
        begin.sub(lambda found: found[1].replace("{{ $.System }}", system) if system and index == 0 else "", body)
        for index in range(len(messages))
    ]
    head = re.sub(
        r"\{\{ if \.System \}\}(.*?)(?:\{\{ else \}\}(.*?))?\{\{ end \}\}",
        lambda found: (found[1] if system else found[2] or "").replace("{{ .System }}", system or ""),
        head,
        flags=re.DOTALL,
    )
    turns = [
        "".join(
            text.replace("{{ .Content }}", message["content"])
            for role, text in re.findall(r'\{\{ if eq \.Role "(\w+)" \}\}(.*?)\{\{ end \}\}', turn, flags=re.DOTALL)
            if role == message["role"]
        )
        for turn, message in zip(joined, messages)
    ]
    return head + "".join(turns)


def check(tokenizer, template):
    for roles in (["user"], ["user", "assistant", "user"], ["system", "user"], ["system", "user", "assistant", "user"]):
        try:
            expected = render(tokenizer, roles, True)
        except Exception:
            continue
        messages = [{"role": role, "content": mark} for role, mark in zip(roles, MARKS)]
        system = messages[0]["content"] if roles[0] == "system" else None
        own = play(template, system, messages[1:] if system else messages)
        if own != expected:
            raise Unsupported(f"for {', '.join(roles)} it gives {expected!r}, and in Ollama's form {own!r}")


def stops_of(tokenizer, template):
    """The token that ends a text, and those that end or begin a turn. The names of a turn's tokens are in no config."""
    special = [token.content for token in tokenizer.added_tokens_decoder.values() if token.special]
    turns = [token for token in special if token in template and token != tokenizer.bos_token]
    return list(dict.fromkeys([tokenizer.eos_token, *turns]))


def modelfile(tokenizer, weights):
    try:
        template = template_of(tokenizer)
        check(tokenizer, template)
    except (ValueError, TemplateError) as error:
        raise Unsupported(f"it cannot be rendered ({error})") from error
    stops = [f'PARAMETER stop "{stop}"' for stop in stops_of(tokenizer, template) if stop]
    return "\n".join([f"FROM {weights}", f'TEMPLATE """{template}"""', *stops, ""])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        print(modelfile(AutoTokenizer.from_pretrained(sys.argv[1]), sys.argv[2]), end="")
    except Unsupported as error:
        sys.exit(f"The chat template cannot be written in Ollama's form: {error}. Serve the model with llama.cpp or vLLM.")
