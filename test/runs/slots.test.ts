import { expect, test } from 'vitest';
import { Slots } from '../../src/runs/calls/slots.ts';

/** Calls that end when they are told to. */
function held(slots: Slots) {
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  return {
    started,
    add(name: string) {
      return slots.add(() => {
        started.push(name);
        const end = Promise.withResolvers<string>();
        ends.set(name, end);
        return end.promise;
      });
    },
    end: (name: string) => ends.get(name)!.resolve(name),
    fail: (name: string) => ends.get(name)!.reject(new Error(name)),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('as many calls hold a slot as allowed, and the others follow in the order they came', async () => {
  const slots = new Slots(2);
  const { add, end, fail, started } = held(slots);
  const calls = ['a', 'b', 'c', 'd'].map(add);
  expect(started).toEqual(['a', 'b']);
  expect(slots.pending).toBe(2);
  end('b');
  expect(await calls[1]).toBe('b');
  await settled();
  expect(started).toEqual(['a', 'b', 'c']);
  fail('a');
  await expect(calls[0]).rejects.toThrow('a');
  await settled();
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  expect(slots.pending).toBe(2);
  end('c');
  end('d');
  expect(await Promise.all([calls[2], calls[3]])).toEqual(['c', 'd']);
  expect(slots.pending).toBe(0);
});

test('more slots are given out at once, and fewer as calls end', async () => {
  const slots = new Slots(1);
  const { add, end, started } = held(slots);
  const calls = ['a', 'b', 'c', 'd'].map(add);
  slots.concurrency = 3;
  await settled();
  expect(started).toEqual(['a', 'b', 'c']);
  slots.concurrency = 1;
  expect(slots.concurrency).toBe(1);
  end('a');
  end('b');
  await Promise.all([calls[0], calls[1]]);
  await settled();
  expect(started).toEqual(['a', 'b', 'c']);
  end('c');
  await calls[2];
  await settled();
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  end('d');
  await calls[3];
});

test('none is given out while paused, not even to a call that comes then', async () => {
  const slots = new Slots(2);
  const { add, end, started } = held(slots);
  const first = add('a');
  slots.pause();
  const others = [add('b'), add('c')];
  end('a');
  await first;
  await settled();
  expect(started).toEqual(['a']);
  slots.start();
  await settled();
  expect(started).toEqual(['a', 'b', 'c']);
  end('b');
  end('c');
  await Promise.all(others);
});

test('is idle when no call holds a slot or waits for one', async () => {
  const slots = new Slots(1);
  await slots.onIdle();
  const { add, end } = held(slots);
  const calls = [add('a'), add('b')];
  let isIdle = false;
  const idle = slots.onIdle().then(() => {
    isIdle = true;
  });
  end('a');
  await calls[0];
  await settled();
  expect(isIdle).toBe(false);
  end('b');
  await idle;
  expect(await calls[1]).toBe('b');
});
