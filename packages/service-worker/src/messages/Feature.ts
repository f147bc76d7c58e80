import type {Strategy, StrategyOptions} from 'workbox-strategies/Strategy.js';
import type {WorkerState} from '../worker/WorkerState.ts';

/** Something that a worker can do on top of its routes. Only workers that name it carry its code. */
export interface Feature {
  /** Sets the feature up: its messages, and what it keeps in the worker. Calling it twice does no harm. */
  setUp(worker: WorkerState): void;
  /** The strategies that it adds, by the name that routes give. */
  readonly strategies?: Readonly<Record<string, (options: StrategyOptions) => Strategy>> | undefined;
}
