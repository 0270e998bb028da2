import { AloeError } from '../errors.ts';
import { clip } from '../internal/clip.ts';
import { describeError } from '../internal/describe-error.ts';
import type { ChatResponse } from '../models/chat-model.ts';
import { missingFirst, takeLabels } from './attributes.ts';
import { callModel, type GenerationOptions, wantedByCall } from './generation-call.ts';
import { higherThresholds } from './higher-thresholds.ts';
import type { FilterEntry, NearDuplicateFilter } from './near-duplicate-filter.ts';
import { parsePersonas } from './parsing/parse-personas.ts';
import type { DiscardedEntry, FlawedEntry, GrowthOutcome, StopReason, UnusablePart } from './pool-data.ts';
import type { PoolEntry } from './pool-entry.ts';
import type { PersonaPoolEvent } from './pool-events.ts';
import type { QualityGate } from './quality/quality-gate.ts';
import { comparedText, type TextRule } from './statements.ts';

export interface GrowEntriesOptions extends GenerationOptions {
  /** Generated entries get the ids `<idPrefix>-1`, `<idPrefix>-2`, … */
  readonly idPrefix: string;
  readonly filter: NearDuplicateFilter;
  /** The threshold of the filter. */
  readonly similarityThreshold: number;
  readonly textRule: TextRule;
  /** Entries outside the pool that new ones must differ from too. */
  readonly apartFrom: readonly PoolEntry[];
  /** Null for no checks. */
  readonly gate: QualityGate | null;
  readonly seeds: readonly PoolEntry[];
  readonly target: number;
  readonly callsPerWave: number;
  readonly bottleneck: { readonly acceptance: number; readonly window: number };
  readonly maxCalls: number;
  readonly onEvent: (event: PersonaPoolEvent) => void;
}

/**
 * Grows one pool in waves. The calls of a wave run concurrently and see the pool as it was when the wave began.
 * Their replies are processed in call order, so the result does not depend on which arrives first.
 */
