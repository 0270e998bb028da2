import { benchmarkTextCheck } from './benchmark-overlap.ts';
import { nearIdenticalCheck } from './near-identical.ts';
import { assistantVoiceCheck, refusalCheck } from './phrase-faults.ts';
import { createPromptLeakCheck } from './prompt-leak.ts';
import { repetitionCheck } from './repetition.ts';
import type { TextCheck } from './text-check.ts';
import { wrongLanguageCheck } from './wrong-language.ts';

/**
 * The rules that need nothing but the texts of a training example, the worst fault first.
 *
 * @param prompts Texts of prompts of the caller's own.
 */
export function createTextChecks(prompts: readonly string[] = []): readonly TextCheck[] {
  return [
    createPromptLeakCheck(prompts),
    benchmarkTextCheck,
    refusalCheck,
    assistantVoiceCheck,
    wrongLanguageCheck,
    repetitionCheck,
    nearIdenticalCheck,
  ];
}
