import {eventChannel} from '../staging.ts';
import type {AssetSource, StageProgress} from './messages.ts';

/** What the worker tells every page of its origin, on the `BroadcastChannel` named `holdfast`. */
export type ReleaseEvent =
  | {type: 'STAGE_PROGRESS'; payload: StageProgress}
  | {
      type: 'ASSET_STAGED';
      payload: {line: string; version: string; key: string; from: AssetSource; bytes: number};
    };

export const report = (event: ReleaseEvent): void => {
  eventChannel().postMessage(event);
};
