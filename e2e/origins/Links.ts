import {setTimeout as wait} from 'node:timers/promises';
import type {Answer} from './answers/Answer.ts';
import {Pace} from './answers/Pace.ts';
import {slowBody} from './answers/slowBody.ts';

export interface LinkRule {
  /** A part of the URL of a request or, on the Hub's CDN, of the Hub's URL that redirected there. */
  match: string;
  /** All answers share it. */
  bytesPerSecond: number;
  /** How long each request takes beside the bytes of its answer. */
  latencyMs: number;
  /**
   * Whether no request gets an answer: the socket is closed.
   * @default false
   */
  isDown?: boolean;
}

/** The simulated connection of a client. */
export class Link {
  readonly match: string;
  readonly isDown: boolean;
  readonly #latencyMs: number;
  readonly #pace: Pace;

  constructor({bytesPerSecond, isDown = false, latencyMs, match}: LinkRule) {
    this.match = match;
    this.isDown = isDown;
    this.#latencyMs = latencyMs;
    this.#pace = new Pace(bytesPerSecond);
  }

  async roundTrip(): Promise<void> {
    await wait(this.#latencyMs);
  }

  /** Returns an answer whose body takes its share of the connection. */
  carry(answer: Answer): Answer {
    return {...answer, body: slowBody(answer.body, () => this.#pace)};
  }
}

export class Links {
  #links: readonly Link[] = [];

  /** Sets the connection of the requests that match. It replaces an earlier one with the same `match`. */
  set(rule: LinkRule): void {
    this.#links = [...this.#links.filter(({match}) => match !== rule.match), new Link(rule)];
  }

  find(urls: readonly string[]): Link | undefined {
    return this.#links.find(({match}) => urls.some((url) => url.includes(match)));
  }
}
