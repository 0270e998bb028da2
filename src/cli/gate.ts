import type { StringArgDef } from 'citty';
import { decimals } from '../internal/format.ts';
import { checkChoice } from '../internal/options.ts';
import type { Interval } from '../metrics/index.ts';
import { readOptionalNumber } from './read-number.ts';

/** What `--fail-under` compares with its number. */
type GateBasis = 'mean' | 'interval';

/** The least value that lets a command end with status 0. */
export interface Gate {
  readonly failUnder: number;
  readonly by: GateBasis;
}

/** Whether a gate is met, for `--json`. */
export interface GateOutcome extends Gate {
  readonly met: boolean;
  /** What was compared: the mean, or the lower end of its interval. Null if there is none. */
  readonly value: number | null;
}

/**
 * The flags of a gate.
 *
 * @param what The mean that is compared: `the average alignment level`.
 */
export function gateArgs(what: string): {
  readonly 'fail-under': StringArgDef;
  readonly 'fail-by': StringArgDef & { readonly default: string };
} {
  return {
    'fail-under': {
      type: 'string',
      valueHint: 'N',
      description: `Exit with status 3 if ${what} is below N.`,
    },
    'fail-by': {
      type: 'string',
      default: 'mean',
      valueHint: 'BASIS',
      description:
        'What --fail-under compares: mean, or interval (the lower end of the confidence interval, so that luck does not pass).',
    },
  };
}

/** @throws InvalidOptionError for a wrong number or basis. */
export function readGate(
  args: { readonly 'fail-under'?: string | undefined; readonly 'fail-by': string },
  min: number,
): Gate | undefined {
  const failUnder = readOptionalNumber('fail-under', args['fail-under'], { min });
  const by = checkChoice<string>('fail-by', args['fail-by'], ['mean', 'interval']) as GateBasis;
  return failUnder === undefined ? undefined : { failUnder, by };
}

/** Compares. Something that could not be measured does not meet a gate. */
export function checkGate(gate: Gate, mean: number | null, interval: Interval | null): GateOutcome {
  const value = gate.by === 'mean' ? mean : (interval?.low ?? null);
  return { ...gate, value, met: value !== null && value >= gate.failUnder };
}

/**
 * One sentence for stderr.
 *
 * @param what What was compared, such as `the average level of tuned`.
 */
export function describeGate({ failUnder, by, met, value }: GateOutcome, what: string): string {
  const compared = by === 'mean' ? what : `the interval of ${what}`;
  const verb = by === 'mean' ? 'is' : 'begins at';
  const found = value === null ? 'could not be measured' : `${verb} ${decimals(value, 3)}`;
  return `--fail-under ${failUnder} is ${met ? 'met' : 'not met'}: ${compared} ${found}.`;
}
