"""llama.cpp's names for the tensors of a transformers model, and its order of their rows."""

import gguf
from gguf import GGUFReader

# llama.cpp's rotary embedding pairs neighbouring rows of these; transformers pairs the two halves of a head.
PERMUTED = ("attn_q", "attn_k")


class Layout:
    """Tensor names and row order for the architecture of one GGUF file."""

    def __init__(self, like: GGUFReader) -> None:
        self.architecture: str = like.fields["general.architecture"].contents()
        architectures = {name: arch for arch, name in gguf.MODEL_ARCH_NAMES.items()}
        blocks = self._number(like, "block_count")
        self._names = gguf.get_tensor_name_map(architectures[self.architecture], blocks)
        self._heads = {"attn_q": self._number(like, "attention.head_count")}
        self._heads["attn_k"] = self._number(like, "attention.head_count_kv")

    def _number(self, like: GGUFReader, key: str) -> int:
        return int(like.fields[f"{self.architecture}.{key}"].contents())

    def name(self, name: str) -> str | None:
        return self._names.get_name(name, try_suffixes=(".weight", ".bias"))

    def arrange(self, name: str, rows):
        """Reorders the rows of a matrix with this GGUF name from transformers' order to llama.cpp's."""
        part = name.split(".")[2] if name.startswith("blk.") else ""
        if self.architecture != "llama" or part not in PERMUTED:
            return rows
        halves = rows.reshape(self._heads[part], 2, -1, *rows.shape[1:])
        return halves.swapaxes(1, 2).reshape(rows.shape)
