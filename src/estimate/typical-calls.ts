import { inductionPrompt } from '../conversations/prompts/induction.ts';
import { responderPrompt } from '../conversations/prompts/responder.ts';
import { rolePlayerPrompt } from '../conversations/prompts/role-player.ts';
import { judgePrompt } from '../evaluation/prompts/judge.ts';
import { judgeChecklistPrompt } from '../evaluation/prompts/judge-checklist.ts';
import { judgeItemsPrompt } from '../evaluation/prompts/judge-items.ts';
import { assistant, type Message, user } from '../messages.ts';
import { addUsage, NO_USAGE, type Usage } from '../models/chat-model.ts';
import { numberStatements } from '../personas/persona.ts';
import { personalityGenerationPrompt, profileGenerationPrompt } from '../personas/persona-generation.ts';
import type { PrefixCaching, Scenario } from './scenarios.ts';

/** The roles of all stages, as call places name them. */
export type TypicalRole =
  | 'generator'
  | 'role-player'
  | 'inducer'
  | 'preferred'
  | 'rejected'
  | 'user'
  | 'candidate'
  | 'judge';

/** A request as a run would send it, and what it would take. */
export interface TypicalCall {
  readonly role: TypicalRole;
  readonly messages: readonly Message[];
  readonly outputTokens: number;
  /** How often it is made. */
  readonly times: number;
}

export interface ConversationShape {
  readonly turns: number;
  readonly induction: 'previous-turns' | 'current-message';
  readonly depth: number;
}

export interface EvaluationShape {
  readonly turns: number;
  /** Candidates that share the questions of a checklist. */
  readonly candidates: number;
  readonly verdicts: number;
  readonly checklistItems: number;
  readonly induced: boolean;
}

const CHARACTERS_A_TOKEN = 4;
/** `"7": "yes", ` */
const ANSWER_TOKENS = 6;
/** Stands for role and delimiters of a message, which take about 4 tokens in chat templates. */
const MESSAGE_END = ' '.repeat(4 * CHARACTERS_A_TOKEN);
/** The paper's number of examples in a prompt for new people. */
const EXAMPLES = 5;

/** The calls of the two pools' growth. */
export function* personaCalls(
  missing: { readonly profiles: number; readonly personalities: number },
  entriesPerCall: number,
  { persona, acceptance }: Scenario,
): Generator<TypicalCall> {
  for (const [prompt, statements, count] of [
    [profileGenerationPrompt, persona.profile.facts, missing.profiles],
    [personalityGenerationPrompt, persona.personality.traits, missing.personalities],
  ] as const) {
    const entryTokens = JSON.stringify(statements).length / CHARACTERS_A_TOKEN;
    yield {
      role: 'generator',
      messages: prompt.messages({
        examples: Array.from({ length: EXAMPLES }, () => statements),
        count: entriesPerCall,
      }),
      outputTokens: entriesPerCall * entryTokens,
      times: Math.ceil(count / (entriesPerCall * acceptance)),
    };
  }
}

/** The calls of one conversation. */
export function* conversationCalls(
  { turns, induction, depth }: ConversationShape,
  scenario: Scenario,
): Generator<TypicalCall> {
  const { persona, lengths, inductionTokens, hintedPerTurn, foundPerTurn } = scenario;
  const traits = numberStatements(persona);
  const sooner = induction === 'current-message' ? 1 : 0;
  const history: Message[] = [];
  for (let turn = 1; turn <= turns; turn++) {
    const times = 2 ** Math.min(turn - 1, depth);
    const asked = turn - 1 + sooner;
    const shown = traits.slice(0, Math.floor(hintedPerTurn * asked));
    yield {
      role: 'role-player',
      messages: rolePlayerPrompt.messages({ persona, conversation: history, focus: focusOf(scenario, turn) }),
      outputTokens: lengths.userMessage,
      times,
    };
    const conversation = [...history, user(text('user', turn, lengths.userMessage))];
    if (asked > 0 && foundPerTurn * (asked - 1) < traits.length) {
      yield {
        role: 'inducer',
        messages: inductionPrompt.messages({
          statements: traits,
          known: traits.slice(0, Math.floor(hintedPerTurn * (asked - 1))).map(({ id }) => id),
          conversation: sooner ? conversation : history,
        }),
        outputTokens: inductionTokens,
        times,
      };
    }
    for (const [role, revealed] of [
      ['preferred', shown],
      ['rejected', []],
    ] as const) {
      yield {
        role,
        messages: responderPrompt.messages({ conversation, revealed }),
        outputTokens: lengths.response,
        times,
      };
    }
    history.push(conversation.at(-1)!, assistant(text('response', turn, lengths.response)));
  }
}

