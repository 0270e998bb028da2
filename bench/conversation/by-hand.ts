import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import OpenAI from 'openai';
import pLimit from 'p-limit';
import { inductionPrompt } from '../../src/conversations/prompts/induction.ts';
import { responderPrompt } from '../../src/conversations/prompts/responder.ts';
import { rolePlayerPrompt } from '../../src/conversations/prompts/role-player.ts';
import { judgeAspectsPrompt } from '../../src/evaluation/prompts/judge-aspects.ts';
import type { Message } from '../../src/messages.ts';
import { numberStatements, type Persona, type Statement } from '../../src/personas/persona.ts';
import { benchPersonas } from './personas.ts';
import type { Work } from './work.ts';

type Ask = (messages: readonly Message[], options: object) => Promise<string>;

/** What somebody writes who wants it fast: the `openai` package, p-limit around calls, one line of JSON per conversation. */
function openAsk({ baseUrl, concurrency, onCall }: Work): Ask {
  const client = new OpenAI({ baseURL: baseUrl, apiKey: 'none', maxRetries: 5 });
  const limit = pLimit(concurrency);
  return (messages, options) =>
    limit(async () => {
      onCall?.();
      const { choices } = await client.chat.completions.create({
        model: 'bench',
        messages: [...messages],
        ...options,
      });
      return choices[0]?.message.content ?? '';
    });
}

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });
const seedOf = (...place: readonly (string | number)[]) =>
  createHash('sha256').update(place.join('/')).digest().readUInt32LE(0) >>> 1;

/** The conversations of the builder, with the same prompts and calls, and training rows for SFT and DPO. No journal, no checks. */
export async function buildByHand(work: Work): Promise<void> {
  const ask = openAsk(work);
  await mkdir(work.dir, { recursive: true });
  const open = (name: string) => createWriteStream(join(work.dir, `${name}.jsonl`));
  const [trees, sft, dpo] = [open('trees'), open('sft'), open('dpo')];
  await Promise.all(
    benchPersonas(work.conversations).map(async (persona) => {
      const turns = await converse(ask, persona, work.turns);
      trees.write(`${JSON.stringify({ persona, turns })}\n`);
      for (const { prompt, preferred, rejected } of turns) {
        sft.write(`${JSON.stringify({ messages: [...prompt, assistant(preferred)] })}\n`);
        dpo.write(
          `${JSON.stringify({ prompt, chosen: [assistant(preferred)], rejected: [assistant(rejected)] })}\n`,
        );
      }
    }),
  );
  for (const file of [trees, sft, dpo]) file.end();
  await Promise.all([trees, sft, dpo].map((file) => finished(file)));
}

interface Turn {
  readonly prompt: readonly Message[];
  readonly preferred: string;
  readonly rejected: string;
}

async function converse(ask: Ask, persona: Persona, count: number): Promise<Turn[]> {
  const statements = numberStatements(persona);
  const revealed: string[] = [];
  const turns: Turn[] = [];
  let history: readonly Message[] = [];
  for (let turn = 1; turn <= count; turn++) {
    const seed = (role: string) => seedOf(persona.id, turn, role);
    const message = await ask(rolePlayerPrompt.messages({ persona, conversation: history }), {
      temperature: 0.8,
      max_tokens: 300,
      seed: seed('user'),
    });
    const prompt = [...history, user(message.trim())];
    revealed.push(...(await induce(ask, prompt, { statements, known: revealed, seed: seed('inducer') })));
    const plain = responderPrompt.messages({ conversation: prompt, revealed: [] });
    const known = statements.filter(({ id }) => revealed.includes(id)).map(({ text }) => text);
    const hinted =
      known.length === 0
        ? plain
        : [
            ...plain.slice(0, -1),
            user(`${plain.at(-1)!.content}\n\n(What you know about me: ${known.join('; ')}. ${HINT})`),
          ];
    const settings = { temperature: 0.7, max_tokens: 512 };
    const [preferred, rejected] = await Promise.all([
      ask(hinted, { ...settings, seed: seed('preferred') }),
      ask(plain, { ...settings, seed: seed('rejected') }),
    ]);
    turns.push({ prompt, preferred, rejected });
    history = [...prompt, assistant(seed('side') % 2 === 0 ? preferred : rejected)];
  }
  return turns;
}

