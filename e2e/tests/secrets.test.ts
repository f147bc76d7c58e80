/** A signed URL gives access to its file. It must not be stored or logged anywhere. */
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {everythingStored} from '../harness/everythingStored.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openSharedStage();
});

afterAll(() => stage.close());

beforeEach(() => stage.reset());

it.each(['production', 'development'] as const)('a %s build stores and logs no signed URL', async (build) => {
  stage.origins.app.set('/holdfast.js', await bundle('workers/holdfast.ts', build));
  const logged: string[] = [];
  stage.browser.context.on('console', (message) => logged.push(message.text()));
  stage.browser.context.on('serviceworker', (worker) => {
    worker.on('console', (message) => logged.push(message.text()));
  });
  const page = await stage.openControlledPage();
  const loadInPage = (url: string) => page.evaluate((one) => load(one), url);
  const files = ['model.onnx', 'tokenizer.model', 'wof-hot.db', 'fst-de-DE.bin'];
  const urls = files.map((file) => stage.assetUrl(`de-de/v0.6.0/${file}`));

  for (const cdnHost of ['us.aws.cdn.hf.co', 'us.gcp.cdn.hf.co', 'cas-bridge.xethub.hf.co'] as const) {
    stage.origins.signing.cdnHost = cdnHost;
    // On a miss, on a hit, and requested directly, as a client does that was given a signed URL.
    for (const url of urls) {
      expect((await loadInPage(url)).url).toBe(url);
    }
    // The Hub reads `%2F` as a slash: another URL with the same key.
    const spelled = stage.assetUrl('de-de%2Fv0.6.0%2Fmodel.onnx');
    expect((await loadInPage(spelled)).url).toBe(spelled);
    await expect
      .poll(async () => (await page.evaluate(() => stored()))['mailwoman-assets-de-de-v0.6.0'])
      .toHaveLength(4);
    for (const url of urls) {
      expect((await loadInPage(url)).url).toBe(url);
    }
    // In a development build, Workbox itself logs each URL that a page requests.
    const direct = build === 'production' ? stage.origins.log.requests({to: 'hubCdn', method: 'GET'}) : [];
    for (const {url} of direct) {
      await loadInPage(url);
    }
    // With a file of the next release, so that the switch evicts this one: it is fetched again.
    await loadInPage(stage.assetUrl('de-de/v0.7.0/tokenizer.model'));
    await expect
      .poll(async () => (await page.evaluate(() => stored()))['mailwoman-assets-de-de-v0.7.0'])
      .toHaveLength(1);
    await page.evaluate(() => holdfast.line('mailwoman-assets-de-de').switchTo('v0.7.0', {keep: 0}));
    expect(await page.evaluate(() => stored())).not.toHaveProperty('mailwoman-assets-de-de-v0.6.0');
  }
  // A failed put is reported, too.
  stage.origins.fault({match: 'v0.7.0/wof-hot.db', kind: 'cut', afterBytes: 1000});
  await expect(loadInPage(stage.assetUrl('de-de/v0.7.0/wof-hot.db'))).rejects.toThrow();
  await expect.poll(() => page.evaluate(() => events.map(({type}) => type))).toContain('ASSET_NOT_STORED');

  const signed = stage.origins.log.requests({to: 'hubCdn', method: 'GET'}).map(({url}) => new URL(url));
  expect(signed.length).toBeGreaterThanOrEqual(12);
  const secrets = signed.flatMap(({searchParams}) =>
    ['Signature', 'Policy', 'X-Amz-Signature', 'X-Amz-Credential'].flatMap(
      (name) => searchParams.get(name) ?? [],
    ),
  );
  expect(secrets.length).toBeGreaterThanOrEqual(24);
  const places = {
    ...(await page.evaluate(everythingStored)),
    events: JSON.stringify(await page.evaluate(() => events)),
    console: logged.join('\n'),
  };
  expect(Object.keys(places)).toEqual(expect.arrayContaining(['caches', 'databases', 'events', 'console']));
  for (const [place, text] of Object.entries(places)) {
    const found = [...secrets, 'Signature=', 'Key-Pair-Id='].filter((secret) => text.includes(secret));
    expect({place, found}).toEqual({place, found: []});
  }
});
