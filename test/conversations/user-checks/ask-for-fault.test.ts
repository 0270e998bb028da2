import { expect, it } from 'vitest';
import { askForFault } from '../../../src/conversations/user-checks/ask-for-fault.ts';
import { ModelCallError } from '../../../src/errors.ts';
import { pairPersona } from '../../../src/personas/persona.ts';
import { type ScriptedReply, scriptedModel } from '../../../src/testing/scripted-model.ts';

const persona = pairPersona(
  { id: 'profile', facts: ['Keeps bees'] },
  { id: 'personality', traits: ['Dry wit'] },
);

function ask(answer: () => ScriptedReply, signal?: AbortSignal) {
  return askForFault(
    scriptedModel(() => answer(), { id: 'checker' }),
    {
      persona,
      conversation: [],
      maxStatements: 2,
      message: 'The bees are out.',
      place: { task: 'evaluation', subject: 'case-1', turn: 1, role: 'user' },
      seedFor: () => 1,
      signal,
    },
  );
}

function failure(status: number): ModelCallError {
  return new ModelCallError('checker', `status ${status}`, { status, retryable: false });
}

it.each([
  '{"fault": "no fault"}',
  '{"fault": "N/A", "statement": null}',
  '{"fault": false}',
  '{"evidence": null, "fault": "none"}',
  '{"evidence": [], "fault": ""}',
])('reads %s as no fault', async (answer) => {
  expect(await ask(() => answer)).toBe('none');
});

it.each(['', 'none', '{"fault": ["none"]}', '{"fault": "none"} or {"fault": "role-reversal"}'])(
  'reads %j as no answer',
  async (answer) => {
    expect(await ask(() => answer)).toBe('unanswered');
  },
);

it('a call that fails for this message alone is no answer', async () => {
  expect(await ask(() => failure(400))).toBe('unanswered');
});

it('a failure that every call would have, and an abort, are thrown', async () => {
  await expect(ask(() => failure(401))).rejects.toThrow('status 401');
  const reason = new Error('stop');
  const aborting = new AbortController();
  await expect(
    ask(() => {
      aborting.abort(reason);
      return failure(400);
    }, aborting.signal),
  ).rejects.toBe(reason);
});
