/** A release that is brought in whole, beside the current one, by the calls of `@holdfast/window`. */
import {createHash} from 'node:crypto';
import type {StageError, StageFailure, StageProgress, StageResult} from '@holdfast/window';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openStage, type Stage} from '../harness/openStage.ts';
import type {ContentFile, Fault} from '../origins/startOrigins.ts';

const LINE = 'mailwoman-assets-de-de';
const [OLD, NEW] = ['v0.6.0', 'v0.7.0'];

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage(['staged', 'holdfast']);
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

/** Both releases have these, byte for byte. */
const isShared = ({path}: ContentFile): boolean => /tokenizer|fst/.test(path);

const sum = (files: readonly ContentFile[]): number => files.reduce((bytes, {size}) => bytes + size, 0);

/** How a stage ends, and what the page was told on the way. */
interface Ended {
  report?: StageResult;
  error?: Partial<StageError>;
  progress: StageProgress[];
}

/** @param options an abortable one is aborted by the page's event `abort-stage`. */
const stageIn = (
  where: Page,
  version: string,
  options: {timeoutSeconds?: number; files?: Record<string, string>; isAbortable?: boolean} = {},
): Promise<Ended> =>
  where.evaluate(
    async ([line, name, manifest, {isAbortable, ...rest}]) => {
      const controller = new AbortController();
      if (isAbortable) {
        addEventListener('abort-stage', () => controller.abort(new Error('not wanted any more')));
      }
      const progress: StageProgress[] = [];
      const report = holdfast.stage(line, name, {
        manifest,
        signal: controller.signal,
        onProgress: (one) => progress.push(one),
        ...rest,
      });
      return report.then(
        (report) => ({report, progress}),
        // An error loses its fields on the way out of the page.
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

const switchTo = (version: string, options: {keep?: number; evictNow?: boolean} = {}) =>
  page.evaluate(([line, name, rest]) => holdfast.switchVersion(line, name, rest), [
    LINE,
    version,
    options,
  ] as const);

/** The names of the files that were asked for, of the Hub and of its CDN. */
const askedFor = (): string[] =>
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

const loadsWhole = async (where: Page, version: string): Promise<void> => {
  for (const {path, sha256} of filesOf(version)) {
    expect(await where.evaluate((one) => load(one), stage.assetUrl(path))).toMatchObject({
      status: 200,
      sha256,
    });
  }
};

const current = () => page.evaluate((line) => holdfast.currentVersion(line), LINE);

describe('a stage', () => {
  it('fetches what has changed and carries over what has not, and the switch needs no network', async () => {
    expect(await staged(OLD)).toEqual({
      line: LINE,
      version: OLD,
      assets: 4,
      totalBytes: sum(filesOf(OLD)),
      bytes: {present: 0, 'carried-over': 0, fetched: sum(filesOf(OLD))},
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
      'carried-over': sum(filesOf(NEW).filter(isShared)),
      fetched: sum(changed),
    });
    expect(askedFor()).toEqual(['model.onnx', 'wof-hot.db']);
    expect(await storedVersions()).toEqual({[OLD]: 4, [NEW]: 4});
    expect(await current()).toBe(OLD);

    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    await loadsWhole(page, OLD);
    expect(await switchTo(NEW)).toEqual({evicted: [], kept: [OLD]});
    await loadsWhole(page, NEW);
  });

  it('tells how far it is: bytes by where they come from, and at last that all is in place', async () => {
    stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'slow', bytesPerSecond: 1_500_000});
    const {progress, report} = await stageIn(page, OLD);

    const soFar = progress.map(({bytes}) => bytes.present + bytes['carried-over'] + bytes.fetched);
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

  it('is known to the list of releases', async () => {
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

  it('keeps a file in the origin private file system that is wanted there, and answers with it', async () => {
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
    await loadsWhole(page, OLD);
  });

  it('asks for persistent storage where it is not known to be small, and tells the answer', async () => {
    await stage.browser.setPersistence(stage.app, 'granted');
    const persisted = async () =>
      (await page.evaluate(([line, name]) => holdfast.stage(line, name), [LINE, OLD] as const)).persisted;
    await staged(OLD);
    expect(await persisted()).toBe(true);
    await stage.browser.setPersistence(stage.app, 'denied');
  });

  it('of a version that nobody has described is refused', async () => {
    await expect(
      page.evaluate(([line, name]) => holdfast.stage(line, name), [LINE, OLD] as const),
    ).rejects.toThrow('no manifest');
  });

  it('of files of another release is refused, and leaves nothing', async () => {
    const mixed = page.evaluate(([line, name, manifest]) => holdfast.stage(line, name, {manifest}), [
      LINE,
      NEW,
      manifestOf(OLD),
    ] as const);
    await expect(mixed).rejects.toThrow(`is no asset of '${LINE}-${NEW}'`);
    expect(await storedVersions()).toEqual({});
  });

  it('through a worker that cannot says what that one lacks', async () => {
    await page.evaluate(() => holdfast.register('/holdfast.js'));
    const {error} = await stageIn(page, OLD, {timeoutSeconds: 1});
    expect(error).toMatchObject({
      code: 'timeout',
      message: 'Waited 1 s for the worker to begin with it. Does the worker call handleReleaseMessages()?',
    });
  });
});

describe('a stage that fails', () => {
  const model = () => url(NEW, 'model.onnx');

  it.each<[string, Fault, Partial<StageFailure>, string]>([
    ['has wrong bytes', {kind: 'wrong-bytes'}, {reason: 'wrong-digest'}, 'its bytes are not those'],
    ['is not there', {kind: 'status', status: 404}, {reason: 'status', status: 404}, 'with 404'],
    ['is cut', {kind: 'cut', afterBytes: 300_000}, {reason: 'body-incomplete'}, 'the connection broke'],
    ['is shorter', {kind: 'truncate', toBytes: 1000}, {reason: 'too-short'}, 'it is shorter'],
  ])('because a file %s names it, and leaves the current release whole', async (_, fault, failure, words) => {
    await staged(OLD);
    await switchTo(OLD);
    stage.origins.fault({match: model(), ...fault});

    const {error} = await stageIn(page, NEW);
    expect(error).toMatchObject({code: 'stage-failed', failures: [{key: model(), ...failure}]});
    expect(error?.message).toContain(`${model()}: `);
    expect(error?.message).toContain(words);
    expect(error?.message).toContain(`The current release, '${OLD}', is untouched.`);
    await expect(switchTo(NEW)).rejects.toThrow('is not whole');
    expect(await current()).toBe(OLD);

    stage.origins.clearFaults();
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    await loadsWhole(page, OLD);
  });

  it('keeps what is done for the second attempt', async () => {
    stage.origins.fault({match: url(OLD, 'fst-de-DE.bin'), kind: 'status', status: 503});
    expect((await stageIn(page, OLD)).error?.code).toBe('stage-failed');
    const done = await storedVersions();
    expect(done[OLD]).toBe(3);
    stage.origins.clearFaults();
    await stage.browser.clearHttpCache();
    stage.origins.log.clear();

    const report = await staged(OLD);
    expect(askedFor()).toEqual(['fst-de-DE.bin']);
    const fetched = stage.file(`de-de/${OLD}/fst-de-DE.bin`).size;
    expect(report?.bytes).toEqual({present: sum(filesOf(OLD)) - fetched, 'carried-over': 0, fetched});
  });

  it('for want of room says so', async () => {
    await stage.browser.setQuota(stage.app, 600_000);
    const {error} = await stageIn(page, OLD);
    expect(error?.failures?.map(({reason}) => reason)).toContain('quota-exceeded');
    await stage.browser.setQuota(stage.app, undefined);
    await staged(OLD);
  });

  it('because nothing moves ends when its time is over, and is given up', async () => {
    const stall = stage.origins.fault({match: model(), kind: 'stall', afterBytes: 300_000});
    const {error} = await stageIn(page, NEW, {timeoutSeconds: 2});
    expect(error).toMatchObject({
      code: 'timeout',
      message: `Waited 2 s for '${NEW}' of '${LINE}' to get on.`,
    });
    await expect.poll(() => stage.origins.log.requests({path: /model\.onnx$/}).at(-1)?.ended).toBe('aborted');
    stall.release();
  });
});

describe('a stage that is aborted', () => {
  it('rejects with the reason, ends its downloads, and keeps what is done', async () => {
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    const staging = stageIn(page, OLD, {isAbortable: true});
    await stall.reached;
    await expect.poll(async () => (await storedVersions())[OLD]).toBe(3);
    await abortIn(page);

    expect((await staging).error).toMatchObject({name: 'Error', message: 'not wanted any more'});
    await expect.poll(() => stage.origins.log.requests({path: /model\.onnx$/}).at(-1)?.ended).toBe('aborted');
    stall.release();
    await stage.browser.clearHttpCache();
    stage.origins.log.clear();
    await staged(OLD);
    expect(askedFor()).toEqual(['model.onnx']);
  });

  it('may be begun again at once', async () => {
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    const first = stageIn(page, OLD, {isAbortable: true});
    await stall.reached;
    await abortIn(page);
    const second = stageIn(page, OLD);
    expect((await first).error?.message).toBe('not wanted any more');
    stall.release();
    expect((await second).error).toBeUndefined();
  });

  it('goes on for another page that wants it too', async () => {
    const other = await stage.openPage();
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    const mine = stageIn(page, OLD, {isAbortable: true});
    await stall.reached;
    const theirs = stageIn(other, OLD);
    // Messages of a page arrive in order: what is answered after them has come after them.
    await other.evaluate(() => holdfast.releases());
    await abortIn(page);
    expect((await mine).error?.message).toBe('not wanted any more');
    stall.release();

    expect((await theirs).report?.version).toBe(OLD);
    expect(askedFor()).toEqual(['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db']);
  });

  it('ends its downloads when a page gives it up that was reloaded in between', async () => {
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

describe('a stage that waits for the download of a page', () => {
  it('gets on as that does', async () => {
    const model = url(OLD, 'model.onnx');
    stage.origins.fault({match: model, kind: 'slow', bytesPerSecond: 200_000});
    const loading = page.evaluate((one) => load(one), model);
    await expect.poll(() => stage.origins.log.requests({to: 'hubCdn', path: /model\.onnx$/}).length).toBe(1);
    const {error} = await stageIn(page, OLD, {timeoutSeconds: 3});
    await loading;
    expect(error).toBeUndefined();
  });

  it('can be given up at once', async () => {
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

describe('in the middle of a stage', () => {
  let staging: Promise<Ended>;
  let goOn: () => void;

  beforeEach(async () => {
    await staged(OLD);
    await switchTo(OLD);
    const stall = stage.origins.fault({match: url(NEW, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    staging = stageIn(page, NEW);
    goOn = () => stall.release();
    await stall.reached;
  });

  it('a switch to it is refused, and others leave it alone', async () => {
    await expect(switchTo(NEW)).rejects.toThrow('is not whole');
    await switchTo(OLD);
    goOn();
    expect((await staging).error).toBeUndefined();
    await switchTo(NEW);
    expect(await storedVersions()).toEqual({[OLD]: 4, [NEW]: 4});
  });

  it('a switch that deletes all else ends it', async () => {
    await switchTo(OLD, {evictNow: true});
    goOn();
    const failures = (await staging).error?.failures;
    expect(failures).toContainEqual({key: url(NEW, 'model.onnx'), reason: 'release-evicted'});
    expect(await storedVersions()).toEqual({[OLD]: 4});
    await staged(NEW);
  });

  it('to turn everything off ends it, and leaves nothing', async () => {
    await page.evaluate(() => holdfast.turnOff());
    goOn();
    expect((await staging).error?.failures?.map(({reason}) => reason)).toContain('turned-off');
    expect(await storedVersions()).toEqual({});
  });
});

describe('two at a time', () => {
  it('that stage the same release share one request for each file', async () => {
    const other = await stage.openPage();
    const ends = await Promise.all([stageIn(page, OLD), stageIn(other, OLD)]);
    expect(ends.map(({error}) => error)).toEqual([undefined, undefined]);
    expect(askedFor()).toEqual(['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db']);
  });

  it('that want the same file, a page and a stage, share its request', async () => {
    const model = url(OLD, 'model.onnx');
    const stall = stage.origins.fault({match: model, kind: 'stall', afterBytes: 300_000});
    const staging = stageIn(page, OLD);
    await stall.reached;
    const loading = page.evaluate((one) => load(one), model);
    stall.release();
    expect((await loading).sha256).toBe(stage.file(`de-de/${OLD}/model.onnx`).sha256);
    expect((await staging).error).toBeUndefined();
    expect(askedFor()).toEqual(['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db']);
  });
});

/** Begins to follow all stages of the line in a page. @returns what it has heard until then, when called. */
const follow = async (where: Page): Promise<() => Promise<{states: string[]; assets: string[]}>> => {
  const heard = await where.evaluateHandle((line) => {
    const states: string[] = [];
    const assets: string[] = [];
    const events = holdfast.progress({line});
    events.addEventListener('asset', ({detail: {from, key}}) => {
      assets.push(`${key.split('/').at(-1)} ${from}`);
    });
    void (async () => {
      for await (const {version, state} of events) {
        states.push(`${version} ${state}`);
      }
    })();
    return {states, assets};
  }, LINE);
  return () => heard.jsonValue();
};

describe('progress', () => {
  it('reaches any page that listens', async () => {
    const other = await stage.openPage();
    const heard = await follow(other);
    await staged(OLD);
    await staged(NEW);

    await expect.poll(async () => (await heard()).states).toContain(`${NEW} done`);
    const {states, assets} = await heard();
    expect(states.filter((state) => state.endsWith('done'))).toEqual([`${OLD} done`, `${NEW} done`]);
    expect(assets.slice(0, 4).sort()).toEqual(
      ['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db'].map((file) => `${file} fetched`),
    );
    expect(assets.slice(4).sort()).toEqual([
      'fst-de-DE.bin carried-over',
      'model.onnx fetched',
      'tokenizer.model carried-over',
      'wof-hot.db fetched',
    ]);
  });

  it('tells a slow reader every end, and ends when it is told to', async () => {
    const read = await page.evaluateHandle((line) => {
      const controller = new AbortController();
      return {controller, events: holdfast.progress({line, signal: controller.signal})};
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
      const told: string[] = [];
      holdfast.progress({line: 'mailwoman-assets-en-us'}).addEventListener('progress', ({detail}) => {
        told.push(detail.line);
      });
      return told;
    });
    await staged(OLD);
    await expect.poll(() => page.evaluate(() => events.at(-1)?.payload.state)).toBe('done');
    expect(await reading.jsonValue()).toEqual([]);
  });

  it('survives a reload of the page, which joins the stage that is under way', async () => {
    const stall = stage.origins.fault({match: url(OLD, 'model.onnx'), kind: 'stall', afterBytes: 300_000});
    void stageIn(page, OLD).catch(() => undefined);
    await stall.reached;
    await page.reload();
    const heard = await follow(page);
    await expect.poll(async () => (await heard()).states).toContain(`${OLD} running`);

    const staging = stageIn(page, OLD);
    stall.release();
    expect((await staging).report?.bytes.fetched).toBe(sum(filesOf(OLD)));
    await expect.poll(async () => (await heard()).states.at(-1)).toBe(`${OLD} done`);
    expect(askedFor()).toEqual(['fst-de-DE.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db']);

    await page.reload();
    const after = await follow(page);
    await expect.poll(async () => (await after()).states).toEqual([`${OLD} done`]);
  });
});

describe('a worker that is killed in the middle of a stage', () => {
  it('is missed, and the next one goes on with what is done', async () => {
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
    expect(askedFor()).toEqual(['model.onnx']);
    await stage.browser.setOffline(true);
    await switchTo(OLD);
    await loadsWhole(page, OLD);
  });
});

describe('a rollback', () => {
  it('goes back and forth, also offline', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await staged(NEW);
    await switchTo(NEW);
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    const back = () => page.evaluate((line) => holdfast.rollback(line), LINE);

    expect(await back()).toEqual({line: LINE, version: OLD, evicted: [], kept: [NEW]});
    expect(await current()).toBe(OLD);
    await loadsWhole(page, OLD);
    expect(await back()).toEqual({line: LINE, version: NEW, evicted: [], kept: [OLD]});
    await loadsWhole(page, NEW);
  });

  it('is refused where nothing is kept', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await staged(NEW);
    expect(await switchTo(NEW, {keep: 0})).toEqual({evicted: [OLD], kept: []});
    await expect(page.evaluate((line) => holdfast.rollback(line), LINE)).rejects.toThrow('is kept');
    expect(await current()).toBe(NEW);
  });
});

describe('a check', () => {
  const verify = (version?: string) =>
    page.evaluate(([line, name]) => holdfast.verify(line, {version: name}), [LINE, version] as const);

  /** Replaces the bytes of a stored file by others, as many as there were. */
  const damage = (version: string, file: string) =>
    page.evaluate(
      async ([cacheName, key]) => {
        const cache = await caches.open(cacheName);
        const {headers} = (await cache.match(key, {ignoreVary: true})) ?? new Response();
        await cache.put(key, new Response(new Uint8Array(Number(headers.get('content-length'))), {headers}));
      },
      [`${LINE}-${version}`, url(version, file)] as const,
    );

  it('finds what is damaged, and brings it in again', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await damage(OLD, 'model.onnx');
    await stage.browser.clearHttpCache();
    stage.origins.log.clear();

    expect(await verify()).toMatchObject({version: OLD, damaged: [url(OLD, 'model.onnx')]});
    expect(askedFor()).toEqual(['model.onnx']);
    await loadsWhole(page, OLD);
    expect(await verify(OLD)).toMatchObject({
      damaged: [],
      bytes: {present: sum(filesOf(OLD)), 'carried-over': 0, fetched: 0},
    });
  });

  it('without a network says what is gone, and serves none of it', async () => {
    await staged(OLD);
    await switchTo(OLD);
    await damage(OLD, 'model.onnx');
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);

    await expect(verify()).rejects.toThrow(
      'It is the current release: what it lacks comes from the network.',
    );
    await expect(page.evaluate((one) => load(one), url(OLD, 'model.onnx'))).rejects.toThrow();
    await stage.browser.setOffline(false);
    await loadsWhole(page, OLD);
  });

  it('needs a release that was staged', async () => {
    await expect(verify()).rejects.toThrow(`No version of '${LINE}' is current.`);
    await switchTo(OLD);
    await expect(verify()).rejects.toThrow('no manifest');
  });
});

describe('pages that are open', () => {
  const LATEST = 'latest';

  /** Brings the version in that the host has now, under a URL that is the same for all versions. */
  const stageLatest = async (version: string): Promise<void> => {
    stage.origins.app.set('/latest/model.bin', version);
    const digest = {
      algorithm: 'sha256' as const,
      hex: createHash('sha256').update(version).digest('hex'),
    };
    await page.evaluate(([line, name, manifest]) => holdfast.stage(line, name, {manifest}), [
      LATEST,
      version,
      {assets: [{url: `${stage.app}/latest/model.bin`, digest}]},
    ] as const);
  };

  const switchLatest = (where: Page, version: string, options: {keep?: number; evictNow?: boolean}) =>
    where.evaluate(([line, name, rest]) => holdfast.switchVersion(line, name, rest), [
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

  it('keep their release until they are closed, also over the death of the worker', async () => {
    const old = await stage.openPage();
    expect(await latest(old)).toBe('v1');
    expect(await switchLatest(page, 'v2', {keep: 0})).toEqual({evicted: [], kept: ['v1']});
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
    await loadsWhole(old, OLD);
    await staged(NEW);
    await switchTo(NEW, {keep: 0});
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);

    await loadsWhole(old, OLD);
    await loadsWhole(page, NEW);
    expect(await storedVersions()).toMatchObject({[OLD]: 4, [NEW]: 4});
  });

  it('move over with a reload', async () => {
    const old = await stage.openPage();
    expect(await latest(old)).toBe('v1');
    await switchLatest(page, 'v2', {});
    expect(await latest(old)).toBe('v1');
    await old.reload();
    expect(await latest(old)).toBe('v2');
  });

  it('have to move over at once where all that is old is to go now', async () => {
    const old = await stage.openPage();
    expect(await latest(old)).toBe('v1');
    expect(await switchLatest(page, 'v2', {evictNow: true})).toEqual({evicted: ['v1'], kept: []});
    expect(await cachesOfLatest()).toEqual(['latest-v2']);
    expect(await latest(old)).toBe('v2');
  });
});
