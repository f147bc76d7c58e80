import {describe, expect, it} from 'vitest';
import {expectations, expectedOf} from './expectations.ts';

const url = 'https://example.org/v1/model.onnx';
const digest = {algorithm: 'sha256', hex: '00'.repeat(32)} as const;
const integrity = `sha256-${'A'.repeat(43)}=`;

describe('what is expected', () => {
  it.each([
    [
      {url, size: 7},
      {size: 7, digests: undefined},
    ],
    [
      {url, digest},
      {size: undefined, digests: [digest]},
    ],
    [
      {url, size: 7, integrity},
      {size: 7, digests: [digest]},
    ],
  ])('of %j is its size and its digests', (asset, expected) => {
    expect(expectedOf(asset)).toEqual(expected);
  });

  it('of an SRI string without a readable digest matches nothing', () => {
    expect(expectedOf({integrity: 'md5-x'})).toEqual({size: undefined, digests: []});
  });

  it('is known for listed keys only', () => {
    const expectationFor = expectations([{url, size: 7}]);
    expect(expectationFor(url)).toEqual({size: 7, digests: undefined});
    expect(expectationFor(`${url}?x`)).toBeUndefined();
  });
});
