import {releases, rollback, switchVersion, verify} from '@holdfast/window';
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
import {isWhole} from './storedRelease.ts';

/** What a button does with the chosen release. Resolves to what came of it, in words. */
export type ReleaseAction = (release: Release, card: ModelCard) => Promise<string>;

/**
 * Brings a release in beside the one that is current, switches to it when it is whole, and runs its model. In this order
 * a failure costs nothing: the old release is still there. Without a worker the model comes from the network.
 */
const use: ReleaseAction = async (release, card) => {
  const done: string[] = [];
  if (hasWorker()) {
    if (!isWhole(await releases(), release)) {
      done.push(await stageRelease(release, card));
    }
    await switchVersion(lineOf(release), release.version);
  }
  done.push(await runRelease(release, card));
  return done.join(' ');
};

const download: ReleaseAction = async (release, card) =>
  `${await stageRelease(release, card)} It can be switched to, also offline.`;

/** Makes the release current again that was so before, as long as it is kept. */
const rollBack: ReleaseAction = async (release, card) => {
  const line = lineOf(release);
  const {version} = await rollback(line);
  const index = card.releases.findIndex((one) => lineOf(one) === line && one.version === version);
  const former = card.releases[index];
  if (!former) {
    throw new Error(`The list of releases has no ${version}.`);
  }
  chooseRelease(index);
  return `Rolled back to ${nameOf(former)}. ${await runRelease(former, card)}`;
};

/** Reads what is stored, compares it with the manifest, and repairs it. */
const check: ReleaseAction = async (release, {say}) => {
  const name = nameOf(release);
  say(`Checking ${name} …`);
  const {assets, bytes, damaged} = await stoppable((signal) =>
    verify(lineOf(release), {version: release.version, signal}),
  );
  const found =
    damaged.length === 0
      ? 'Nothing is damaged.'
      : `Damaged, and repaired: ${damaged.map(fileName).join(', ')}.`;
  return `Checked the ${formatCount(assets, 'file')} of ${name}. ${found} Verified: ${inSources(bytes)}.`;
};

const damage: ReleaseAction = async (release) =>
  `One byte of ${await damageStoredFile(release)} of ${nameOf(release)} is another now, as if the disk had failed. ` +
  '“Check files” will find it.';

/** By the `value` of their buttons. */
export const RELEASE_ACTIONS: Readonly<Record<string, ReleaseAction>> = {
  use,
  download,
  'roll-back': rollBack,
  check,
  damage,
};
