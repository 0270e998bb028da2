export { paced } from './pacing/paced.ts';
export { createPacer, type Pacer, type PacerOptions } from './pacing/pacer.ts';
export { type RetryOptions, retry } from './retry.ts';
export { generateStructured, type StructuredOptions } from './structured.ts';
