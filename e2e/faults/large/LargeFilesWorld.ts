import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Page} from 'playwright';
import type {Stage} from '../../harness/openStage.ts';
import {seededBytes} from '../../origins/content/seededBytes.ts';
import type {Stall} from '../../origins/Faults.ts';
import type {LogEntry} from '../../origins/RequestLog.ts';
import {Violation} from '../Violation.ts';
import {
  type Action,
  EDITIONS,
  type Edition,
  FILES,
  type File,
  type Range,
  type Tab,
  type Until,
} from './actions.ts';
import {type Answer, fetchIt, isOf} from './answer.ts';

const LINE = 'models-de-de';
const PLAIN = '/plain/data.bin';
const CDN = /^https:\/\/[^/]*(?:cdn\.hf\.co|xethub\.hf\.co)\//;

/** A load ends within this time once the network is back: the longest pause is half a minute. */
const ENDS_WITHIN_MS = 60_000;
/** How long the worker may take to store a file that has arrived. */
const STORED_WITHIN_MS = 20_000;
/** How often in a row a host may fail before a load fails that has the beginning of its file. */
const BEARABLE_FAILURES = 6;
/** After one of these, a download does not continue. */
const FINAL = [401, 404];
/** How many looks into storage wait for pieces that may not come. */
const MOST_LOOKS = 40;

/** The bytes that a page may get of a file. */
type Contents = ReadonlyMap<File | Edition, Buffer>;

/** Two are equal. */
const SIZES: Record<Edition, number> = {a: 1_200_000, b: 1_200_000, c: 900_000};

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const pathOf = (version: string): string => `de-de/${version}/model.onnx`;

/** Reads the bytes of all files. @param stage its Hub has the files of the releases. */
export const readContents = async ({origins: {content}}: Stage): Promise<Contents> => {
  const {folder, bucket} = content;
  const contents = new Map<File | Edition, Buffer>();
  for (const edition of EDITIONS) {
    contents.set(edition, seededBytes(edition, SIZES[edition]));
  }
  for (const version of FILES.slice(0, 2)) {
    contents.set(version, await readFile(join(folder, 'buckets', bucket.id, pathOf(version))));
  }
  return contents;
};

/** Returns the code of a worker with small pieces: for files of releases, whose digests it knows, and for others. */
export const workerCode = (stage: Stage): string => `
  import './workers/tellUnhandledRejections.ts';
  import {IntegrityPlugin} from '@holdfast/service-worker/integrity';
  import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
  import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
  import {StableKeyPlugin} from '@holdfast/service-worker/keys';
  import {registerAssets} from '@holdfast/service-worker';
  import {VersionScopePlugin} from '@holdfast/service-worker/releases';
  import {registerRoute} from 'workbox-routing';

  const assets = ${JSON.stringify(
    FILES.slice(0, 2).map((version) => ({
      url: stage.assetUrl(pathOf(version)),
      size: stage.file(pathOf(version)).size,
      digest: {algorithm: 'sha256', hex: stage.file(pathOf(version)).sha256},
    })),
  )};
  const sizes = {minBytes: 500_000, pieceBytes: 65_536};
  const pattern = /\\/resolve\\/(?<locale>[^/]+)\\/(?<version>[^/]+)\\//;
  registerRoute(
    /^https:\\/\\/huggingface\\.co\\//,
    new ResumableCacheFirst({
      ...sizes,
      plugins: [
        new StableKeyPlugin(),
        new QuotaGuardPlugin(),
        new IntegrityPlugin({assets}),
        new VersionScopePlugin({prefix: 'models', pattern}),
      ],
    }),
  );
  registerRoute(
    ({url}) => url.pathname.startsWith('/plain/'),
    new ResumableCacheFirst({...sizes, cacheName: 'plain'}),
  );
  registerAssets([]);
`;

/** A load, and what excuses its failure. */
interface Load {
  page: Page;
  file: File;
  ranges: readonly Range[];
  begun: number;
  ended: number | undefined;
  answer: Promise<Answer | 'lost'>;
  /** Why it may fail. */
  mayFail: string | undefined;
  /** A piece is damaged so that only the digest of the file shows it. */
  mayBeWrong: boolean;
}

/** What the origin has stored of a file. */
interface Stored {
  /** The SHA-256 of the ordinary entry. */
  entry: string | undefined;
  /** Whether a cache for pieces exists. */
  hasPieces: boolean;
  /** Whether all of it was verified, and stays in pieces. */
  isChecked: boolean;
  etag: string | undefined;
  /** The pieces, in order. */
  segments: [start: number, end: number][];
}

