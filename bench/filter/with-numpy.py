"""The same filter in numpy, with the same verdicts: `python with-numpy.py FILE COUNT DIMENSIONS`. Exits with 3 if there is no numpy."""

import json
import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit(3)

BLOCK, PIECE = 256, 8192


def filter_vectors(vectors, threshold=0.6):
    count, dimensions = vectors.shape
    stored = np.empty((count, dimensions), np.float32)
    kept, verdicts = [], []
    for start in range(0, count, BLOCK):
        exact = vectors[start : start + BLOCK].astype(np.float64)
        block = (exact / np.linalg.norm(exact, axis=1, keepdims=True)).astype(np.float32)
        rows = np.arange(len(block))
        top = np.full(len(block), -2, np.float32)
        nearest = np.zeros(len(block), np.int64)
        size = len(kept)
        for first in range(0, size, PIECE):
            products = block @ stored[first : min(first + PIECE, size)].T
            best = products.argmax(axis=1)
            found = products[rows, best]
            better = found > top
            top[better] = found[better]
            nearest[better] = best[better] + first
        among = block @ block.T
        added = []
        for row in range(len(block)):
            similarity = top[row]
            if added:
                best = among[row, added].argmax()
                if among[row, added[best]] > similarity:
                    similarity = among[row, added[best]]
                    nearest[row] = size + best
            if abs(similarity - threshold) < 1e-5 and kept:
                products = stored[: len(kept)].astype(np.float64) @ block[row].astype(np.float64)
                nearest[row] = products.argmax()
                similarity = np.float32(products[nearest[row]])
            accepted = bool(similarity <= np.float32(threshold))
            verdicts.append((accepted, int(nearest[row]), float(similarity)))
            if not accepted:
                continue
            stored[len(kept)] = block[row]
            added.append(row)
            kept.append(start + row)
    return kept


count, dimensions = int(sys.argv[2]), int(sys.argv[3])
all_vectors = np.fromfile(sys.argv[1], np.float32, count * dimensions).reshape(count, dimensions)
filter_vectors(all_vectors[:2000])
cpu, wall = time.process_time(), time.perf_counter()
kept = filter_vectors(all_vectors)
print(json.dumps({"cpuMs": 1000 * (time.process_time() - cpu), "wallMs": 1000 * (time.perf_counter() - wall), "kept": kept}))