/** The calls of one case with one candidate. */
export function* evaluationCalls(
  { turns, candidates, verdicts, checklistItems, induced }: EvaluationShape,
  scenario: Scenario,
): Generator<TypicalCall> {
  const { persona, lengths, inductionTokens, verdictTokens, questionTokens, hintedPerTurn, foundPerTurn } =
    scenario;
  const traits = numberStatements(persona);
  const history: Message[] = [];
  const items = Array.from({ length: checklistItems }, (_, index) =>
    text('question', index + 1, questionTokens),
  );
  if (checklistItems > 0) {
    yield {
      role: 'judge',
      messages: judgeItemsPrompt.messages({ persona, count: checklistItems }),
      outputTokens: checklistItems * questionTokens,
      times: 1 / Math.max(1, candidates),
    };
  }
  for (let turn = 1; turn <= turns; turn++) {
    yield {
      role: 'user',
      messages: rolePlayerPrompt.messages({ persona, conversation: history, focus: focusOf(scenario, turn) }),
      outputTokens: lengths.userMessage,
      times: 1,
    };
    history.push(user(text('user', turn, lengths.userMessage)));
    yield { role: 'candidate', messages: [...history], outputTokens: lengths.candidateResponse, times: 1 };
    if (induced && foundPerTurn * (turn - 1) < traits.length) {
      const known = traits.slice(0, Math.floor(hintedPerTurn * (turn - 1))).map(({ id }) => id);
      yield {
        role: 'inducer',
        messages: inductionPrompt.messages({ statements: traits, known, conversation: [...history] }),
        outputTokens: inductionTokens,
        times: 1,
      };
    }
    const response = text('response', turn, lengths.candidateResponse);
    if (verdicts > 0) {
      yield {
        role: 'judge',
        messages: judgePrompt.messages({ persona, conversation: [...history], response }),
        outputTokens: verdictTokens,
        times: verdicts,
      };
    }
    if (checklistItems > 0) {
      yield {
        role: 'judge',
        messages: judgeChecklistPrompt.messages({ items, conversation: [...history], response }),
        outputTokens: checklistItems * ANSWER_TOKENS,
        times: 1,
      };
    }
    history.push(assistant(response));
  }
}

/** What calls take, role by role; each role's requests are compared with the one before for what a cache holds. */
export function sumByRole(
  calls: Iterable<TypicalCall>,
  caching: PrefixCaching | null,
): Map<TypicalRole, { readonly calls: number; readonly usage: Usage }> {
  const sums = new Map<
    TypicalRole,
    { readonly calls: number; readonly usage: Usage; readonly sent: string }
  >();
  for (const { role, messages, outputTokens, times } of calls) {
    const before = sums.get(role) ?? { calls: 0, usage: NO_USAGE, sent: '' };
    const sent = messages.map(({ content }) => content + MESSAGE_END).join('');
    const usage: Usage = {
      inputTokens: (sent.length / CHARACTERS_A_TOKEN) * times,
      cachedInputTokens: cachedTokens(sharedLength(before.sent, sent) / CHARACTERS_A_TOKEN, caching) * times,
      outputTokens: outputTokens * times,
    };
    sums.set(role, { calls: before.calls + times, usage: addUsage(before.usage, usage), sent });
  }
  return sums;
}

function cachedTokens(shared: number, caching: PrefixCaching | null): number {
  if (caching === null || shared < caching.fromTokens) return 0;
  return Math.floor(shared / caching.stepTokens) * caching.stepTokens;
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function focusOf({ persona }: Scenario, turn: number): string {
  const { facts } = persona.profile;
  return facts[(turn - 1) % facts.length]!;
}

/** Words of a length, unlike those of other turns. */
function text(kind: string, turn: number, tokens: number): string {
  return `${kind} ${turn} `.padEnd(tokens * CHARACTERS_A_TOKEN, 'word ');
}
