import { expect, test } from 'vitest';
import { sayFailed } from '../../src/cli/study/say-failed.ts';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';

test('says why the first conversations failed, and where the reasons of the others are', () => {
  const said: string[] = [];
  const say = sayFailed((text) => said.push(text), 4, 'runs/a/conversations.jsonl');
  for (let number = 1; number <= 50; number++) {
    const failure = { turn: 1, role: 'inducer', message: 'No JSON.' };
    say({ id: `c${number}`, root: null, failures: [failure] } as unknown as ConversationTree);
  }
  expect(said).toHaveLength(21);
  expect(said[19]).toBe('  c20: 0 of 4 turns. Failed at turn 1 (inducer): No JSON.');
  expect(said[20]).toBe('  More ended early. runs/a/conversations.jsonl says why each of them did.');
});
