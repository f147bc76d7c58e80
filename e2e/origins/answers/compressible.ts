import {promisify} from 'node:util';
import {brotliCompress, constants, gzip} from 'node:zlib';
import type {Body, Encoding} from './Answer.ts';
import {bytesBody} from './bytesBody.ts';
import {readBody} from './readBody.ts';

/** Compresses well and fast. The slowest setting takes half a minute for a large wasm file. */
const BROTLI_QUALITY = 5;

const COMPRESS: Readonly<Record<Encoding, (bytes: Uint8Array) => Promise<Uint8Array>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {params: {[constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY}}),
  gzip: (bytes) => promisify(gzip)(bytes),
};

/** Adds compression to a body. Its bytes are compressed once. */
export const compressible = (body: Body): Body => {
  const made = new Map<Encoding, Promise<Body>>();
  const make = async (encoding: Encoding): Promise<Body> =>
    bytesBody(await COMPRESS[encoding](await readBody(body)));
  return {
    ...body,
    compressed: (encoding) => {
      const compressed = made.get(encoding) ?? make(encoding);
      made.set(encoding, compressed);
      return compressed;
    },
  };
};
