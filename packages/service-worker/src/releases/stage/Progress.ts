import type {AssetSource, StageProgress} from './messages.ts';
import type {StagedAsset} from './readAssets.ts';

const NONE: Readonly<Record<AssetSource, number>> = {present: 0, 'carried-over': 0, fetched: 0};

/** What there is of one asset so far. It may have to begin again: what was carried over may turn out to be damaged. */
interface Part {
  source: AssetSource;
  bytes: number;
  isVerified: boolean;
}

/** Counts what a stage has brought in. */
export class Progress {
  private readonly line: string;
  private readonly version: string;
  private readonly assets: readonly StagedAsset[];
  private readonly onChange: () => void;
  private readonly parts = new Map<string, Part>();
  state: StageProgress['state'] = 'running';
  private waiting = 0;

  constructor(
    {line, version}: {line: string; version: string},
    assets: readonly StagedAsset[],
    onChange: () => void,
  ) {
    this.line = line;
    this.version = version;
    this.assets = assets;
    this.onChange = onChange;
  }

  /** Begins to count an asset, from nothing. @returns what to tell of every piece of it. */
  begin({key}: StagedAsset, source: AssetSource): (bytes: number) => void {
    const part: Part = {source, bytes: 0, isVerified: false};
    this.parts.set(key, part);
    return (bytes) => {
      part.bytes += bytes;
      this.onChange();
    };
  }

  /** Waits for the download of a page, of which nobody tells how far it is. */
  async whileWaiting<Result>(wait: () => Promise<Result>): Promise<Result> {
    this.waiting += 1;
    this.onChange();
    try {
      return await wait();
    } finally {
      this.waiting -= 1;
    }
  }

  /** @returns the bytes of the asset. */
  verified({key}: StagedAsset): number {
    const part = this.parts.get(key);
    if (part) {
      part.isVerified = true;
    }
    this.onChange();
    return part?.bytes ?? 0;
  }

  /** Nothing is left of what was counted of an asset. */
  failed({key}: StagedAsset): void {
    this.parts.delete(key);
    this.onChange();
  }

  snapshot(): StageProgress {
    const {line, version, state, waiting} = this;
    const bytes: Record<AssetSource, number> = Object.assign({}, NONE);
    let verified = 0;
    for (const part of this.parts.values()) {
      bytes[part.source] += part.bytes;
      verified += part.isVerified ? 1 : 0;
    }
    const totalBytes = this.assets.reduce(
      (sum, {key, size}) => sum + (size ?? this.parts.get(key)?.bytes ?? 0),
      0,
    );
    return {line, version, state, assets: this.assets.length, verified, waiting, totalBytes, bytes};
  }
}
