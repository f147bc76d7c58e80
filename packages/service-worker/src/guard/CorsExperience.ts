import {type Clock, systemClock} from '../timing/Clock.ts';

/** A host may be changed, and so may what is in the browser's HTTP cache. */
const REMEMBERED_MS = 10 * 60 * 1000;

/** So many requests in a row must fail with CORS and succeed without. One may be the fault of a cache, or of a moment. */
const FAILURES = 3;

/** How a host is asked: with CORS; so, and past the browser's HTTP cache; or without CORS. */
export type Way = 'with' | 'reload' | 'without';

/** What is known of a host. */
interface Known {
  until: number;
  failures: number;
}

/** What requests with CORS have taught about hosts. It lives as long as the worker, and no part of it for long. */
export class CorsExperience {
  private readonly known = new Map<string, Known>();
  private readonly clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
  }

  wayTo(host: string): Way {
    const known = this.of(host);
    return !known ? 'with' : known.failures === 0 ? 'reload' : known.failures < FAILURES ? 'with' : 'without';
  }

  /** A request with CORS has failed, also past the HTTP cache, and one without has not. */
  failed(host: string): void {
    this.know(host, (this.of(host)?.failures ?? 0) + 1);
  }

  /** A request with CORS has failed, and has not past the HTTP cache. */
  repaired(host: string): void {
    this.know(host, 0);
  }

  /** A request with CORS has not failed. */
  worked(host: string): void {
    if (this.of(host)?.failures) {
      this.known.delete(host);
    }
  }

  private of(host: string): Known | undefined {
    const known = this.known.get(host);
    if (known && known.until <= this.clock.now()) {
      this.known.delete(host);
      return undefined;
    }
    return known;
  }

  private know(host: string, failures: number): void {
    this.known.set(host, {until: this.clock.now() + REMEMBERED_MS, failures});
  }
}
