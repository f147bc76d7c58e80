import {type ByteRange, contentRange} from '../http/byteRanges.ts';
import {deriveRequest, type RequestChanges} from '../http/deriveRequest.ts';
import {discardBody} from '../http/discardBody.ts';
import {StallWatch} from '../timing/StallWatch.ts';
import type {Chunk} from './Piece.ts';
import type {FileFacts} from './PieceStore.ts';

/** Headers of one answer that do not describe the file. */
const OF_THE_ANSWER = ['content-range', 'vary', 'age', 'date'];

/** A part of the file as it arrives. */
export interface Part extends ByteRange {
  body: ReadableStream<Chunk>;
}

/** Returns what the body of an answer has of a file: all of it, unless the answer says otherwise. */
export const partOf = ({status, headers}: Response, {size}: FileFacts): ByteRange =>
  (status === 206 && contentRange(headers.get('content-range'))) || {start: 0, end: size};

/** The host has another file by now than the one that was begun. */
export class FileChanged extends Error {
  override name = 'FileChanged';

  constructor() {
    super('The file was replaced, or its host does not identify it.');
  }
}

/** The answer of a host that is not the file. */
export class UpstreamFailure extends Error {
  override name = 'UpstreamFailure';
  readonly status: number;
  /** How long the host asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number;

  constructor({status, headers}: Response) {
    super(`The host answered with ${status}.`);
    this.status = status;
    this.retryAfterMs = retryAfterMs(headers.get('retry-after'));
  }

  /** Whether the same request may have another answer later. Behind a 403 may be an expired signature. */
  get isPassing(): boolean {
    return this.status >= 500 || [403, 408, 425, 429].includes(this.status);
  }
}

/** Reads seconds, or a date. https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
const retryAfterMs = (header: string | null): number => {
  const seconds = Number(header ?? 0);
  const ms = Number.isNaN(seconds) ? Date.parse(header ?? '') - Date.now() : seconds * 1000;
  return Math.max(ms || 0, 0);
};

/**
 * Returns what tells whether two answers have the same bytes: the content hash at the end of a redirected URL, as on the
 * Hub, or a strong `ETag`. The hash comes first, since the CDNs of the Hub agree on it and not on their ETags.
 */
const validatorOf = ({url, redirected, headers}: Response): string | undefined => {
  const [, hash] = (redirected && /\/([0-9a-f]{64})(?:\?|$)/.exec(url)) || [];
  const etag = headers.get('etag');
  return hash ?? (etag?.startsWith('"') ? etag : undefined);
};

/**
 * Reads what an answer says about the file.
 *
 * @returns `undefined` for an answer that is neither the file nor a part of it, or that hides its size: with a
 *   `Content-Encoding`, lengths and ranges count other bytes than the page gets.
 */
export const factsOf = (response: Response): FileFacts | undefined => {
  const {status, headers} = response;
  const length = Number(headers.get('content-length') ?? Number.NaN);
  const size = status === 206 ? contentRange(headers.get('content-range'))?.size : length;
  if ((status !== 200 && status !== 206) || !size || headers.has('content-encoding')) {
    return undefined;
  }
  const described = new Headers(headers);
  for (const name of OF_THE_ANSWER) {
    described.delete(name);
  }
  described.set('content-length', String(size));
  return {size, validator: validatorOf(response), headers: [...described]};
};

/** The host of a file, for as long as it has the same file. */
export class Upstream {
  private readonly request: Request;
  private readonly facts: FileFacts;

  /** @param request as the page made it: its URL is resolved again each time, since signed ones expire. */
  constructor(request: Request, facts: FileFacts) {
    this.request = request;
    this.facts = facts;
  }

  /**
   * Requests a part of the file.
   *
   * Another origin gets no `If-Range`, which would take a preflight that the CDN of the Hub refuses. The answer is
   * compared instead. https://fetch.spec.whatwg.org/#cors-safelisted-request-header
   *
   * @throws FileChanged, {@link UpstreamFailure}, and what `fetch` throws.
   */
  async ask(start: number, end: number, signal: AbortSignal): Promise<Part> {
    const {request, facts} = this;
    const {validator = ''} = facts;
    if (!validator) {
      throw new FileChanged();
    }
    signal.throwIfAborted();
    const headers: Record<string, string> = {range: `bytes=${start}-${end - 1}`};
    if (validator[0] === '"' && new URL(request.url).origin === self.location.origin) {
      headers['if-range'] = validator;
    }
    // The browser's HTTP cache would put a part together with what it has.
    const changes: RequestChanges = {cache: 'no-store', headers};
    if (request.mode === 'no-cors') {
      // Without CORS there are no ranges. With credentials, a host would have to name the page's origin.
      changes.mode = 'cors';
      changes.credentials = 'same-origin';
    }
    const asked = deriveRequest(request, changes);
    const watch = new StallWatch(signal);
    const response = await fetch(asked, {signal: watch.signal}).finally(() => watch.end());
    // Until the body is read: its reader watches the signal, too.
    signal.addEventListener('abort', () => discardBody(response));
    return this.partIn(response, start);
  }

  /** @throws FileChanged, {@link UpstreamFailure}. */
  private partIn(response: Response, start: number): Part {
    const {facts} = this;
    const {body} = response;
    const answered = factsOf(response);
    const part = partOf(response, facts);
    const isSame = answered?.size === facts.size && answered.validator === facts.validator;
    if (body && isSame && part.start <= start && start < part.end) {
      return Object.assign({body}, part);
    }
    discardBody(response);
    // The file may have become shorter (416), or its host hides which part it has sent.
    throw response.ok || response.status === 416 ? new FileChanged() : new UpstreamFailure(response);
  }
}
