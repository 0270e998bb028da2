import { z } from 'zod';
import { cleanUserMessage, toWholeSentences } from '../../src/conversations/clean-message.ts';
import { removeStageDirections } from '../../src/conversations/stage-directions.ts';
import { parseStructured } from '../../src/models/structured.ts';
import { withoutReasoning } from '../../src/models/without-reasoning.ts';
import { parsePersonas } from '../../src/personas/parsing/parse-personas.ts';
import { redact } from '../../src/redact.ts';
import type { FuzzTarget } from './target.ts';

const VERDICT = z.object({ rationale: z.string(), score: z.number().int().min(1).max(5) });

const STRUCTURED = [
  '{"rationale": "Read it twice.", "score": 4}',
  '<think>{"score": 1}</think>\n```json\n{"rationale": "a [b] {c}", "score": 2}\n```\nDone.',
  'Sure! {rationale: \'it is\', score: 3,} and {"rationale": "x", "score": 5}',
];

const PERSONAS = [
  '{"profiles": [["Is 58 years old.", "Lives near Lugo.", "Keeps bees."], ["Is 23.", "Drives a tram.", "Boxes."]]}',
  'Here are two:\n\n**Profile 1:**\n1. Is 58 years old.\n2. Lives near Lugo.\n- Keeps bees.\n\n## Profile 2\n* Is 23.\n* Boxes.',
  'Ana is 58 years old. She lives near Lugo. She keeps bees.\n\nBo is 23. He drives a tram; he boxes.\nLet me know!',
];

const MESSAGES = [
  '**User:** *sighs* "My bees swarmed again."\n\n(laughs) Assistant: Oh no!\nUser: yes',
  'Message: Hello — how are you?\nFriend: fine. [smiles]\n---\nP.S. I am writing as the user.',
  '<think>what now</think> "I sold the tractor. And th',
];

/** Readers of what models say. None of them may throw at all. */
export const REPLY_TARGETS: readonly FuzzTarget[] = [
  reply('structured reply', STRUCTURED, (text) => {
    const [first, only] = [false, true].map((unambiguous) => parseStructured(text, VERDICT, { unambiguous }));
    for (const parsed of [first!, only!]) if (parsed.ok) VERDICT.parse(parsed.value);
    return first!.ok;
  }),
  reply('personas', PERSONAS, (text) => {
    const { entries } = parsePersonas(text);
    for (const { length } of [...entries, ...parsePersonas(text, { truncated: true }).entries]) {
      if (length < 3 || length > 12) throw new Error(`an entry of ${length} statements`);
    }
    return entries.length > 0;
  }),
  reply('user message', MESSAGES, (text) => {
    const message = cleanUserMessage(text);
    toWholeSentences(text);
    removeStageDirections(text);
    withoutReasoning(text);
    return message !== '';
  }),
  reply(
    'redaction',
    ['{"error": "Bearer sk-abcdefghijklmnop at https://user:pass@host/?key=x"}'],
    (text) => redact(text) !== '',
  ),
];

function reply(name: string, texts: readonly string[], read: (text: string) => boolean): FuzzTarget {
  const inputs = texts.map((text) => Buffer.from(text));
  return { name, inputs, read: async (input) => read(input.toString('utf8')) };
}
