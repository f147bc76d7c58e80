/** Why a response was not let into the cache. */
export type Refusal =
  /** Opaque, and no allowance is left for it, or none was given. */
  | 'opaque'
  /** A status other than 200, 206 included: an error, or a part of a file. */
  | 'status'
  /** Larger than the room that the browser says is left. */
  | 'no-room';

/** What a guard tells every page of its origin, on the `BroadcastChannel` named `holdfast`. */
export type QuotaGuardEvent =
  | {type: 'RESPONSE_REFUSED'; payload: {key: string; reason: Refusal; status: number}}
  | {type: 'QUOTA_EXCEEDED'; payload: {usage: number; quota: number}};

let channel: BroadcastChannel | undefined;

/** Tells every page of the origin. */
export const report = (event: QuotaGuardEvent): void => {
  channel ??= new BroadcastChannel('holdfast');
  channel.postMessage(event);
};
