import {deriveRequest} from '../http/deriveRequest.ts';
import {discardBody} from '../http/discardBody.ts';
import {publicKey} from '../http/partition.ts';
import {withoutSecret} from '../http/withoutSecret.ts';
import type {JobEnd, Work} from '../messages/Jobs.ts';
import type {DownloadProgress, StoredFile} from '../messages/protocol.ts';
import type {FileRequest} from './FileRequest.ts';
import {failureOf} from './failureOf.ts';
import {NotStored} from './NotStored.ts';
import type {ResumableCacheFirst} from './ResumableCacheFirst.ts';
import {UpstreamFailure} from './Upstream.ts';

/** Downloads a file through the strategy that answers its URL, for no reader. */
export class DownloadWork implements Work<StoredFile> {
  readonly isForPages = true;
  private readonly strategy: ResumableCacheFirst;
  private readonly request: Request;
  private readonly event: ExtendableEvent;

  constructor(strategy: ResumableCacheFirst, request: Request, event: ExtendableEvent) {
    this.strategy = strategy;
    this.request = request;
    this.event = event;
  }

  /** From the first answer on a page needs the key: by that it finds the file in events. */
  progress(): DownloadProgress | undefined {
    const {download, key} = this.file();
    return download
      ? download.progress.progress()
      : key
        ? {
            key: publicKey(key),
            state: 'running',
            bytes: 0,
            totalBytes: 0,
            bytesPerSecond: 0,
            secondsLeft: undefined,
          }
        : undefined;
  }

  /**
   * Has the strategy answer a request, and lets the answer go: the file is stored all the same.
   *
   * @throws the signal's reason.
   */
  async run(signal: AbortSignal): Promise<JobEnd<StoredFile>> {
    const {strategy, request, event} = this;
    // Where others read the file, the download continues without this job.
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    const [answering, done] = strategy.handleAll({event, request: deriveRequest(request, {signal})});
    done.catch(() => undefined);
    let release = (): void => undefined;
    try {
      const answer = await Promise.race([answering, aborted]);
      const {download, key = '', stored} = this.file();
      if (download) {
        release = download.hold();
      }
      discardBody(answer);
      const outcome = await Promise.race([stored, aborted]);
      if (outcome === 'stored') {
        return {state: 'done', report: {key: publicKey(await withoutSecret(key))}};
      }
      // A plugin that verifies an answer before it is served refuses with a network error.
      throw answer.ok || answer.type === 'error'
        ? new NotStored(outcome || 'storage-failed')
        : new UpstreamFailure(answer);
    } catch (error) {
      // It may come yet, and would count as a reader.
      answering.then(discardBody, () => undefined);
      signal.throwIfAborted();
      const key = publicKey(await withoutSecret(this.file().key || request.url));
      return {state: 'failed', failures: [Object.assign({key}, failureOf(error))]};
    } finally {
      release();
    }
  }

  /** Empty until the strategy has begun. */
  private file(): Partial<FileRequest> {
    return this.strategy.files.get(this.event) ?? {};
  }
}
