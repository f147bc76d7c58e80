import {createHash} from 'node:crypto';
import type {Body, Host} from '../answers/Answer.ts';
import {bytesBody} from '../answers/bytesBody.ts';
import {Pace} from '../answers/Pace.ts';
import {slowBody} from '../answers/slowBody.ts';
import {textAnswer} from '../answers/textAnswer.ts';
import {seededBody} from '../content/seededBody.ts';
import {seededBytes} from '../content/seededBytes.ts';
import {contentType} from '../contentType.ts';

const OPAQUE_BYTES = 65_536;

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  '/script.js': 'self.assetsScriptRuns = (self.assetsScriptRuns ?? 0) + 1;\n',
  '/style.css': '.from-the-assets-host { color: rgb(1, 2, 3); }\n',
  '/image.svg':
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="teal"/></svg>\n',
  // The shortest valid module: https://webassembly.github.io/spec/core/binary/modules.html#binary-module
  '/module.wasm': Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00),
  '/data.bin': seededBytes('data.bin', 1_048_576),
};

/** Slow enough that a download can be interrupted. */
const LARGE_BYTES_PER_SECOND = 6_000_000;

interface Found {
  body: Body;
  /** Unique to the file. */
  identity: string | Uint8Array;
}

/** Returns a file that is made while it is read. Its bytes depend on its path. */
const findLarge = (path: string): Found | undefined => {
  const [, megabytes] = /^\/large\/[^/]+\/(\d+)-mb\.bin$/.exec(path) ?? [];
  return megabytes === undefined
    ? undefined
    : {
        body: slowBody(
          seededBody(path, Number(megabytes) * 1_000_000),
          () => new Pace(LARGE_BYTES_PER_SECOND),
        ),
        identity: path,
      };
};

const findSmall = (path: string): Found | undefined => {
  const [, number] = /^\/opaque\/(\d+)\.bin$/.exec(path) ?? [];
  const content = number === undefined ? FILES[path] : seededBytes(`opaque ${number}`, OPAQUE_BYTES);
  return content === undefined ? undefined : {body: bytesBody(content), identity: content};
};

/**
 * A host of assets that no table knows, with CORS headers for every site, or without, so that pages get
 * opaque responses. `/opaque/<n>.bin` is a different file for each number. `/large/<version>/<n>-mb.bin` has
 * n MB, arrives at 6 MB a second, and is a different file for each version.
 */
export const createAssetsHost = ({cors}: {cors: boolean}): Host => {
  const allowed: Record<string, string> = cors
    ? {'access-control-allow-origin': '*', 'access-control-expose-headers': '*'}
    : {};

  return ({method, url: {pathname}}) => {
    if (method === 'OPTIONS') {
      const preflight = {'access-control-allow-headers': '*', 'access-control-allow-methods': 'GET'};
      return {status: 204, headers: cors ? {...allowed, ...preflight} : {}, body: bytesBody('')};
    }
    const found = findLarge(pathname) ?? findSmall(pathname);
    if (!found) {
      return textAnswer(404, 'Not found', allowed);
    }
    return {
      status: 200,
      headers: {
        ...allowed,
        'accept-ranges': 'bytes',
        // The browser's HTTP cache would otherwise hide requests of a service worker from the log.
        'cache-control': 'no-cache',
        'content-type': contentType(pathname),
        etag: `"${createHash('sha256').update(found.identity).digest('hex').slice(0, 32)}"`,
      },
      body: found.body,
    };
  };
};
