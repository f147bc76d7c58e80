import {afterEach, describe, expect, it} from 'vitest';
import {Locks} from './Locks.ts';

const deferred = () => {
  let settle = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return {promise, settle};
};

describe.each(['with Web Locks', 'without Web Locks'])('a change of versions, %s,', (which) => {
  const prepare = (): Locks => {
    if (which === 'without Web Locks') {
      Object.defineProperty(navigator, 'locks', {value: undefined, configurable: true});
    }
    return new Locks();
  };

  afterEach(() => {
    Reflect.deleteProperty(navigator, 'locks');
  });

  it('begins after the one before has ended', async () => {
    const locks = prepare();
    const log: string[] = [];
    const first = deferred();
    const begun = deferred();
    const one = locks.withSwitchLock(async () => {
      log.push('first begins');
      begun.settle();
      await first.promise;
      log.push('first ends');
    });
    const other = locks.withSwitchLock(async () => {
      log.push('second begins');
    });
    const look = locks.withoutSwitches(async () => {
      log.push('look');
    });
    await begun.promise;
    first.settle();
    await Promise.all([one, other, look]);
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'look']);
  });

  it('begins also when the one before failed, and has its own result', async () => {
    const locks = prepare();
    const failing = locks.withSwitchLock(() => Promise.reject(new Error('no room')));
    const next = locks.withSwitchLock(async () => 'done');
    await expect(failing).rejects.toThrow('no room');
    await expect(next).resolves.toBe('done');
  });
});
