/**
 * The little of the ONNX file format, which is protobuf, that a graph of a few nodes needs. Field numbers are those of
 * `onnx.proto`.
 */

/** Type numbers of tensors. */
export const FLOAT = 1;
export const INT64 = 7;

export interface TensorSpec {
  readonly name: string;
  readonly type: number;
  /** Number of dimensions. Their lengths are left open. */
  readonly rank: number;
}

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Integers, or lists of them. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface GraphSpec {
  readonly name: string;
  readonly nodes: readonly NodeSpec[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

// Old enough for the onnxruntime of `@xenova/transformers`.
const IR_VERSION = 8;
const OPERATOR_SET = 13;

/** A model file with this graph, without weights. */
export function onnxModel({ name, nodes, inputs, outputs }: GraphSpec): Uint8Array {
  const graph = [
    ...nodes.flatMap((node) => bytes(1, nodeBytes(node))),
    ...text(2, name),
    ...inputs.flatMap((tensor) => bytes(11, tensorBytes(tensor))),
    ...outputs.flatMap((tensor) => bytes(12, tensorBytes(tensor))),
  ];
  return Uint8Array.from([
    ...integer(1, IR_VERSION),
    ...bytes(7, graph),
    ...bytes(8, integer(2, OPERATOR_SET)),
  ]);
}

function nodeBytes({ op, inputs, output, attributes = {} }: NodeSpec): number[] {
  return [
    ...inputs.flatMap((input) => text(1, input)),
    ...text(2, output),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) => bytes(5, attributeBytes(name, value))),
  ];
}

function attributeBytes(name: string, value: number | readonly number[]): number[] {
  const [values, type] =
    typeof value === 'number' ? [integer(3, value), 2] : [value.flatMap((each) => integer(8, each)), 7];
  return [...text(1, name), ...values, ...integer(20, type)];
}

function tensorBytes({ name, type, rank }: TensorSpec): number[] {
  const openDimensions = Array.from({ length: rank }, () => bytes(1, [])).flat();
  const shapedTensor = [...integer(1, type), ...bytes(2, openDimensions)];
  return [...text(1, name), ...bytes(2, bytes(1, shapedTensor))];
}

const integer = (field: number, value: number) => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, content: readonly number[]) => [
  ...varint((field << 3) | 2),
  ...varint(content.length),
  ...content,
];
const text = (field: number, content: string) => bytes(field, [...new TextEncoder().encode(content)]);

/** Seven bits a byte, the lowest first. Not for negative numbers. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