/** Run in a page: looks into storage, and creates no cache of an entry. */
const look = async ([url, piecesName]: readonly [string, string]): Promise<Stored> => {
  const sha256Of = async (response: Response): Promise<string> => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const entry = await caches.match(url, {ignoreVary: true});
  const found: Stored = {
    entry: entry && (await sha256Of(entry)),
    hasPieces: false,
    isChecked: false,
    etag: undefined,
    segments: [],
  };
  if (await caches.has(piecesName)) {
    const cache = await caches.open(piecesName);
    const about = await (await cache.match('https://pieces.invalid/'))?.json();
    const mark = `?${encodeURIComponent(about?.validator)}`;
    for (const {url: key} of await cache.keys()) {
      const [, start, end] = /(\d+)-(\d+)\?/.exec(key) ?? [];
      if (end !== undefined && new URL(key).search === mark) {
        found.segments.push([Number(start), Number(end)]);
      }
    }
    found.isChecked = about?.isChecked ?? false;
    found.etag = about && new Headers(about.headers).get('etag');
    // If the cache had just been deleted, this look has created it.
    found.hasPieces = about !== undefined || found.segments.length > 0;
  }
  found.segments.sort(([a], [b]) => a - b);
  return found;
};

/** Run in a page: damages a piece, as any code of the origin could. */
const damagePiece = async ([name, url, damage]: readonly [string, string, string]): Promise<void> => {
  const options = {cacheName: name, ignoreSearch: true};
  const key = (await caches.match(url, options)) && (await (await caches.open(name)).keys(url, options))[0];
  const response = key && (await caches.match(key, options));
  if (!response) {
    return;
  }
  const cache = await caches.open(name);
  const bytes = new Uint8Array(await response.arrayBuffer());
  await cache.delete(key);
  if (damage !== 'lose') {
    bytes[0] = (bytes[0] ?? 0) ^ 0xff;
    const left = damage === 'shorten' ? bytes.subarray(0, bytes.length >> 1) : bytes;
    // Without room for it, the piece is lost.
    await cache.put(key, new Response(left)).catch(() => undefined);
  }
};

const within = async <Value>(ms: number, what: string, promise: Promise<Value>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Violation([`${what} did not end within ${ms / 1000} s.`])), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Chromium with the worker, two pages, the hosts, and what is known of them. */
export class LargeFilesWorld {
  private readonly stage: Stage;
  private readonly contents: Contents;
  /** A page beside those that load: it looks into storage. */
  private readonly watcher: Page;
  private readonly tabs = new Map<Tab, Page>();
  private readonly loads: Load[] = [];
  private readonly stalls = new Set<Stall>();
  private isOffline = false;
  private hadLittleRoom = false;
  private edition: Edition = 'a';
  private readonly published = new Set<Edition>();
  /** Files with pieces in which a byte was flipped. */
  private readonly flipped = new Set<File>();
  /** Files of which an answer has a wrong length. */
  private readonly lied = new Set<File>();
  /** Files whose stored bytes may be fetched again. */
  private readonly spoilt = new Set<File>();

  private constructor(stage: Stage, contents: Contents, watcher: Page) {
    this.stage = stage;
    this.contents = contents;
    this.watcher = watcher;
    this.publish('a');
  }

  /** @param worker the name of the script with {@link workerCode}. */
  static async open(stage: Stage, contents: Contents, worker: string): Promise<LargeFilesWorld> {
    await stage.reset();
    return new LargeFilesWorld(stage, contents, await stage.openControlledPage(worker));
  }

  /** Does one action after the other. Loads continue meanwhile. */
  async play(actions: readonly Action[]): Promise<void> {
    for (const action of actions) {
      await this.act(action);
    }
  }

  /** Ends all faults: each load comes to its end. */
  async heal(): Promise<void> {
    this.stage.origins.clearFaults();
    await this.setOffline(false);
    await this.stage.browser.setQuota(this.stage.app, undefined);
    await Promise.all(this.loads.map((load) => this.judge(load)));
  }

  /** @throws Violation if a requested file does not arrive, is not stored, or is fetched twice. */
  async checkFiles(): Promise<void> {
    for (const file of new Set(this.loads.map((load) => load.file))) {
      await this.checkFile(file);
    }
    const rejections = await this.watcher.evaluate(() =>
      events.filter(({type}) => type === 'UNHANDLED_REJECTION').map(({payload}) => String(payload.reason)),
    );
    // Workbox rejects when a page's fetch fails.
    const answers = await Promise.all(this.loads.map(({answer}) => answer));
    const failed = answers.filter((one) => one === 'lost' || ('error' in one && !one.isBroken));
    const others = rejections.filter(
      (reason) => !/^(no-response|TypeError: Failed to fetch|UpstreamFailure)/.test(reason),
    );
    if (others.length > 0 || rejections.length > failed.length) {
      throw new Violation(rejections.map((reason) => `A rejection was not handled: ${reason}`));
    }
  }

