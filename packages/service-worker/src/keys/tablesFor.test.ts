import {expect, it} from 'vitest';
import {tablesFor} from './tablesFor.ts';

it.each([
  [/^https:\/\/huggingface\.co\//, ['huggingFace']],
  [/^https:\/\/huggingface\.co\/buckets\/acme\/(?<version>[^/]+)/, ['huggingFace']],
  [/^(?!.{8001})https:\/\/cdn\.jsdelivr\.net\/npm\//, ['jsDelivr']],
  [/^https:\/\/unpkg\.com\//, []],
  [/^https:\/\/assets\.example\.com\//, undefined],
  [/^https:\/\/huggingface.co\//, undefined],
  [/^https:\/\/huggingface\.co/, undefined],
  [/https:\/\/huggingface\.co\//, undefined],
  [/^https:\/\/(?:cdn\.)?huggingface\.co\//, undefined],
  [/^https:\/\/huggingface\.co\/|^https:\/\/assets\.example\.com\//, undefined],
  [/^https:\/\/constructor\//, undefined],
])('%s: %j', (pattern, tables) => {
  expect(tablesFor(pattern)).toEqual(tables);
});
