import {type Clock, systemClock} from '../timing/Clock.ts';
import {within} from '../timing/within.ts';

/** A flight without a sign of progress for this many looks in a row has stalled. */
const STALLS_AFTER_LOOKS = 5;
/** One whose bytes are not seen has no other sign than its end. */
const UNSEEN_STALLS_AFTER_LOOKS = 30;
const LOOK_EVERY_MS = 1000;

/** An asset that is being brought into the cache of a release. Others that want it wait for its end. */
export interface Flight {
  /** Resolves when it is stored, or will not be: to whether another had better begin it again. */
  readonly ended: Promise<boolean>;
  /** The first call counts. */
  end(isWorthAnother: boolean): void;
  /** Lets the next one take its place, although it has not ended. */
  leave(): void;
  /** Counts up with every sign of progress: headers, bytes. */
  signs: number;
  /** Whether its bytes arrive unseen: they are stored as they come, without a look at each. */
  isUnseen?: boolean;
  /** Whether the strategy that fetches it lets others of its kind read along: they need not wait. */
  isShared: boolean;
  /** Whether it takes the place of one that stalled, whose connection may hold the entry of the browser's HTTP cache. */
  readonly followsStalled: boolean;
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
  begin(place: Place, isShared = false, followsStalled = false): Flight {
    const id = idOf(place);
    let resolve: (isWorthAnother: boolean) => void;
    let isOver = false;
    const ended = new Promise<boolean>((settle) => {
      resolve = settle;
    });
    const remove = (): void => {
      // One that ends late does not remove the next one.
      if (this.flights.get(id) === flight) {
        this.flights.delete(id);
      }
    };
    const flight: Flight = {
      ended,
      signs: 0,
      isShared,
      followsStalled,
      leave: remove,
      end: (isWorthAnother) => {
        remove();
        this.ends += isOver ? 0 : 1;
        isOver = true;
        resolve(isWorthAnother);
      },
    };
    this.flights.set(id, flight);
    return flight;
  }

  /**
   * Waits for a flight while it makes progress.
   *
   * @returns whether another had better begin the flight again; `undefined` where it has stalled. Then nothing waits for
   *   it any more, and the next one takes its place.
   */
  async whenEnded(flight: Flight): Promise<boolean | undefined> {
    for (let quiet = 0; quiet < (flight.isUnseen ? UNSEEN_STALLS_AFTER_LOOKS : STALLS_AFTER_LOOKS); ) {
      const {signs} = flight;
      const isWorthAnother = await within(flight.ended, LOOK_EVERY_MS, undefined, this.clock);
      if (isWorthAnother !== undefined) {
        return isWorthAnother;
      }
      quiet = flight.signs === signs ? quiet + 1 : 0;
    }
    flight.leave();
    return undefined;
  }

  /**
   * Looks for an asset, and while another request brings it in, waits for that and looks again. Where it has to be
   * fetched, a flight begins in the same step, so that the next one that looks waits for it.
   *
   * A flight that was interrupted (its page was closed, its connection broke) or that has stalled makes room for the next
   * one. One that failed otherwise, for want of room or with an error of the server, would hardly do better the next
   * time: then all who waited fetch the asset by themselves.
   *
   * @param mayReadAlong whether the request can read along with a shared flight. It does not wait for it.
   * @param endsSeen the value of {@link ends} when the first look began.
   */
  async findOrBegin<Found>(
    place: Place,
    mayReadAlong: boolean,
    endsSeen: number,
    find: () => Promise<Found | undefined>,
  ): Promise<FoundOrBegun<Found>> {
    let seen = endsSeen;
    let hasStalled = false;
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
        hasStalled ||= isWorthAnother === undefined;
        if (isWorthAnother === false) {
          return {found: await find()};
        }
      } else if (seen === this.ends) {
        return {flight: this.begin(place, mayReadAlong, hasStalled)};
      } else {
        // One that ended during the look may have been the one.
        seen = this.ends;
      }
    }
  }
}
