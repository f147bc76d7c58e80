import {byId} from './byId.ts';
import {nameOf, type Release, sizeOf} from './content.ts';
import {element} from './element.ts';
import {formatBytes, formatCount} from './format.ts';
import {type StoredLines, storedRelease} from './storedRelease.ts';

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

/** Draws the releases to choose from, and chooses the first one. */
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

/** Returns the index of the chosen release in the list. */
export const chosenIndex = (): number => radios().findIndex(({checked}) => checked);

/** Shows the state of each release. */
export const markStoredReleases = (releases: readonly Release[], stored: StoredLines): void => {
  for (const release of releases) {
    const {state, entries = 0} = storedRelease(stored, release) ?? {};
    const missing = release.files.length - entries;
    const mark = byId(`release-state-${idOf(release)}`, HTMLElement);
    const parts = missing > 0 ? [`${formatCount(missing, 'file')} missing`] : [];
    mark.textContent = state ? [state, ...parts].join(', ') : 'not stored';
    mark.dataset.state = state ?? 'absent';
  }
};