  private act(action: Action): Promise<unknown> | undefined {
    switch (action.kind) {
      case 'load':
        return this.load(action);
      case 'release stalls':
        this.releaseStalls();
        return undefined;
      case 'kill':
        return this.kill();
      case 'close':
        return this.close(action.tab);
      case 'status': {
        const match = action.status === 403 && action.file !== 'plain' ? CDN : this.pathOf(action.file);
        this.stage.origins.fault({match, kind: 'status', status: action.status, times: action.times});
        return undefined;
      }
      case 'offline':
        return this.setOffline(action.isOffline);
      case 'room':
        return this.setRoom(action.bytes);
      case 'publish':
        this.publish(action.edition);
        return undefined;
      case 'damage':
        return this.damage(action);
      case 'switch':
        return this.switch(action.tab, action.version);
    }
  }

  private async load(action: Extract<Action, {kind: 'load'}>): Promise<void> {
    const {tab, file, ranges, interruption, until} = action;
    const page = await this.openTab(tab);
    if (!page) {
      return;
    }
    if (interruption) {
      const fault = this.stage.origins.fault({match: this.pathOf(file), times: 1, ...interruption});
      if ('reached' in fault) {
        this.stalls.add(fault);
      }
      if (interruption.kind === 'wrong-length') {
        // An answer with a wrong length fails in any browser, and what it says about the file is wrong.
        this.lied.add(file);
        this.spoilt.add(file);
        this.excuse('a length is wrong', file);
      }
    }
    await this.wait(this.begin(page, file, ranges), until);
  }

  private begin(page: Page, file: File, ranges: readonly Range[]): Load {
    const header = ranges.length ? `bytes=${ranges.map((range) => range.join('-')).join()}` : undefined;
    const load: Load = {
      page,
      file,
      ranges,
      begun: Date.now(),
      ended: undefined,
      answer: page.evaluate(fetchIt, [this.urlOf(file), header] as const).then(
        (answer) => {
          load.ended = Date.now();
          return answer;
        },
        () => 'lost' as const,
      ),
      mayFail: this.isOffline ? 'it is offline' : this.lied.has(file) ? 'a length is wrong' : undefined,
      mayBeWrong: this.flipped.has(file),
    };
    this.loads.push(load);
    return load;
  }

  private async wait({file, answer}: Load, until: Until): Promise<void> {
    let isOver = false;
    const end = answer.then(() => {
      isOver = true;
    });
    if (until.kind === 'the end') {
      while (!isOver) {
        const stalled = [...this.stalls].map(({reached}) => reached);
        await within(ENDS_WITHIN_MS, `A load of ${file}`, Promise.race([end, ...stalled]));
        this.releaseStalls();
      }
      return;
    }
    const looks = until.kind === 'looks' ? until.count : MOST_LOOKS;
    const pieces = until.kind === 'pieces' ? until.count : Number.POSITIVE_INFINITY;
    for (let count = 0; count < looks && !isOver; count += 1) {
      if ((await this.look(file)).segments.length >= pieces) {
        return;
      }
    }
  }

  /** Opens a page. Returns `undefined` where it is offline. */
  private async openTab(tab: Tab): Promise<Page | undefined> {
    const open = this.tabs.get(tab);
    if (open || this.isOffline) {
      return open;
    }
    // A connection whose answer is stalled after its last byte looks free to the browser, and a page may wait for it.
    const timer = setTimeout(() => this.releaseStalls(), 2000);
    const page = await this.stage.openPage();
    clearTimeout(timer);
    this.tabs.set(tab, page);
    return page;
  }

  private async close(tab: Tab): Promise<void> {
    await this.tabs.get(tab)?.close();
    this.tabs.delete(tab);
  }

  private async kill(): Promise<void> {
    // The browser reports the stop only of a running worker, and takes only a running one offline.
    await this.wakeWorker();
    this.excuse('the worker was killed');
    await this.stage.browser.killWorkers();
    this.excuse('the worker was killed');
    await this.wakeWorker();
  }

  private wakeWorker(): Promise<unknown> {
    return this.watcher.evaluate((line) => holdfast.line(line).current(), LINE);
  }

  private async setOffline(isOffline: boolean): Promise<void> {
    this.isOffline = isOffline;
    if (isOffline) {
      this.excuse('it was offline');
    }
    await this.stage.browser.setOffline(isOffline);
  }

