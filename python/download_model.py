"""Downloads a model from the Hugging Face Hub, unless it is in the cache, and prints its directory.

    python download_model.py OWNER/NAME
"""

import sys

from huggingface_hub import snapshot_download

# The same weights again, in formats that neither trainers nor servers read.
print(snapshot_download(sys.argv[1], ignore_patterns=["original/*", "*.pth", "*.gguf", "*.onnx"]))
