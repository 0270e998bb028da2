import { expect, test } from 'vitest';
import * as z from 'zod';
import { configSchema } from '../../src/config/config-schema.ts';
import { builderScalars } from '../../src/conversations/builder-options.ts';
import { evaluatorScalars } from '../../src/evaluation/evaluator-options.ts';
import { growScalars } from '../../src/personas/grow-options.ts';
import { pairingScalars } from '../../src/personas/persona-pool.ts';
import { exporterScalars } from '../../src/preferences/exporter-options.ts';
import { runScalars } from '../../src/runs/run-options.ts';

const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });

test.each([
  [undefined, runScalars],
  ['personas', { ...growScalars, ...pairingScalars }],
  ['conversations', builderScalars],
  ['export', exporterScalars],
  ['evaluation', evaluatorScalars],
])('the options of "%s" say there what the library says of them', (section, scalars) => {
  const part = section === undefined ? schema : schema.properties?.[section];
  const properties = typeof part === 'object' ? part.properties : undefined;
  for (const [name, { scalar }] of Object.entries(scalars)) {
    expect(properties).toHaveProperty(name);
    expect(properties?.[name]).toMatchObject({
      description: scalar.description,
      ...(scalar.default !== null && { default: scalar.default }),
    });
    expect(scalar.description).not.toBe('');
  }
});
