/** Filters the first vectors of a file and prints what it took and which were kept: `node own.ts FILE COUNT DIMENSIONS THREADS`. */
import { readFileSync } from 'node:fs';
import { nearDuplicateFilter } from '../../src/personas/near-duplicate-filter.ts';

const [file, ...numbers] = process.argv.slice(2);
const [count, dimensions, threads] = numbers.map(Number) as [number, number, number];
const bytes = readFileSync(file!);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, count * dimensions);
const embedder = {
  id: 'file',
  dimensions,
  embed: async (texts: readonly string[]) =>
    texts.map((text) => values.subarray(Number(text) * dimensions, (Number(text) + 1) * dimensions)),
};
const entries = Array.from({ length: count }, (_, index) => ({ id: `${index}`, text: `${index}` }));
const filter = () => nearDuplicateFilter({ embedder, threshold: 0.6, threads });

// Compiles the code and loads onnxruntime, which take as long as a few thousand vectors.
await filter().accept(entries.slice(0, 2_000));
const before = process.cpuUsage();
const start = performance.now();
const verdicts = await filter().accept(entries);
const wallMs = performance.now() - start;
const { user, system } = process.cpuUsage(before);
const kept = verdicts.flatMap(({ accepted }, index) => (accepted ? [index] : []));
console.log(JSON.stringify({ cpuMs: (user + system) / 1_000, wallMs, kept }));
