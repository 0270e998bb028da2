"""Exits with 1 unless two GGUF files have the same tensors within a tolerance, and the same fields.

    python compare_gguf.py ONE.gguf OTHER.gguf TOLERANCE
"""

import sys

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize

one, other = GGUFReader(sys.argv[1]), GGUFReader(sys.argv[2])
tensors = {tensor.name: tensor for tensor in other.tensors}
assert set(tensors) == {tensor.name for tensor in one.tensors}, "the same tensors"
for tensor in one.tensors:
    values = [dequantize(t.data, t.tensor_type) for t in (tensor, tensors[tensor.name])]
    difference = float(np.abs(values[0] - values[1]).max())
    assert difference <= float(sys.argv[3]), f"{tensor.name} differs by {difference}"
for name, field in one.fields.items():
    if name not in ("general.file_type", "GGUF.kv_count"):
        assert other.fields[name].contents() == field.contents(), name
print(f"{len(tensors)} tensors and {len(one.fields)} fields agree")
