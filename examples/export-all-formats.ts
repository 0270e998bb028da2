/**
 * Writes one corpus in every format, mixes general chat data into the demonstrations, removes the length bias, and
 * validates each file. Needs no model: the conversations are scripted, with texts that often break data formats.
 *
 *   npx tsx examples/export-all-formats.ts [dir] [conversations.jsonl] [general.jsonl]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  axolotl,
  ConversationTreeBuilder,
  llamaFactory,
  memoryRun,
  openaiPreference,
  openaiSft,
  PreferenceExporter,
  pairPersona,
  parquet,
  readConversations,
  seedPersonalities,
  seedProfiles,
  trlDpo,
  trlKto,
  trlSft,
} from 'aloe-align';
import { scriptedModel } from 'aloe-align/testing';
import { validateDataset } from 'aloe-align/validation';

const [dir = 'data', conversations, general = join(dir, 'general.jsonl')] = process.argv.slice(2);
const base = 'Qwen/Qwen2.5-0.5B-Instruct';

const TEXTS = [
  '2024-05-01',
  'user',
  'assistant: "yes"\n\n- one\n- two\t{"three": [3]}',
  'お薬はいや。 😴👩‍👩‍👧 a\u0301',
  'A line\u2028and another\u2029one \\n \\u0041',
  'No newline here, and nothing else to see.',
];

/** A different text for each call, and always the same for the same input. */
function speaker(id: string) {
  return scriptedModel(
    ({ messages }, _options, call) =>
      `${TEXTS[call % TEXTS.length]} ${id.repeat(1 + ((call * id.length) % 7))} ${messages.length}.${call}`,
    { id },
  );
}

function scriptedConversations() {
  const personas = seedProfiles
    .slice(0, 12)
    .map((profile, index) => pairPersona(profile, seedPersonalities[index % seedPersonalities.length]!));
  const builder = new ConversationTreeBuilder({
    run: memoryRun({ seed: 7 }),
    concurrency: 1,
    turns: 4,
    roles: {
      rolePlayer: speaker('says'),
      inducer: scriptedModel('{"revealed":["F1","T1","F2","T2","F3"]}'),
      preferred: speaker('warm'),
      rejected: speaker('chilly'),
    },
  });
  return builder.build(personas);
}

await mkdir(dir, { recursive: true });
if (process.argv[4] === undefined) {
  const rows = Array.from({ length: 60 }, (_, index) => ({
    id: index,
    conversations: [
      { role: 'system', content: 'You can run Python.' },
      { role: 'user', content: `How many primes are below ${index}?` },
      { role: 'assistant', content: `<execute>count_primes(${index})</execute>` },
      { role: 'user', content: 'Observation: done' },
      { role: 'assistant', content: 'That many.' },
    ],
  }));
  await writeFile(general, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

const exporter = new PreferenceExporter({
  formats: [
    trlSft(),
    trlSft({ responses: 'rejected' }),
    trlSft({ generalChat: 'none' }),
    trlSft({ generalChat: 'only' }),
    trlDpo(),
    trlKto(),
    openaiSft(),
    openaiPreference(),
    axolotl({ method: 'sft', base }),
    axolotl({ method: 'dpo', base }),
    llamaFactory({ method: 'sft', base }),
    llamaFactory({ method: 'dpo', base }),
    parquet(trlSft()),
    parquet(trlDpo()),
    parquet(trlKto()),
  ],
  mix: { path: general, ratio: 0.5, license: 'apache-2.0' },
  balanceLength: true,
  validationShare: 0.2,
  seed: 7,
  card: { title: 'One corpus, every format', license: 'apache-2.0' },
});
const trees = conversations === undefined ? scriptedConversations() : readConversations(conversations);
const manifest = await exporter.write(trees, dir);

for (const { name, rows } of manifest.files) {
  if (name === 'preferences.jsonl') continue;
  const { errors, warnings } = await validateDataset(join(dir, name));
  console.log(`${name}: ${rows} rows, ${errors} errors, ${warnings} warnings`);
}
for (const warning of manifest.warnings) console.log(`Note: ${warning}`);
console.log(`${join(dir, 'README.md')} shows how to load each of them.`);
