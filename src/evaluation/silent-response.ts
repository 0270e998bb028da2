import type { Judgement, SilenceStatus } from './judge.ts';

/** The lowest score. Saying nothing cannot do better than the worst reply. */
const LOWEST_SCORE = 1;

// Default_Ignorable_Code_Point holds what has no glyph: zero-width characters, variation selectors, Hangul fillers. U+2800
// is the empty Braille pattern.
const UNSEEN = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether a response has no visible character. */
export function isSilent(response: string): boolean {
  return UNSEEN.test(response);
}

/** The judgement of a response that says nothing. It needs no judge. */
export function silentJudgement(status: SilenceStatus = 'no-response', rationale?: string): Judgement {
  return { score: LOWEST_SCORE, status, ...(rationale !== undefined && { rationale }) };
}
