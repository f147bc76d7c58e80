/**
 * Budgets in a real browser: random steps that store, read, stage, switch, evict and kill.
 *
 * - `HOLDFAST_BUDGET_SEED`: plays the same steps again, all of them.
 * - `HOLDFAST_BUDGET_STEPS`: how many they are, 300 by default; without a seed, as many as fit in 40 s.
 */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {assetsOf, bytesOf, type File, LINES, makeFiles, VERSIONS} from '../faults/budgets/files.ts';
import {LIMITS} from '../faults/budgets/limits.ts';
import {type Held, readStorage} from '../faults/budgets/readStorage.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const {HOLDFAST_BUDGET_SEED, HOLDFAST_BUDGET_STEPS = '300'} = process.env;
const SEED = Number(HOLDFAST_BUDGET_SEED ?? Date.now() % 2 ** 31);
const STEPS = Number(HOLDFAST_BUDGET_STEPS);
const LIMIT_MS = HOLDFAST_BUDGET_SEED === undefined ? 40_000 : Number.POSITIVE_INFINITY;
const CHECKS_QUIET_EVERY = 10;
const QUOTA_BYTES = 50_000_000;

type Line = (typeof LINES)[number];
type Version = (typeof VERSIONS)[number];

let stage: Stage;
let page: Page;
let files: Map<string, File>;
let largest: number;
let random: () => number;
/** The last steps, for a failure. */
let steps: string[];
/** What became of them. */
let counts: Record<string, number>;
/** Whether a worker was killed since the ledger was last compared with what is stored. */
let wasKilled: boolean;
/** The lines and versions of releases that were staged, and are needed since. */
let staged: Set<string>;

beforeAll(async () => {
  stage = await openSharedStage(['budgeted']);
  files = makeFiles();
  largest = Math.max(...Array.from(files.values(), ({size}) => size));
  for (const path of files.keys()) {
    const headers = {etag: `"${path}"`, 'accept-ranges': 'bytes', 'cache-control': 'no-cache'};
    stage.origins.app.set(path, () => bytesOf(path), headers);
  }
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  await stage.browser.setQuota(stage.app, QUOTA_BYTES);
  page = await stage.openControlledPage();
  random = randomFrom(SEED);
  steps = [];
  counts = {};
  wasKilled = false;
  staged = new Set();
});

/** Mulberry32. */
const randomFrom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const oneOf = <Thing>(things: readonly Thing[]): Thing =>
  things[Math.floor(random() * things.length)] as Thing;

const count = (what: string): void => {
  counts[what] = (counts[what] ?? 0) + 1;
};

/** Reads a file in the page. Only the death of a worker may cut it. */
const read = async (path: string, mayBeCut = false): Promise<void> => {
  const {size, sha256} = files.get(path) as File;
  const found = await page.evaluate((url) => load(url).catch(String), path);
  if (mayBeCut && typeof found === 'string') {
    count('cut');
    return;
  }
  expect(found, path).toMatchObject({status: 200, size, sha256});
  count('read');
};

const urlOf = (path: string): string => stage.app + path;

const stageRelease = async (line: Line, version: Version): Promise<void> => {
  const assets = assetsOf(line, version).map((path) => {
    const {size, sha256} = files.get(path) as File;
    return {url: urlOf(path), size, digest: {algorithm: 'sha256' as const, hex: sha256}};
  });
  const outcome = await page.evaluate(
    ([name, to, manifest]) =>
      holdfast
        .line('models', {name})
        .stage(to, {manifest, timeoutSeconds: 60})
        .then(
          () => 'staged',
          ({code, failures}) => `${code} ${(failures ?? []).map(({reason}: {reason: string}) => reason)}`,
        ),
    [line, version, {assets}] as const,
  );
  if (outcome === 'staged') {
    staged.add(`models-${line} ${version}`);
  }
  count(outcome);
  steps.push(`  → ${outcome}`);
  // Nothing else may keep a stage from its files.
  expect(outcome).toMatch(/^staged$|^stage-failed (over-budget,?|quota-exceeded,?|release-evicted,?)*$/);
};

