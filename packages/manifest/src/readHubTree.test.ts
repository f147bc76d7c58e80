import {createHash} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {ManifestError} from './ManifestError.ts';
import {readHubTree} from './readHubTree.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const model = {repository: 'org/model', revision: COMMIT};

const WEIGHTS = Buffer.from('weights');
const CONFIG = Buffer.from('{"hidden_size": 384}\n');
const sha256 = createHash('sha256').update(WEIGHTS).digest('hex');
const gitOid = createHash('sha1').update(`blob ${CONFIG.byteLength}\0`).update(CONFIG).digest('hex');

const folder = {type: 'directory', oid: 'f'.repeat(40), size: 0, path: 'onnx'};
const config = {type: 'file', oid: gitOid, size: CONFIG.byteLength, path: 'config.json'};
const weights = {
  type: 'file',
  oid: 'e'.repeat(40),
  size: WEIGHTS.byteLength,
  lfs: {oid: sha256, size: WEIGHTS.byteLength, pointerSize: 132},
  xetHash: 'd'.repeat(64),
  path: 'onnx/model.onnx',
};
const write = (...entries: unknown[]): string => JSON.stringify(entries, null, 2);
const urlOf = (repository: Parameters<typeof readHubTree>[1], path = 'a.bin'): string | undefined =>
  readHubTree(write({...config, path}), repository).assets[0]?.url;

it('lists LFS files with a SHA-256 and other files with a git blob name, without folders', () => {
  expect(readHubTree(write(folder, {...config, lfs: null}, weights), model)).toEqual({
    assets: [
      {
        url: `https://huggingface.co/org/model/resolve/${COMMIT}/config.json`,
        size: CONFIG.byteLength,
        digest: {algorithm: 'git-blob-sha1', hex: gitOid},
      },
      {
        url: `https://huggingface.co/org/model/resolve/${COMMIT}/onnx/model.onnx`,
        size: WEIGHTS.byteLength,
        digest: {algorithm: 'sha256', hex: sha256},
      },
    ],
  });
});

it('lists the files of a bucket with sizes only', () => {
  const entry = {type: 'file', size: 5, path: 'en-us/v0.6.0/model.onnx', xetHash: 'd'.repeat(64)};
  expect(readHubTree(write(entry), {repository: 'buckets/mailwoman/assets'})).toEqual({
    assets: [
      {url: 'https://huggingface.co/buckets/mailwoman/assets/resolve/en-us/v0.6.0/model.onnx', size: 5},
    ],
  });
});

describe('spells URLs as clients do:', () => {
  it.each([
    [{repository: 'gpt2', revision: 'main'}, 'https://huggingface.co/gpt2/resolve/main/a.bin'],
    [
      {repository: 'org/m', revision: 'refs/pr/1'},
      'https://huggingface.co/org/m/resolve/refs%2Fpr%2F1/a.bin',
    ],
    [
      {repository: 'datasets/squad', revision: 'v1'},
      'https://huggingface.co/datasets/squad/resolve/v1/a.bin',
    ],
    [{repository: 'datasets/o/d', revision: 'v1'}, 'https://huggingface.co/datasets/o/d/resolve/v1/a.bin'],
    [{repository: 'spaces/o/s', revision: 'v1'}, 'https://huggingface.co/spaces/o/s/resolve/v1/a.bin'],
    [
      {...model, endpoint: 'http://localhost:8081'},
      `http://localhost:8081/org/model/resolve/${COMMIT}/a.bin`,
    ],
    [{...model, endpoint: new URL('https://x.y/hub/')}, `https://x.y/hub/org/model/resolve/${COMMIT}/a.bin`],
  ])('%o', (repository, url) => {
    expect(urlOf(repository)).toBe(url);
  });

  it.each([
    ['a b+c.bin', 'a%20b+c.bin'],
    ['a#1?.bin', 'a%231%3F.bin'],
    ['50%.bin', '50%25.bin'],
    ['https://evil.example/x', 'https://evil.example/x'],
  ])('%s', (path, rest) => {
    expect(urlOf(model, path)).toBe(`https://huggingface.co/org/model/resolve/${COMMIT}/${rest}`);
  });
});

describe('refuses an invalid answer with the line and the reason:', () => {
  it.each([
    ['<html>', 'line 1: is not valid JSON at column 1.'],
    ['{"error": "Repository not found"}', 'line 1: must be an array, but is an object.'],
    [
      write({...config, type: 'symlink'}),
      'line 3, [0].type: must be "file" or "directory", but is a string of length 7',
    ],
    [write({...config, size: -1}), 'line 5, [0].size: must be a whole number of bytes, but is -1.'],
    [
      write({...config, oid: sha256}),
      'line 4, [0].oid: must be 40 hex digits, but is a string of length 64.',
    ],
    [write({...config, lfs: false}), 'line 7, [0].lfs: must be an object, but is false.'],
    [write({...config, oid: undefined}), 'line 2, [0].oid: must be 40 hex digits, but is missing.'],
    [write({...weights, lfs: {...weights.lfs, oid: gitOid}}), 'line 7, [0].lfs.oid: must be 64 hex digits'],
    [
      write({...weights, lfs: {...weights.lfs, size: 1}}),
      'line 8, [0].lfs.size: must be equal to the size of the file.',
    ],
    [
      write({...config, path: '../../other/x'}),
      'line 6, [0].path: must be the path of a file below the base.',
    ],
    [write(config, {...config, oid: 'a'.repeat(40)}), 'line 8, [1]: is listed before with another digest.'],
  ])('%j', (text, message) => {
    expect(() => readHubTree(text, model)).toThrow(ManifestError);
    expect(() => readHubTree(text, model)).toThrow(`Invalid manifest, ${message}`);
  });
});

describe('throws a TypeError for an invalid argument:', () => {
  const repository = "readHubTree: 'repository' must be a repository of the Hub, such as 'org/model'";
  const revision = "readHubTree: 'revision' must be a commit, a tag or a branch, such as 'main', got ";
  it.each([
    [{repository: 'org/model'}, `${revision}undefined.`],
    [{repository: 'org/model', revision: ''}, `${revision}"".`],
    [{repository: 'org/model', revision: '..'}, `${revision}"..".`],
    [
      {repository: 'buckets/o/b', revision: 'main'},
      `readHubTree: 'revision' must be undefined: a bucket has no revisions, got "main".`,
    ],
    [{repository: '../x', revision: 'main'}, repository],
    [{repository: 'a/b/c/d', revision: 'main'}, repository],
    [{repository: 'https://huggingface.co/o/m', revision: 'main'}, repository],
    [{...model, endpoint: 'huggingface.co'}, "readHubTree: 'endpoint' must be an absolute http or https URL"],
  ])('%o', (repository, message) => {
    expect(() => readHubTree('[]', repository)).toThrow(TypeError);
    expect(() => readHubTree('[]', repository)).toThrow(message);
  });
});
