import type {ReleaseEvent} from '@holdfast/service-worker/releases/stage/events.js';
import type {StageProgress} from '@holdfast/service-worker/releases/stage/messages.js';
import {ask} from './ask.ts';
import {listen} from './listen.ts';
import {UnreadProgress} from './UnreadProgress.ts';

/** A file that has come into its release, verified. */
export type StagedAsset = Extract<ReleaseEvent, {type: 'ASSET_STAGED'}>['payload'];

/** The events of {@link StageEvents}. */
export interface StageEventMap {
  /** How far a stage is, and how it has ended. */
  progress: CustomEvent<StageProgress>;
  asset: CustomEvent<StagedAsset>;
}

/** What workers tell of stages: as events, and to read in a loop. */
export interface StageEvents extends EventTarget {
  addEventListener<Type extends keyof StageEventMap>(
    type: Type,
    listener: (event: StageEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /**
   * Resolves to the next progress. To a reader that is slow, every end is told, and of what is running the newest of
   * each release.
   */
  next(): Promise<IteratorResult<StageProgress, undefined>>;
  /** Ends it all, events included. To leave a loop does that too. */
  return(): Promise<IteratorResult<StageProgress, undefined>>;
  [Symbol.asyncIterator](): StageEvents;
}

/** Options of {@link progress}. */
export interface ProgressOptions {
  /** Tells of this line only. */
  line?: string | undefined;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/** A worker that takes longer has nothing to tell that its events do not. */
const LIST_WITHIN_SECONDS = 10;

const END = {done: true, value: undefined} as const;

class Events extends EventTarget implements StageEvents {
  private readonly line: string | undefined;
  private readonly over = new AbortController();
  private readonly unread = new UnreadProgress();
  private readonly readers: ((result: IteratorResult<StageProgress, undefined>) => void)[] = [];

  constructor({line, signal}: ProgressOptions) {
    super();
    this.line = line;
    if (signal?.aborted) {
      this.end();
      return;
    }
    signal?.addEventListener('abort', () => this.end(), {signal: this.over.signal});
    void this.tellAll();
  }

  async next(): Promise<IteratorResult<StageProgress, undefined>> {
    if (this.over.signal.aborted) {
      return END;
    }
    const value = this.unread.take();
    return value ? {done: false, value} : new Promise((resolve) => this.readers.push(resolve));
  }

  async return(): Promise<IteratorResult<StageProgress, undefined>> {
    this.end();
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private end(): void {
    this.over.abort();
    for (const resolve of this.readers) {
      resolve(END);
    }
  }

  /** What workers tell from now on, and once what this one knows of before. */
  private async tellAll(): Promise<void> {
    const heard = new Set<string>();
    const release = ({line, version}: StageProgress): string => JSON.stringify([line, version]);
    listen(({type, payload}) => {
      if (type === 'STAGE_PROGRESS') {
        heard.add(release(payload));
        this.tell(payload);
      } else if (type === 'ASSET_STAGED' && this.isMeant(payload)) {
        this.dispatchEvent(new CustomEvent('asset', {detail: payload}));
      }
    }, this.over.signal);
    // Without a worker that answers, nothing is under way.
    const {stages} = await ask('HOLDFAST_LIST_STAGES', {}, LIST_WITHIN_SECONDS).catch(() => ({stages: []}));
    for (const stage of stages) {
      if (!heard.has(release(stage)) && !this.over.signal.aborted) {
        this.tell(stage);
      }
    }
  }

  private tell(progress: StageProgress): void {
    if (this.isMeant(progress)) {
      this.unread.add(progress);
      const value = this.readers.length > 0 ? this.unread.take() : undefined;
      if (value) {
        this.readers.shift()?.({done: false, value});
      }
      this.dispatchEvent(new CustomEvent('progress', {detail: progress}));
    }
  }

  private isMeant({line}: {line: string}): boolean {
    return this.line === undefined || this.line === line;
  }
}

/**
 * Follows every stage of the origin, whoever has begun it: another page, or this one before it was reloaded. First it
 * tells of those that are under way, and how others have ended since the worker started.
 *
 * @returns an event target, which is also to be read in a loop, once:
 * `for await (const {state, bytes, totalBytes} of progress({signal})) {…}`.
 */
export const progress = (options: ProgressOptions = {}): StageEvents => new Events(options);
