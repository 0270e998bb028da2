const STRING = 8;
const FLOAT = 6;
const ALIGNMENT = 32;

export interface GgufTensor {
  readonly name: string;
  readonly dimensions: readonly number[];
}

/** The head of a GGUF file, up to its weights, which are numbers of 32 bits. */
export function ggufHead(
  metadata: Readonly<Record<string, string | number>>,
  tensors: readonly GgufTensor[],
): Buffer {
  const entries = Object.entries(metadata);
  let offset = 0;
  const described = tensors.map(({ name, dimensions }) => {
    const lengths = dimensions.map(uint64);
    const bytes = Buffer.concat([
      text(name),
      uint32(dimensions.length),
      ...lengths,
      uint32(0),
      uint64(offset),
    ]);
    offset += 4 * dimensions.reduce((product, length) => product * length, 1);
    return bytes;
  });
  const bytes = Buffer.concat([
    Buffer.from('GGUF'),
    uint32(3),
    uint64(tensors.length),
    uint64(entries.length),
    ...entries.map(([key, value]) => Buffer.concat([text(key), typed(value)])),
    ...described,
  ]);
  return Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);
}

function typed(value: string | number): Buffer {
  return typeof value === 'string'
    ? Buffer.concat([uint32(STRING), text(value)])
    : Buffer.concat([uint32(FLOAT), Buffer.from(new Float32Array([value]).buffer)]);
}

function text(value: string): Buffer {
  return Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
