import type { Persona } from '../personas/persona.ts';

/** One case of the benchmark: a persona that no training conversation has. */
export interface BenchmarkCase {
  readonly id: string;
  readonly persona: Persona;
}
