import type {Traffic} from './connection.ts';

/** What a visit has cost. */
export interface Figures extends Traffic {
  state: 'running' | 'loaded' | 'failed';
  /** From opening the page until the model is in memory. */
  seconds: number;
  /** How many times the page failed, and was loaded again. */
  reloads: number;
}

export const sumOf = (all: readonly Figures[]): Omit<Figures, 'state'> => ({
  requests: all.reduce((sum, {requests}) => sum + requests, 0),
  bytes: all.reduce((sum, {bytes}) => sum + bytes, 0),
  seconds: all.reduce((sum, {seconds}) => sum + seconds, 0),
  reloads: all.reduce((sum, {reloads}) => sum + reloads, 0),
});
