import {type ByteRange, type ContentRange, contentRange} from '../http/byteRanges.ts';
import {deriveRequest, type RequestChanges} from '../http/deriveRequest.ts';
import {discardBody} from '../http/discardBody.ts';
import {StallWatch} from '../timing/StallWatch.ts';
import {accessOf, accountHeaders} from './access.ts';
import {fetchAnswer, LONGEST_WAIT_MS} from './fetchAnswer.ts';
import type {Chunk} from './Piece.ts';
import type {FileFacts} from './PieceStore.ts';

/** Headers of one answer that do not describe the file. */
const OF_THE_ANSWER = ['content-range', 'age', 'date', 'content-location', 'link'];

/** Headers that would make an answer depend on what the page has of the file. */
const CONDITIONS = {
  'if-match': null,
  'if-modified-since': null,
  'if-none-match': null,
  'if-range': null,
  'if-unmodified-since': null,
};

/** Statuses that are the answer to a request, whether it asks for a range or not. All from 500 on are, but 501. */
const DEFINITE = [200, 401, 404, 408, 410, 416, 425, 429, 451];

/** A part of the file as it arrives. */
export interface Part extends ByteRange {
  body: ReadableStream<Chunk>;
  /** Whether it is the answer to a request for the whole file: then only the end of the body says where the file ends. */
  isWhole?: boolean | undefined;
  /** What the host has answered. */
  upstream?: Upstream | undefined;
}

/** Returns the range that a partial answer has, unless its length says otherwise. */
const rangeIn = ({headers}: Response): ContentRange | undefined => {
  const range = contentRange(headers.get('content-range'));
  const length = headers.get('content-length');
  return range && (length === null || Number(length) === range.end - range.start) ? range : undefined;
};

/** Returns what the body of an answer has of a file: all of it, unless the answer says otherwise. */
export const partOf = (response: Response, {size}: FileFacts): ByteRange & Pick<Part, 'isWhole'> =>
  (response.status === 206 && rangeIn(response)) || {start: 0, end: size, isWhole: true};

/** The host has another file by now than the one that was begun. */
export class FileChanged extends Error {
  override name = 'FileChanged';
  /** The size in bytes that the host names, where nothing says that the file was replaced. */
  readonly actualSize: number | undefined;
  /** Whether the host identifies the file, as another one. */
  readonly isOther: boolean;

  constructor(isOther = false, actualSize?: number) {
    super('The file was replaced, or its host does not identify it.');
    this.isOther = isOther;
    this.actualSize = actualSize;
  }
}

