/** Releases that a page stages beside the current one, with `@holdfast/window`. */
import {createHash} from 'node:crypto';
import type {AssetFailure, LineName, StageError, StageProgress, StageResult} from '@holdfast/window';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import type {ContentFile, Fault} from '../origins/startOrigins.ts';

const LINE = 'mailwoman-assets-de-de';
const [OLD, NEW] = ['v0.6.0', 'v0.7.0'];

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage(['staged', 'stagedMessages', 'holdfast']);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage('staged');
});

const filesOf = (version: string): ContentFile[] => stage.release('de-de', version).files;

const url = (version: string, file: string): string => stage.assetUrl(`de-de/${version}/${file}`);

const manifestOf = (version: string) => ({
  assets: filesOf(version).map(({path, size, sha256}) => ({
    url: stage.assetUrl(path),
    size,
    digest: {algorithm: 'sha256' as const, hex: sha256},
  })),
});

/** Returns whether both releases have the same file. */
const isShared = ({path}: ContentFile): boolean => /tokenizer|fst/.test(path);

const sum = (files: readonly ContentFile[]): number => files.reduce((bytes, {size}) => bytes + size, 0);

/** How a stage ended, and the progress that the page was given. */
interface Ended {
  report?: StageResult;
  error?: Partial<StageError>;
  progress: StageProgress[];
}

/** @param options the event `abort-stage` of the page aborts a stage with `isAbortable`. */
const stageIn = (
  where: Page,
  version: string,
  options: {timeoutSeconds?: number; files?: Record<string, string>; isAbortable?: boolean} = {},
): Promise<Ended> =>
  where.evaluate(
    async ([line, name, manifest, {isAbortable, ...rest}]) => {
      const controller = new AbortController();
      if (isAbortable) {
        addEventListener('abort-stage', () => controller.abort(new Error('closed by the user')));
      }
      const progress: StageProgress[] = [];
      const report = holdfast.line(line).stage(name, {
        manifest,
        signal: controller.signal,
        onProgress: (one) => progress.push(one),
        ...rest,
      });
      return report.then(
        (report) => ({report, progress}),
        // Playwright drops the fields of an error.
        ({name: kind, code, message, failures}: StageError) => ({
          error: {name: kind, code, message, failures},
          progress,
        }),
      );
    },
    [LINE, version, manifestOf(version), options] as const,
  );

const abortIn = (where: Page) => where.evaluate(() => dispatchEvent(new Event('abort-stage')));

const staged = async (version: string): Promise<StageResult | undefined> => {
  const {report, error} = await stageIn(page, version);
  expect(error).toBeUndefined();
  return report;
};

const switchTo = (version: string, options: {keep?: number; evictNow?: boolean; allowEmpty?: boolean} = {}) =>
  page.evaluate(([line, name, rest]) => holdfast.line(line).switchTo(name, rest), [
    LINE,
    version,
    options,
  ] as const);

/** Returns the names of the files that were requested from the CDN of the Hub. */
const requested = (): string[] =>
  stage.origins.log
    .requests({to: 'hubCdn', method: 'GET'})
    .map(({redirectedFrom = ''}) => new URL(redirectedFrom).pathname.split('/').at(-1) ?? '')
    .sort();

const storedVersions = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(await page.evaluate(() => stored()))
      .map(([name, keys]) => [name.slice(LINE.length + 1), keys.length] as const)
      .sort(),
  );

const expectLoaded = async (where: Page, version: string): Promise<void> => {
  for (const {path, sha256} of filesOf(version)) {
    expect(await where.evaluate((one) => load(one), stage.assetUrl(path))).toMatchObject({
      status: 200,
      sha256,
    });
  }
};

/** Waits until the page has been given the progress of a stage with so many bytes. */
const whenReported = (bytes: number) =>
  expect
    .poll(() =>
      page.evaluate(() => {
        const last = events.findLast(({type}) => type === 'STAGE_PROGRESS')?.payload.bytes;
        return Object.values(last ?? {}).reduce((sum, some) => sum + some, 0);
      }),
    )
    .toBeGreaterThanOrEqual(bytes);

const current = () => page.evaluate((line) => holdfast.line(line).current(), LINE);