const switchTo = async (line: Line, version: Version, keep: number, evictNow: boolean): Promise<void> => {
  const outcome = await page.evaluate(
    ([name, to, options]) =>
      holdfast
        .line('models', {name})
        .switchTo(to, {...options, timeoutSeconds: 60})
        .then(
          () => 'switched',
          ({message}) => (/neither stored|not complete|incomplete/.test(message) ? 'refused' : message),
        ),
    [line, version, {keep, evictNow}] as const,
  );
  count(outcome);
  steps.push(`  → ${outcome}`);
  expect(['switched', 'refused']).toContain(outcome);
};

/** Kills the worker amid what it does. What it stores then may be lost, and nothing else. */
const killAmid = async (work: readonly Promise<void>[], delayMs: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  await stage.browser.killWorkers();
  wasKilled = true;
  await Promise.all(work);
};

/** Takes a step by chance. */
const step = async (): Promise<void> => {
  const [line, version] = [oneOf(LINES), oneOf(VERSIONS)];
  const paths = Array.from({length: 1 + Math.floor(random() * 4)}, () => oneOf([...files.keys()]));
  const keep = Math.floor(random() * 2);
  const evictNow = random() < 0.3;
  const [chance, delayMs] = [random(), Math.floor(random() * 150)];
  if (chance < 0.55) {
    steps.push(`read ${paths}`);
    await Promise.all(paths.map((path) => read(path)));
  } else if (chance < 0.68) {
    steps.push(`stage ${line} ${version}`);
    await stageRelease(line, version);
  } else if (chance < 0.73) {
    steps.push(`stage ${line} ${version}, and read ${paths}`);
    await Promise.all([stageRelease(line, version), ...paths.map((path) => read(path))]);
  } else if (chance < 0.88) {
    steps.push(`switch ${line} to ${version}, ${JSON.stringify({keep, evictNow})}`);
    await switchTo(line, version, keep, evictNow);
  } else if (chance < 0.95) {
    steps.push('reload');
    await page.reload();
  } else {
    steps.push(`kill after ${delayMs} ms amid read ${paths}`);
    await killAmid(
      paths.map((path) => read(path, true)),
      delayMs,
    );
  }
};

const storage = () => page.evaluate(readStorage);

const lineOf = (cacheName: string): string | undefined => /^(models-.+)-v\d+$/.exec(cacheName)?.[1];

/** Checks that no budget is exceeded by more than some bytes and entries. */
const checkBudgets = (stored: readonly Held[], bytes: number, entries: number): void => {
  const groups = new Map<string, {limit: {maxBytes: number; maxEntries?: number}; held: Held[]}>([
    ['all', {limit: LIMITS.all, held: [...stored]}],
    ['maps', {limit: LIMITS.maps, held: stored.filter(({cacheName}) => cacheName === 'maps')}],
    ['large', {limit: LIMITS.large, held: stored.filter(({cacheName}) => cacheName === 'large')}],
  ]);
  for (const name of LINES) {
    const held = stored.filter(({cacheName}) => lineOf(cacheName) === `models-${name}`);
    groups.set(name, {limit: LIMITS.line, held});
  }
  for (const [group, {limit, held}] of groups) {
    const sum = held.reduce((all, one) => all + one.bytes, 0);
    expect(sum, `bytes of ${group}`).toBeLessThanOrEqual(limit.maxBytes + bytes);
    expect(held.length, `entries of ${group}`).toBeLessThanOrEqual(
      (limit.maxEntries ?? Number.POSITIVE_INFINITY) + entries,
    );
  }
};

const idOf = ({cacheName, path, bytes}: Held): string => `${cacheName} ${path} ${bytes}`;

