import type {Answered} from './World.ts';

/** What a worker sends on the port of a message. */
export interface Reply {
  type: string;
  payload: Record<string, unknown>;
}

/** Sends a message, and returns what comes on its port. */
export type Send = (type: string, payload: object) => Promise<Reply>;

/** What a page that waits under a name knows of its job. */
interface Wait {
  /** Resolves to the job's id; to `undefined` when the page was answered without one. */
  job: Promise<string | undefined>;
  know(job: string | undefined): void;
}

const newWait = (): Wait => {
  let know: Wait['know'] = () => undefined;
  const job = new Promise<string | undefined>((resolve) => {
    know = resolve;
  });
  return {job, know};
};

/** The page's side of the jobs protocol, without its repairs: a page polls its job to the end. */
export class JobClient {
  /** By the names of the askers. */
  private readonly waits = new Map<string, Wait>();

  async ask(send: Send, type: string, payload: {asker?: string}): Promise<Answered> {
    const {asker = ''} = payload;
    const wait = newWait();
    this.waits.set(asker, wait);
    try {
      let reply = await send(type, payload);
      while (reply.type !== 'HOLDFAST_ERROR' && reply.payload.state === 'running') {
        const job = String(reply.payload.job);
        wait.know(job);
        reply = await send('HOLDFAST_JOB', {job, asker});
      }
      return reply.type === 'HOLDFAST_ERROR'
        ? {error: String(reply.payload.message)}
        : {payload: reply.payload};
    } finally {
      this.end(asker);
    }
  }

  /** Ends the wait for a job whose page or worker is gone. */
  end(asker: string): void {
    this.waits.get(asker)?.know(undefined);
  }

  async abort(send: Send, asker: string): Promise<Answered> {
    const job = await this.waits.get(asker)?.job;
    if (job !== undefined) {
      await send('HOLDFAST_ABORT_JOB', {job, asker});
    }
    return {payload: {}};
  }
}
