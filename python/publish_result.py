"""Pushes the result of a job to a private model repository on the Hugging Face hub: one commit, with a tag.

    python publish_result.py <repository> <tag>

The last stage's model goes to the root, where `from_pretrained` looks for it. Adapters keep their directories, and the logged
steps go to `metrics/<stage>.jsonl`.
"""

import json
import re
import sys
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi

# What is only for resuming the training, or names paths of this machine.
NOT_THE_RESULT = re.compile(
    r"checkpoint-\d+|runs|optimizer\.\w+|scheduler\.\w+|rng_state.*|training_args\.bin|trainer_state\.json|README\.md|log_history\.jsonl"
)

WEIGHTS = re.compile(r"model[\w.-]*\.safetensors(\.index\.json)?")


def result_files(manifest):
    """The files to push, by their path in the repository."""
    *others, model = manifest["outputs"]
    folders = {folder: f"{folder}/" for folder in others if folder.endswith("/adapter")} | {model: ""}
    for folder, place in folders.items():
        for file in sorted(Path(folder).rglob("*")):
            name = file.relative_to(folder)
            if file.is_file() and not any(NOT_THE_RESULT.fullmatch(part) for part in name.parts):
                yield f"{place}{name.as_posix()}", file
    for stage in manifest["stages"]:
        history = Path(stage["training"], "log_history.jsonl")
        if history.is_file():
            yield f"metrics/{stage['name']}.jsonl", history


def publish(repository, tag):
    files = dict(result_files(json.loads(Path("manifest.json").read_text())))
    api = HfApi()
    api.create_repo(repository, private=True, exist_ok=True)
    # The weights of an earlier job would be loaded with, or instead of, these.
    stale = [path for path in api.list_repo_files(repository) if WEIGHTS.fullmatch(path) and path not in files]
    commit = api.create_commit(
        repository,
        [CommitOperationAdd(path, str(file)) for path, file in files.items()]
        + [CommitOperationDelete(path) for path in stale],
        commit_message=f"Result of job {tag}",
    )
    api.create_tag(repository, tag=tag, revision=commit.oid, exist_ok=True)
    print(f"Pushed {len(files)} files to {repository}, tag {tag}.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    publish(*sys.argv[1:])
