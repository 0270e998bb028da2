/**
 * Simulates a few preference conversations with the shipped personas and prints one of them.
 *
 *   OPENAI_API_KEY=... npx tsx examples/build-conversations.ts [conversations] [turns]
 *
 * OPENAI_BASE_URL and MODEL select any compatible server and model. Run it again to resume. Turn the output
 * into training files with examples/export-preferences.ts.
 */
import {
  ConversationTreeBuilder,
  openRun,
  pairPersona,
  seedPersonalities,
  seedProfiles,
  type TurnNode,
  teeConversations,
} from 'aloe-align';
import { openai } from 'aloe-align/models/openai';

if (!process.env.OPENAI_API_KEY) {
  console.error('Set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own (any key will do there).');
  process.exit(1);
}

const [count = 4, turns = 5] = process.argv.slice(2).map(Number);
const run = await openRun('runs/build-conversations', { seed: 7 });
const personas = seedProfiles
  .slice(0, count)
  .map((profile, index) => pairPersona(profile, seedPersonalities[index % seedPersonalities.length]!));

const builder = new ConversationTreeBuilder({
  run,
  // One model for all four roles. For one each, pass { rolePlayer, inducer, preferred, rejected }.
  roles: openai(process.env.MODEL ?? 'gpt-4o-mini', { revision: process.env.MODEL_REVISION }),
  turns,
  onEvent(event) {
    if (event.type === 'turn-end')
      console.log(`${event.conversationId}: turn ${event.node.turn} of ${turns}`);
  },
});

const path = 'runs/build-conversations/conversations.jsonl';
let shown: TurnNode | null = null;
for await (const { id, root, failures } of teeConversations(builder.build(personas), path)) {
  for (const { turn, role, message } of failures)
    console.log(`${id} failed at turn ${turn} (${role}): ${message}`);
  shown ??= root;
}
await run.close();

for (
  let node: TurnNode | null = shown;
  node !== null;
  node = node.preferred.next ?? node.rejected.next ?? null
) {
  const mark = (side: 'preferred' | 'rejected') => (node?.[side].next === undefined ? ' ' : '>');
  console.log(`\nuser:         ${node.user}`);
  console.log(`  known:      ${node.revealed.join(', ') || 'nothing yet'}`);
  console.log(`${mark('preferred')} preferred:  ${node.preferred.text}`);
  console.log(`${mark('rejected')} rejected:   ${node.rejected.text}`);
}
console.log(`\nWritten to ${path}`);