describe('a stage', () => {
  it('fetches changed files and reuses the others, and the switch needs no network', async () => {
    expect(await staged(OLD)).toEqual({
      line: LINE,
      version: OLD,
      assets: 4,
      totalBytes: sum(filesOf(OLD)),
      bytes: {present: 0, reused: 0, fetched: sum(filesOf(OLD))},
      damaged: [],
      files: {},
      persisted: false,
    });
    await switchTo(OLD);
    stage.origins.log.clear();

    const {report} = await stageIn(page, NEW);
    const changed = filesOf(NEW).filter((file) => !isShared(file));
    expect(report?.bytes).toEqual({
      present: 0,
      reused: sum(filesOf(NEW).filter(isShared)),
      fetched: sum(changed),
    });
    expect(requested()).toEqual(['model.onnx', 'wof-hot.db']);
    expect(await storedVersions()).toEqual({[OLD]: 4, [NEW]: 4});
    expect(await current()).toBe(OLD);

    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    await expectLoaded(page, OLD);
    expect(await switchTo(NEW)).toEqual({line: LINE, version: NEW, evicted: [], kept: [OLD]});
    await expectLoaded(page, NEW);
  });

  it('reports its progress: bytes by their source, and that it is done', async () => {
    stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'slow', bytesPerSecond: 1_500_000});
    const {progress, report} = await stageIn(page, OLD);

    const soFar = progress.map(({bytes}) => bytes.present + bytes.reused + bytes.fetched);
    expect(soFar.length).toBeGreaterThan(3);
    expect(soFar).toEqual([...soFar].sort((a, b) => a - b));
    expect(progress.slice(0, -1).map(({state}) => state)).not.toContain('done');
    expect(progress.at(-1)).toEqual({
      line: LINE,
      version: OLD,
      state: 'done',
      assets: 4,
      verified: 4,
      waiting: 0,
      totalBytes: report?.totalBytes,
      bytes: report?.bytes,
    });
    for (const {line, version, totalBytes} of progress) {
      expect({line, version, totalBytes}).toEqual({line: LINE, version: OLD, totalBytes: sum(filesOf(OLD))});
    }
  });

  it('is in the list of releases', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await staged(NEW);
    const states = async () =>
      (await page.evaluate(() => holdfast.releases())).flatMap(({releases}) =>
        releases.map(({version, state}) => [version, state]),
      );
    expect(await states()).toEqual([
      [OLD, 'current'],
      [NEW, 'staged'],
    ]);
    await switchTo(NEW);
    expect(await states()).toEqual([
      [OLD, 'previous'],
      [NEW, 'current'],
    ]);
  });

  it('stores a file in the origin private file system when asked to, and answers with it', async () => {
    const database = url(OLD, 'wof-hot.db');
    const {report} = await stageIn(page, OLD, {files: {[database]: 'places/wof-hot.db'}});
    const path = report?.files[database] ?? '';
    const size = await page.evaluate(async (names) => {
      let folder = await navigator.storage.getDirectory();
      for (const name of names.slice(0, -1)) {
        folder = await folder.getDirectoryHandle(name);
      }
      return (await (await folder.getFileHandle(names.at(-1) ?? '')).getFile()).size;
    }, path.split('/'));
    expect(size).toBe(stage.file(`de-de/${OLD}/wof-hot.db`).size);
    expect((await storedVersions())[OLD]).toBe(3);

    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    await switchTo(OLD);
    await expectLoaded(page, OLD);
  });

  it('asks for persistent storage where its size is unknown, and returns the answer', async () => {
    await stage.browser.setPersistence(stage.app, 'granted');
    const persisted = async () =>
      (await page.evaluate(([line, name]) => holdfast.line(line).stage(name), [LINE, OLD] as const))
        .persisted;
    await staged(OLD);
    expect(await persisted()).toBe(true);
    await stage.browser.setPersistence(stage.app, 'denied');
  });

  it('is refused without a manifest of the version', async () => {
    await expect(
      page.evaluate(([line, name]) => holdfast.line(line).stage(name), [LINE, OLD] as const),
    ).rejects.toThrow('no manifest');
  });

  it('is refused with files of another release, and stores nothing', async () => {
    const mixed = page.evaluate(([line, name, manifest]) => holdfast.line(line).stage(name, {manifest}), [
      LINE,
      NEW,
      manifestOf(OLD),
    ] as const);
    await expect(mixed).rejects.toThrow(`must belong to '${LINE}-${NEW}'`);
    expect(await storedVersions()).toEqual({});
  });

  it('is refused by a worker without the feature, with what to add', async () => {
    await page.evaluate(() => holdfast.register('/holdfast.js'));
    const {error} = await stageIn(page, OLD);
    expect(error).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        /^The service worker does not support HOLDFAST_STAGE: add .*`staging\(\)` to the features/,
      ),
    });
  });
});

