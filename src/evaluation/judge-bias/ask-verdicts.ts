import {
  type BenchmarkCase,
  type CaseAtTurn,
  caseAt,
  caseInPlaceOf,
} from '../../benchmark/benchmark-case.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import { countWords } from '../../personas/rules/text-features.ts';
import type { Run } from '../../runs/run.ts';
import type { Judge } from '../judge.ts';
import { judgeResponse } from '../judge-response.ts';
import { toBenchmarkCase } from '../rejudge.ts';
import type { JudgeBiasName } from './bias-result.ts';
import { rewordResponse } from './reword-response.ts';
import type { SampledResponse } from './sample-responses.ts';
import { decorate, hasOrder, pad, plead, reverseStatements } from './variants.ts';

/** The measures that change something and ask the judge again. */
export type VariantName = Exclude<JudgeBiasName, 'length' | 'own-family'>;

/** A verdict on a changed reply or persona. */
export interface VariantVerdict {
  /** Null if the judge gave none, or the reply could not be reworded. */
  readonly score: number | null;
  /** Number of words of the changed reply minus that of the reply. */
  readonly addedWords: number;
}

/** All verdicts on one reply. */
export interface Verdicts {
  readonly sampled: SampledResponse;
  /** The score of the reply as it is; null if the judge gave none. */
  readonly score: number | null;
  /** A variant is absent if it cannot be asked: no words to double, no rewording model, no other persona, no order to reverse. */
  readonly variants: ReadonlyMap<VariantName, VariantVerdict>;
}

/** What verdicts are asked with. Run and model are those that count who answers. */
export interface VerdictSetting {
  readonly judge: Judge;
  readonly judgeRun: Run;
  /** With the run around it; null for none. */
  readonly reword: ChatModel | null;
  /** The other case of each case, by the id of the case. */
  readonly others: ReadonlyMap<string, BenchmarkCase>;
  readonly signal: AbortSignal;
}

/** Has a reply judged as it is and in each variant, at places of their own. */
export async function askVerdicts(sampled: SampledResponse, setting: VerdictSetting): Promise<Verdicts> {
  const { conversation, response, subject, turn } = sampled;
  const { judge, judgeRun: run, reword, others, signal } = setting;
  const played = toBenchmarkCase(sampled.played);
  const own = caseAt(played, turn);
  const other = others.get(own.id);
  const words = countWords(response);
  const placeOf = (role: string) => ({ task: 'judge-bias', subject, turn, role });

  async function scoreOf(role: string, current: CaseAtTurn, reply: string): Promise<number | null> {
    const place = placeOf(role);
    const input = { case: current, conversation, response: reply };
    const { score } = await judgeResponse(judge, input, { signal, place, seed: run.seedFor(place), run });
    return score;
  }

  async function reply(name: VariantName, changed: string): Promise<VariantVerdict> {
    return { score: await scoreOf(name, own, changed), addedWords: countWords(changed) - words };
  }

  async function reworded(name: VariantName, model: ChatModel, length: 'same' | 'double') {
    const place = placeOf(`${name}:reword`);
    const changed = await rewordResponse(model, response, {
      length,
      place,
      seed: run.seedFor(place),
      signal,
    });
    return changed === null ? { score: null, addedWords: 0 } : reply(name, changed);
  }

  async function persona(name: VariantName, current: CaseAtTurn): Promise<VariantVerdict> {
    return { score: await scoreOf(name, current, response), addedWords: 0 };
  }

  const asked: Partial<Record<VariantName, Promise<VariantVerdict>>> = {
    repeat: reply('repeat', response),
    // A reply without words has no length to double.
    ...(words > 0 && { padded: reply('padded', pad(response)) }),
    plea: reply('plea', plead(response)),
    formatting: reply('formatting', decorate(response)),
    ...(reword !== null && {
      lengthened: reworded('lengthened', reword, 'double'),
      reworded: reworded('reworded', reword, 'same'),
    }),
    ...(hasOrder(own) && { order: persona('order', reverseStatements(own)) }),
    ...(other !== undefined && {
      'other-persona': persona('other-persona', caseInPlaceOf(other, played, turn)),
    }),
  };
  const [score, ...variants] = await Promise.all([
    scoreOf('verdict', own, response),
    ...Object.entries(asked).map(async ([name, verdict]) => [name as VariantName, await verdict] as const),
  ]);
  return { sampled, score, variants: new Map(variants) };
}
