import { describe, expect, test, vi } from 'vitest';
import { waitingLine } from '../../../src/models/pacing/waiting-line.ts';

/** A line of waiters with 1, 2, 3 ... units; what each got, in order. */
function lineOf(waiters: number) {
  const onEmpty = vi.fn();
  const line = waitingLine<string>(onEmpty);
  const controllers = Array.from({ length: waiters }, () => new AbortController());
  const outcomes: string[] = [];
  for (const [index, { signal }] of controllers.entries()) {
    line.join(index + 1, signal).then(
      (ticket) => outcomes.push(`${index + 1} ${ticket}`),
      (reason: unknown) => outcomes.push(`${index + 1} left: ${reason}`),
    );
  }
  const leave = (waiter: number) => controllers[waiter - 1]!.abort('enough');
  return { line, leave, onEmpty, outcomes };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a waiting line', () => {
  test('serves in the order of joining, and knows what the first one needs', async () => {
    const { line, outcomes, onEmpty } = lineOf(3);
    const units: number[] = [];
    for (; line.size > 0; line.serve('served')) units.push(line.firstUnits());
    await settled();
    expect(units).toEqual([1, 2, 3]);
    expect(outcomes).toEqual(['1 served', '2 served', '3 served']);
    expect(line.firstUnits()).toBe(0);
    expect(onEmpty).not.toHaveBeenCalled();
  });

  test.each([
    [1, [2, 3, 4]],
    [2, [1, 3, 4]],
    [4, [1, 2, 3]],
  ])('goes on without waiter %d, who leaves', async (waiter, others) => {
    const { line, leave, outcomes, onEmpty } = lineOf(4);
    leave(waiter);
    expect(line.size).toBe(3);
    while (line.size > 0) line.serve('served');
    await settled();
    expect(outcomes).toEqual([`${waiter} left: enough`, ...others.map((other) => `${other} served`)]);
    expect(onEmpty).not.toHaveBeenCalled();
  });

  test('lets others join after the last one has left', async () => {
    const { line, leave, outcomes } = lineOf(2);
    leave(2);
    void line.join(9, undefined).then((ticket) => outcomes.push(`9 ${ticket}`));
    line.serve('served');
    expect(line.firstUnits()).toBe(9);
    line.serve('served');
    await settled();
    expect(outcomes).toEqual(['2 left: enough', '1 served', '9 served']);
  });

  test('says when the last waiter has left', () => {
    const { leave, onEmpty } = lineOf(2);
    leave(1);
    expect(onEmpty).not.toHaveBeenCalled();
    leave(2);
    expect(onEmpty).toHaveBeenCalledOnce();
  });

  test('does not hear one who leaves after being served', async () => {
    const { line, leave, outcomes, onEmpty } = lineOf(2);
    line.serve('served');
    leave(1);
    expect(line.size).toBe(1);
    line.rejectAll('over');
    leave(2);
    await settled();
    expect(outcomes).toEqual(['1 served', '2 left: over']);
    expect(onEmpty).not.toHaveBeenCalled();
  });

  test('rejects all at once, and serves nobody then', async () => {
    const { line, outcomes } = lineOf(3);
    line.rejectAll('over');
    expect(line.size).toBe(0);
    line.serve('served');
    expect(line.size).toBe(0);
    await settled();
    expect(outcomes).toEqual(['1 left: over', '2 left: over', '3 left: over']);
  });
});