describe('a manifest', () => {
  const PATH = '/manifests/de-de.json';

  /** Stages the old release in a page, with the URL of a manifest. */
  const stageFrom = (where: Page, manifest: string) =>
    where.evaluate(
      ([version, url]) =>
        holdfast
          .line('mailwoman-assets', {locale: 'de-de'})
          .stage(version, {manifest: url})
          .then(
            (report) => ({report, error: undefined}),
            ({code, message}: StageError) => ({report: undefined, error: {code, message}}),
          ),
      [OLD, manifest] as const,
    );

  const manifestRequests = () => stage.origins.log.requests({to: 'app', path: PATH});

  beforeEach(() => {
    const assets = filesOf(OLD).map(({path, size, sha256}) => ({path: stage.assetUrl(path), size, sha256}));
    stage.origins.app.set(PATH, JSON.stringify({holdfast: 1, assets}));
  });

  it.each([['manifests/de-de.json'], ['/manifests/de-de.json?signature=secret']])(
    'may be a URL, which the worker reads: %s',
    async (url) => {
      const {report, error} = await stageFrom(page, url);
      expect(error).toBeUndefined();
      expect(report).toMatchObject({
        line: LINE,
        version: OLD,
        assets: 4,
        bytes: {fetched: sum(filesOf(OLD))},
      });
      expect(await storedVersions()).toEqual({[OLD]: 4});
      expect(manifestRequests()).toHaveLength(1);
    },
  );

  it('is fetched once for two pages that give its URL', async () => {
    const other = await stage.openPage();
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    const first = stageFrom(page, PATH);
    await stall.reached;
    const second = stageFrom(other, PATH);
    await other.evaluate(() => holdfast.releases());
    stall.release();
    expect((await first).error ?? (await second).error).toBeUndefined();
    expect(manifestRequests()).toHaveLength(1);
  });

  it.each([
    ['is missing', '/manifests/none.json?signature=secret', 'the server answered with 404'],
    ['is no JSON', '/index.html?signature=secret', 'JSON'],
  ])('that %s fails the stage, with its URL', async (_, path, reason) => {
    const {error} = await stageFrom(page, path);
    expect(error?.code).toBe('refused');
    expect(error?.message).toContain(`the manifest '${stage.app}${path.split('?')[0]}' cannot be read: `);
    expect(error?.message).toContain(reason);
    expect(error?.message).not.toContain('secret');
  });

  it('is sent once, and polls have only the id of the job', async () => {
    await page.evaluate(() => holdfast.register('/stagedMessages.js').then(() => undefined));
    const received = await page.evaluateHandle(() => {
      const messages: {type: string; payload: Record<string, unknown>}[] = [];
      new BroadcastChannel('messages').onmessage = ({data}) => messages.push(data);
      return messages;
    });
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    const staging = stageIn(page, OLD);
    await stall.reached;
    const polls = async () => (await received.jsonValue()).filter(({type}) => type === 'HOLDFAST_JOB');
    for (const count of [1, 2, 3]) {
      await expect.poll(async () => (await polls()).length).toBeGreaterThanOrEqual(count);
      await page.evaluate(() => elapse(2000));
    }
    stall.release();
    expect((await staging).error).toBeUndefined();

    const [started, ...others] = (await received.jsonValue()).filter(
      ({type}) => type === 'HOLDFAST_STAGE' || type === 'HOLDFAST_JOB',
    );
    expect(started?.payload.manifest).toEqual(manifestOf(OLD));
    expect(others.length).toBeGreaterThanOrEqual(3);
    for (const {type, payload} of others) {
      expect({type, fields: Object.keys(payload).sort()}).toEqual({
        type: 'HOLDFAST_JOB',
        fields: ['asker', 'job'],
      });
      expect(JSON.stringify(payload).length).toBeLessThan(200);
    }
  });
});

describe('a line with values', () => {
  it('is the line whose name has the values', async () => {
    await staged(OLD);
    const answers = await page.evaluate(async (version) => {
      const line = holdfast.line('mailwoman-assets', {locale: 'de-de'});
      const switched = await line.switchTo(version);
      return [switched, await line.current(), (await line.verify()).line];
    }, OLD);
    expect(answers).toEqual([{line: LINE, version: OLD, evicted: [], kept: []}, OLD, LINE]);
    expect(await current()).toBe(OLD);
    const other = () => page.evaluate(() => holdfast.line('mailwoman-assets', {locale: 'en-us'}).current());
    expect(await other()).toBeNull();
  });

  it('can be followed', async () => {
    const followed = await follow(page, {name: 'mailwoman-assets', values: {locale: 'de-de'}});
    await staged(OLD);
    await expect.poll(async () => (await followed()).states).toContain(`${OLD} done`);
  });

  it.each([
    ['mailwoman-assets', {language: 'de-de'}],
    ['mailwoman-assets', {locale: ''}],
    ['models', {locale: 'de-de'}],
  ])('is refused where no route has it: %s %j', async (name, values) => {
    const error = await page.evaluate(
      ([one, some]) =>
        holdfast
          .line(one, some as unknown as Record<string, string>)
          .current()
          .catch(({code, message}) => ({code, message})),
      [name, values] as const,
    );
    expect(error).toMatchObject({code: 'refused'});
  });
});

