import {expect, it} from 'vitest';
import {checkOptions} from './options.ts';

const url = 'https://example.org/v1/model.onnx';
const hex = 'ab'.repeat(32);
const integrity = `sha384-${'A'.repeat(64)}`;

it.each([
  {assets: []},
  {assets: [{url, size: 0}], mode: 'before-serving'},
  {assets: [{url, digest: {algorithm: 'sha256', hex}}], mode: undefined},
  {assets: [{url, size: 7, digest: {algorithm: 'git-blob-sha1', hex: 'ab'.repeat(20)}}]},
  {assets: [{url, integrity}], mode: 'while-storing'},
])('accepts %j', (options) => {
  expect(() => checkOptions(options)).not.toThrow();
});

const spelled = 'an absolute URL, spelled as `new URL(url).href` does, without a fragment';

it.each([
  [undefined, 'the options must be an object with assets, mode, but got undefined.'],
  [{}, "option 'assets' must be an array of assets, but got undefined."],
  [
    {assets: [], mode: 'strict'},
    `option 'mode' must be one of while-storing, before-serving, but got "strict".`,
  ],
  [{assets: [], manifest: 'x'}, `option 'manifest' must be one of assets, mode, but got "manifest".`],
  [
    {assets: [url]},
    `option 'assets[0]' must be an object with url, size, digest, integrity, but got "${url}".`,
  ],
  [{assets: [{url}]}, `option 'assets[0]' must be given a size or a digest, but got {"url":"${url}"}.`],
  [{assets: [{url, sha256: hex}]}, `option 'assets[0].sha256' must be one of url, size, digest, integrity`],
  [
    {assets: [{url: '/model.onnx', size: 7}]},
    `option 'assets[0].url' must be ${spelled}, but got "/model.onnx".`,
  ],
  [{assets: [{url: `${url}#top`, size: 7}]}, `option 'assets[0].url' must be ${spelled}`],
  [{assets: [{url: 'https://EXAMPLE.org/', size: 7}]}, `option 'assets[0].url' must be ${spelled}`],
  [{assets: [{url, size: 1.5}]}, "option 'assets[0].size' must be a whole number of bytes, but got 1.5."],
  [{assets: [{url, size: -1}]}, "option 'assets[0].size' must be a whole number of bytes, but got -1."],
  [{assets: [{url, size: '7'}]}, `option 'assets[0].size' must be a whole number of bytes, but got "7".`],
  [{assets: [{url, digest: hex}]}, "option 'assets[0].digest' must be an object with algorithm, hex"],
  [
    {assets: [{url, digest: {algorithm: 'md5', hex}}]},
    `option 'assets[0].digest.algorithm' must be one of sha256, sha384, sha512, git-blob-sha1, but got "md5".`,
  ],
  [
    {assets: [{url, digest: {algorithm: 'sha512', hex}}]},
    "option 'assets[0].digest.hex' must be 128 hex digits in lower case",
  ],
  [
    {assets: [{url, digest: {algorithm: 'sha256', hex: hex.toUpperCase()}}]},
    "option 'assets[0].digest.hex' must be 64 hex digits in lower case",
  ],
  [
    {assets: [{url, integrity: hex}]},
    `option 'assets[0].integrity' must be an SRI string with sha256, sha384 or sha512, but got "${hex}".`,
  ],
  [
    {assets: [{url, integrity, digest: {algorithm: 'sha256', hex}}]},
    "option 'assets[0].integrity' must be left out, since there is a digest",
  ],
  [{assets: [{url, size: 7}, {url: 7}]}, `option 'assets[1].url' must be ${spelled}, but got 7.`],
])('refuses %j with the reason', (options, message) => {
  expect(() => checkOptions(options)).toThrow(TypeError);
  expect(() => checkOptions(options)).toThrow(`IntegrityPlugin: ${message}`);
});
