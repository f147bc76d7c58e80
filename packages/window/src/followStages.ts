import type {LineName, StageProgress, WorkerEvent} from '@holdfast/service-worker/messages';
import {UnreadProgress} from './UnreadProgress.ts';
import {ask, listen} from './workerLink.ts';

/** A file that is in its release, verified. */
export type StagedAsset = Extract<WorkerEvent, {type: 'ASSET_STAGED'}>['payload'];

/** The events of {@link StageEvents}. */
export interface StageEventMap {
  /** How far a stage is, or how it ended. */
  progress: CustomEvent<StageProgress>;
  /** A file is stored and verified. */
  asset: CustomEvent<StagedAsset>;
}

/** What workers report of stages: as events, and to read in a loop. */
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
  /** Resolves to the next progress. A slow reader gets every end, and the newest progress of each running stage. */
  next(): Promise<IteratorResult<StageProgress, undefined>>;
  /** Ends the loop and the events. Leaving a loop does so, too. */
  return(): Promise<IteratorResult<StageProgress, undefined>>;
  [Symbol.asyncIterator](): StageEvents;
}

/** Options of {@link followStages}. */
export interface FollowOptions {
  /** Reports this line only: its name and values, as `line()` takes them, or its whole name. */
  line?: LineName | string | undefined;
  /** Ends the loop and the events. */
  signal?: AbortSignal | undefined;
}

/** A worker that takes longer has nothing to list that its events do not report. */
const ANSWER_WITHIN_SECONDS = 10;

const END = {done: true, value: undefined} as const;

class Events extends EventTarget implements StageEvents {
  private readonly line: LineName | string | undefined;
  private readonly over = new AbortController();
  private readonly unread = new UnreadProgress();
  private readonly readers: ((result: IteratorResult<StageProgress, undefined>) => void)[] = [];
  /** Event after event, since the worker may have to be asked which line is meant. */
  private reported: Promise<void> = Promise.resolve();
  private wholeName: string | undefined;

  constructor({line, signal}: FollowOptions) {
    super();
    this.line = line;
    if (signal?.aborted) {
      this.end();
      return;
    }
    signal?.addEventListener('abort', () => this.end(), {signal: this.over.signal});
    void this.follow();
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

  /** Reports what workers report from now on, and once what this worker knows from before. */
  private async follow(): Promise<void> {
    const heard = new Set<string>();
    const releaseOf = ({line, version}: StageProgress): string => JSON.stringify([line, version]);
    listen(({type, payload}) => {
      if (type === 'STAGE_PROGRESS') {
        heard.add(releaseOf(payload));
        this.report(payload, () => this.reportProgress(payload));
      } else if (type === 'ASSET_STAGED') {
        this.report(payload, () => this.dispatchEvent(new CustomEvent('asset', {detail: payload})));
      }
    }, this.over.signal);
    // Without a worker that answers, no stage is running.
    const {stages} = await ask('HOLDFAST_LIST_STAGES', {}, ANSWER_WITHIN_SECONDS).catch(() => ({stages: []}));
    for (const stage of stages) {
      if (!heard.has(releaseOf(stage))) {
        this.report(stage, () => this.reportProgress(stage));
      }
    }
  }

  private report({line}: {line: string}, dispatch: () => void): void {
    this.reported = this.reported.then(async () => {
      if ((await this.isFollowed(line)) && !this.over.signal.aborted) {
        dispatch();
      }
    });
  }

  private reportProgress(progress: StageProgress): void {
    this.unread.add(progress);
    const value = this.readers.length > 0 ? this.unread.take() : undefined;
    if (value) {
      this.readers.shift()?.({done: false, value});
    }
    this.dispatchEvent(new CustomEvent('progress', {detail: progress}));
  }

  /** @param whole the whole name of a line. */
  private async isFollowed(whole: string): Promise<boolean> {
    const {line} = this;
    if (typeof line === 'object') {
      // The worker knows in which order its route joins the values. It is asked again where it does not answer.
      this.wholeName ??= await ask('HOLDFAST_CURRENT_VERSION', {line}, ANSWER_WITHIN_SECONDS).then(
        (answer) => answer.line,
        () => undefined,
      );
      return whole === this.wholeName;
    }
    return line === undefined || line === whole;
  }
}

/**
 * Follows every stage of the origin: of this page, of others, and of this one before it was reloaded. Reports first the
 * stages that are running, and how others have ended since the worker started.
 *
 * @returns an event target, which can also be read in a loop, once:
 * `for await (const {state, bytes, totalBytes} of followStages({signal})) {…}`.
 */
export const followStages = (options: FollowOptions = {}): StageEvents => new Events(options);