describe('a stage fails', () => {
  const model = () => url(NEW, 'model.onnx');

  it.each<[string, Fault, Partial<AssetFailure>, string]>([
    ['with wrong bytes', {kind: 'wrong-bytes'}, {reason: 'wrong-digest'}, 'its bytes are not those'],
    ['that is missing', {kind: 'status', status: 404}, {reason: 'status', status: 404}, 'with 404'],
    ['that is cut', {kind: 'cut', afterBytes: 300_000}, {reason: 'body-incomplete'}, 'the connection broke'],
    ['that is shorter', {kind: 'truncate', toBytes: 1000}, {reason: 'too-short'}, 'it is shorter'],
  ])(
    'at a file %s, which its error names, and the current release stays complete',
    async (_, fault, failure, words) => {
      await staged(OLD);
      await switchTo(OLD);
      stage.origins.fault({match: model(), ...fault});

      const {error} = await stageIn(page, NEW);
      expect(error).toMatchObject({code: 'stage-failed', failures: [{key: model(), ...failure}]});
      expect(error?.message).toContain(`${model()}: `);
      expect(error?.message).toContain(words);
      expect(error?.message).toContain(`The current release, '${OLD}', is untouched.`);
      await expect(switchTo(NEW)).rejects.toThrow('is incomplete');
      expect(await current()).toBe(OLD);

      stage.origins.clearFaults();
      await stage.browser.clearHttpCache();
      await stage.browser.setOffline(true);
      await expectLoaded(page, OLD);
    },
  );

  it('and keeps what is stored for the next attempt', async () => {
    stage.origins.fault({match: url(OLD, 'fst-de-DE.bin'), kind: 'status', status: 503});
    expect((await stageIn(page, OLD)).error?.code).toBe('stage-failed');
    const done = await storedVersions();
    expect(done[OLD]).toBe(3);
    stage.origins.clearFaults();
    await stage.browser.clearHttpCache();
    stage.origins.log.clear();

    const report = await staged(OLD);
    expect(requested()).toEqual(['fst-de-DE.bin']);
    const fetched = stage.file(`de-de/${OLD}/fst-de-DE.bin`).size;
    expect(report?.bytes).toEqual({present: sum(filesOf(OLD)) - fetched, reused: 0, fetched});
  });

  it('when there is no room', async () => {
    await stage.browser.setQuota(stage.app, 600_000);
    const {error} = await stageIn(page, OLD);
    expect(error?.failures?.map(({reason}) => reason)).toContain('quota-exceeded');
    await stage.browser.setQuota(stage.app, undefined);
    await staged(OLD);
  });

  it('at the time limit when nothing arrives, and its request is aborted', async () => {
    const stall = stage.origins.fault({match: model(), kind: 'stall', afterBytes: 300_000});
    const staging = stageIn(page, NEW);
    await stall.reached;
    await expect.poll(async () => (await storedVersions())[NEW]).toBe(3);
    await whenReported(300_000);
    await page.evaluate(() => elapse(60_000));
    expect((await staging).error).toMatchObject({
      code: 'timeout',
      message: `Waited 60 s for '${NEW}' of '${LINE}' to make progress.`,
    });
    await expect.poll(() => stage.origins.log.requests({path: /model\.onnx$/}).at(-1)?.ended).toBe('aborted');
    stall.release();
  });
});

