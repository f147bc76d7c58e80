import type {Digest} from '@holdfast/manifest';
import type {Expected} from './expectations.ts';

/**
 * Why the bytes of an asset do not count as verified.
 *
 * - `too-long`: there are more than expected. `got.size` are those that were read until then.
 * - `too-short`: there are fewer.
 * - `wrong-digest`: they are others.
 * - `opaque`: nobody may read them, because they were asked for without CORS.
 * - `status`: they are neither a whole file nor an error: a part of one (206), say.
 * - `unreadable`: they are stored, and cannot be read any more.
 * - `cannot-digest`: the browser could make no digest of them. The worker's content security policy may forbid
 *   WebAssembly.
 */
export type IntegrityReason =
  | 'too-long'
  | 'too-short'
  | 'wrong-digest'
  | 'opaque'
  | 'status'
  | 'unreadable'
  | 'cannot-digest';

/** What was expected, and what was there, as far as it was read. */
export interface IntegrityFailure {
  reason: IntegrityReason;
  expected: Expected;
  got: {size?: number | undefined; digest?: Digest | undefined};
}

/** What the plugin tells every page of its origin, on the `BroadcastChannel` named `holdfast`. */
export interface IntegrityEvent {
  type: 'INTEGRITY_FAILED';
  payload: IntegrityFailure & {key: string};
}

let channel: BroadcastChannel | undefined;

/** Tells every page of the origin. */
export const report = (event: IntegrityEvent): void => {
  channel ??= new BroadcastChannel('holdfast');
  channel.postMessage(event);
};
