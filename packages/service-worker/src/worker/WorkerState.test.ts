import {describe, expect, it, vi} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {WorkerState} from './WorkerState.ts';

const made = vi.fn();

class Counter {
  count = 0;
  readonly worker: WorkerState;

  constructor(worker: WorkerState) {
    this.worker = worker;
    made();
  }
}

class User {
  readonly counter: Counter;

  constructor(worker: WorkerState) {
    this.counter = worker.part(Counter);
  }
}

describe('a part', () => {
  it('is made when it is first asked for, and once', () => {
    made.mockReset();
    const worker = new WorkerState();
    expect(made).not.toHaveBeenCalled();
    const counter = worker.part(Counter);
    counter.count += 1;
    expect(worker.part(Counter)).toBe(counter);
    expect(made).toHaveBeenCalledOnce();
  });

  it('gets the worker, and may ask it for other parts', () => {
    const worker = new WorkerState();
    const {counter} = worker.part(User);
    expect(worker.part(Counter)).toBe(counter);
    expect(counter.worker).toBe(worker);
  });

  it('belongs to one worker', () => {
    expect(new WorkerState().part(Counter)).not.toBe(new WorkerState().part(Counter));
  });

  it('is asked for anew after its constructor threw', () => {
    let isReady = false;
    class Failing {
      constructor() {
        if (!isReady) {
          throw new Error('not ready');
        }
      }
    }
    const worker = new WorkerState();
    expect(() => worker.part(Failing)).toThrow('not ready');
    isReady = true;
    expect(worker.part(Failing)).toBeInstanceOf(Failing);
  });
});

describe('the context of an event', () => {
  const newEvent = () => new Event('fetch') as ExtendableEvent;

  it('is the same for all that ask during the event', () => {
    const worker = new WorkerState();
    const event = newEvent();
    worker.contextOf(event).outcome = 'stored';
    expect(worker.contextOf(event).outcome).toBe('stored');
  });

  it('is another one for another event, and in another worker', () => {
    const [worker, other] = [new WorkerState(), new WorkerState()];
    const event = newEvent();
    const context = worker.contextOf(event);
    expect(worker.contextOf(newEvent())).not.toBe(context);
    expect(other.contextOf(event)).not.toBe(context);
  });

  it('allows nothing and has no failures at first', () => {
    const {allowedOpaque, integrityFailures, ...rest} = new WorkerState().contextOf(newEvent());
    const response = new Response();
    expect(allowedOpaque.has(response)).toBe(false);
    expect(integrityFailures.has(response)).toBe(false);
    expect(rest).toEqual({});
  });
});

describe('the plugins of a worker', () => {
  it('are those that its routes have by then', () => {
    const plugins: WorkboxPlugin[] = [];
    const worker = new WorkerState(() => plugins);
    expect(worker.plugins).toEqual([]);
    const plugin = {};
    plugins.push(plugin);
    expect(worker.plugins).toEqual([plugin]);
  });

  it('are none without routes', () => {
    expect(new WorkerState().plugins).toEqual([]);
  });
});
