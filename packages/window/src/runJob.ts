import type {
  DownloadProgress,
  JobAnswer,
  Messages,
  StageProgress,
  StageReport,
  StoredFile,
} from '@holdfast/service-worker/messages';
import {pauseBefore} from '@holdfast/service-worker/timing';
import type {WorkerLink} from './workerLink.ts';

interface Jobs {
  HOLDFAST_STAGE: {progress: StageProgress; report: StageReport};
  HOLDFAST_DOWNLOAD: {progress: DownloadProgress; report: StoredFile};
}

/** The type of the message that starts a job. */
type JobType = keyof Jobs;

type Answer<Type extends JobType> = JobAnswer<Jobs[Type]['report']>;

/** How a job ended. */
export type JobEnd<Type extends JobType> = Extract<Answer<Type>, {state: 'done' | 'failed'}>;

/** What the caller wants to know of a job. */
export interface JobListeners<Type extends JobType> {
  /** Called when a worker has answered. */
  onAnswer?: (() => void) | undefined;
  /** Called when the job advances, or when it waits for something that has no progress of its own. */
  onAdvance?: (() => void) | undefined;
  /** Called with the progress of the running job. */
  onProgress?: ((progress: Jobs[Type]['progress']) => void) | undefined;
}

/** Options of calls that run a job in the worker. */
export interface JobOptions<Progress> {
  /** Aborts the job, unless another page waits for it as well. What is stored stays, and the next call resumes. */
  signal?: AbortSignal | undefined;
  /** Called about ten times a second while the job runs, and once when it is done. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * The longest time without any progress. After it, the call rejects with a `timeout` error. A job that advances may
   * take as long as it needs.
   *
   * @default 60
   */
  timeoutSeconds?: number | undefined;
}

/**
 * How often a page asks about its job, and how long it waits before it sends the start again. A worker holds its answer to
 * a poll back until the job ends, or for some seconds. One that was killed and restarted answers at once: it does not know
 * the job. So a page learns soon that its worker was killed.
 */
const POLL_EVERY_MS = 2000;

/** Returns what a job is about: two progresses with the same subject are of the same job. */
const subjectOf = (progress: StageProgress | DownloadProgress): string =>
  'key' in progress ? progress.key : JSON.stringify([progress.line, progress.version]);

/** Returns what changes as a job advances. */
const positionOf = (progress: StageProgress | DownloadProgress): string =>
  JSON.stringify('key' in progress ? progress.bytes : [progress.verified, progress.bytes]);

/** Returns whether a job does work that no progress shows: it waits for a page's download, or joins a file's pieces. */
const isBusy = (progress: StageProgress | DownloadProgress): boolean =>
  'key' in progress ? progress.bytes > 0 && progress.bytes === progress.totalBytes : progress.waiting > 0;

class JobRun<Type extends JobType> {
  /** Unlike `crypto.randomUUID()`, this is in every browser with service workers. */
  private readonly asker = crypto.getRandomValues(new Uint32Array(4)).join('-');
  private readonly over = new AbortController();
  private readonly link: WorkerLink;
  private readonly type: Type;
  private readonly request: Omit<Messages[Type]['request'], 'asker'>;
  private readonly listeners: JobListeners<Type>;
  private readonly signal: AbortSignal;
  /** The id of the job, while the worker is known to run it. */
  private job: string | undefined;
  private subject: string | undefined;
  private position: string | undefined;
  /** How often the job was started again without any progress since. */
  private restarts = 0;

  constructor(
    link: WorkerLink,
    type: Type,
    request: Omit<Messages[Type]['request'], 'asker'>,
    listeners: JobListeners<Type>,
    signal: AbortSignal,
  ) {
    this.link = link;
    this.type = type;
    this.request = request;
    this.listeners = listeners;
    this.signal = signal;
  }

  async run(): Promise<JobEnd<Type>> {
    const {signal, over} = this;
    signal.throwIfAborted();
    this.link.listen((event) => {
      if (event.type === 'STAGE_PROGRESS' || event.type === 'DOWNLOAD_PROGRESS') {
        this.hear(event.payload);
      }
    }, over.signal);
    const aborted = new Promise<never>((_resolve, reject) => {
      const onAbort = (): void => {
        this.leave();
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, {signal: over.signal});
    });
    try {
      return await Promise.race([this.untilEnd(), aborted]);
    } finally {
      over.abort();
    }
  }

