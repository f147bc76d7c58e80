import type {OriginName} from './originNames.ts';

export interface LogEntry {
  /** The origin that got the request. It is the same in both modes. */
  readonly to: OriginName;
  /** The Host header. */
  readonly host: string;
  readonly method: string;
  /** The full URL, with origin and query. */
  readonly url: string;
  readonly path: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The Range header. */
  readonly range: string | undefined;
  /** The Origin header: the string `null` on the second hop of a redirect to another origin. */
  readonly origin: string | undefined;
  /** On the Hub's CDN: the URL on the Hub that redirected here. */
  readonly redirectedFrom: string | undefined;
  /** When the request arrived, in milliseconds since 1970. */
  readonly at: number;
  /** `undefined` until the answer starts. */
  status: number | undefined;
  /** Bytes of the body that were written to the socket so far. */
  bytesSent: number;
  /** `cut` by a fault, `aborted` by the client or by `close()`, `undefined` while it is in progress. */
  ended: 'complete' | 'aborted' | 'cut' | undefined;
}

export interface RequestFilter {
  to?: OriginName;
  host?: string;
  method?: string;
  /**
   * The exact path (without a query) of the request or of the Hub's URL that redirected to it, or a pattern
   * for either.
   */
  path?: string | RegExp;
}

/** What hosts were asked for, and what they sent. */
export interface Traffic {
  requests: number;
  /** Of bodies, as far as they were written to the sockets. */
  bytes: number;
}

const pathMatches = (entry: LogEntry, path: string | RegExp): boolean => {
  const paths = entry.redirectedFrom ? [entry.path, new URL(entry.redirectedFrom).pathname] : [entry.path];
  return paths.some((each) => (typeof path === 'string' ? each === path : each.search(path) >= 0));
};

/** The log of all requests, from their arrival. */
export class RequestLog {
  readonly #entries: LogEntry[] = [];
  readonly #inProgress = new Set<LogEntry>();
  #whenSettled: (() => void)[] = [];

  /** Returns the entries that match a filter, oldest first. Without a filter, returns all. */
  requests({to, host, method, path}: RequestFilter = {}): LogEntry[] {
    return this.#entries.filter(
      (entry) =>
        (to === undefined || entry.to === to) &&
        (host === undefined || entry.host === host) &&
        (method === undefined || entry.method === method) &&
        (path === undefined || pathMatches(entry, path)),
    );
  }

  /** Sums up the requests with a string in their URLs, or in those of the Hub that redirected to them. */
  traffic(match: string): Traffic {
    const matching = this.#entries.filter(
      ({redirectedFrom = '', url}) => url.includes(match) || redirectedFrom.includes(match),
    );
    return {
      requests: matching.length,
      bytes: matching.reduce((bytes, {bytesSent}) => bytes + bytesSent, 0),
    };
  }

  /** Empties the log. Requests in progress continue, but do not return to the log. */
  clear(): void {
    this.#entries.length = 0;
  }

  /**
   * Resolves when no request is in progress. A client may get its last byte a moment before the server knows
   * that it was sent.
   */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#inProgress.size === 0) {
        resolve();
      } else {
        this.#whenSettled.push(resolve);
      }
    });
  }

  /** @internal */
  begin(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#inProgress.add(entry);
  }

  /** @internal */
  end(entry: LogEntry, how: NonNullable<LogEntry['ended']>): void {
    entry.ended = how;
    this.#inProgress.delete(entry);
    if (this.#inProgress.size === 0) {
      for (const resolve of this.#whenSettled.splice(0)) {
        resolve();
      }
    }
  }
}
