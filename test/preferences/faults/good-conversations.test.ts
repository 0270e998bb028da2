import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Message } from '../../../src/messages.ts';
import { createTextChecks } from '../../../src/preferences/faults/text-checks.ts';

interface Labelled {
  readonly language: string;
  readonly conversation: readonly Message[];
}

/** Conversations in five languages with replies of a large language model. */
async function replies(): Promise<{ conversation: readonly Message[]; preferred: string }[]> {
  const files = ['en', 'de', 'es', 'fr', 'zh'].map(
    (language) => new URL(`../../conversations/user-checks/labelled/${language}.jsonl`, import.meta.url),
  );
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const rows = texts.flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Labelled),
  );
  return rows.flatMap(({ conversation }) =>
    conversation.flatMap(({ role, content }, index) =>
      role === 'assistant' ? [{ conversation: conversation.slice(0, index), preferred: content }] : [],
    ),
  );
}

test('of the replies of a good model, the rules find one, which speaks as a language model', async () => {
  const all = await replies();
  expect(all.length).toBeGreaterThan(900);
  const checks = createTextChecks();
  const found = all.flatMap((each) =>
    checks.flatMap(({ fault, find }) =>
      find({ ...each, rejected: null }) === null ? [] : [`${fault}: ${each.preferred}`],
    ),
  );
  expect([...new Set(found)]).toEqual(['assistant-voice: 作为AI我没有偏好，不过我更喜欢方案B。']);
});
