import type {AssetSource, JobState, StageProgress} from '../../messages/protocol.ts';
import type {StagedAsset} from './StagedAsset.ts';

/** What there is of one asset so far. */
interface Part {
  source: AssetSource;
  bytes: number;
  isVerified: boolean;
}

/** Counts what a stage has done. A count costs the same however many assets there are. */
export class Progress {
  private readonly now: StageProgress;
  private readonly onChange: () => void;
  private readonly parts = new Map<string, Part>();

  constructor({line, version}: {line: string; version: string}, onChange: () => void) {
    const bytes = {present: 0, reused: 0, fetched: 0};
    this.now = {line, version, state: 'running', assets: 0, verified: 0, waiting: 0, totalBytes: 0, bytes};
    this.onChange = onChange;
  }

  /** Sets which assets the stage is about, once its manifest was read. */
  expect(assets: readonly StagedAsset[]): void {
    this.now.assets = assets.length;
    this.now.totalBytes = assets.reduce((sum, {size = 0}) => sum + size, 0);
  }

  /**
   * Counts an asset from 0 bytes on. What was counted of it before no longer counts: it may turn out to be damaged.
   *
   * @returns a function to call with the bytes that arrive.
   */
  begin(asset: StagedAsset, source: AssetSource): (bytes: number) => void {
    const part: Part = {source, bytes: 0, isVerified: false};
    this.discount(asset);
    this.parts.set(asset.key, part);
    return (bytes) => {
      if (this.parts.get(asset.key) === part) {
        this.count(asset, part, bytes);
      }
      this.onChange();
    };
  }

  /** Counts a wait for the request of a page, whose bytes are not seen. */
  async whileWaiting<Result>(wait: () => Promise<Result>): Promise<Result> {
    this.now.waiting += 1;
    this.onChange();
    try {
      return await wait();
    } finally {
      this.now.waiting -= 1;
    }
  }

  /** Counts an asset as verified. Returns its bytes. */
  verify({key}: StagedAsset): number {
    const part = this.parts.get(key);
    if (part && !part.isVerified) {
      part.isVerified = true;
      this.now.verified += 1;
    }
    this.onChange();
    return part?.bytes ?? 0;
  }

  /** Takes back what was counted of an asset. */
  fail(asset: StagedAsset): void {
    this.discount(asset);
    this.onChange();
  }

  /** Ends the count: the sums stay. */
  end(state: JobState): void {
    this.now.state = state;
    this.parts.clear();
  }

  snapshot(): StageProgress {
    const {now} = this;
    return Object.assign({}, now, {bytes: Object.assign({}, now.bytes)});
  }

  private count({size}: StagedAsset, part: Part, bytes: number): void {
    part.bytes += bytes;
    this.now.bytes[part.source] += bytes;
    if (size === undefined) {
      this.now.totalBytes += bytes;
    }
  }

  private discount(asset: StagedAsset): void {
    const part = this.parts.get(asset.key);
    if (part) {
      this.count(asset, part, -part.bytes);
      this.now.verified -= part.isVerified ? 1 : 0;
      this.parts.delete(asset.key);
    }
  }
}
