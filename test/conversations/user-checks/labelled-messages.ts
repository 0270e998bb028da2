import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { aloeCases } from '../../../src/benchmark/aloe-cases.ts';
import type { Message } from '../../../src/messages.ts';
import type { Persona } from '../../../src/personas/persona.ts';

export const LANGUAGES = ['en', 'de', 'es', 'fr', 'zh'] as const;

export const CLASSES = [
  'role-reversal',
  'assistant-voice',
  'contradiction',
  'oversharing',
  'prompt-echo',
  'third-person-fact',
] as const;

/** One line of a file. */
interface Line {
  readonly id: string;
  readonly language: (typeof LANGUAGES)[number];
  readonly caseId: string;
  /** What came before: empty, or ending with the assistant. */
  readonly conversation: readonly Message[];
  readonly message: string;
  /** `good`, or what is wrong with the message. */
  readonly label: 'good' | (typeof CLASSES)[number];
  /** Why, for the reader. */
  readonly note: string;
}

const schema: z.ZodType<Line> = z.strictObject({
  id: z.string(),
  language: z.enum(LANGUAGES),
  caseId: z.string(),
  conversation: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string() })),
  message: z.string(),
  label: z.enum(['good', ...CLASSES]),
  note: z.string(),
});

/** A user message with a label, written by a large language model and read once more without the labels. */
export interface LabelledMessage extends Line {
  readonly persona: Persona;
  /** Checks are written for the messages of one half. Those of the other are only measured. */
  readonly half: 'development' | 'measured';
}

/** The 1,300 messages, 260 per language, half of them good. */
export async function readLabelledMessages(): Promise<LabelledMessage[]> {
  const personas = new Map(aloeCases().map(({ id, persona }) => [id, persona]));
  const files = LANGUAGES.map((language) =>
    readFile(new URL(`./labelled/${language}.jsonl`, import.meta.url), 'utf8'),
  );
  return (await Promise.all(files)).flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const message = schema.parse(JSON.parse(line));
        const half = Number(message.id.slice(-3)) % 2 === 1 ? 'development' : 'measured';
        return { ...message, persona: personas.get(message.caseId)!, half };
      }),
  );
}
