import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {CacheFirst, type Strategy} from 'workbox-strategies';
import {StrictQuotaGuardPlugin} from '../guard/StrictQuotaGuardPlugin.ts';
import {PlainVersionScopePlugin} from '../releases/PlainVersionScopePlugin.ts';
import {clearStorage} from '../releases/testing/clearStorage.ts';
import {WorkerState} from './WorkerState.ts';

const URL_OF_V1 = 'https://a.test/v1/model.onnx';

let worker: WorkerState;
let lines: string[];
let answer: () => Response;

beforeEach(() => {
  worker = new WorkerState();
  lines = [];
  answer = () => new Response('a model', {headers: {'content-type': 'model/onnx'}});
  vi.stubGlobal('fetch', async () => answer());
  vi.stubGlobal('__WB_DISABLE_DEV_LOGS', false);
  for (const method of ['log', 'warn'] as const) {
    // The console gets a label and its style before the line.
    vi.spyOn(console, method).mockImplementation((...args) => lines.push(String(args.at(-1))));
  }
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await clearStorage();
});

/** Ours, which begin with a URL. Workbox writes more. */
const ours = (): string[] => lines.filter((line) => line.startsWith("'https:"));

const load = async (strategy: Strategy, url = URL_OF_V1): Promise<void> => {
  const [response, done] = strategy.handleAll({
    event: new ExtendableEvent('fetch'),
    request: new Request(url),
  });
  await (await response.catch(() => undefined))?.text();
  await done.catch(() => undefined);
};

const scoped = () =>
  new CacheFirst({
    plugins: [
      new StrictQuotaGuardPlugin({}, worker),
      new PlainVersionScopePlugin({prefix: 'models', pattern: /\/(?<version>v\d+)\//}, worker),
    ],
  });

it('a request has one line that says where its file was found, and that it is stored', async () => {
  await load(scoped());
  await load(scoped());
  expect(ours()).toEqual([
    `'${URL_OF_V1}' in 'models-v1': miss, stored.`,
    `'${URL_OF_V1}' in 'models-v1': hit.`,
  ]);
});

it('a request of a route without releases has the name of its cache', async () => {
  const strategy = new CacheFirst({cacheName: 'models', plugins: [new StrictQuotaGuardPlugin({}, worker)]});
  await load(strategy);
  await load(strategy);
  expect(ours()).toEqual([`'${URL_OF_V1}' in 'models': miss, stored.`, `'${URL_OF_V1}' in 'models': hit.`]);
});

it('the line says why a file is not stored, and one more, once, what to do', async () => {
  answer = () => new Response('{}', {headers: {'content-type': 'application/json'}});
  await load(scoped());
  await load(scoped());
  answer = () => new Response('', {status: 404});
  await load(scoped());
  answer = () => {
    throw new TypeError('Failed to fetch');
  };
  await load(scoped());
  expect(ours()).toEqual([
    `'${URL_OF_V1}' was not stored: its media type does not fit its name. Have the host send the right Content-Type, and ` +
      'look at what it has sent: it may be an error.',
    `'${URL_OF_V1}' in 'models-v1': miss, not stored: wrong-type.`,
    `'${URL_OF_V1}' in 'models-v1': miss, not stored: wrong-type.`,
    `'${URL_OF_V1}' was not stored: its host answered with 404. Check the URL and the rights of the user: only complete ` +
      'answers with the status 200 are stored.',
    `'${URL_OF_V1}' in 'models-v1': miss, not stored: status.`,
    `'${URL_OF_V1}' in 'models-v1': miss, not stored.`,
  ]);
});

it('a URL that belongs to no release is named once', async () => {
  const strategy = scoped();
  await load(strategy, 'https://a.test/model.onnx');
  await load(strategy, 'https://a.test/model.onnx');
  const warnings = ours().filter((line) => line.includes('belongs to no release'));
  expect(warnings).toEqual([
    "'https://a.test/model.onnx' belongs to no release of 'models': the pattern /\\/(?<version>v\\d+)\\// does not " +
      "match it. It is stored in the strategy's own cache.",
  ]);
});
