import {contentRange} from './byteRanges.ts';
import type {FileFacts} from './PieceStore.ts';
import type {Segment} from './segments.ts';

/** Headers of one answer that do not describe the file. */
const OF_THE_ANSWER = [
  'content-range',
  'vary',
  'transfer-encoding',
  'connection',
  'age',
  'date',
  'set-cookie',
];

/** A host that has said nothing for so long is asked again. */
const ANSWERS_WITHIN_MS = 30_000;

/** A part of the file, on its way. */
export interface Part extends Segment {
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** What an answer has the body of: all of the file, unless it says otherwise. */
export const partOf = ({status, headers}: Response, {size}: FileFacts): Segment =>
  (status === 206 && contentRange(headers.get('content-range'))) || {start: 0, end: size};

/** The file is another one than the one that was begun. */
export class FileChanged extends Error {
  override name = 'FileChanged';
}

/** A host's answer that is not the file. */
export class UpstreamFailure extends Error {
  override name = 'UpstreamFailure';
  readonly status: number;
  /** How long it wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number;

  constructor({status, headers}: Response) {
    super(`The host answered with ${status}.`);
    this.status = status;
    this.retryAfterMs = retryAfterMs(headers.get('retry-after'));
  }

  /** Whether the same question may have another answer later. Behind a 403 may be a signature that has expired. */
  get isPassing(): boolean {
    return this.status >= 500 || [403, 408, 425, 429].includes(this.status);
  }
}

/** Seconds, or a date. https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
const retryAfterMs = (header: string | null): number => {
  const seconds = Number(header ?? 0);
  const ms = Number.isNaN(seconds) ? Date.parse(header ?? '') - Date.now() : seconds * 1000;
  return Math.max(ms || 0, 0);
};

/**
 * What tells whether two answers have the same bytes: the content's hash at the end of the address that a redirect led
 * to (the Hub's), or a strong `ETag`. The hash comes first, since the Hub's CDNs agree on it and not on their ETags.
 */
const validatorOf = ({url, redirected, headers}: Response): string | undefined => {
  const [, hash] = (redirected && /\/([0-9a-f]{64})(?:\?|$)/.exec(url)) || [];
  const etag = headers.get('etag');
  return hash ?? (etag?.startsWith('"') ? etag : undefined);
};

/**
 * What an answer says about the file.
 *
 * @returns `undefined` for one that is not the file or a part of it, or that does not tell its size: behind a
 *   `Content-Encoding` lengths and ranges count other bytes than the page gets.
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

/**
 * What keeps a request from an element without `crossorigin` from being answered with what nobody can read: without CORS
 * there is no range. With credentials, a host would have to name the page's origin.
 */
const withCors = ({mode}: Request): RequestInit =>
  mode === 'no-cors' ? {mode: 'cors', credentials: 'same-origin'} : {};

/**
 * What an answer means that cannot be gone on with. The file may have become shorter (416), or its host may not let pages
 * read which part it has sent: then it has to be fetched from its beginning.
 */
const unusable = (response: Response): FileChanged | UpstreamFailure =>
  response.ok || response.status === 416
    ? new FileChanged('Nothing tells that what has come is of the same file.')
    : new UpstreamFailure(response);

/** The answer to a request. A host that says nothing is not waited for without end. */
const answerInTime = async (request: Request, signal: AbortSignal): Promise<Response> => {
  signal.throwIfAborted();
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  const timer = setTimeout(
    () => controller.abort(new TypeError('The host does not answer.')),
    ANSWERS_WITHIN_MS,
  );
  try {
    return await fetch(request, {signal: controller.signal});
  } finally {
    clearTimeout(timer);
  }
};

/** The host of a file, for as long as it is the same file. */
export class Upstream {
  private readonly request: Request;
  private readonly facts: FileFacts;

  /** @param request what the page asked for: its URL is resolved again each time, since signed ones expire. */
  constructor(request: Request, facts: FileFacts) {
    this.request = request;
    this.facts = facts;
  }

  /**
   * Asks for a part of the file.
   *
   * There is no `If-Range` to other origins, where it would be asked about beforehand, which the Hub's CDN does not allow.
   * What comes is compared instead. https://fetch.spec.whatwg.org/#cors-safelisted-request-header
   *
   * @throws FileChanged, {@link UpstreamFailure}, and what `fetch` throws.
   */
  async ask(start: number, end: number, signal: AbortSignal): Promise<Part> {
    const {request, facts} = this;
    if (facts.validator === undefined) {
      throw new FileChanged('Nothing tells whether the rest of the file is of the same one.');
    }
    const headers = new Headers(request.headers);
    headers.set('range', `bytes=${start}-${end - 1}`);
    if (facts.validator?.startsWith('"') && new URL(request.url).origin === self.location.origin) {
      headers.set('if-range', facts.validator);
    }
    // Past the browser's own cache, which would put a part together with what it has.
    const init = Object.assign({headers, cache: 'no-store' as const}, withCors(request));
    const response = await answerInTime(new Request(request, init), signal);
    const {body} = response;
    const answered = factsOf(response);
    if (!body || !answered) {
      await body?.cancel();
      throw unusable(response);
    }
    if (answered.size !== facts.size || answered.validator !== facts.validator) {
      await body.cancel();
      throw new FileChanged('The file was replaced by another one while it was on its way.');
    }
    const part = partOf(response, facts);
    if (start < part.start || part.end <= start) {
      await body.cancel();
      throw unusable(response);
    }
    return Object.assign({body}, part);
  }
}
