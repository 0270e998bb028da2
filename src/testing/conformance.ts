/** One requirement of a contract. Run it in any test runner: `test(check.name, check.run)`. */
export interface ConformanceCheck {
  /** The requirement, as a sentence. */
  readonly name: string;
  /** Rejects with an AssertionError if the implementation does not meet the requirement. */
  run(): Promise<void>;
}

/** Makes a {@link ConformanceCheck}. */
export function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, run };
}
