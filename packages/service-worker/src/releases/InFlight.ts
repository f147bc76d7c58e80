import {type Clock, systemClock} from '../timing/Clock.ts';
import {sleep} from '../timing/sleep.ts';

declare const self: ServiceWorkerGlobalScope;

/** How long a waiter waits before it looks whether the page that began is still there. */
const LOOKS_AFTER_MS = 20_000;

/** An asset that is being brought into the cache of a release. Others that want it wait for its end. */
export interface Flight {
  /** Resolves when it is stored, or will not be: to whether another had better begin it again. */
  readonly ended: Promise<boolean>;
  /** The first call counts. */
  end(isWorthAnother: boolean): void;
  /** The page for which it was begun; empty for none. */
  readonly client: string;
  /** Whether the strategy that fetches it lets others of its kind read along: they need not wait. */
  isShared: boolean;
}

/** Where an asset belongs. */
export interface Place {
  key: string;
  cacheName: string;
}

/** What was found; or the flight that was begun since nothing was. */
export interface FoundOrBegun<Found> {
  found?: Found | undefined;
  flight?: Flight | undefined;
}

const idOf = ({key, cacheName}: Place): string => `${cacheName} ${key}`;

/** The assets that this worker is fetching for releases: one fetch for all who ask. */
export class InFlight {
  private readonly flights = new Map<string, Flight>();
  private readonly clock: Clock;
  /** How many have ended: to be read before a look into the cache begins. */
  ends = 0;

  /** @param clock the first parameter is the worker, as of every part. */
  constructor(_worker?: unknown, clock: Clock = systemClock) {
    this.clock = clock;
  }

  /** Returns the flight of an asset, if it is in flight. */
  get(place: Place): Flight | undefined {
    return this.flights.get(idOf(place));
  }

  /** Lets others wait for an asset, until the flight ends. */
  begin(place: Place, client = '', isShared = false): Flight {
    const id = idOf(place);
    let resolve: (isWorthAnother: boolean) => void;
    const ended = new Promise<boolean>((settle) => {
      resolve = settle;
    });
    const flight: Flight = {
      ended,
      client,
      isShared,
      end: (isWorthAnother) => {
        if (this.flights.get(id) === flight) {
          this.flights.delete(id);
          this.ends += 1;
        }
        resolve(isWorthAnother);
      },
    };
    this.flights.set(id, flight);
    return flight;
  }

  /** Resolves to whether another had better begin the flight again. */
  async whenEnded(flight: Flight): Promise<boolean> {
    let isOver = false;
    const isWorthAnother = await Promise.race([flight.ended, this.whenAbandoned(flight, () => isOver)]);
    isOver = true;
    return isWorthAnother;
  }

  /**
   * Looks for an asset, and while another request brings it in, waits for that and looks again. Where it has to be
   * fetched, a flight begins in the same step, so that the next one that looks waits for it.
   *
   * A flight that was interrupted (its page was closed, its connection broke) makes room for the next one. One that
   * failed otherwise, for want of room or with an error of the server, would hardly do better the next time: then all
   * who waited fetch the asset by themselves.
   *
   * @param client the page that asks; empty for none.
   * @param mayReadAlong whether the request can read along with a shared flight. It does not wait for it.
   * @param endsSeen the value of {@link ends} when the first look began.
   */
  async findOrBegin<Found>(
    place: Place,
    client: string,
    mayReadAlong: boolean,
    endsSeen: number,
    find: () => Promise<Found | undefined>,
  ): Promise<FoundOrBegun<Found>> {
    let seen = endsSeen;
    for (;;) {
      const found = await find();
      const other = this.get(place);
      if (found) {
        return {found};
      }
      if (other) {
        if (other.isShared && mayReadAlong) {
          return {};
        }
        const isWorthAnother = await this.whenEnded(other);
        seen = this.ends;
        if (!isWorthAnother) {
          return {found: await find()};
        }
      } else if (seen === this.ends) {
        return {flight: this.begin(place, client, mayReadAlong)};
      } else {
        // One that ended during the look may have been the one.
        seen = this.ends;
      }
    }
  }

  /** Ends the wait for a flight whose page is gone: nobody is left who would notice that it stands still. */
  private async whenAbandoned({client}: Flight, isOver: () => boolean): Promise<boolean> {
    do {
      await sleep(LOOKS_AFTER_MS, this.clock);
    } while (!isOver() && (client === '' || (await self.clients.get(client))));
    return false;
  }
}
