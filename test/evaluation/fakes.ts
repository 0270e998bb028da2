import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchmarkCase } from '../../src/benchmark/benchmark-case.ts';
import type { CallOptions, ChatRequest } from '../../src/models/chat-model.ts';
import { pairPersona } from '../../src/personas/persona.ts';
import { type ScriptedModel, scriptedModel } from '../../src/testing/scripted-model.ts';

export type Answer = (request: ChatRequest, options: CallOptions) => string | Promise<string>;

/** A scripted model that answers by a function. */
export function fakeModel(id: string, answer: Answer): ScriptedModel {
  return scriptedModel((request, options) => answer(request, options), { id });
}

/** The same model, slow by a random time of up to `maxMs`. */
export function delayed(model: ScriptedModel, maxMs: number): ScriptedModel {
  return {
    ...model,
    async generate(request, options = {}) {
      await sleep(Math.random() * maxMs, undefined, { signal: options.signal });
      return model.generate(request, options);
    },
  };
}

export function benchmarkCases(count: number): BenchmarkCase[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `case-${index + 1}`,
    persona: pairPersona(
      { id: `profile-${index + 1}`, facts: [`Lives in town number ${index + 1}`, 'Keeps bees'] },
      { id: `personality-${index + 1}`, traits: ['Dry wit', 'Short of patience'] },
    ),
  }));
}

/** A simulated user whose words depend on the seed only. */
export const fakeUser = (): ScriptedModel =>
  fakeModel('user', ({ seed }) => `My bees did trick ${seed} today.`);

/** A candidate that answers by what was said last. */
export const fakeCandidate = (id = 'candidate'): ScriptedModel =>
  fakeModel(id, ({ messages }) => `${id} heard: ${messages.at(-1)?.content}`);

export function verdict(score: number | string, rationale = 'Because.'): string {
  return JSON.stringify({ rationale, score });
}

/** A judge model that scores 1 + turn modulo 5. */
export const fakeJudge = (): ScriptedModel =>
  fakeModel('judge', (_request, { place }) => verdict(1 + ((place?.turn ?? 0) % 5)));
