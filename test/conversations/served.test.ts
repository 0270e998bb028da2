import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conversationTreeSchema } from '../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { beekeepers, cast } from './fakes.ts';

/** The cast, whose server names itself: another model each time, if there are several. */
function hosted(...names: readonly string[]): ChatModel {
  const model = cast();
  let calls = 0;
  return {
    id: 'gpt-4o',
    generate: async (request, options) => ({
      ...(await model.generate(request, options)),
      served: { model: names[calls++ % names.length], fingerprint: 'fp_1' },
    }),
  };
}

test('conversations and exports keep what the servers say they are, by role', async () => {
  const run = memoryRun();
  const roles = {
    rolePlayer: hosted('gpt-4o-2024-11-20'),
    inducer: cast(),
    preferred: hosted('b', 'a'),
    rejected: cast(),
  };
  const build = () =>
    Array.fromAsync(new ConversationTreeBuilder({ run, roles, turns: 2 }).build(beekeepers(1)));
  const [tree] = await build();
  expect(tree!.provenance.served).toEqual({ rolePlayer: ['gpt-4o-2024-11-20'], preferred: ['a', 'b'] });
  expect(await build()).toEqual([tree]);
  expect(conversationTreeSchema.parse(JSON.parse(JSON.stringify(tree)))).toEqual(tree);

  const folder = await mkdtemp(join(tmpdir(), 'aloe-served-'));
  try {
    const { source } = await new PreferenceExporter({ formats: [trlDpo()] }).write([tree!], folder);
    expect(source.served).toEqual(tree!.provenance.served);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain(
      '- preferred: `gpt-4o` (served as `a`, `b`)',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('models that do not name themselves leave no trace', async () => {
  const [tree] = await Array.fromAsync(
    new ConversationTreeBuilder({ roles: cast(), turns: 1 }).build(beekeepers(1)),
  );
  expect(tree!.provenance).not.toHaveProperty('served');
});
