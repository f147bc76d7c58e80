import {createHash} from 'node:crypto';
import {expect, it} from 'vitest';
import type {ContentFile} from '../../../content/Content.ts';
import {gitObjectId} from '../../../gitObjectId.ts';
import type {HubRepository, HubTree} from '../HubRepository.ts';
import {gitListing} from './gitListing.ts';

const file = (path: string, content: string): ContentFile => {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const gitOid = gitObjectId('blob', Buffer.from(content));
  return {path, size: content.length, sha256, xetHash: sha256, gitOid};
};

const repository: HubRepository = {kind: 'models', id: 'org/name', revisions: new Map()};

const tree = (files: ContentFile[]): HubTree => ({
  commit: undefined,
  parent: undefined,
  files,
  open: () => Promise.reject(new Error('A listing opens no file.')),
});

it('names files and folders as `git ls-tree -r -t` does', () => {
  const files = [file('top/a/hello.md', 'hello\n'), file('top/a.b/x.md', 'x'), file('top/a-b.md', 'y')];
  const rows = gitListing(repository, tree(files)).folder('', true, {expand: false}) ?? [];
  expect(Object.fromEntries(rows.map(({oid, path}) => [path, oid]))).toEqual({
    top: 'ba778e797f6484b4db2357604c78433888fa3f57',
    'top/a': '795b830e0bb4fbede65deda8dc6feb77bde11b9f',
    'top/a-b.md': 'e25f1814e51579d5f55c0f1fe0135ddb28a47f4a',
    'top/a.b': '0fd139a960a00c7468343e1532d703a9b77c5334',
    'top/a.b/x.md': 'c1b0730e0133447badcfd47fd144e254807b06e1',
    'top/a/hello.md': 'ce013625030ba8dba906f756967f9e9ca394464a',
  });
});
