/**
 * Grows a small pool of personas and shows what was accepted and what was discarded.
 *
 *   OPENAI_API_KEY=... npx tsx examples/grow-personas.ts
 *
 * OPENAI_BASE_URL and MODEL select any compatible server and model. The embedder, MiniLM, runs on this
 * machine. Run it again to resume; finished calls are not paid for twice.
 */
import { openRun, PersonaPool } from 'aloe-align';
import { transformersEmbedder } from 'aloe-align/embeddings/transformers';
import { openai } from 'aloe-align/models/openai';

if (!process.env.OPENAI_API_KEY) {
  console.error('Set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own (any key will do there).');
  process.exit(1);
}

const run = await openRun('runs/grow-personas', { seed: 7 });

const pool = await PersonaPool.grow({
  run,
  model: openai(process.env.MODEL ?? 'gpt-4o-mini', { revision: process.env.MODEL_REVISION }),
  embedder: transformersEmbedder(),
  profiles: 40,
  personalities: 20,
  onEvent(event) {
    if (event.type === 'wave-end') console.log(`${event.kind}: ${event.size} of ${event.target}`);
    if (event.type === 'entry-discarded') {
      console.log(
        `  too much like ${event.nearestId} (${event.similarity.toFixed(2)}): ${event.text.slice(0, 80)}…`,
      );
    }
  },
});

await pool.save('runs/grow-personas/pool.json');
await run.close();

const [first] = pool.personas({ personalitiesPerProfile: 3 });
console.log(`\nOne of ${3 * pool.size.profiles} personas, ${first?.id}:`);
for (const statement of [...(first?.profile.facts ?? []), ...(first?.personality.traits ?? [])])
  console.log(`- ${statement}`);
