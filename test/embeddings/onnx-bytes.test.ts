import { describe, expect, it } from 'vitest';
import { FLOAT, onnxModel } from '../../src/embeddings/onnx-bytes.ts';
import { loadOnnxRuntime } from '../../src/embeddings/onnx-runtime.ts';

const { InferenceSession, Tensor } = (await loadOnnxRuntime())!;
const floats = (...values: number[]) => new Tensor('float32', Float32Array.from(values), [1, values.length]);

describe('onnxModel', () => {
  it('writes graphs that onnxruntime runs, with attributes and open dimensions', async () => {
    const model = onnxModel({
      name: 'sums',
      nodes: [
        { op: 'Add', inputs: ['a', 'b'], output: 'sum' },
        { op: 'Concat', inputs: ['sum', 'a'], output: 'both', attributes: { axis: 1 } },
        { op: 'ReduceSum', inputs: ['both'], output: 'total', attributes: { keepdims: 0 } },
      ],
      inputs: ['a', 'b'].map((name) => ({ name, type: FLOAT, rank: 2 })),
      outputs: [
        { name: 'both', type: FLOAT, rank: 2 },
        { name: 'total', type: FLOAT, rank: 0 },
      ],
    });
    const session = await InferenceSession.create(model, {});
    const { both, total } = await session.run({ a: floats(1, 2, 3), b: floats(10, 20, 30) });
    expect([...(both!.data as Float32Array)]).toEqual([11, 22, 33, 1, 2, 3]);
    expect([...(total!.data as Float32Array)]).toEqual([72]);
  });

  it('writes lengths of more than one byte', async () => {
    const long = 'x'.repeat(20_000);
    const model = onnxModel({
      name: long,
      nodes: [{ op: 'Neg', inputs: ['a'], output: long }],
      inputs: [{ name: 'a', type: FLOAT, rank: 2 }],
      outputs: [{ name: long, type: FLOAT, rank: 2 }],
    });
    const session = await InferenceSession.create(model, {});
    const { [long]: negative } = await session.run({ a: floats(1, -2) });
    expect([...(negative!.data as Float32Array)]).toEqual([-1, 2]);
  });

  it('refuses ranks that do not fit, as onnxruntime reads them', async () => {
    const model = onnxModel({
      name: 'vector',
      nodes: [{ op: 'Neg', inputs: ['a'], output: 'b' }],
      inputs: [{ name: 'a', type: FLOAT, rank: 1 }],
      outputs: [{ name: 'b', type: FLOAT, rank: 1 }],
    });
    const session = await InferenceSession.create(model, {});
    await expect(session.run({ a: floats(1) })).rejects.toThrow(/rank/i);
  });
});
