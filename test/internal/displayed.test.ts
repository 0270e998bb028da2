import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { displayed } from '../../src/internal/displayed.ts';

const describeCounts = ({ counts }: { readonly counts: readonly number[] }) =>
  `| name | count |\n| --- | ---: |\n${counts.map((count) => `| of \\| ${count} | ${count} |`).join('\n')}\n\nDone.\n`;
const data = () => displayed({ counts: [1, 10_000] }, describeCounts);
const notebook = (value: object) =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')]?.();

test('console.log shows the description, with the columns of its table aligned', () => {
  expect(inspect(data())).toBe(
    [
      '| name        | count |',
      '| ----------- | ----: |',
      '| of \\| 1     |     1 |',
      '| of \\| 10000 | 10000 |',
      '',
      'Done.',
    ].join('\n'),
  );
  expect(inspect({ of: data() })).toMatch(/^\{\n {2}of: \n {2}\| name {8}\| count \|\n {2}\| -/);
  expect(inspect({ level: { level: { level: data() } } })).toContain('[Object]');
});

test('a notebook shows Markdown', () => {
  expect(notebook(data())).toEqual({
    'text/markdown': describeCounts({ counts: [1, 10_000] }),
    'text/plain': inspect(data()),
  });
});

test('the data stays plain: JSON, spreads, comparisons and clones see nothing of it', () => {
  const plain = { counts: [1, 10_000] };
  expect(data()).toStrictEqual(plain);
  expect(JSON.stringify(data())).toBe(JSON.stringify(plain));
  expect(structuredClone(data())).toStrictEqual(plain);
  const copy = { ...data() };
  expect(Reflect.ownKeys(copy)).toEqual(['counts']);
  expect(inspect(copy)).toBe('{ counts: [ 1, 10000 ] }');
  expect(inspect(data(), { customInspect: false })).toContain('counts: [ 1, 10000 ]');
});

test('what cannot be described any more is shown in full', () => {
  const changed: { counts?: number[] } = displayed({ counts: [1] }, describeCounts);
  delete changed.counts;
  expect(inspect(changed)).toBe('{}');
  expect(notebook(changed)).toEqual({ 'text/plain': '{}' });
});

test('a terminal is told nothing by what a model wrote', () => {
  const hostile = displayed({ name: '\u001b]52;c;AAAA\u0007\u001b[31mred' }, ({ name }) => name);
  expect(inspect(hostile)).toBe('red');
});
