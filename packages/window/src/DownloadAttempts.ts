import type {DownloadProgress, LargeFilesEvent} from '@holdfast/service-worker/downloads/events.js';
import type {DownloadFailure, DownloadStateAnswer} from '@holdfast/service-worker/downloads/messages.js';
import type {StoreFailure} from '@holdfast/service-worker/releases/events.js';
import {ask} from './ask.ts';
import {DownloadError} from './DownloadError.ts';
import {HoldfastError} from './HoldfastError.ts';
import {listen} from './listen.ts';
import {pauseBefore} from './pauseBefore.ts';

/** A worker answers twice as fast. One that does not was killed, with what it was asked. */
const ANSWER_WITHIN_SECONDS = 20;

/** What has become of a request, as the worker says it or as the page sees it. */
type Outcome = DownloadStateAnswer | ({state: 'failed'} & DownloadFailure);

const INTERRUPTED = {state: 'failed', reason: 'interrupted'} as const;

const isUnderWay = ({state}: Outcome): boolean => state === 'running' || state === 'storing';

/** Whether another attempt may have a better end. */
const isPassing = (failure: DownloadFailure): boolean =>
  failure.reason === 'status'
    ? failure.status >= 500 || [408, 425, 429].includes(failure.status)
    : failure.reason === 'interrupted';

/** What is told of the attempts to have a file stored. */
export interface Listeners {
  /** How far it is. */
  onProgress: ((progress: DownloadProgress) => void) | undefined;
  /** That bytes have come, or that the worker makes an entry of them. */
  onGettingOn: () => void;
}

/**
 * The attempts to have a file stored. In each the page requests the file and reads it away, which has the worker
 * download it, and asks how it stands, which keeps the worker alive. What an attempt leaves the next one goes on from.
 */
export class DownloadAttempts {
  /** Whether a worker has answered. */
  isAnswered = false;
  /** What has befallen the last one. */
  failure: DownloadFailure | undefined;
  private readonly url: string;
  private readonly signal: AbortSignal;
  private readonly listeners: Listeners;
  private key: string | undefined;
  /** How often it has got on. */
  private gains = 0;
  /** The furthest that the page has read. */
  private position = 0;
  /** The last that was heard. A worker that was killed has lost some bytes: then there are fewer again. */
  private bytes = 0;
  private progress: DownloadProgress | undefined;
  private refusal: StoreFailure | undefined;
  private tellDone: () => void = () => undefined;

  /** @param signal ends them. */
  constructor(url: string, signal: AbortSignal, listeners: Listeners) {
    this.url = url;
    this.signal = signal;
    this.listeners = listeners;
    listen(({type, payload}) => {
      if (type === 'DOWNLOAD_PROGRESS' && payload.key === this.key) {
        this.hear(payload);
      } else if (type === 'ASSET_NOT_STORED' && payload.key === this.key) {
        this.refusal = payload.reason;
      }
    }, signal);
  }

  /** What the file is called in messages. In a query there may be a signature. */
  get name(): string {
    const {origin, pathname} = new URL(this.url);
    return this.key ?? origin + pathname;
  }

  /**
   * @returns the file's key, when it is stored.
   * @throws DownloadError; the signal's reason; HoldfastError `no-worker`, `refused`.
   */
  async untilStored(): Promise<string> {
    for (let inVain = 1; ; inVain++) {
      const before = this.gains;
      const outcome = await this.attempt();
      if (outcome.state === 'stored') {
        this.tellEnd();
        return outcome.key;
      }
      this.failure = outcome.state === 'failed' ? outcome : INTERRUPTED;
      if (!isPassing(this.failure)) {
        throw new DownloadError(this.name, this.failure);
      }
      if (this.gains > before) {
        inVain = 1;
      }
      await pauseBefore(inVain, this.signal);
    }
  }