  private async setRoom(bytes: number | undefined): Promise<void> {
    const {usage = 0} = await this.watcher.evaluate(() => navigator.storage.estimate());
    this.hadLittleRoom ||= bytes !== undefined;
    await this.stage.browser.setQuota(this.stage.app, bytes === undefined ? undefined : usage + bytes);
  }

  private publish(edition: Edition): void {
    if (edition !== this.edition) {
      this.excuse('the file was replaced', 'plain');
      this.spoilt.add('plain');
    }
    this.edition = edition;
    this.published.add(edition);
    this.stage.origins.app.set(PLAIN, this.bytesOf(edition), {
      etag: `"${edition}"`,
      'content-type': 'x/y',
      'accept-ranges': 'bytes',
    });
  }

  private async damage({file, piece, damage}: Extract<Action, {kind: 'damage'}>): Promise<void> {
    const {segments} = await this.look(file);
    const [start, end] = segments[piece % segments.length] ?? [];
    if (end === undefined) {
      return;
    }
    // Without a digest, a wrong byte cannot be found.
    const kind = damage === 'flip' && file === 'plain' ? 'lose' : damage;
    this.spoilt.add(file);
    if (kind === 'flip') {
      this.flipped.add(file);
      for (const load of this.loads.filter((one) => one.file === file)) {
        load.mayBeWrong ||= load.ended === undefined;
      }
    }
    const key = `https://pieces.invalid/${start}-${end}`;
    await this.watcher.evaluate(damagePiece, [this.piecesOf(file), key, kind] as const);
  }

  private async switch(tab: Tab, version: string): Promise<void> {
    const page = await this.openTab(tab);
    this.spoilt.add('v0.6.0').add('v0.7.0');
    await page?.evaluate(
      ([line, one]) => holdfast.line(line).switchTo(one, {evictNow: true, allowEmpty: true}),
      [LINE, version] as const,
    );
  }

  private releaseStalls(): void {
    for (const stall of this.stalls) {
      stall.release();
    }
    this.stalls.clear();
  }

  /** Loads in progress may fail. */
  private excuse(why: string, file?: File): void {
    for (const load of this.loads) {
      if (load.ended === undefined && (file === undefined || load.file === file)) {
        load.mayFail ??= why;
      }
    }
  }

  /** @throws Violation if a load did not end as it must. */
  private async judge(load: Load): Promise<void> {
    const {file, ranges, mayFail, mayBeWrong, begun, ended = Number.POSITIVE_INFINITY} = load;
    const what = `A load of ${file}${ranges.length ? ` (${ranges.join(' ')})` : ''}`;
    const answer = await within(ENDS_WITHIN_MS, what, load.answer);
    if (answer === 'lost') {
      if (!load.page.isClosed()) {
        throw new Violation([`${what} is lost, but its page is open.`]);
      }
      return;
    }
    const refusals = this.requests(file).filter(
      ({at, status = 0}) => status >= 400 && begun <= at && at <= ended,
    );
    if ('error' in answer) {
      const isFinal = refusals.some(({status = 0}) => FINAL.includes(status));
      const isExcused =
        isFinal || (answer.isBroken ? refusals.length >= BEARABLE_FAILURES : refusals.length > 0);
      if (mayFail === undefined && !isExcused && !mayBeWrong) {
        throw new Violation([`${what} failed${answer.isBroken ? ' in its body' : ''}: ${answer.error}`]);
      }
      return;
    }
    if (answer.status >= 400) {
      if (!refusals.some(({status}) => status === answer.status)) {
        throw new Violation([`${what} was answered with ${answer.status}, which no host sent.`]);
      }
      return;
    }
    // The browser's own cache requests another part with If-Range, and gets the whole file if that has changed.
    const mayBeWhole = file === 'plain' && this.published.size > 1;
    const isRight = (bytes: Buffer): boolean =>
      isOf(answer, bytes, ranges) || (mayBeWhole && isOf(answer, bytes, []));
    if (!mayBeWrong && !this.editionsOf(file).some(isRight)) {
      const {text, ...rest} = answer;
      throw new Violation([`${what} got something else: ${JSON.stringify(rest)} ${text.slice(0, 200)}`]);
    }
  }

