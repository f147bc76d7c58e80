import {formatBytes, formatCount} from '../format.ts';
import {type Figures, sumOf} from './figures.ts';

const HALF_A_MEGABYTE = 500_000;
const TENTH_OF_A_SECOND = 0.1;

const inBytes = (saved: number): string =>
  Math.abs(saved) < HALF_A_MEGABYTE
    ? 'fetched as much as plain Workbox'
    : `fetched ${formatBytes(Math.abs(saved))} ${saved > 0 ? 'less' : 'more'} than plain Workbox`;

const inSeconds = (saved: number): string =>
  Math.abs(saved) < TENTH_OF_A_SECOND
    ? 'was as fast'
    : `was ${Math.abs(saved).toFixed(1)} s ${saved > 0 ? 'faster' : 'slower'}`;

const failuresOf = (all: readonly Figures[]): number => all.filter(({state}) => state === 'failed').length;

const failed = (name: string, count: number): string =>
  count === 0 ? '' : ` ${name} failed in ${formatCount(count, 'act')}.`;

/** Says what one side has saved, from the figures of all acts. */
export const verdictOf = (workbox: readonly Figures[], holdfast: readonly Figures[]): string => {
  const [theirs, ours] = [sumOf(workbox), sumOf(holdfast)];
  return (
    `Holdfast ${inBytes(theirs.bytes - ours.bytes)}, and ${inSeconds(theirs.seconds - ours.seconds)}.` +
    failed('Plain Workbox', failuresOf(workbox)) +
    failed('Holdfast', failuresOf(holdfast))
  );
};
