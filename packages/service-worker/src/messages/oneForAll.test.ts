import {expect, it, vi} from 'vitest';
import {oneForAll} from './oneForAll.ts';

const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) {
    await Promise.resolve();
  }
};

it('works once for all calls that come before it begins', async () => {
  const ends: ((result: string) => void)[] = [];
  const work = vi.fn(
    () =>
      new Promise<string>((resolve) => {
        ends.push(resolve);
      }),
  );
  const list = oneForAll(work);
  const first = [list(), list()];
  await settled();
  expect(work).toHaveBeenCalledOnce();
  // What is running may have looked already.
  const second = [list(), list(), list()];
  await settled();
  expect(work).toHaveBeenCalledOnce();
  ends[0]?.('one');
  await settled();
  expect(work).toHaveBeenCalledTimes(2);
  ends[1]?.('two');
  expect(await Promise.all(first)).toEqual(['one', 'one']);
  expect(await Promise.all(second)).toEqual(['two', 'two', 'two']);
});

it('works again after a failure, which all who waited get', async () => {
  const work = vi.fn().mockRejectedValueOnce(new Error('fails')).mockResolvedValueOnce('works');
  const list = oneForAll(work);
  const failed = [list(), list()];
  await expect(failed[0]).rejects.toThrow('fails');
  await expect(failed[1]).rejects.toThrow('fails');
  expect(await list()).toBe('works');
});
