/**
 * What the search for a limit does. `free`: no limit is known. `settle`: stays below the limit, right after a cut. `dip`: still there,
 * measures the strays. `cruise`: stays just below the limit. `probe`: goes beyond it, to see whether it has been raised. `climb`: goes on,
 * each time from where it got.
 */
export type Phase = 'free' | 'settle' | 'dip' | 'cruise' | 'probe' | 'climb';

/** Share of the limit at which calls are sent. */
export const RATE: Readonly<Record<Phase, number>> = {
  free: 1,
  settle: 0.9,
  dip: 0.9,
  cruise: 0.99,
  probe: 1.25,
  climb: 1.5,
};