describe('an aborted stage', () => {
  it('rejects with the reason, aborts its requests, and keeps what is stored', async () => {
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    const staging = stageIn(page, OLD, {isAbortable: true});
    await stall.reached;
    await expect.poll(async () => (await storedVersions())[OLD]).toBe(3);
    await abortIn(page);

    expect((await staging).error).toMatchObject({name: 'Error', message: 'closed by the user'});
    await expect.poll(() => stage.origins.log.requests({path: /model\.onnx$/}).at(-1)?.ended).toBe('aborted');
    stall.release();
    await stage.browser.clearHttpCache();
    stage.origins.log.clear();
    await staged(OLD);
    expect(requested()).toEqual(['model.onnx']);
  });

  it('can be started again at once', async () => {
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    const first = stageIn(page, OLD, {isAbortable: true});
    await stall.reached;
    await abortIn(page);
    const second = stageIn(page, OLD);
    expect((await first).error?.message).toBe('closed by the user');
    stall.release();
    expect((await second).error).toBeUndefined();
  });

  it('continues for another page that stages the same release', async () => {
    const other = await stage.openPage();
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    const aborted = stageIn(page, OLD, {isAbortable: true});
    await stall.reached;
    const continued = stageIn(other, OLD);
    // Messages of a page arrive in order: the worker has received those before.
    await other.evaluate(() => holdfast.releases());
    await abortIn(page);
    expect((await aborted).error?.message).toBe('closed by the user');
    stall.release();

    expect((await continued).report?.version).toBe(OLD);
    expect(requested()).toEqual(['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db']);
  });

  it('aborts its requests when the page was reloaded in between', async () => {
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    void stageIn(page, OLD).catch(() => undefined);
    await stall.reached;
    await page.reload();
    const staging = stageIn(page, OLD, {isAbortable: true});
    await page.evaluate(() => holdfast.releases());
    await abortIn(page);
    await staging;
    await expect.poll(() => stage.origins.log.requests({path: /model\.onnx$/}).at(-1)?.ended).toBe('aborted');
    stall.release();
  });
});

describe('a stage that waits for a request of a page', () => {
  it('makes progress as long as that does', async () => {
    const model = url(OLD, 'model.onnx');
    stage.origins.fault({match: model, kind: 'slow', bytesPerSecond: 200_000});
    const loading = page.evaluate((one) => load(one), model);
    await expect.poll(() => stage.origins.log.requests({to: 'hubCdn', path: /model\.onnx$/}).length).toBe(1);
    const {error} = await stageIn(page, OLD, {timeoutSeconds: 3});
    await loading;
    expect(error).toBeUndefined();
  });

  it('can be aborted at once', async () => {
    const model = url(OLD, 'model.onnx');
    const stall = stage.origins.fault({match: model, kind: 'stall', afterBytes: 300_000});
    const loading = page.evaluate((one) => load(one), model).catch(() => undefined);
    await stall.reached;
    const staging = stageIn(page, OLD, {isAbortable: true});
    await expect.poll(async () => (await storedVersions())[OLD]).toBe(3);
    await abortIn(page);
    await staging;
    const lastState = () =>
      page.evaluate(() => events.findLast(({type}) => type === 'STAGE_PROGRESS')?.payload.state);
    await expect.poll(lastState).toBe('aborted');
    stall.release();
    await loading;
  });
});

