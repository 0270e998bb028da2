/** Where a pipeline works if its config does not say. */
export const DEFAULT_RUN = 'runs/aloe';