  private async untilEnd(): Promise<JobEnd<Type>> {
    for (;;) {
      const started = await this.start();
      const answer = started?.state === 'running' ? await this.follow(started.job) : started;
      if (answer?.state === 'done' || answer?.state === 'failed') {
        return answer as JobEnd<Type>;
      }
      // The worker was killed; or the job was aborted, as pages had asked for that have left since.
      this.job = undefined;
      if (this.restarts > 0) {
        await pauseBefore(this.restarts, this.signal);
      }
      this.signal.throwIfAborted();
      this.restarts += 1;
    }
  }

  /** Sends the start, again and again until it is answered: the message is lost with a worker that is killed. */
  private start(): Promise<Answer<Type> | undefined> {
    return new Promise((resolve, reject) => {
      const send = (): void => {
        this.sendStart().then(resolve, reject).finally(end);
      };
      const timer = setInterval(send, POLL_EVERY_MS);
      const end = (): void => clearInterval(timer);
      this.over.signal.addEventListener('abort', end);
      send();
    });
  }

  private async sendStart(): Promise<Answer<Type> | undefined> {
    const request = {...this.request, asker: this.asker} as Messages[Type]['request'];
    const answer = (await this.link.ask(this.type, request)) as Answer<Type> | undefined;
    if (answer) {
      this.listeners.onAnswer?.();
    }
    if (answer?.state === 'running') {
      this.job = answer.job;
      this.learn(answer.progress);
      if (this.signal.aborted) {
        this.leave();
        throw this.signal.reason;
      }
    }
    return answer;
  }

  /** Resolves when the worker does not run the job any more. */
  private follow(job: string): Promise<Answer<Type> | undefined> {
    const {over, asker} = this;
    return new Promise((resolve, reject) => {
      let pending = 0;
      let isOver = false;
      const end = (): void => {
        isOver = true;
        clearInterval(timer);
      };
      const poll = async (): Promise<void> => {
        pending += 1;
        const answer = await this.link.ask('HOLDFAST_JOB', {job, asker});
        pending -= 1;
        if (answer?.state !== 'running') {
          end();
          resolve(answer as Answer<Type> | undefined);
        } else if (!isOver) {
          this.learn(answer.progress);
          // A page in the background has few timers.
          if (pending === 0) {
            pollAgain();
          }
        }
      };
      const pollAgain = (): void => {
        poll().catch(reject);
      };
      const timer = setInterval(pollAgain, POLL_EVERY_MS);
      over.signal.addEventListener('abort', end);
      pollAgain();
    });
  }

  /** Lets the worker know that this page no longer waits. The message may be lost. */
  private leave(): void {
    const {job, asker} = this;
    if (job !== undefined) {
      this.link.ask('HOLDFAST_ABORT_JOB', {job, asker}).catch(() => undefined);
    }
  }

  /** Reads the progress in an answer. An event that was reported later may have come sooner. */
  private learn(progress: StageProgress | DownloadProgress | undefined): void {
    if (progress) {
      this.subject = subjectOf(progress);
      this.advance(progress);
    }
  }

  /** Reads the progress in an event, which may be of any job. */
  private hear(progress: StageProgress | DownloadProgress): void {
    if (subjectOf(progress) === this.subject) {
      this.advance(progress);
      if (progress.state === 'running') {
        this.listeners.onProgress?.(progress);
      }
    }
  }

  /** Bytes may be lost with a worker that is killed: then there are fewer, and to fetch them again is progress too. */
  private advance(progress: StageProgress | DownloadProgress): void {
    const position = positionOf(progress);
    if (position !== this.position || isBusy(progress)) {
      this.position = position;
      this.restarts = 0;
      this.listeners.onAdvance?.();
    }
  }
}

/**
 * Runs a job in the worker to its end, however often the browser kills the worker. Each start resumes from what is
 * stored.
 *
 * @param type that of the message that starts the job.
 * @param signal aborts the job, unless another page waits for it as well.
 * @throws the signal's reason; what `link.ask` throws.
 */
export const runJob = <Type extends JobType>(
  link: WorkerLink,
  type: Type,
  request: Omit<Messages[Type]['request'], 'asker'>,
  listeners: JobListeners<Type>,
  signal: AbortSignal,
): Promise<JobEnd<Type>> => new JobRun(link, type, request, listeners, signal).run();
