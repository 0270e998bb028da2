/** Share of the limit that is left after a cut if nothing could be measured. Fewer accepted calls than that are a lower limit. */
const CUT = 0.8;
/** The least share that is left in any case. */
const MAX_CUT = 0.5;
/** What a probe that was refused at once can raise the limit to. */
const CREEP = 1.06;

/** A limit cut to what was accepted, by no more than half. */
export function cutTo(limit: number, accepted: number): number {
  return Math.max(MAX_CUT * limit, accepted);
}

/** Whether so much less was accepted than the limit that something else has changed. */
export function isFarBelow(limit: number, accepted: number): boolean {
  return accepted < CUT * limit;
}

/** The limit after refusals at the limit itself. @param accepted what was accepted, if it could be measured. */
export function limitAfterCut(limit: number, accepted: number | undefined): number {
  return accepted === undefined ? CUT * limit : cutTo(limit, accepted);
}

/** The limit after refusals beyond it, where more was tried. @param accepted what was accepted, if it could be measured. */
export function limitAfterProbe(limit: number, accepted: number | undefined): number {
  if (accepted === undefined) return limit;
  if (accepted > limit) return Math.min(accepted, CREEP * limit);
  // A little less than before is what refusals leave of it, so it is no reason to change the limit.
  return isFarBelow(limit, accepted) ? (limit + accepted) / 2 : limit;
}