/** The answer of a host that is not the file. */
export class UpstreamFailure extends Error {
  override name = 'UpstreamFailure';
  readonly status: number;
  /** What the page gets, if it has no answer yet. Whatever does not pass it on must discard its body. */
  readonly response: Response;
  /** How long the host asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(response: Response) {
    const {status, headers} = response;
    super(`The host answered with ${status}.`);
    this.status = status;
    this.response = response;
    this.retryAfterMs = retryAfterMs(headers.get('retry-after'));
  }

  /** Whether the host has the file no more. A 404 may pass, or hide the file from those who may not see it. */
  get isGone(): boolean {
    return this.status === 410;
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
export const factsOf = (response: Response, request?: Request): FileFacts | undefined => {
  const {status, headers, type} = response;
  const length = headers.get('content-length') ?? '';
  const size = status === 206 ? rangeIn(response)?.size : /^\d+$/.test(length) && Number(length);
  if ((status !== 200 && status !== 206) || !size || headers.has('content-encoding')) {
    return undefined;
  }
  const described = new Headers(headers);
  for (const name of OF_THE_ANSWER) {
    described.delete(name);
  }
  described.set('content-length', String(size));
  // Another origin may hide its `Vary`. What a token has opened may then be for that token alone.
  const isHidden = type === 'cors' && !headers.has('vary') && request?.headers.has('authorization');
  const vary = isHidden ? ['authorization'] : accountHeaders(headers.get('vary'));
  described.delete('vary');
  if (vary.length > 0) {
    described.set('vary', vary.join(', '));
  }
  const facts: FileFacts = {size, validator: validatorOf(response), headers: [...described]};
  // Requests for ranges ask for no encoding. https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
  return status === 200 && type === 'cors' ? Object.assign(facts, {isGuess: true}) : facts;
};

/** Tells whether an answer is none to a request for a range, which says nothing about the file. */
const isRefusal = (response: Response, start: number): boolean => {
  const {status, headers} = response;
  return status === 206
    ? rangeIn(response)?.start !== start || headers.has('content-encoding')
    : !(status >= 500 && status !== 501) && !DEFINITE.includes(status);
};

/** One request's way to the host of a file, for as long as that has the same file. */
export class Upstream {
  /** What shows the host who asks. */
  readonly access: string;
  private readonly request: Request;
  private readonly facts: FileFacts;

  /** @param request as the page made it: its URL is resolved again each time, since signed ones expire. */
  constructor(request: Request, facts: FileFacts) {
    this.request = request;
    this.facts = facts;
    this.access = accessOf(request);
  }

  /** Tells whether the host would answer another request in the same way. */
  isLike({access, request}: Upstream): boolean {
    return this.access === access && this.request.url === request.url;
  }

  /**
   * Requests a part of the file. A host that does not answer a request for a range is asked for the whole file.
   *
   * Another origin gets no `If-Range`, which would take a preflight that the CDN of the Hub refuses. The answer is
   * compared instead. https://fetch.spec.whatwg.org/#cors-safelisted-request-header
   *
   * @param isPlain asks for the whole file at once.
   * @throws FileChanged, {@link UpstreamFailure}, and what `fetch` throws.
   */
  async ask(start: number, end: number, signal: AbortSignal, isPlain = false): Promise<Part> {
    if (!this.facts.validator) {
      throw new FileChanged();
    }
    signal.throwIfAborted();
    const watch = new StallWatch(signal, LONGEST_WAIT_MS);
    try {
      const response = await this.answer(start, isPlain ? null : `bytes=${start}-${end - 1}`, watch);
      const part = this.partIn(response, start);
      // Until the body is read: its reader watches the signal, too.
      signal.addEventListener('abort', () => discardBody(response));
      return part;
    } finally {
      watch.end();
    }
  }

  /** Returns the answer for a range, or that for the whole file where the host has none for a range. */
  private async answer(start: number, range: string | null, watch: StallWatch): Promise<Response> {
    let failure: unknown;
    const take = async (): Promise<Response | undefined> => {
      const response = range === null ? undefined : await this.send(range, watch);
      if (response && isRefusal(response, start)) {
        discardBody(response);
        failure = response.status;
        return undefined;
      }
      return response;
    };
    const attempt = (): Promise<Response | undefined> =>
      take().catch((error) => {
        failure = error;
        return undefined;
      });
    let part = await attempt();
    if (!part && failure === 403) {
      // The signature of a redirect may have expired, and each request gets another one.
      part = await attempt();
    }
    if (part) {
      return part;
    }
    const isUnreachable = failure instanceof Error;
    const plain = await this.send(null, watch).catch((error) => {
      throw isUnreachable ? failure : error;
    });
    // The network may be back, and the whole file would be fetched for a part of it.
    const again = isUnreachable && plain.ok ? await attempt() : undefined;
    if (again) {
      discardBody(plain);
    }
    return again ?? plain;
  }

  private async send(range: string | null, watch: StallWatch): Promise<Response> {
    watch.signal.throwIfAborted();
    const {request, facts} = this;
    const {validator = ''} = facts;
    const headers: Record<string, string | null> = Object.assign({}, CONDITIONS, {range});
    if (range && validator[0] === '"' && new URL(request.url).origin === self.location.origin) {
      headers['if-range'] = validator;
    }
    // The browser's HTTP cache would put a part together with what it has.
    const changes: RequestChanges = {cache: 'no-store', headers};
    if (request.mode === 'no-cors') {
      // Without CORS there are no ranges. With credentials, a host would have to name the page's origin.
      changes.mode = 'cors';
      changes.credentials = 'same-origin';
    }
    const response = await fetchAnswer(deriveRequest(request, changes), {signal: watch.signal});
    watch.alive();
    return response;
  }

  /** @throws FileChanged, {@link UpstreamFailure}. */
  private partIn(response: Response, start: number): Part {
    const {facts} = this;
    const {body, status, headers} = response;
    const answered = factsOf(response);
    const part = partOf(response, facts);
    const isSame = answered?.validator === facts.validator;
    if (body && isSame && answered?.size === facts.size && part.start <= start && start < part.end) {
      return Object.assign({body, upstream: this}, part);
    }
    if (!response.ok && status !== 416) {
      throw new UpstreamFailure(response);
    }
    discardBody(response);
    // The file may have become shorter (416), or its host hides which part it has sent.
    const [, total] = /\/(\d+)$/.exec((status === 416 && headers.get('content-range')) || '') ?? [];
    throw new FileChanged(
      answered !== undefined && !isSame,
      total === undefined ? answered?.size : Number(total),
    );
  }
}