  /** Requests the file and stays with it, and when all is done, looks whether it is there. */
  private async attempt(): Promise<Outcome> {
    this.refusal = undefined;
    const {outcome, body} = await this.request();
    const end = body && isUnderWay(outcome) ? await this.follow(body, outcome) : outcome;
    if (end.state !== 'over' && end.state !== 'in-pieces') {
      return end;
    }
    const {outcome: second} = await this.request();
    if (second.state === 'storing' || second.state === 'in-pieces') {
      // There it stays where the browser has no room for an entry beside the pieces.
      return {state: 'stored', key: second.key};
    }
    if (second.state === 'running' || second.state === 'over') {
      throw new DownloadError(this.name, {reason: this.refusal ?? 'not-stored'});
    }
    return second;
  }

  /** Requests the file, and asks the worker what it makes of that. */
  private async request(): Promise<{outcome: Outcome; body?: Response['body']}> {
    // A worker that is killed between answer and question knows nothing of it. That does not happen twice.
    for (let times = 0; times < 2; times++) {
      // From here on it takes notice.
      await this.ask();
      const response = await fetch(this.url, {signal: this.signal}).catch(() => undefined);
      const outcome = await this.ask();
      if (!response) {
        return {outcome: outcome.state === 'failed' ? outcome : INTERRUPTED};
      }
      const {ok, status, body} = response;
      if (!ok) {
        body?.cancel().catch(() => undefined);
        return {outcome: {state: 'failed', reason: 'status', status}};
      }
      if (outcome.state !== 'unknown') {
        return {outcome, body};
      }
      body?.cancel().catch(() => undefined);
    }
    throw new DownloadError(this.name, {reason: 'not-routed'});
  }

  /** Reads a file away, and asks how it stands as long as it is under way. */
  private async follow(body: ReadableStream<Uint8Array>, first: Outcome): Promise<Outcome> {
    const broken = new Promise<'broken'>((resolve) => {
      this.readAway(body).catch(() => resolve('broken'));
    });
    const done = new Promise<Outcome>((resolve) => {
      this.tellDone = () => resolve({state: 'over', key: this.key ?? ''});
    });
    let outcome = first;
    while (isUnderWay(outcome)) {
      const next = await Promise.race([this.ask(outcome.state), broken, done]);
      if (next === 'broken') {
        const reason = await this.ask();
        // Others may have it under way still.
        return isUnderWay(reason) ? INTERRUPTED : reason;
      }
      outcome = next;
    }
    return outcome;
  }

  private async readAway(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    let position = 0;
    for (let {value} = await reader.read(); value; {value} = await reader.read()) {
      position += value.byteLength;
      if (position > this.position) {
        this.position = position;
        this.gain();
      }
    }
  }

  /** How it stands: at once, or as soon as it is otherwise than the page knows. Asking also keeps the worker alive. */
  private async ask(known?: DownloadStateAnswer['state']): Promise<DownloadStateAnswer> {
    for (;;) {
      this.signal.throwIfAborted();
      try {
        const request = {url: this.url, known};
        const answer = await ask('HOLDFAST_DOWNLOAD_STATE', request, ANSWER_WITHIN_SECONDS);
        this.isAnswered = true;
        if ('key' in answer) {
          this.key = answer.key;
        }
        if (answer.state === 'storing') {
          this.gain();
        }
        return answer;
      } catch (error) {
        if (!(error instanceof HoldfastError && error.code === 'timeout')) {
          throw error;
        }
      }
    }
  }

  private hear(progress: LargeFilesEvent['payload']): void {
    if (progress.bytes > this.bytes) {
      this.gain();
    }
    this.bytes = progress.bytes;
    if (progress.state === 'running') {
      this.progress = progress;
      this.listeners.onProgress?.(progress);
    } else if (progress.state === 'done') {
      this.tellDone();
    }
  }

  private tellEnd(): void {
    if (this.progress) {
      const {totalBytes} = this.progress;
      this.listeners.onProgress?.({...this.progress, state: 'done', bytes: totalBytes, secondsLeft: 0});
    }
  }

  private gain(): void {
    this.gains += 1;
    this.listeners.onGettingOn();
  }
}
