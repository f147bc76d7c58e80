import {sleep} from '../timing/sleep.ts';
import {clientOf} from '../worker/RequestContext.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {type Handlers, MessageListener} from './MessageListener.ts';
import type {DownloadProgress, JobAnswer, StageProgress} from './protocol.ts';
import {textIn} from './textIn.ts';

declare const self: ServiceWorkerGlobalScope;

/** How long the answer to a poll may take. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * How long the answer to a start may take: the page needs the job's id, to abort it. So may the answer to a poll while no
 * progress is known: by the first one, the page knows which events are about its job.
 */
const ANSWER_SOON_MS = 100;

/**
 * How long an event holds the worker for a job whose page asks no more. Chromium ends a worker whose event takes longer
 * than five minutes.
 */
const HOLD_FOR_MS = 240_000;

/** How long the end of a job waits for the pages that have not heard of it. */
const REMEMBERED_MS = 300_000;

/** How often a job looks for the pages that wait for it. */
const LOOK_EVERY_MS = 1000;

/** How a job ended. */
export type JobEnd<Report> = Extract<JobAnswer<Report>, {state: 'aborted' | 'failed' | 'done'}>;

/** Work that pages wait for. */
export interface Work<Report> {
  /**
   * Does the work. Rejects where the worker itself fails: the message is then answered with the error.
   *
   * @param signal aborts when no page waits any more.
   */
  run(signal: AbortSignal): Promise<JobEnd<Report>>;
  /** Whether it is aborted when all pages that wait for it are closed. */
  readonly isForPages?: boolean;
  /** Returns how far it is; `undefined` where that is not known yet. */
  progress(): StageProgress | DownloadProgress | undefined;
}

/** A job, for all pages that wait for it. */
class Job<Report> {
  readonly ended: Promise<JobEnd<Report>>;
  isRunning = true;
  /** Asker → the client that it is in. */
  readonly askers = new Map<string, string>();
  readonly controller = new AbortController();
  readonly work: Work<Report>;

  constructor(work: Work<Report>) {
    this.work = work;
    this.ended = this.run();
  }

  /** Whether more pages may wait for it: it is running, and was not aborted. */
  get isWanted(): boolean {
    return this.isRunning && !this.controller.signal.aborted;
  }

  private async run(): Promise<JobEnd<Report>> {
    const {signal} = this.controller;
    try {
      return await this.work.run(signal);
    } catch (error) {
      if (signal.aborted) {
        return {state: 'aborted'};
      }
      // What is still in progress has nowhere to go.
      this.controller.abort();
      throw error;
    } finally {
      this.isRunning = false;
    }
  }
}

/**
 * The jobs of a worker: stages and downloads. A page starts one and then asks again and again how it stands, which also
 * keeps the worker alive. Pages that want the same share it; it is aborted when the last one leaves.
 */
export class Jobs {
  private readonly jobs = new Map<string, Job<unknown>>();

  constructor(worker: WorkerState) {
    worker.part(MessageListener).answerAtOnce(this.messages());
  }

  /** Tells whether a job is running that pages may join. An aborted one is not, although it may not have stopped yet. */
  isRunning(id: string): boolean {
    return this.jobs.get(id)?.isWanted ?? false;
  }

  /**
   * Starts a job, or joins it: one that is running, or one that ended before the asker heard of it.
   *
   * @param id what the job is about, e.g. a line and a version: the same work has the same id.
   * @param asker the id under which the page waits.
   */
  async start<Report>(
    id: string,
    asker: string,
    event: ExtendableMessageEvent,
    work: Work<Report>,
  ): Promise<JobAnswer<Report>> {
    const last = this.jobs.get(id) as Job<Report> | undefined;
    const job = last?.isWanted || last?.askers.has(asker) ? last : new Job(work);
    this.jobs.set(id, job as Job<unknown>);
    void job.ended
      .catch(() => undefined)
      .then(() => sleep(REMEMBERED_MS))
      .then(() => this.forget(id, job as Job<unknown>));
    const answer = this.join(id, job, asker, event, ANSWER_SOON_MS);
    if (job !== last && work.isForPages) {
      this.watchPages(job as Job<unknown>).catch(() => undefined);
    }
    return answer;
  }

  /** Aborts a job when its pages are gone: a closed page must not cost its user another gigabyte. */
  private async watchPages(job: Job<unknown>): Promise<void> {
    while (job.isWanted) {
      await Promise.race([job.ended, sleep(LOOK_EVERY_MS)]);
      await this.abortIfUnwanted(job);
    }
  }

  private async join<Report>(
    id: string,
    job: Job<Report>,
    asker: string,
    event: ExtendableMessageEvent,
    withinMs = job.work.progress() ? ANSWER_WITHIN_MS : ANSWER_SOON_MS,
  ): Promise<JobAnswer<Report>> {
    const {askers, ended, work} = job;
    askers.set(asker, clientOf(event));
    event.waitUntil(Promise.race([ended, sleep(HOLD_FOR_MS)]).catch(() => undefined));
    let end: JobEnd<Report> | undefined;
    let isHeard = true;
    try {
      end = await Promise.race([ended, sleep(withinMs)]);
      isHeard = end !== undefined;
    } finally {
      if (isHeard) {
        askers.delete(asker);
        if (askers.size === 0 && !job.isRunning) {
          this.forget(id, job as Job<unknown>);
        }
      }
    }
    return end ?? {state: 'running', job: id, progress: work.progress()};
  }

  private forget(id: string, job: Job<unknown>): void {
    if (this.jobs.get(id) === job) {
      this.jobs.delete(id);
    }
  }

  /** Removes an asker, and aborts the job when it was the last one. */
  private async leave(id: string, asker: string): Promise<void> {
    const job = this.jobs.get(id);
    if (job) {
      job.askers.delete(asker);
      await this.abortIfUnwanted(job);
    }
  }

  /** Removes askers whose pages are gone, and aborts the job when none is left. */
  private async abortIfUnwanted({askers, controller}: Job<unknown>): Promise<void> {
    const clients = await self.clients.matchAll({includeUncontrolled: true, type: 'all'});
    for (const [asker, client] of askers) {
      if (client && !clients.some(({id}) => id === client)) {
        askers.delete(asker);
      }
    }
    if (askers.size === 0) {
      controller.abort();
    }
  }

  private messages(): Handlers<'HOLDFAST_JOB' | 'HOLDFAST_ABORT_JOB'> {
    return {
      HOLDFAST_JOB: async (payload, event) => {
        const id = textIn(payload, 'job');
        const job = this.jobs.get(id);
        return (job ? this.join(id, job, textIn(payload, 'asker'), event) : {state: 'unknown'}) as Promise<
          JobAnswer<never>
        >;
      },
      HOLDFAST_ABORT_JOB: async (payload) => {
        await this.leave(textIn(payload, 'job'), textIn(payload, 'asker'));
        return {};
      },
    };
  }
}
