import type {
  ReleaseMessages,
  StageAnswer,
  StageProgress,
  StageReport,
} from '@holdfast/service-worker/releases/stage/messages.js';
import {ask} from './ask.ts';
import {HoldfastError} from './HoldfastError.ts';
import {listen} from './listen.ts';
import {StageError} from './StageError.ts';
import {currentVersion} from './versions.ts';
import {withTimeLimit} from './withTimeLimit.ts';

/** What every call takes that brings a release in. */
export interface StageControls {
  /** Gives the stage up: unless another page wants it too, its downloads end. What is in place stays. */
  signal?: AbortSignal | undefined;
  /** Is told how far it is, about ten times a second, and once more when all is in place. */
  onProgress?: ((progress: StageProgress) => void) | undefined;
  /**
   * The longest time without any progress, after which the stage is given up with a `timeout` error: as a whole, it may
   * take as long as it gets on. While it waits for what a page is downloading, no time counts. To find that its worker was killed, and to go on with the next one, takes 20 s.
   *
   * @default 60
   */
  timeoutSeconds?: number | undefined;
}

type StageRequest = Omit<ReleaseMessages['HOLDFAST_STAGE']['request'], 'asker'>;
type StageEnd = Extract<StageAnswer, {state: 'done' | 'failed'}>;

/** A worker answers twice as fast, if only that it is at work. One that does not was killed, with what it was asked. */
const ANSWER_WITHIN_SECONDS = 20;

/** What changes as a stage gets on. */
const reached = ({verified, bytes}: StageProgress): string => JSON.stringify([verified, bytes]);

/**
 * Has the worker bring a release in, and stays with it to the end, also over the death of the worker.
 *
 * @throws StageError; the signal's reason; HoldfastError `no-worker`, `refused`, `timeout`.
 */
export const runStage = async (
  request: StageRequest,
  {signal, onProgress, timeoutSeconds = 60}: StageControls,
): Promise<StageReport> => {
  signal?.throwIfAborted();
  const {line, version} = request;
  const asker = crypto.randomUUID();
  const over = new AbortController();
  let hasBegun = false;

  /** Asks until it is done or has failed. Asking also keeps the worker alive. */
  const untilEnd = async (): Promise<StageEnd> => {
    while (!over.signal.aborted) {
      try {
        const answer = await ask('HOLDFAST_STAGE', {...request, asker}, ANSWER_WITHIN_SECONDS);
        hasBegun = true;
        // Given up (`aborted`) was what others had asked for before, not this.
        if (answer.state === 'done' || answer.state === 'failed') {
          return answer;
        }
      } catch (error) {
        if (!(error instanceof HoldfastError && error.code === 'timeout')) {
          throw error;
        }
      }
    }
    throw over.signal.reason;
  };

  const untilAborted = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), {signal: over.signal});
  });

  let end: StageEnd;
  try {
    end = await withTimeLimit(
      (restart) => {
        let before = '';
        listen(({type, payload}) => {
          if (type === 'STAGE_PROGRESS' && payload.line === line && payload.version === version) {
            hasBegun = true;
            // Of a page's download, which the stage may wait for, nobody tells how far it is.
            if (payload.waiting > 0 || reached(payload) !== before) {
              before = reached(payload);
              restart();
            }
            if (payload.state === 'running') {
              onProgress?.(payload);
            }
          }
        }, over.signal);
        return Promise.race([untilEnd(), untilAborted]);
      },
      timeoutSeconds,
      () =>
        hasBegun
          ? `'${version}' of '${line}' to get on`
          : 'the worker to begin with it. Does the worker call handleReleaseMessages()?',
    );
  } catch (error) {
    // It may not hear this. What nobody asks for any more ends with it.
    ask('HOLDFAST_ABORT_STAGE', {line, version, asker}, ANSWER_WITHIN_SECONDS).catch(() => undefined);
    throw error;
  } finally {
    over.abort();
  }

  if (end.state === 'failed') {
    const current = await currentVersion(line).catch(() => null);
    throw new StageError(end.failures, {line, version, current});
  }
  const {state, ...report} = end;
  const {assets, totalBytes, bytes} = report;
  onProgress?.({line, version, state, assets, verified: assets, waiting: 0, totalBytes, bytes});
  return report;
};