  private async checkFile(file: File): Promise<void> {
    const before = await this.lookWhenQuiet(file);
    const expected = this.expectedOf(file, before);
    const begun = Date.now();
    const first = await this.loadAgain(file);
    if (this.flipped.has(file)) {
      // This load may have found the wrong bytes.
      this.flipped.delete(file);
      await this.lookWhenQuiet(file);
      await this.loadAgain(file);
    } else if (!isOf(first, expected, [])) {
      throw new Violation([`The load of ${file} at the end got ${JSON.stringify(first)}`]);
    }
    if (!this.spoilt.has(file)) {
      this.checkRequests(file, before, begun);
    }
    await this.whenStored(file, expected);

    await this.stage.origins.log.settled();
    const count = this.requests(file).length;
    const last = await this.loadAgain(file);
    if (!isOf(last, expected, [])) {
      throw new Violation([`A load of the stored file ${file} got ${JSON.stringify(last)}`]);
    }
    if (this.requests(file).length > count) {
      throw new Violation([`${file} is stored, but was requested from the network.`]);
    }
  }

  private async loadAgain(file: File): Promise<Answer> {
    const page = (await this.openTab(0)) as Page;
    const {answer} = this.begin(page, file, []);
    const got = await within(ENDS_WITHIN_MS, `The load of ${file} at the end`, answer);
    return got === 'lost' ? {error: 'The page is lost.', isBroken: false} : got;
  }

  /** Returns what a load must get: the stored file, if it is complete; else what the host serves. */
  private expectedOf(file: File, {entry, etag, segments}: Stored): Buffer {
    if (file !== 'plain') {
      return this.bytesOf(file);
    }
    const stored = [...this.published].find((one) => {
      const sum = segments.reduce((bytes, [start, end]) => bytes + end - start, 0);
      const isComplete = etag === `"${one}"` && sum === SIZES[one];
      return isComplete || (entry !== undefined && entry === sha256Of(this.bytesOf(one)));
    });
    return this.bytesOf(stored ?? this.edition);
  }

  /** @throws Violation if stored bytes were requested again. */
  private checkRequests(file: File, {segments}: Stored, since: number): void {
    for (const {range, status, at} of this.requests(file)) {
      if (at < since || segments.length === 0) {
        continue;
      }
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
      const isAgain =
        last === undefined || segments.some(([start, end]) => start <= Number(last) && Number(first) < end);
      if (isAgain) {
        const all = segments.map((segment) => segment.join('-')).join(' ');
        throw new Violation([`${range} (${status}) of ${file} was requested, but it was stored: ${all}`]);
      }
    }
  }

  private async whenStored(file: File, expected: Buffer): Promise<void> {
    const deadline = Date.now() + STORED_WITHIN_MS;
    for (;;) {
      const stored = await this.look(file);
      const staysInPieces = this.hadLittleRoom && stored.isChecked && stored.entry === undefined;
      if ((stored.entry === sha256Of(expected) && !stored.hasPieces) || staysInPieces) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Violation([`${file} is not stored at the end: ${JSON.stringify(stored)}`]);
      }
    }
  }

  /** Returns what is stored when nothing has changed for a few looks. */
  private async lookWhenQuiet(file: File): Promise<Stored> {
    await within(ENDS_WITHIN_MS, 'A request', this.stage.origins.log.settled());
    let stored = await this.look(file);
    for (let same = 0; same < 10; same += 1) {
      const next = await this.look(file);
      same = JSON.stringify(next) === JSON.stringify(stored) ? same : 0;
      stored = next;
    }
    return stored;
  }

  private look(file: File): Promise<Stored> {
    const url = this.urlOf(file);
    return this.watcher.evaluate(look, [url, this.piecesOf(file)] as const);
  }

  /** Returns the requests for the bytes of a file. */
  private requests(file: File): LogEntry[] {
    const path = file === 'plain' ? PLAIN : new RegExp(`${pathOf(file).replaceAll('.', '\\.')}$`);
    return this.stage.origins.log
      .requests({method: 'GET', path})
      .filter(({to, status = 0}) => to !== 'hub' || status >= 400);
  }

  private pathOf(file: File): string {
    return file === 'plain' ? PLAIN : pathOf(file);
  }

  private urlOf(file: File): string {
    return file === 'plain' ? this.stage.app + PLAIN : this.stage.assetUrl(pathOf(file));
  }

  /** Returns the name of the cache for its pieces. */
  private piecesOf(file: File): string {
    const home = file === 'plain' ? 'plain' : `${LINE}-${file}`;
    return `holdfast-pieces ${home} ${this.urlOf(file)}`;
  }

  private bytesOf(one: File | Edition): Buffer {
    return this.contents.get(one) as Buffer;
  }

  private editionsOf(file: File): Buffer[] {
    return file === 'plain' ? [...this.published].map((one) => this.bytesOf(one)) : [this.bytesOf(file)];
  }
}
