import {afterEach, describe, expect, it} from 'vitest';
import {Locks} from '../Locks.ts';
import {isBeingStaged, withStageLock} from './withStageLock.ts';

const deferred = () => {
  let settle = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return {promise, settle};
};

const {signal} = new AbortController();

const withoutWebLocks = (): void => {
  Object.defineProperty(navigator, 'locks', {value: undefined, configurable: true});
};

afterEach(() => {
  Reflect.deleteProperty(navigator, 'locks');
});

describe('a stage', () => {
  it.each<[string, () => unknown]>([
    ['with Web Locks', () => undefined],
    ['without Web Locks', withoutWebLocks],
  ])('does not keep a change of versions waiting, %s', async (_which, prepare) => {
    prepare();
    const locks = new Locks();
    await withStageLock('assets-en', 'v1', signal, async () => {
      expect(await locks.withSwitchLock(async () => 'done')).toBe('done');
    });
  });

  it('is seen by every worker of the origin while it runs, and only for its release', async () => {
    const seen = () =>
      Promise.all([
        isBeingStaged('assets-en', 'v1'),
        isBeingStaged('assets-en', 'v2'),
        isBeingStaged('assets', 'v1'),
      ]);
    await withStageLock('assets-en', 'v1', signal, async () => {
      expect(await seen()).toEqual([true, false, false]);
    });
    expect(await seen()).toEqual([false, false, false]);
  });

  it('runs without Web Locks, and is not seen', async () => {
    withoutWebLocks();
    const staged = withStageLock('assets-en', 'v1', signal, async () => {
      expect(await isBeingStaged('assets-en', 'v1')).toBe(false);
      return 'staged';
    });
    expect(await staged).toBe('staged');
  });

  it('waits for another worker that stages the same release, until it is aborted', async () => {
    const first = deferred();
    const running = withStageLock('assets-en', 'v1', signal, () => first.promise);
    const controller = new AbortController();
    const waiting = withStageLock('assets-en', 'v1', controller.signal, async () => 'staged');
    controller.abort(new Error('no page waits'));
    await expect(waiting).rejects.toThrow('no page waits');
    const next = withStageLock('assets-en', 'v1', signal, async () => 'staged');
    first.settle();
    await running;
    expect(await next).toBe('staged');
  });
});
