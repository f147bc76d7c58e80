/** A request as a host sees it. Header names are lower-case. */
export interface Question {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the request's body. */
  text(): Promise<string>;
}

/**
 * What a host says. It always gives the whole file; ranges, conditions and HEAD are worked out from that in one
 * place for all hosts.
 */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** How the host compresses this answer for a client that accepts it. */
  readonly compression?: Compression;
  /**
   * What `Content-Length` says; without one the body is sent in chunks.
   * @default the body's size
   */
  readonly declaredLength?: number | 'absent';
}

export interface Body {
  readonly size: number;
  /** The bytes from `start` up to, and not including, `end`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
  /** The same, compressed. Absent where that does not pay. */
  compressed?(encoding: Encoding): Promise<Body>;
}

export type Encoding = 'br' | 'gzip';

export interface Compression {
  /** In the order of the host's preference. */
  readonly encodings: readonly Encoding[];
  readonly declaresLength: boolean;
}

export type Host = (question: Question) => Answer | Promise<Answer>;
