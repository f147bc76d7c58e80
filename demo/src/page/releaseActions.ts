import {releases} from '@holdfast/window';
import {lineOf, nameOf, type Release} from './content.ts';
import {damageStoredFile} from './damageStoredFile.ts';
import {fileName, formatCount} from './format.ts';
import {hasWorker} from './hasWorker.ts';
import {inSources} from './inSources.ts';
import type {ModelCard} from './modelCard.ts';
import {chooseRelease} from './releaseChoices.ts';
import {runRelease} from './runRelease.ts';
import {stageRelease} from './stageRelease.ts';
import {stoppable} from './stoppable.ts';
import {isComplete} from './storedRelease.ts';

/** What a button does with the chosen release. Resolves to the outcome, as text. */
export type ReleaseAction = (release: Release, card: ModelCard) => Promise<string>;

/**
 * Stages a release beside the current one, switches to it when it is complete, and runs its model. In this order a
 * failure costs nothing: the current release stays. Without a worker, the model comes from the network.
 */
const use: ReleaseAction = async (release, card) => {
  const outcomes: string[] = [];
  if (hasWorker()) {
    if (!isComplete(await releases(), release)) {
      outcomes.push(await stageRelease(release, card));
    }
    await lineOf(release).switchTo(release.version);
  }
  outcomes.push(await runRelease(release, card));
  return outcomes.join(' ');
};

const stageOnly: ReleaseAction = async (release, card) =>
  `${await stageRelease(release, card)} You can switch to it, also offline.`;

/** Makes the previous release current again. */
const rollBack: ReleaseAction = async (release, card) => {
  const {version} = await lineOf(release).rollback();
  const index = card.releases.findIndex((one) => one.line === release.line && one.version === version);
  const previous = card.releases[index];
  if (!previous) {
    throw new Error(`The list of releases has no ${version}.`);
  }
  chooseRelease(index);
  return `Rolled back to ${nameOf(previous)}. ${await runRelease(previous, card)}`;
};

/** Compares what is stored with the manifest, and repairs it. */
const check: ReleaseAction = async (release, {say}) => {
  const {version} = release;
  const name = nameOf(release);
  say(`Checking ${name} …`);
  const {assets, bytes, damaged} = await stoppable((signal) => lineOf(release).verify({version, signal}));
  const found =
    damaged.length === 0
      ? 'Nothing is damaged.'
      : `Damaged, and repaired: ${damaged.map(fileName).join(', ')}.`;
  return `Checked the ${formatCount(assets, 'file')} of ${name}. ${found} Verified: ${inSources(bytes)}.`;
};

const damage: ReleaseAction = async (release) =>
  `Changed a byte of ${await damageStoredFile(release)} of ${nameOf(release)}, as a failing disk may. ` +
  '“Check files” will find it.';

/** By the `value` of their buttons. */
export const RELEASE_ACTIONS: Readonly<Record<string, ReleaseAction>> = {
  use,
  stage: stageOnly,
  'roll-back': rollBack,
  check,
  damage,
};
