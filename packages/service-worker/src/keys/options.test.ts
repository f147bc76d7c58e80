import {expect, it} from 'vitest';
import {checkOptions} from './options.ts';

it.each([
  {},
  {schemes: undefined, providers: [], tables: undefined},
  {tables: ['huggingFace', 'cloudFront']},
  {schemes: [{all: 'my.sig=^v1- key', any: 'a b', drop: 'my-(?:date|user)', sorted: true}]},
  {
    schemes: [
      {path: '^/s/[a-f0-9]+(?=/)', to: ''},
      {hosts: 'a.test .b.test', claims: undefined},
    ],
  },
  {providers: [{hosts: 'mirror.test', path: '^/hub/', to: '/', host: 'huggingface.co', variants: 'a/b'}]},
])('accepts %j', (options) => {
  expect(() => checkOptions(options)).not.toThrow();
});

const TABLES =
  'huggingFace, jsDelivr, signatureV4, signatureV2, cloudFront, googleCdn, azure, gitHub, tencent, baidu, qiniu, ' +
  'secureLink, authKey, swift, oracle, cloudflare, discord, vercel, firebase, supabase, akamai, bunny, fastly, ' +
  'backblaze, gitLab, images, video, apps';
const HOSTS = 'host names in lower case, separated by spaces';
const FIELDS = 'hosts, path, all, any, drop, sorted, claims, to, slashes, host, variants';
const PATTERNS = 'made of valid regular expressions';

it.each([
  [null, 'the options must be an object with schemes, providers, tables, but got null.'],
  [[], 'the options must be an object with schemes, providers, tables, but got [].'],
  [{scheme: []}, `option 'scheme' must be one of schemes, providers, tables, but got "scheme".`],
  [{schemes: {all: 'a'}}, `option 'schemes' must be an array of rules, but got {"all":"a"}.`],
  [{providers: ['hf.co']}, `option 'providers[0]' must be an object with ${FIELDS}, but got "hf.co".`],
  [{schemes: [{all: 'a'}, null]}, `option 'schemes[1]' must be an object with ${FIELDS}, but got null.`],
  [
    {schemes: [{all: 'a', drops: 'b'}]},
    `option 'schemes[0].drops' must be one of ${FIELDS}, but got "drops".`,
  ],
  [{schemes: [{all: ['a', 'b']}]}, `option 'schemes[0].all' must be a string, but got ["a","b"].`],
  [{schemes: [{all: 42}]}, `option 'schemes[0].all' must be a string, but got 42.`],
  [{schemes: [{path: /a/}]}, `option 'schemes[0].path' must be a string, but got /a/.`],
  [
    {schemes: [{all: 'a', sorted: 'yes'}]},
    `option 'schemes[0].sorted' must be true or false, but got "yes".`,
  ],
  [
    {schemes: [{drop: 'a'}]},
    `option 'schemes[0].hosts' must be given, or path, all or any, but got undefined.`,
  ],
  [{providers: [{path: '/a'}]}, `option 'providers[0].hosts' must be ${HOSTS}, but got undefined.`],
  [
    {providers: [{hosts: 'https://hf.co'}]},
    `option 'providers[0].hosts' must be ${HOSTS}, but got "https://hf.co".`,
  ],
  [
    {providers: [{hosts: 'hf.co', host: 'HF.co'}]},
    `option 'providers[0].host' must be a host name in lower case, but got "HF.co".`,
  ],
  [
    {providers: [{hosts: 'hf.co', to: ''}]},
    `option 'providers[0].path' must be given, since there is a to, but got undefined.`,
  ],
  [
    {providers: [{hosts: 'hf.co', slashes: true}]},
    `option 'providers[0].path' must be given, since slashes is true, but got undefined.`,
  ],
  [
    {providers: [{hosts: 'hf.co', path: '/', slashes: 1}]},
    `option 'providers[0].slashes' must be true or false, but got 1.`,
  ],
  [
    {providers: [{hosts: 'hf.co', path: '('}]},
    `option 'providers[0].path' must be ${PATTERNS}, but got "(".`,
  ],
  [{tables: 'huggingFace'}, `option 'tables' must be an array of names, but got "huggingFace".`],
  [{tables: ['s3']}, `option 'tables[0]' must be one of ${TABLES}, but got "s3".`],
  [{schemes: [{all: 'a=['}]}, `option 'schemes[0].all' must be ${PATTERNS}, but got "a=[".`],
  [{schemes: [{any: 'b a=['}]}, `option 'schemes[0].any' must be ${PATTERNS}, but got "b a=[".`],
  [{schemes: [{all: 'a', drop: '*'}]}, `option 'schemes[0].drop' must be ${PATTERNS}, but got "*".`],
])('refuses %o with the reason', (options, message) => {
  expect(() => checkOptions(options)).toThrow(new TypeError(`StableKeyPlugin: ${message}`));
});