/** Checks that staged releases that are needed are complete. */
const checkReleases = async (stored: readonly Held[]): Promise<void> => {
  const lines = await page.evaluate(() => holdfast.releases({timeoutSeconds: 60}));
  const needed = new Set(
    lines.flatMap(({line, releases}) =>
      releases
        .filter(({state}) => ['current', 'previous', 'staged'].includes(state))
        .map(({version}) => `${line} ${version}`),
    ),
  );
  for (const release of staged) {
    const [line = '', version = ''] = release.split(' ');
    if (!needed.has(release)) {
      // Once evicted, it may come back in part.
      staged.delete(release);
      continue;
    }
    const assets = assetsOf(line.slice('models-'.length), version).map((path) => {
      const {size: bytes} = files.get(path) as File;
      return idOf({cacheName: `${line}-${version}`, path, bytes});
    });
    expect(stored.map(idOf), release).toEqual(expect.arrayContaining(assets));
  }
};

const checkRejections = async (): Promise<void> => {
  const reported = await page.evaluate(() => events.splice(0));
  for (const {type, payload} of reported) {
    const {reason} = payload;
    if (type === 'ASSET_NOT_STORED' || type === 'RESPONSE_REFUSED') {
      count(`not stored: ${reason}`);
    }
    // Workbox rejects with it when the page's fetch fails.
    const isUnhandled = type === 'UNHANDLED_REJECTION' && !String(reason).startsWith('no-response');
    expect(isUnhandled, String(reason)).toBe(false);
  }
};

/** Has the worker compare the ledger with what is stored, as it does once an hour. */
const compareLedger = async (): Promise<void> => {
  await page.evaluate(async () => {
    const {scope} = (await navigator.serviceWorker.getRegistration()) ?? {};
    return new Promise<void>((resolve) => {
      const opening = indexedDB.open(`holdfast-storage ${scope}`);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction('ledger', 'readwrite');
        const records = transaction.objectStore('ledger');
        const reading = records.get('');
        reading.onsuccess = () => records.put({...reading.result, rebuiltAt: 0}, '');
        transaction.oncomplete = () => {
          opening.result.close();
          resolve();
        };
      };
    });
  });
  await stage.browser.killWorkers();
  await read('/maps/0.bin');
  wasKilled = false;
};

/** Waits until nothing is in progress. Then the ledger agrees with what is stored, which is within all budgets. */
const checkQuiet = async (): Promise<void> => {
  if (wasKilled) {
    await compareLedger();
  }
  await expect
    .poll(
      async () => {
        const {stored, ledger} = await storage();
        const [found, known] = [new Set(stored.map(idOf)), new Set(ledger.map(idOf))];
        return {
          unknown: [...found].filter((one) => !known.has(one)),
          missing: [...known].filter((one) => !found.has(one)),
          pending: ledger.filter(({isPending}) => isPending).map(idOf),
        };
      },
      {timeout: 30_000, interval: 100},
    )
    .toEqual({unknown: [], missing: [], pending: []});
  checkBudgets((await storage()).stored, 0, 0);
};

describe('random steps', () => {
  it('keep what is stored within all budgets, and harm nothing that is needed', async () => {
    console.log(`Budgets, HOLDFAST_BUDGET_SEED=${SEED}`);
    const end = Date.now() + LIMIT_MS;
    let taken = 0;
    try {
      for (; taken < STEPS && Date.now() < end; taken++) {
        await step();
        const {stored} = await storage();
        checkBudgets(stored, largest, 1);
        await checkReleases(stored);
        await checkRejections();
        if (taken % CHECKS_QUIET_EVERY === CHECKS_QUIET_EVERY - 1) {
          await checkQuiet();
        }
      }
      await checkQuiet();
    } catch (error) {
      const again = `HOLDFAST_BUDGET_SEED=${SEED} npx pnpm exec vitest run e2e/tests/budgets.test.ts`;
      const last = steps.slice(-30).join('\n');
      throw new Error(`Step ${taken} failed. To play it again: ${again}\n${last}`, {cause: error});
    }
    console.log(`${taken} steps within budgets:`, counts);
  }, 1_200_000);
});
