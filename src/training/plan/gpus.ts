import { InvalidOptionError } from '../../errors.ts';
import { nearest } from '../../internal/nearest.ts';

/** A kind of GPU. */
export interface Gpu {
  /** Such as `H100`. */
  readonly name: string;
  /** What PyTorch can use, in GiB: a little less than the number on the box. */
  readonly memoryGiB: number;
  /** Peak of dense bf16 products in 10^12 operations per second, from the vendor's data sheet. Null if unknown. */
  readonly bf16Tflops: number | null;
}

/** Vendors print twice the number for sparse matrices; training has none. */
const GPUS: readonly (Gpu & { readonly bf16Tflops: number })[] = [
  { name: 'B200', memoryGiB: 178, bf16Tflops: 2_250 },
  { name: 'H200', memoryGiB: 139.8, bf16Tflops: 989 },
  { name: 'H100', memoryGiB: 79.2, bf16Tflops: 989 },
  { name: 'H100-PCIe', memoryGiB: 79.2, bf16Tflops: 756 },
  { name: 'A100-80GB', memoryGiB: 79.2, bf16Tflops: 312 },
  { name: 'A100-40GB', memoryGiB: 39.4, bf16Tflops: 312 },
  { name: 'L40S', memoryGiB: 44.4, bf16Tflops: 362 },
  { name: 'A6000', memoryGiB: 47.4, bf16Tflops: 155 },
  { name: 'L4', memoryGiB: 22.1, bf16Tflops: 121 },
  { name: 'A10G', memoryGiB: 22.1, bf16Tflops: 70 },
  { name: 'RTX-5090', memoryGiB: 31.4, bf16Tflops: 209 },
  { name: 'RTX-4090', memoryGiB: 23.6, bf16Tflops: 165 },
  { name: 'RTX-3090', memoryGiB: 23.6, bf16Tflops: 71 },
  { name: 'MI300X', memoryGiB: 191, bf16Tflops: 1_307 },
];

const GPU_NAMES: readonly string[] = GPUS.map(({ name }) => name);

const MEMORY = /^(\d+(?:\.\d+)?) ?Gi?B$/i;

/**
 * The GPU of a name, such as `H100` or `a100-80gb`, or of a memory size, such as `48GB`. Of the latter the speed is unknown.
 *
 * @param option Its name in errors.
 * @throws InvalidOptionError for anything else, with the nearest name.
 */
export function findGpu(text: string, option = 'gpu'): Gpu {
  const expected = `one of ${GPU_NAMES.join(', ')}, or a memory size such as 48GB`;
  if (typeof text !== 'string') {
    throw new InvalidOptionError(option, expected, text);
  }
  const known = GPUS.find(({ name }) => plain(name) === plain(text));
  if (known !== undefined) return known;
  const size = MEMORY.exec(text.trim());
  if (size !== null) return { name: text.trim(), memoryGiB: Number(size[1]), bf16Tflops: null };
  const hint = `Did you mean "${nearest(text.toUpperCase(), GPU_NAMES)}"?`;
  throw new InvalidOptionError(option, expected, text, { hint });
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
