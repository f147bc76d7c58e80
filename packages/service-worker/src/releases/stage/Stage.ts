import type {AssetFailure, AssetSource} from '../../messages/protocol.ts';
import type {Flight} from '../InFlight.ts';
import type {Pin} from '../pinRequest.ts';
import type {Releases} from '../Releases.ts';
import type {StagePuts} from '../store.ts';
import type {Place} from './Place.ts';
import type {Progress} from './Progress.ts';
import type {StagedAsset} from './StagedAsset.ts';
import type {SourcesOf} from './sourcesIn.ts';

/** What the assets of a stage have in common. */
export interface Stage {
  readonly releases: Releases;
  readonly line: string;
  readonly version: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Rejects with the signal's reason. */
  readonly aborted: Promise<never>;
  /** Key → the URL to fetch from, where that is another one. */
  readonly urls: ReadonlyMap<string, string>;
  /** What requests for assets in a partition have. */
  readonly headers?: Headers | undefined;
  /** The evictions before it began: later ones may concern it. */
  readonly evictionsSeen: number;
  /** Tells whether an asset is known not to be in the cache, so that nothing need be looked up. */
  isKnownMissing(asset: StagedAsset): boolean;
  /** What the puts of its small assets share. */
  readonly puts: StagePuts;
  /** Finds the bytes of an asset in other releases. */
  readonly sourcesOf: SourcesOf;
  /** Called when an asset of the release was damaged, and was deleted. */
  onDamage(asset: StagedAsset): Promise<void>;
}

/** The stage of one asset. */
export interface Task {
  readonly stage: Stage;
  readonly asset: StagedAsset;
  readonly pin: Pin;
  readonly place: Place;
  /** What others wait for that want the asset. */
  readonly flight: Flight;
}

/** Where a verified asset came from, or why there is none. */
export type Outcome = AssetSource | AssetFailure;
