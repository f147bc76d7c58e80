import {lineOf, nameOf, type Release} from './content.ts';
import {formatBytes, formatSeconds} from './format.ts';
import {sourceOf} from './LoadHistory.ts';
import type {ModelCard} from './modelCard.ts';
import {readModel} from './readModel.ts';
import {runModel} from './runModel.ts';
import {hideModelResult, showModelResult} from './showModelResult.ts';

/**
 * Reads a release's model, runs it and shows what it says.
 *
 * @returns what came of it, in words.
 */
export const runRelease = async (
  release: Release,
  {bucketUrl, runtime, history, say}: ModelCard,
): Promise<string> => {
  const name = nameOf(release);
  const stored = {line: lineOf(release), version: release.version};
  hideModelResult();
  say(`Reading the model of ${name} …`);
  const {result, noted} = await history.record(`${name}, its model read`, stored, () =>
    readModel(release, bucketUrl),
  );
  say(`Starting the model of ${name} …`);
  const {ort, session} = await runtime.open(result.model);
  showModelResult(release, await runModel(ort, session, release.model));
  await session.release();
  const bytes = formatBytes(result.model.byteLength);
  return `Read ${bytes} in ${formatSeconds(noted.seconds)}, ${sourceOf(noted).text}. The model ran.`;
};
