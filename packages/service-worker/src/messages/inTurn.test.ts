import {expect, it} from 'vitest';
import {inTurn} from './inTurn.ts';

const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) {
    await Promise.resolve();
  }
};

it('does some at a time, in the order of the calls, and each gets its own result', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = inTurn(async (number: number) => {
    begun.push(number);
    await new Promise<void>((resolve) => {
      ends.push(resolve);
    });
    return number * 10;
  }, 2);
  const results = Promise.all([1, 2, 3, 4, 5].map((number) => work(number)));
  await settled();
  expect(begun).toEqual([1, 2]);
  ends[1]?.();
  await settled();
  expect(begun).toEqual([1, 2, 3]);
  for (let at = 0; at < 5; at += 1) {
    ends[at]?.();
    await settled();
  }
  expect(await results).toEqual([10, 20, 30, 40, 50]);
});

it('begins at once where nothing runs, also after a failure', async () => {
  let calls = 0;
  const work = inTurn(async () => {
    calls += 1;
    throw new Error('fails');
  }, 1);
  for (const count of [1, 2]) {
    const called = work();
    expect(calls).toBe(count);
    await expect(called).rejects.toThrow('fails');
  }
});
