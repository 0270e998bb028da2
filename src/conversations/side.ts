/** One of the two responses of a turn. */
export type Side = 'preferred' | 'rejected';

/** Both, the preferred first. */
export const SIDES: readonly Side[] = ['preferred', 'rejected'];
