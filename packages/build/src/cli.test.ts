import {spawn} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {link, mkdir, mkdtemp, open, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {createServer, type RequestListener, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {readManifest} from '@holdfast/manifest';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));

const start = (...args: string[]) => spawn(process.execPath, [CLI, ...args], {cwd: folder});

/** Runs the command in the folder. */
const run = async (...args: string[]) => {
  const child = start(...args);
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await closed;
  return {code, stdout, stderr};
};

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const listed = (path: string, bytes: string | Uint8Array) => ({
  path,
  size: Buffer.byteLength(bytes),
  sha256: sha256(bytes),
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
});

afterEach(() => rm(folder, {recursive: true}));

const write = async (path: string, bytes: string | Uint8Array = path): Promise<void> => {
  await mkdir(dirname(join(folder, path)), {recursive: true});
  await writeFile(join(folder, path), bytes);
};

describe('a folder', () => {
  it('is listed by path, with sizes and digests', async () => {
    const model = randomBytes(300_000);
    await write('release/onnx/model.onnx', model);
    await write('release/onnx-extra.bin', 'x');
    await write('release/Zebra.json', '');
    await write('release/a b#1.bin', 'é');
    const {code, stdout, stderr} = await run('manifest', 'release');
    expect(stderr).toBe('holdfast: 4 files, 0.3 MB\n');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      holdfast: 1,
      assets: [
        listed('Zebra.json', ''),
        listed('a%20b%231.bin', 'é'),
        listed('onnx-extra.bin', 'x'),
        listed('onnx/model.onnx', model),
      ],
    });
  });

  it('is listed without the file that --out names, whether it exists or not', async () => {
    await write('a.bin');
    const first = await run('manifest', '.', '--out', 'manifest.json');
    expect(first).toEqual({
      code: 0,
      stdout: '',
      stderr: 'holdfast: 1 file, 0.0 MB, listed in manifest.json\n',
    });
    const written = await readFile(join(folder, 'manifest.json'), 'utf8');
    expect(JSON.parse(written)).toEqual({holdfast: 1, assets: [listed('a.bin', 'a.bin')]});
    await run('manifest', folder, '--out', 'manifest.json');
    expect(await readFile(join(folder, 'manifest.json'), 'utf8')).toBe(written);
  });

  it('is listed without the file that the shell redirects the output to', async () => {
    await write('a.bin');
    const out = await open(join(folder, 'manifest.json'), 'w');
    const child = spawn(process.execPath, [CLI, 'manifest', '.'], {
      cwd: folder,
      stdio: ['ignore', out.fd, 'ignore'],
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    await out.close();
    const {assets} = readManifest(await readFile(join(folder, 'manifest.json'), 'utf8'), 'https://a.b/');
    expect(assets.map(({url}) => url)).toEqual(['https://a.b/a.bin']);
  });

  it('is listed with absolute URLs below --base, with or without a trailing slash', async () => {
    await write('release/a:b.bin');
    const base = 'https://huggingface.co/buckets/o/b/resolve/v1';
    for (const given of [base, `${base}/`]) {
      const {stdout} = await run('manifest', 'release', '--base', given);
      expect(JSON.parse(stdout).assets).toEqual([listed(`${base}/a:b.bin`, 'release/a:b.bin')]);
    }
  });

  it('is listed with the files that match --include', async () => {
    for (const path of ['a.onnx', 'b/c.onnx', 'b/d.json', 'e.txt']) {
      await write(path);
    }
    const paths = async (...globs: string[]) => {
      const {stdout} = await run('manifest', '.', ...globs.flatMap((glob) => ['--include', glob]));
      return JSON.parse(stdout).assets.map(({path}: {path: string}) => path);
    };
    expect(await paths('*.onnx')).toEqual(['a.onnx']);
    expect(await paths('**/*.onnx')).toEqual(['a.onnx', 'b/c.onnx']);
    expect(await paths('b/**', '?.txt')).toEqual(['b/c.onnx', 'b/d.json', 'e.txt']);
    expect(await paths('**/*.{onnx,json}')).toEqual(['a.onnx', 'b/c.onnx', 'b/d.json']);
  });

  it('is listed without names that start with a dot', async () => {
    await write('a.bin');
    await write('.DS_Store');
    await write('.git/HEAD');
    expect(JSON.parse((await run('manifest', '.')).stdout).assets).toEqual([listed('a.bin', 'a.bin')]);
  });

  it('is listed through links, except a link to a folder that contains it', async () => {
    await write('elsewhere/a.bin', 'a');
    await mkdir(join(folder, 'release'));
    await symlink('../elsewhere', join(folder, 'release/linked'));
    await link(join(folder, 'elsewhere/a.bin'), join(folder, 'release/hard.bin'));
    const {stdout} = await run('manifest', 'release');
    expect(JSON.parse(stdout).assets).toEqual([listed('hard.bin', 'a'), listed('linked/a.bin', 'a')]);

    await symlink('..', join(folder, 'elsewhere/loop'));
    const {code, stderr} = await run('manifest', 'release');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^holdfast: cannot read the folder 'release': release\/linked\/loop\/\S+ links to a folder that contains it\. Remove the link\.\n$/,
    );
  });
});