describe('during a stage', () => {
  let staging: Promise<Ended>;
  let resume: () => void;

  beforeEach(async () => {
    await staged(OLD);
    await switchTo(OLD);
    const stall = stage.origins.fault({match: url(NEW, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    staging = stageIn(page, NEW);
    resume = () => stall.release();
    await stall.reached;
  });

  it('a switch to its version is refused, and another switch leaves it alone', async () => {
    await expect(switchTo(NEW)).rejects.toThrow('is incomplete');
    await switchTo(OLD);
    resume();
    expect((await staging).error).toBeUndefined();
    await switchTo(NEW);
    expect(await storedVersions()).toEqual({[OLD]: 4, [NEW]: 4});
  });

  it('a switch that evicts all others fails it', async () => {
    await switchTo(OLD, {evictNow: true});
    resume();
    const failures = (await staging).error?.failures;
    expect(failures).toContainEqual({key: url(NEW, 'model.onnx'), reason: 'release-evicted'});
    expect(await storedVersions()).toEqual({[OLD]: 4});
    await staged(NEW);
  });

  it('turning everything off fails it, and nothing stays', async () => {
    await page.evaluate(() => holdfast.turnOff());
    resume();
    expect((await staging).error?.failures?.map(({reason}) => reason)).toContain('turned-off');
    expect(await storedVersions()).toEqual({});
  });
});

describe('at the same time', () => {
  it('two pages that stage a release share one request for each file', async () => {
    const other = await stage.openPage();
    const ends = await Promise.all([stageIn(page, OLD), stageIn(other, OLD)]);
    expect(ends.map(({error}) => error)).toEqual([undefined, undefined]);
    expect(requested()).toEqual(['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db']);
  });

  it('a page and a stage that want a file share its request', async () => {
    const model = url(OLD, 'model.onnx');
    const stall = stage.origins.fault({match: model, kind: 'stall', afterBytes: 300_000});
    const staging = stageIn(page, OLD);
    await stall.reached;
    const loading = page.evaluate((one) => load(one), model);
    stall.release();
    expect((await loading).sha256).toBe(stage.file(`de-de/${OLD}/model.onnx`).sha256);
    expect((await staging).error).toBeUndefined();
    expect(requested()).toEqual(['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db']);
  });
});

/** Follows the stages of a line in a page. Returns a function that returns the events so far. */
const follow = async (
  where: Page,
  followed: string | LineName = LINE,
): Promise<() => Promise<{states: string[]; assets: string[]}>> => {
  const handle = await where.evaluateHandle((line) => {
    const states: string[] = [];
    const assets: string[] = [];
    const events = holdfast.followStages({line});
    events.addEventListener('asset', ({detail: {from, key}}) => {
      assets.push(`${key.split('/').at(-1)} ${from}`);
    });
    void (async () => {
      for await (const {version, state} of events) {
        states.push(`${version} ${state}`);
      }
    })();
    return {states, assets};
  }, followed);
  return () => handle.jsonValue();
};

describe('progress', () => {
  it('reaches each page that follows', async () => {
    const other = await stage.openPage();
    const followed = await follow(other);
    await staged(OLD);
    await staged(NEW);

    await expect.poll(async () => (await followed()).states).toContain(`${NEW} done`);
    const {states, assets} = await followed();
    expect(states.filter((state) => state.endsWith('done'))).toEqual([`${OLD} done`, `${NEW} done`]);
    expect(assets.slice(0, 4).sort()).toEqual(
      ['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db'].map((file) => `${file} fetched`),
    );
    expect(assets.slice(4).sort()).toEqual([
      'fst-de-DE.bin reused',
      'model.onnx fetched',
      'tokenizer.model reused',
      'wof-hot.db fetched',
    ]);
  });

  it('gives a slow reader each end, and ends with its signal', async () => {
    const read = await page.evaluateHandle((line) => {
      const controller = new AbortController();
      return {controller, events: holdfast.followStages({line, signal: controller.signal})};
    }, LINE);
    await staged(OLD);
    await staged(NEW);
    await expect.poll(() => page.evaluate(() => events.at(-1)?.payload.state)).toBe('done');

    const next = () =>
      read.evaluate(async ({events}) => {
        const {value} = await events.next();
        return value && `${value.version} ${value.state}`;
      });
    expect([await next(), await next()]).toEqual([`${OLD} done`, `${NEW} done`]);
    const waiting = next();
    await read.evaluate(({controller}) => controller.abort());
    expect([await waiting, await next()]).toEqual([undefined, undefined]);
  });

  it('of other lines is left out', async () => {
    const reading = await page.evaluateHandle(() => {
      const lines: string[] = [];
      holdfast.followStages({line: 'mailwoman-assets-en-us'}).addEventListener('progress', ({detail}) => {
        lines.push(detail.line);
      });
      return lines;
    });
    await staged(OLD);
    await expect.poll(() => page.evaluate(() => events.at(-1)?.payload.state)).toBe('done');
    expect(await reading.jsonValue()).toEqual([]);
  });

  it('continues after a reload of the page, which joins the running stage', async () => {
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    void stageIn(page, OLD).catch(() => undefined);
    await stall.reached;
    await page.reload();
    const followed = await follow(page);
    await expect.poll(async () => (await followed()).states).toContain(`${OLD} running`);

    const staging = stageIn(page, OLD);
    stall.release();
    expect((await staging).report?.bytes.fetched).toBe(sum(filesOf(OLD)));
    await expect.poll(async () => (await followed()).states.at(-1)).toBe(`${OLD} done`);
    expect(requested()).toEqual(['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db']);

    await page.reload();
    const after = await follow(page);
    await expect.poll(async () => (await after()).states).toEqual([`${OLD} done`]);
  });
});

describe('a worker that is killed during a stage', () => {
  it('is noticed, and the next one resumes from what is stored', async () => {
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    const staging = stageIn(page, OLD);
    await stall.reached;
    await expect.poll(async () => (await storedVersions())[OLD]).toBe(3);
    await stage.browser.killWorkers();
    stall.release();
    await stage.browser.clearHttpCache();
    stage.origins.log.clear();

    const {report, error} = await staging;
    expect(error).toBeUndefined();
    expect(report?.bytes.present).toBe(sum(filesOf(OLD)) - stage.file(`de-de/${OLD}/model.onnx`).size);
    expect(requested()).toEqual(['model.onnx']);
    await stage.browser.setOffline(true);
    await switchTo(OLD);
    await expectLoaded(page, OLD);
  });
});

describe('a rollback', () => {
  it('switches back and forth, also offline', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await staged(NEW);
    await switchTo(NEW);
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    const back = () => page.evaluate((line) => holdfast.line(line).rollback(), LINE);

    expect(await back()).toEqual({line: LINE, version: OLD, evicted: [], kept: [NEW]});
    expect(await current()).toBe(OLD);
    await expectLoaded(page, OLD);
    expect(await back()).toEqual({line: LINE, version: NEW, evicted: [], kept: [OLD]});
    await expectLoaded(page, NEW);
  });

  it('is answered once by a worker that is set up twice, with the version that is current then', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await staged(NEW);
    await switchTo(NEW);
    const answers = await page.evaluate(async (name) => {
      const received: unknown[] = [];
      const {port1, port2} = new MessageChannel();
      port1.onmessage = ({data}) => received.push(data);
      const message = {type: 'HOLDFAST_ROLLBACK', payload: {line: {name}}};
      navigator.serviceWorker.controller?.postMessage(message, [port2]);
      // A switch of another line waits for the same lock: a second rollback would come before it.
      await holdfast.line('docs').switchTo('v1', {allowEmpty: true});
      return received;
    }, LINE);
    const payload = {line: LINE, version: OLD, evicted: [], kept: [NEW]};
    expect(answers).toEqual([{type: 'HOLDFAST_ANSWER', payload}]);
    expect(await current()).toBe(OLD);
  });

  it('is refused when no release is kept', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await staged(NEW);
    expect(await switchTo(NEW, {keep: 0})).toEqual({line: LINE, version: NEW, evicted: [OLD], kept: []});
    await expect(page.evaluate((line) => holdfast.line(line).rollback(), LINE)).rejects.toThrow('is kept');
    expect(await current()).toBe(NEW);
  });
});

