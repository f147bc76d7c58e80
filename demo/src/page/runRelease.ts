import {cacheOf, nameOf, type Release} from './content.ts';
import {formatBytes, formatSeconds} from './format.ts';
import {sourceOf} from './LoadHistory.ts';
import type {ModelCard} from './modelCard.ts';
import {readModel} from './readModel.ts';
import {runModel} from './runModel.ts';
import {hideModelResult, showModelResult} from './showModelResult.ts';

/**
 * Reads a release's model, runs it and shows the result.
 *
 * @returns the outcome, as text.
 */
export const runRelease = async (
  release: Release,
  {bucketUrl, runtime, history, say}: ModelCard,
): Promise<string> => {
  const name = nameOf(release);
  hideModelResult();
  say(`Reading the model of ${name} …`);
  const {result, recorded} = await history.record(`${name}, model read`, cacheOf(release), () =>
    readModel(release, bucketUrl),
  );
  say(`Starting the model of ${name} …`);
  const {ort, session} = await runtime.open(result.model);
  showModelResult(release, await runModel(ort, session, release.model));
  await session.release();
  const bytes = formatBytes(result.model.byteLength);
  return `Read ${bytes} in ${formatSeconds(recorded.seconds)}, ${sourceOf(recorded).text}. The model ran.`;
};
