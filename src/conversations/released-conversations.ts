import { basename, extname } from 'node:path';
import * as z from 'zod';
import { InvalidFileError } from '../errors.ts';
import { sha256 } from '../internal/hash.ts';
import { readJsonLines } from '../internal/json-lines.ts';
import { tokensIn } from '../internal/words.ts';
import { numberStatements, type Persona, pairPersona } from '../personas/persona.ts';
import { splitSentences, tidyStatements } from '../personas/statements.ts';
import {
  type ConversationProvenance,
  type ConversationTree,
  MAX_TURNS,
  type ResponseNode,
  type TurnNode,
} from './conversation-tree.ts';

const text = z.string().refine((value) => value.trim() !== '', 'must not be empty');

const description = z.string().regex(/\p{L}/u, 'must contain words');

const lineSchema = z.object({
  profile: description,
  personality: description,
  conversations: z
    .array(z.unknown())
    .min(1, 'must contain at least one turn')
    .max(MAX_TURNS, `must contain at most ${MAX_TURNS} turns`),
});

const turnSchema = z.object({
  user: text,
  assistant: z.object({ preferred: text, rejected: text }),
  chosen: z.enum(['preferred', 'rejected']),
  inferred_profile: z.string().nullish(),
  inferred_personality: z.string().nullish(),
});

type ReleasedTurn = z.infer<typeof turnSchema>;

/** The release does not name models or prompts. The authors' code shows the inducer the current message. */
const PROVENANCE: ConversationProvenance = {
  models: { rolePlayer: 'unknown', inducer: 'unknown', preferred: 'unknown', rejected: 'unknown' },
  prompts: { rolePlayer: 'unknown', inducer: 'unknown', responder: 'unknown' },
  induction: 'current-message',
  seed: 0,
};

const NO_LIMITS = { minStatements: 1, maxStatements: Infinity, maxLength: Infinity };

/**
 * Reads conversations in the format released by the authors of ALOE, one at a time. Each line is one conversation:
 * `{ profile, personality, conversations: [{ user, assistant: { preferred, rejected }, chosen, inferred_profile,
 * inferred_personality }] }`.
 *
 * Profile and personality texts are split into statements. Equal texts get equal ids, so splitting by profile works.
 * The conversation continues from the side that was `chosen`. A statement counts as revealed from the first turn whose
 * inferred texts contain it word for word; paraphrases are not found. In the provenance, models and prompts are
 * `unknown` and the seed, 0, has no meaning.
 *
 * @example
 * ```ts
 * const trees = await Array.fromAsync(readReleasedConversations('conversations.jsonl'));
 * ```
 *
 * @throws InvalidFileError naming the line, and the turn, with a different format.
 */
export async function* readReleasedConversations(path: string): AsyncGenerator<ConversationTree> {
  const name = basename(path, extname(path)).replaceAll('_', '-');
  let count = 0;
  for await (const { lineNumber, value } of readJsonLines(path)) {
    count += 1;
    const fail = (where: string, error: z.ZodError): never => {
      throw new InvalidFileError(path, `line ${lineNumber}${where}: ${describeProblems(error)}.`);
    };
    const line = lineSchema.safeParse(value);
    if (!line.success) return fail('', line.error);
    const turns = line.data.conversations.map((turn, index) => {
      const parsed = turnSchema.safeParse(turn);
      return parsed.success ? parsed.data : fail(`, turn ${index + 1}`, parsed.error);
    });
    const persona = pairPersona(
      { id: idOf('profile', line.data.profile), facts: statementsOf(line.data.profile) },
      { id: idOf('personality', line.data.personality), traits: statementsOf(line.data.personality) },
    );
    yield {
      schema: 'aloe-conversation/2',
      id: `${name}-${String(count).padStart(4, '0')}`,
      persona,
      root: chain(turns, persona),
      failures: [],
      provenance: PROVENANCE,
    };
  }
}

function chain(turns: readonly ReleasedTurn[], persona: Persona): TurnNode | null {
  const statements = numberStatements(persona).map(({ id, text }) => ({ id, words: normalise(text) }));
  const revealed = new Set<string>();
  const known = turns.map(({ inferred_profile, inferred_personality }) => {
    const inferred = [inferred_profile, inferred_personality].map((part) => normalise(part ?? ''));
    for (const { id, words } of statements) {
      if (inferred.some((part) => part.includes(words))) revealed.add(id);
    }
    return statements.map(({ id }) => id).filter((id) => revealed.has(id));
  });
  return turns.reduceRight<TurnNode | null>((next, { user, assistant, chosen }, index) => {
    const node = (side: ReleasedTurn['chosen']): ResponseNode => ({
      text: assistant[side],
      truncated: false,
      ...(side === chosen && next !== null && { next }),
    });
    return {
      turn: index + 1,
      user,
      revealed: known[index]!,
      preferred: node('preferred'),
      rejected: node('rejected'),
    };
  }, null);
}

function idOf(kind: string, description: string): string {
  return `${kind}-${sha256(normalise(description)).slice(0, 8)}`;
}

function statementsOf(description: string): string[] {
  return tidyStatements(splitSentences(description), NO_LIMITS);
}

/** Words separated by spaces, so that "Is 3" is not found in "Is 34". */
function normalise(part: string): string {
  return ` ${tokensIn(part.toLowerCase()).join(' ')} `;
}

function describeProblems(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
