import type {RaceSide} from '../../race/raceFiles.ts';
import {control} from '../control.ts';

/** A simulated connection. Each side of the race has one of its own. */
export interface Connection {
  megabitsPerSecond: number;
  latencyMs: number;
}

/** Connects a side, or disconnects it. This applies to its page, its worker and its files alike. */
export const connect = async (
  side: RaceSide,
  {latencyMs, megabitsPerSecond}: Connection,
  isDown = false,
): Promise<void> => {
  const bytesPerSecond = (megabitsPerSecond * 1e6) / 8;
  await control('POST', 'link', {match: `/race/${side}/`, bytesPerSecond, latencyMs, isDown});
};

/** Cuts the connection of a side once, when so many bytes of a file were sent. */
export const cutOnce = async (side: RaceSide, path: string, afterBytes: number): Promise<void> => {
  const match = `/buckets/race/${side}/resolve/${path}`;
  await control('POST', 'fault', {match, kind: 'cut', afterBytes, times: 1});
};

/** What the hosts were asked for, and what they sent. */
export interface Traffic {
  requests: number;
  bytes: number;
}

/** Returns what the files of a side have cost so far, by the log of the demo's server. */
export const trafficOf = async (side: RaceSide): Promise<Traffic> => {
  const match = encodeURIComponent(`/buckets/race/${side}/`);
  return (await control('GET', `traffic?match=${match}`)).json();
};