describe('verify', () => {
  const verify = (version?: string) =>
    page.evaluate(([line, name]) => holdfast.line(line).verify({version: name}), [LINE, version] as const);

  /** Replaces the bytes of a stored file by as many others. */
  const damage = (version: string, file: string) =>
    page.evaluate(
      async ([cacheName, key]) => {
        const cache = await caches.open(cacheName);
        const {headers} = (await cache.match(key, {ignoreVary: true})) ?? new Response();
        await cache.put(key, new Response(new Uint8Array(Number(headers.get('content-length'))), {headers}));
      },
      [`${LINE}-${version}`, url(version, file)] as const,
    );

  it('finds damaged files, and downloads them again', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await damage(OLD, 'model.onnx');
    await stage.browser.clearHttpCache();
    stage.origins.log.clear();

    expect(await verify()).toMatchObject({version: OLD, damaged: [url(OLD, 'model.onnx')]});
    expect(requested()).toEqual(['model.onnx']);
    await expectLoaded(page, OLD);
    expect(await verify(OLD)).toMatchObject({
      damaged: [],
      bytes: {present: sum(filesOf(OLD)), reused: 0, fetched: 0},
    });
  });

  it('fails offline when a file is damaged, which is not served', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await damage(OLD, 'model.onnx');
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);

    await expect(verify()).rejects.toThrow(
      'It is the current release: its missing files come from the network.',
    );
    await expect(page.evaluate((one) => load(one), url(OLD, 'model.onnx'))).rejects.toThrow();
    await stage.browser.setOffline(false);
    await expectLoaded(page, OLD);
  });

  it('needs a staged release', async () => {
    await expect(verify()).rejects.toThrow(`No version of '${LINE}' is current.`);
    await switchTo(OLD, {allowEmpty: true});
    await expect(verify()).rejects.toThrow('no manifest');
  });
});

