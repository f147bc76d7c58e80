import {createServer} from 'node:http';
import {get} from 'node:https';
import {text} from 'node:stream/consumers';
import {describe, expect, it, onTestFinished} from 'vitest';
import {closeServer} from './network/closeServer.ts';
import {listen} from './network/listen.ts';
import {type Origins, type OriginsOptions, startOrigins} from './startOrigins.ts';
import {ANY_PORTS} from './testing/anyPorts.ts';
import {makeSmallContent} from './testing/makeSmallContent.ts';

const content = await makeSmallContent();

const start = async (options: OriginsOptions): Promise<Origins> => {
  const origins = await startOrigins({content, ...options});
  onTestFinished(() => origins.close());
  return origins;
};

interface Reply {
  status: number | undefined;
  location: string | undefined;
  body: string;
}

/** Fetches a URL by its real name, as a browser does that maps the name to this machine. */
const fetchByName = (url: string, {port}: Origins): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const {hostname, pathname, search} = new URL(url);
    get(
      {
        host: '127.0.0.1',
        port: port.hub,
        servername: hostname,
        path: pathname + search,
        headers: {host: hostname},
        rejectUnauthorized: false,
        agent: false,
      },
      async (response) => {
        const {headers, statusCode} = response;
        resolve({status: statusCode, location: headers.location, body: await text(response)});
      },
    ).on('error', reject);
  });

describe('mode names', () => {
  it('serves every host under its real name', async () => {
    const origins = await start({mode: 'names', app: {files: {'/': 'never', '/index.html': 'the app'}}});
    expect(origins.origin).toEqual({
      app: 'https://app.holdfast.test',
      hub: 'https://huggingface.co',
      hubCdn: 'https://us.aws.cdn.hf.co',
      jsdelivr: 'https://cdn.jsdelivr.net',
      noCors: 'https://assets.no-cors.test',
      cors: 'https://assets.cors.test',
      unpkg: 'https://unpkg.com',
      cdnjs: 'https://cdnjs.cloudflare.com',
      pypiFiles: 'https://files.pythonhosted.org',
    });
    expect((await fetchByName('https://app.holdfast.test/', origins)).body).toBe('the app');
    expect((await fetchByName('https://hf.co/mailwoman/tiny/resolve/main/README.md', origins)).status).toBe(
      307,
    );
    expect((await fetchByName('https://elsewhere.test/', origins)).status).toBe(421);
  });

  it('redirects from host to host', async () => {
    const origins = await start({mode: 'names'});
    const url = 'https://huggingface.co/buckets/mailwoman/assets/resolve/en-us/v0.6.0/tokenizer.model';
    for (const cdnHost of ['us.aws.cdn.hf.co', 'us.gcp.cdn.hf.co', 'cas-bridge.xethub.hf.co'] as const) {
      origins.signing.cdnHost = cdnHost;
      const {location = '', status} = await fetchByName(url, origins);
      expect(status).toBe(302);
      expect(new URL(location).host).toBe(cdnHost);
      expect((await fetchByName(location, origins)).status).toBe(200);
    }
  });

  it('has flags for Chromium with the address of the names and the key to trust', async () => {
    const {chromiumArgs, port} = await start({mode: 'names'});
    expect(chromiumArgs).toEqual([
      expect.stringMatching(
        new RegExp(
          `^--host-resolver-rules=MAP app\\.holdfast\\.test 127\\.0\\.0\\.1:${port.app}, .*MAP \\* ~NOTFOUND`,
        ),
      ),
      expect.stringMatching(/^--ignore-certificate-errors-spki-list=[\w+/]{43}=$/),
    ]);
  });
});

describe('mode localhost', () => {
  it('uses another port if one is taken, and says so', async () => {
    const other = createServer();
    const taken = await listen(other, 0);
    onTestFinished(() => closeServer(other));
    const messages: string[] = [];
    const {origin, port} = await start({
      mode: 'localhost',
      ports: {...ANY_PORTS, app: taken},
      say: (message) => messages.push(message),
    });
    expect(port.app).not.toBe(taken);
    expect(messages).toEqual([`Port ${taken} is taken, so the origin 'app' is on port ${port.app}.`]);
    expect((await fetch(`${origin.app}/origins.js`)).status).toBe(200);
  });

  it('needs no flags', async () => {
    expect((await start({mode: 'localhost', ports: ANY_PORTS})).chromiumArgs).toEqual([]);
  });
});

describe('close', () => {
  it('aborts requests in progress', async () => {
    const origins = await start({mode: 'localhost', ports: ANY_PORTS});
    const stall = origins.fault({match: '/data.bin', kind: 'stall', afterBytes: 10});
    const response = await fetch(`${origins.origin.cors}/data.bin`);
    await stall.reached;
    await origins.close();
    await expect(response.bytes()).rejects.toThrow(TypeError);
    await origins.log.settled();
    expect(origins.log.requests()).toMatchObject([{ended: 'aborted'}]);
  });
});