describe('URLs', () => {
  let server: Server;
  let origin: string;
  let answer: RequestListener;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('are fetched once each and measured as a page reads them', async () => {
    const requested: (string | undefined)[] = [];
    answer = ({url}, response) => {
      requested.push(url);
      if (url === '/b.bin') {
        response.writeHead(302, {location: '/signed?signature=5ec1e7'}).end();
      } else if (url === '/a.json') {
        response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync('{"a": 1}'));
      } else {
        response.end('bytes');
      }
    };
    const {code, stdout, stderr} = await run(
      'manifest',
      `${origin}/b.bin`,
      `${origin}/a.json`,
      `${origin}/b.bin`,
    );
    expect(stderr).toBe('holdfast: 2 files, 0.0 MB\n');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).assets).toEqual([
      listed(`${origin}/a.json`, '{"a": 1}'),
      listed(`${origin}/b.bin`, 'bytes'),
    ]);
    expect(requested).toEqual(['/a.json', '/b.bin', '/signed?signature=5ec1e7']);
  });

  it('are fetched with their signature and listed without it', async () => {
    const requested: (string | undefined)[] = [];
    answer = ({url}, response) => {
      requested.push(url);
      response.end('bytes');
    };
    const signed = '/a?versionId=1&X-Amz-Signature=5ec1e7&X-Amz-Credential=AKIA';
    const {stdout, stderr} = await run('manifest', `${origin}${signed}`);
    expect(JSON.parse(stdout).assets).toEqual([listed(`${origin}/a?versionId=1`, 'bytes')]);
    expect(stderr).not.toContain('5ec1e7');
    expect(requested).toEqual([signed]);
  });

  it('are fetched with progress reports', async () => {
    let hasReported = false;
    answer = async ({url}, response) => {
      // Sends a little at a time, until progress is reported.
      while (url === '/b' && !hasReported) {
        response.write('bytes');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      response.end('end');
    };
    const child = start('manifest', `${origin}/a`, `${origin}/b`);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk;
      hasReported = true;
    });
    child.stdout.resume();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toMatch(
      new RegExp(
        `^(holdfast: [01] of 2 files, 0\\.0 MB read, reading ${origin}/[ab]\n)+holdfast: 2 files, 0\\.0 MB\n$`,
      ),
    );
  });

  describe('fail with the URL, without its query, and the reason, and nothing is written:', () => {
    it.each<[string, RegExp, RequestListener]>([
      [
        'not found',
        /the server responded with status 404, expected 200/,
        (_, response) => response.writeHead(404).write('and goes on'),
      ],
      [
        'no content',
        /the server responded with status 204, expected 200/,
        (_, response) => response.writeHead(204).end(),
      ],
      ['not reached', /socket|closed|reset/i, (request) => request.socket.destroy()],
      [
        'cut off',
        /closed|terminated|aborted/i,
        (request, response) => {
          response.writeHead(200, {'content-length': 100}).write('bytes', () => request.socket.destroy());
        },
      ],
    ])('%s', async (_, reason, listener) => {
      answer = listener;
      const {code, stdout, stderr} = await run(
        'manifest',
        `${origin}/a?signature=5ec1e7`,
        '--out',
        'out.json',
      );
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(reason);
      expect(stderr.startsWith(`holdfast: ${origin}/a: `)).toBe(true);
      expect(stderr).not.toContain('5ec1e7');
      await expect(readFile(join(folder, 'out.json'))).rejects.toThrow('ENOENT');
    });
  });
});

it('refuses invalid arguments with exit code 2', async () => {
  expect(await run('manifest', '.', '--bse', 'x')).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^holdfast: Unknown option '--bse'.*\(see holdfast --help\)\n$/),
  });
});

describe('fails with exit code 1:', () => {
  it.each([
    [
      ['manifest', 'nothing'],
      "cannot read the folder 'nothing': ENOENT: no such file or directory, realpath 'nothing'",
    ],
    [['manifest', 'a.bin'], "cannot read the folder 'a.bin': ENOTDIR: not a directory"],
    [['manifest', '.', '--include', '*.onnx'], "the folder '.' has no file that matches --include '*.onnx'"],
    [
      ['manifest', '.', '--out', 'nowhere/out.json'],
      "cannot write --out 'nowhere/out.json': ENOENT: no such file or directory, stat 'nowhere'",
    ],
    [['manifest', '.', '--out', '.'], "cannot write --out '.': it is a folder. Name a file."],
  ])('%j', async (args, message) => {
    await write('a.bin');
    const {code, stdout, stderr} = await run(...args);
    expect(stderr).toContain(`holdfast: ${message}`);
    expect({code, stdout}).toEqual({code: 1, stdout: ''});
  });
});

it.each([[['--help']], [['manifest', '-h']]])('%j prints the help, which fits a screen', async (args) => {
  const {code, stdout, stderr} = await run(...args);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  for (const word of ['manifest <folder>', '--base', '--include', '--out', 'Exit code']) {
    expect(stdout).toContain(word);
  }
  const lines = stdout.split('\n');
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map(({length}) => length))).toBeLessThanOrEqual(100);
});