it.each([
  ['an event without a payload', [{type: 'RELEASES_EVICTED'}]],
  [
    'events of evictions',
    [
      {type: 'RELEASES_EVICTED', payload: {line: LINE, evicted: [OLD], kept: []}},
      {type: 'CACHES_DROPPED', payload: {dropped: [`${LINE}-${OLD}`]}},
      {type: 'VERSION_SWITCHED', payload: {line: LINE, version: NEW}},
    ],
  ],
  ['values that are no events', [null, 7, 'CACHES_DROPPED', [], {type: {}}]],
  ['a flood', Array.from({length: 1000}, () => ({type: 'CACHES_DROPPED', payload: {dropped: []}}))],
])('a page that forges %s changes nothing for a fetch and a stage in progress', async (_, forged) => {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  const forger = await stage.openPage();
  const loaded = stage.assetUrl('en-us/v0.6.0/tokenizer.model');
  const stalls = [url(OLD, 'model.onnx'), loaded].map((match) =>
    stage.origins.fault({match, kind: 'stall', afterBytes: 100_000}),
  );
  const staging = stageIn(page, OLD);
  const loading = page.evaluate((one) => load(one), loaded);
  await Promise.all(stalls.map(({reached}) => reached));
  await forger.evaluate((events) => {
    const channel = new BroadcastChannel('holdfast');
    for (const event of events) {
      channel.postMessage(event);
    }
  }, forged);
  await expect.poll(() => page.evaluate(() => events.length)).toBeGreaterThanOrEqual(forged.length);
  for (const stall of stalls) {
    stall.release();
  }

  expect((await loading).sha256).toBe(stage.file('en-us/v0.6.0/tokenizer.model').sha256);
  expect((await staging).error).toBeUndefined();
  await expect
    .poll(() => page.evaluate(() => stored()))
    .toMatchObject({'mailwoman-assets-en-us-v0.6.0': [loaded]});
  await switchTo(OLD);
  await stage.browser.clearHttpCache();
  await stage.browser.setOffline(true);
  await expectLoaded(page, OLD);
  expect((await page.evaluate((one) => load(one), loaded)).status).toBe(200);
  expect(errors).toEqual([]);
});

describe('open pages', () => {
  const LATEST = 'latest';

  /** Stages the version that the host serves now, at a URL that is the same for all versions. */
  const stageLatest = async (version: string): Promise<void> => {
    stage.origins.app.set('/latest/model.bin', version);
    const digest = {
      algorithm: 'sha256' as const,
      hex: createHash('sha256').update(version).digest('hex'),
    };
    await page.evaluate(([line, name, manifest]) => holdfast.line(line).stage(name, {manifest}), [
      LATEST,
      version,
      {assets: [{url: `${stage.app}/latest/model.bin`, digest}]},
    ] as const);
  };

  const switchLatest = (where: Page, version: string, options: {keep?: number; evictNow?: boolean}) =>
    where.evaluate(([line, name, rest]) => holdfast.line(line).switchTo(name, rest), [
      LATEST,
      version,
      options,
    ] as const);

  const latest = (where: Page) =>
    where.evaluate(async () => (await fetch('/latest/model.bin', {cache: 'no-store'})).text());

  const cachesOfLatest = async () => Object.keys(await page.evaluate(() => stored())).sort();

  beforeEach(async () => {
    await stageLatest('v1');
    await switchLatest(page, 'v1', {});
    await stageLatest('v2');
  });

  it('keep their release until they are closed, also when the worker is killed', async () => {
    const old = await stage.openPage();
    expect(await latest(old)).toBe('v1');
    expect(await switchLatest(page, 'v2', {keep: 0})).toMatchObject({evicted: [], kept: ['v1']});
    await stage.browser.killWorkers();
    stage.origins.app.set('/latest/model.bin', 'from the network');

    expect([await latest(old), await latest(page)]).toEqual(['v1', 'v2']);
    const young = await stage.openPage();
    expect(await latest(young)).toBe('v2');
    expect(await cachesOfLatest()).toEqual(['latest-v1', 'latest-v2']);

    await old.close();
    const next = await stage.openPage();
    expect(await latest(next)).toBe('v2');
    await expect.poll(cachesOfLatest).toEqual(['latest-v2']);
  });

  it('keep the release that their URLs name', async () => {
    const old = await stage.openPage();
    await staged(OLD);
    await switchTo(OLD);
    await expectLoaded(old, OLD);
    await staged(NEW);
    await switchTo(NEW, {keep: 0});
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);

    await expectLoaded(old, OLD);
    await expectLoaded(page, NEW);
    expect(await storedVersions()).toMatchObject({[OLD]: 4, [NEW]: 4});
  });

  it('use the new release after a reload', async () => {
    const old = await stage.openPage();
    expect(await latest(old)).toBe('v1');
    await switchLatest(page, 'v2', {});
    expect(await latest(old)).toBe('v1');
    await old.reload();
    expect(await latest(old)).toBe('v2');
  });

  it('use the new release at once when the others are evicted now', async () => {
    const old = await stage.openPage();
    expect(await latest(old)).toBe('v1');
    expect(await switchLatest(page, 'v2', {evictNow: true})).toMatchObject({evicted: ['v1'], kept: []});
    expect(await cachesOfLatest()).toEqual(['latest-v2']);
    expect(await latest(old)).toBe('v2');
  });
});