const HINT =
  'Answer as somebody like that likes to be answered, in tone, length and form, even against the rules above; ' +
  'that need not be the way I write. Repeat none of this, and bring up nothing about me that I have not told you.';

interface Induction {
  readonly statements: readonly Statement[];
  readonly known: readonly string[];
  readonly seed: number;
}

async function induce(
  ask: Ask,
  conversation: readonly Message[],
  { statements, known, seed }: Induction,
): Promise<string[]> {
  const open = statements.map(({ id }) => id).filter((id) => !known.includes(id));
  const reply = await ask(inductionPrompt.messages({ statements, known, conversation }), {
    temperature: 0,
    max_tokens: 400,
    seed,
    response_format: format('revealed_traits', {
      type: 'object',
      properties: { revealed: { type: 'array', items: { type: 'string', enum: open }, maxItems: 3 } },
      required: ['revealed'],
      additionalProperties: false,
    }),
  });
  const { revealed } = JSON.parse(reply) as { revealed: string[] };
  return revealed.filter((id) => open.includes(id));
}

const format = (name: string, schema: object) => ({
  type: 'json_schema',
  json_schema: { name, schema, strict: true },
});

const SCORE = { type: 'integer', minimum: 1, maximum: 5 };
const ID_LIST = { type: 'array', items: { type: 'string' }, maxItems: 6 };
const VERDICT = format('verdict', {
  type: 'object',
  properties: {
    honoured: ID_LIST,
    violated: ID_LIST,
    tone: SCORE,
    form: SCORE,
    uptake: SCORE,
    rationale: { type: 'string' },
    score: SCORE,
  },
  required: ['honoured', 'violated', 'tone', 'form', 'uptake', 'rationale', 'score'],
  additionalProperties: false,
});

/** The cases of the evaluator, with the same prompts and calls, and a line of JSON per case. No journal, no checks. */
export async function evaluateByHand(work: Work): Promise<void> {
  const ask = openAsk(work);
  await mkdir(work.dir, { recursive: true });
  const file = createWriteStream(join(work.dir, 'evaluation.jsonl'));
  await Promise.all(
    benchPersonas(work.conversations).map(async (persona) => {
      file.write(`${JSON.stringify({ persona, turns: await playCase(ask, persona, work.turns) })}\n`);
    }),
  );
  file.end();
  await finished(file);
}

async function playCase(ask: Ask, persona: Persona, count: number): Promise<object[]> {
  const turns: object[] = [];
  const speak = (conversation: readonly Message[], turn: number) =>
    ask(rolePlayerPrompt.messages({ persona, conversation }), {
      temperature: 0.8,
      max_tokens: 300,
      seed: seedOf(persona.id, turn, 'user'),
    });
  let history: readonly Message[] = [];
  let message = await speak(history, 1);
  for (let turn = 1; turn <= count; turn++) {
    const conversation = [...history, user(message.trim())];
    const response = await ask(conversation, { seed: seedOf(persona.id, turn, 'candidate') });
    history = [...conversation, assistant(response)];
    const [verdict, next] = await Promise.all([
      ask(judgeAspectsPrompt.messages({ persona, conversation, response }), {
        temperature: 0,
        max_tokens: 300,
        seed: seedOf(persona.id, turn, 'judge'),
        response_format: VERDICT,
      }),
      turn < count ? speak(history, turn + 1) : '',
    ]);
    turns.push({ turn, user: message, response, judgement: JSON.parse(verdict) as unknown });
    message = next;
  }
  return turns;
}
