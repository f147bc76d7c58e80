import {expect, it} from 'vitest';
import {matchesRange} from './matchesRange.ts';

it.each(['latest', '1', '1.30', '1.30.0', '~1.30.0', '~1.30', '^1.30.0', '^1.4.0', '^1'])(
  '1.30.0 matches %s',
  (range) => {
    expect(matchesRange('1.30.0', range)).toBe(true);
  },
);

it.each(['2', '1.3', '1.30.1', '~1.29.0', '~1.30.1', '^1.31.0', '^2.0.0', 'next', ''])(
  '1.30.0 does not match %j',
  (range) => {
    expect(matchesRange('1.30.0', range)).toBe(false);
  },
);
