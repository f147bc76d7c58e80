import {type Request, Response} from 'undici';
import type {NetworkFault} from '../World.ts';
import type {Schedule} from './Schedule.ts';

const CHUNK_BYTES = 1500;

const flipped = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 0xff : byte));

/** The hosts and the network. */
export class Network {
  isOffline = false;
  private readonly schedule: Schedule;
  private readonly files = new Map<string, Uint8Array>();
  private readonly faults: {path: string; fault: NetworkFault}[] = [];
  private requests: string[] = [];
  private stalled: (() => void)[] = [];

  constructor(schedule: Schedule) {
    this.schedule = schedule;
  }

  publish(path: string, bytes: Uint8Array): void {
    this.files.set(path, bytes);
  }

  /** Concerns the next answer for the path. The newest fault comes first. */
  addFault(path: string, fault: NetworkFault): void {
    this.faults.unshift({path, fault});
  }

  takeRequests(): string[] {
    return this.requests.splice(0);
  }

  /** Lets stalled answers resume. @returns whether there were any. */
  releaseStalls(): boolean {
    const stalled = this.stalled.splice(0);
    for (const resume of stalled) {
      resume();
    }
    return stalled.length > 0;
  }

  /** As the global function. @param death aborts when the worker is killed. */
  async fetch(request: Request, death: AbortSignal): Promise<Response> {
    const signal = AbortSignal.any([request.signal, death]);
    const path = new URL(request.url).pathname;
    await this.schedule.later(() => undefined);
    signal.throwIfAborted();
    if (this.isOffline) {
      throw new TypeError('Failed to fetch');
    }
    this.requests.push(path);
    const fault = this.takeFault(path);
    const bytes = this.files.get(path);
    if (fault?.kind === 'status' || !bytes) {
      return new Response('No file.', {status: fault?.kind === 'status' ? fault.status : 404});
    }
    const sent =
      fault?.kind === 'truncate'
        ? bytes.subarray(0, fault.bytes)
        : fault?.kind === 'wrong-bytes'
          ? flipped(bytes)
          : bytes;
    return new Response(this.body(sent, fault, signal), {
      headers: {'content-type': 'application/octet-stream', 'content-length': String(sent.length)},
    });
  }

  private takeFault(path: string): NetworkFault | undefined {
    const index = this.faults.findIndex((one) => one.path === path);
    return index < 0 ? undefined : this.faults.splice(index, 1)[0]?.fault;
  }

  private body(
    bytes: Uint8Array,
    fault: NetworkFault | undefined,
    signal: AbortSignal,
  ): ReadableStream<Uint8Array> {
    const end = fault?.kind === 'cut' ? fault.bytes : bytes.length;
    const stallAt = fault?.kind === 'stall' ? fault.bytes : Number.POSITIVE_INFINITY;
    let at = 0;
    let isReleased = false;
    return new ReadableStream(
      {
        start: (controller) => {
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
        pull: async (controller) => {
          if (at >= stallAt && !isReleased) {
            await new Promise<void>((resolve) => {
              this.stalled.push(resolve);
            });
            isReleased = true;
          }
          await this.schedule.later(() => {
            const wanted = Math.min(at + CHUNK_BYTES, end, isReleased ? end : Math.max(stallAt, at));
            if (signal.aborted) {
              return;
            }
            if (this.isOffline || (at >= end && end < bytes.length)) {
              controller.error(new TypeError('network error'));
            } else if (at >= end) {
              controller.close();
            } else {
              controller.enqueue(Uint8Array.from(bytes.subarray(at, wanted)));
              at = wanted;
            }
          });
        },
      },
      {highWaterMark: 0},
    );
  }
}
