import {describe, expect, it} from 'vitest';
import {startForTests} from './testing/startForTests.ts';

const {fault, log, origin} = await startForTests();

describe('the log', () => {
  it('is empty without requests', () => {
    expect(log.requests()).toEqual([]);
  });

  it('has what was requested and what was sent', async () => {
    const headers = {range: 'bytes=5-14', origin: 'https://app.holdfast.test'};
    await (await fetch(`${origin.cors}/data.bin?x=1`, {headers})).bytes();
    await log.settled();
    expect(log.requests()).toMatchObject([
      {
        to: 'cors',
        host: new URL(origin.cors).host,
        method: 'GET',
        url: `${origin.cors}/data.bin?x=1`,
        path: '/data.bin',
        range: 'bytes=5-14',
        origin: 'https://app.holdfast.test',
        status: 206,
        bytesSent: 10,
        ended: 'complete',
      },
    ]);
  });

  it('has a request as soon as it arrives', async () => {
    const stall = fault({match: '/data.bin', kind: 'stall', afterBytes: 0});
    const response = await fetch(`${origin.cors}/data.bin`);
    expect(log.requests()).toMatchObject([{status: 200, bytesSent: 0, ended: undefined}]);
    stall.release();
    await response.bytes();
    await log.settled();
    expect(log.requests()).toMatchObject([{bytesSent: 1_048_576, ended: 'complete'}]);
  });

  it('distinguishes aborted requests from complete ones', async () => {
    const stall = fault({match: '/data.bin', kind: 'stall', afterBytes: 1_000});
    const controller = new AbortController();
    await fetch(`${origin.cors}/data.bin`, {signal: controller.signal});
    await stall.reached;
    controller.abort();
    await log.settled();
    expect(log.requests()).toMatchObject([{bytesSent: 1_000, ended: 'aborted'}]);
  });

  it('finds requests by origin, host, method and path', async () => {
    await fetch(`${origin.cors}/script.js`);
    await fetch(`${origin.noCors}/script.js`, {method: 'HEAD'});
    await fetch(`${origin.noCors}/style.css`);
    expect(log.requests({to: 'noCors'})).toHaveLength(2);
    expect(log.requests({host: new URL(origin.cors).host})).toHaveLength(1);
    expect(log.requests({path: '/script.js'})).toHaveLength(2);
    expect(log.requests({path: /\.css$/})).toHaveLength(1);
    expect(log.requests({to: 'noCors', method: 'HEAD', path: '/script.js'})).toHaveLength(1);
  });
});
