import {expect, it, vi} from 'vitest';

it('works in Node, where there is neither `self` nor Workbox', async () => {
  expect('self' in globalThis).toBe(false);
  vi.doMock('workbox-core', () => {
    throw new Error('imported at run time');
  });
  const {stableKey, StableKeyPlugin} = await import('./index.ts');
  expect(stableKey('https://hf.co/org/m/resolve/main/a?download=true')).toBe(
    'https://huggingface.co/org/m/resolve/main/a',
  );
  expect(new StableKeyPlugin().keyOf('https://hf.co/a')).toBe('https://huggingface.co/a');
});