export async function growEntries(
  options: GrowEntriesOptions,
): Promise<{ entries: PoolEntry[]; outcome: GrowthOutcome }> {
  const { kind, filter, gate, target, callsPerWave, entriesPerCall, bottleneck, signal, onEvent } = options;
  const entries = options.seeds.slice(0, target);
  const generatedFrom = entries.length;
  const taken = new Set(entries.map(({ id }) => id));
  const verdicts: boolean[] = [];
  const discarded: DiscardedEntry[] = [];
  const flawed: FlawedEntry[] = [];
  const unusable: UnusablePart[] = [];
  let calls = 0;
  let failuresInARow = 0;
  let idNumber = 0;

  function nextId(): string {
    do idNumber += 1;
    while (taken.has(`${options.idPrefix}-${idNumber}`));
    return `${options.idPrefix}-${idNumber}`;
  }

  function acceptance(): number | null {
    const recent = verdicts.slice(-bottleneck.window);
    return recent.length === 0 ? null : recent.filter(Boolean).length / recent.length;
  }

  function stopReason(): StopReason | null {
    if (entries.length >= target) return 'target';
    if (verdicts.length >= bottleneck.window && acceptance()! < bottleneck.acceptance) return 'bottleneck';
    return calls >= options.maxCalls ? 'max-calls' : null;
  }

  /** As many calls as are still needed at the yield so far. */
  function nextWaveSize(): number {
    const yieldPerCall = calls === 0 ? entriesPerCall : (entries.length - generatedFrom) / calls;
    return Math.min(
      callsPerWave,
      options.maxCalls - calls,
      Math.ceil((target - entries.length) / yieldPerCall),
    );
  }

  function giveUp(part: UnusablePart): void {
    unusable.push(part);
    onEvent({ type: 'reply-unusable', kind, ...part });
  }

  function readReply(call: number, result: PromiseSettledResult<ChatResponse>): PoolEntry[] {
    if (result.status === 'rejected') {
      const reason = isMalformed(result.reason) ? 'malformed-reply' : 'call-failed';
      giveUp({ call, reason, text: clip(describeError(result.reason).message, 500) });
      return [];
    }
    const { text, finishReason } = result.value;
    const truncated = finishReason === 'length' || finishReason === 'content-filter';
    const { quotas = {} } = options;
    const labels = Object.keys(quotas).length;
    // Labels come in as statements.
    const parsed = parsePersonas(text, { truncated, ...(labels > 0 && { maxStatements: 12 + labels }) });
    for (const { reason, text: dropped } of parsed.dropped) giveUp({ call, reason, text: dropped });
    return parsed.entries.map((statements) => ({
      id: nextId(),
      ...(labels === 0 ? { statements } : takeLabels(statements, quotas)),
    }));
  }

  function textOf({ id, statements }: PoolEntry): FilterEntry {
    return { id, text: comparedText(statements, options.textRule) };
  }

  function isSound(entry: PoolEntry): boolean {
    const found = gate?.check(entry.statements) ?? null;
    if (found === null) return true;
    verdicts.push(false);
    flawed.push({ ...entry, ...found });
    onEvent({ type: 'entry-flawed', kind, ...textOf(entry), ...found });
    return false;
  }

  async function judge(generated: readonly PoolEntry[]): Promise<void> {
    const texts = generated.map(textOf);
    const results = await filter.accept(texts, { limit: target - entries.length, signal });
    for (const [index, { accepted, nearest }] of results.entries()) {
      const entry = generated[index]!;
      const about = { kind, ...texts[index]! };
      verdicts.push(accepted);
      if (accepted || nearest === null) {
        entries.push(entry);
        const nearestId = nearest?.id ?? null;
        onEvent({ type: 'entry-accepted', ...about, nearestId, similarity: nearest?.similarity ?? null });
      } else {
        const { id: nearestId, similarity } = nearest;
        discarded.push({ ...entry, nearestId, similarity });
        onEvent({ type: 'entry-discarded', ...about, nearestId, similarity });
      }
    }
  }

  let stopped = stopReason();
  if (stopped === null) {
    const before = [...options.apartFrom, ...entries];
    for (const { statements } of before) gate?.know(statements);
    await filter.keep(before.map(textOf), { signal });
  }
  while (stopped === null) {
    signal.throwIfAborted();
    const firstCall = calls;
    calls += nextWaveSize();
    const numbers = Array.from({ length: calls - firstCall }, (_, index) => firstCall + index);
    const wanted = wantedByCall(options, entries, numbers);
    const results = await Promise.allSettled(
      numbers.map((call, index) => callModel(options, entries, call, wanted[index])),
    );
    signal.throwIfAborted();
    for (const result of results) {
      if (result.status === 'rejected' && endsGrowth(result.reason)) throw result.reason;
      failuresInARow = result.status === 'rejected' && !isMalformed(result.reason) ? failuresInARow + 1 : 0;
    }
    const generated = results.flatMap((result, index) => readReply(numbers[index]!, result));
    const last = results.at(-1)!;
    // A short wave may fail by chance, so we give up only after a full wave's worth of consecutive failures.
    const allFailed = failuresInARow >= Math.max(results.length, Math.min(callsPerWave, options.maxCalls));
    if (allFailed && last.status === 'rejected') throw last.reason;
    const sound = generated.filter(isSound);
    await judge(options.quotas === undefined ? sound : missingFirst(sound, options.quotas, entries));
    onEvent({ type: 'wave-end', kind, size: entries.length, target, acceptance: acceptance() });
    stopped = stopReason();
  }
  onEvent({ type: 'growth-end', kind, size: entries.length, target, stopped });
  const shortfall = target - entries.length;
  return {
    entries,
    outcome: {
      stopped,
      shortfall,
      calls,
      generated: verdicts.length,
      discarded,
      ...(gate && { flawed }),
      ...(stopped === 'bottleneck' && {
        higherThresholds: higherThresholds(options.similarityThreshold, discarded),
      }),
      unusable,
    },
  };
}

/** An invalid option, a missing key or a full disk would fail every other call too. */
function endsGrowth(error: unknown): boolean {
  return AloeError.isInstance(error) && error.code !== 'model-call-failed' && !isMalformed(error);
}

function isMalformed(error: unknown): boolean {
  return AloeError.isInstance(error) && error.code === 'malformed-reply';
}
