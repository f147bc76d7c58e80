import type {LineName, Messages, StageProgress, StageReport} from '@holdfast/service-worker/messages';
import {type JobOptions, runJob} from './runJob.ts';
import {StageError} from './StageError.ts';
import {withTimeLimit} from './withTimeLimit.ts';
import {ask, IS_IT_OURS, workerLink} from './workerLink.ts';

const CURRENT_WITHIN_SECONDS = 10;

/** Returns what a line is called in an error. */
export const shownLine = ({name, values}: LineName): string => {
  const texts = Object.values(values ?? {});
  return `'${name}'${texts.length > 0 ? ` (${texts.join(', ')})` : ''}`;
};

/**
 * Stages or verifies a release in the worker.
 *
 * @throws StageError; the signal's reason; HoldfastError `no-worker`, `unsupported`, `refused`, `timeout`.
 */
export const runStage = async (
  request: Omit<Messages['HOLDFAST_STAGE']['request'], 'asker'>,
  {signal, onProgress, timeoutSeconds = 60}: JobOptions<StageProgress>,
): Promise<StageReport> => {
  const {line, version} = request;
  const release = `'${version}' of ${shownLine(line)}`;
  let isAnswered = false;
  const onAnswer = (): void => {
    isAnswered = true;
  };
  const end = await withTimeLimit(
    (onAdvance, limit) =>
      runJob(workerLink, 'HOLDFAST_STAGE', request, {onAnswer, onAdvance, onProgress}, limit),
    {timeoutSeconds, signal},
    () =>
      isAnswered ? `${release} to make progress` : `the worker's answer to HOLDFAST_STAGE. ${IS_IT_OURS}`,
  );
  if (end.state === 'failed') {
    const {version: current} = await ask('HOLDFAST_CURRENT_VERSION', {line}, CURRENT_WITHIN_SECONDS).catch(
      () => ({version: null}),
    );
    throw new StageError(end.failures, {release, version, current});
  }
  const {report} = end;
  const {assets, totalBytes, bytes} = report;
  onProgress?.({
    line: report.line,
    version,
    state: 'done',
    assets,
    verified: assets,
    waiting: 0,
    totalBytes,
    bytes,
  });
  return report;
};
