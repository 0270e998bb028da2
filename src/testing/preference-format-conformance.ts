import { strict as assert } from 'node:assert';
import { PreferenceExporter } from '../preferences/preference-exporter.ts';
import type { PreferenceFormat } from '../preferences/preference-format.ts';
import type { PreferenceRecord } from '../preferences/preference-record.ts';
import { type ConformanceCheck, check } from './conformance.ts';

const record = (): PreferenceRecord => ({
  schema: 'aloe-preference/2',
  id: 'record',
  conversationId: 'conversation',
  personaId: 'persona',
  turn: 2,
  conversation: [
    { role: 'user', content: 'Night shift done. Finally.' },
    { role: 'assistant', content: 'Sleep well!' },
    { role: 'user', content: 'Can "not". \u{1F62C}\nCoffee?' },
  ],
  preferred: 'Decaf, or you stay up.',
  rejected: 'Coffee is a popular beverage.',
  provenance: { revealed: ['F1'], preferredModel: 'a', rejectedModel: 'b', path: ['preferred'] },
});

/**
 * The requirements for every {@link PreferenceFormat}. The exporter's own check of formats is one of them.
 *
 * @param create Makes the format. Called several times; all formats it makes must be equal.
 */
export function preferenceFormatConformance(create: () => PreferenceFormat): ConformanceCheck[] {
  return [
    check('the exporter accepts it, including its name', async () => {
      new PreferenceExporter({ formats: [create()] });
    }),
    check('rows survive JSON and contain the preferred response', async () => {
      const rows = create().rows(record());
      assert.ok(rows.length > 0);
      for (const row of rows) assert.deepEqual(JSON.parse(JSON.stringify(row)), row);
      assert.ok(JSON.stringify(rows).includes(record().preferred));
    }),
    check('a pair contains both responses, a demonstration never the rejected one', async () => {
      const format = create();
      assert.equal(JSON.stringify(format.rows(record())).includes(record().rejected), format.kind === 'pair');
    }),
    check('rows have the declared columns, in order', async () => {
      const { columns } = create();
      if (columns === undefined) return;
      for (const row of create().rows(record())) assert.deepEqual(Object.keys(row), Object.keys(columns));
    }),
    check('equal records give equal rows, and the record stays unchanged', async () => {
      const given = record();
      assert.deepEqual(create().rows(given), create().rows(record()));
      assert.deepEqual(given, record());
    }),
  ];
}
