/** A request as a host sees it. Header names are lower-case. */
export interface Question {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the request's body. */
  text(): Promise<string>;
}

/**
 * A host's answer. It always has the complete file: ranges, conditions and HEAD are derived from it in one
 * place, for all hosts.
 */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** How the host compresses this answer for clients that accept it. */
  readonly compression?: Compression;
  /**
   * The value of `Content-Length`. Without one, the body is sent in chunks.
   * @default the body's size
   */
  readonly declaredLength?: number | 'absent';
}

export interface Body {
  readonly size: number;
  /** Reads the bytes from `start` up to, and not including, `end`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
  /** Returns the same, compressed. Missing where compression is of no use. */
  compressed?(encoding: Encoding): Promise<Body>;
}

export type Encoding = 'br' | 'gzip';

export interface Compression {
  /** In the order of the host's preference. */
  readonly encodings: readonly Encoding[];
  readonly declaresLength: boolean;
}

export type Host = (question: Question) => Answer | Promise<Answer>;
