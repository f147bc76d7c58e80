import {byId} from './byId.ts';
import {lineOf, nameOf, type Release, sizeOf} from './content.ts';
import {element} from './element.ts';
import {formatBytes} from './format.ts';
import type {StoredReleases} from './storagePanel.ts';

/** `en-us-v0-7-0` */
const idOf = ({line, version}: Release): string => `${line}-${version}`.replaceAll('.', '-');

const choice = (release: Release, index: number): HTMLLabelElement => {
  const id = idOf(release);
  const radio = element('input', {type: 'radio', name: 'release', value: String(index), id: `release-${id}`});
  return element(
    'label',
    {className: 'choice'},
    radio,
    element('span', {className: 'choice-name'}, nameOf(release)),
    element('span', {className: 'choice-size'}, formatBytes(sizeOf(release))),
    element('span', {className: 'choice-state', id: `release-state-${id}`}),
  );
};

/** Draws the releases to choose from, with the first one chosen. */
export const showReleaseChoices = (releases: readonly Release[]): void => {
  byId('release-choices', HTMLElement).append(...releases.map(choice));
  chooseRelease(0);
};

const radios = (): HTMLInputElement[] => [
  ...document.querySelectorAll<HTMLInputElement>('input[name="release"]'),
];

export const chooseRelease = (index: number): void => {
  for (const [each, radio] of radios().entries()) {
    radio.checked = each === index;
  }
};

export const chosenRelease = (releases: readonly Release[]): Release | undefined =>
  releases[Number(radios().find(({checked}) => checked)?.value)];

/** Says beside each release what the worker has of it. */
export const markStoredReleases = (releases: readonly Release[], stored: StoredReleases): void => {
  for (const release of releases) {
    const line = stored.find(({line}) => line === lineOf(release));
    const has = line?.releases.find(({version}) => version === release.version);
    const isWhole = has?.entries === release.files.length;
    const state = has ? (isWhole ? 'stored' : 'stored in part') : 'not stored';
    const mark = byId(`release-state-${idOf(release)}`, HTMLElement);
    mark.textContent = line?.current === release.version ? `current, ${state}` : state;
    mark.dataset.state = has ? 'stored' : 'absent';
  }
};
