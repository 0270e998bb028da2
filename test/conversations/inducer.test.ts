import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { induceStatements } from '../../src/conversations/roles/inducer.ts';
import { user } from '../../src/messages.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { parseStructured } from '../../src/models/structured.ts';
import { statementsOf } from '../../src/personas/persona.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { beekeeper } from './fakes.ts';

const statements = statementsOf(beekeeper());
const known = ['F1', 'T2'];
const open = statements.map(({ id }) => id).filter((id) => !known.includes(id));

function induce(reply: string, requests: ChatRequest[] = []): Promise<string[]> {
  const model = scriptedModel((request) => {
    requests.push(request);
    return reply;
  });
  return induceStatements(model, {
    statements,
    known,
    conversation: [user('My hives hum.')],
    place: { task: 'conversations', subject: 'one', role: 'inducer' },
    seedFor: () => 1,
    attempts: 1,
  });
}

test('the JSON Schema sent is that of a zod schema for the open ids', async () => {
  const requests: ChatRequest[] = [];
  await induce('{"revealed": []}', requests);
  const { $schema: _dialect, ...schema } = z.toJSONSchema(
    z.object({ revealed: z.array(z.enum(open)).max(3) }),
  );
  expect(requests[0]!.outputSchema!.schema).toEqual(schema);
});

test('a plain reply of open ids means what the schema says', async () => {
  const schema = z.object({ revealed: z.array(z.enum(open)).max(3) });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...open), { maxLength: 3 }), async (revealed) => {
      const reply = JSON.stringify({ revealed, note: 'more' });
      const parsed = parseStructured(reply, schema);
      const found = new Set([...known, ...(parsed.ok ? parsed.value.revealed : [])]);
      expect(await induce(reply)).toEqual(statements.map(({ id }) => id).filter((id) => found.has(id)));
    }),
  );
});

test.each(['{"revealed": "F2"}', '{"revealed": ["Z9"]}', '[]', 'null', '{}', '"F2"'])(
  'a reply without a list of statements is refused: %j',
  async (reply) => {
    await expect(induce(reply)).rejects.toThrow('no valid revealed_traits');
  },
);
