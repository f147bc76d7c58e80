import {byId} from './byId.ts';
import type {Release} from './content.ts';
import {nameOf} from './content.ts';
import {element} from './element.ts';
import {formatSeconds} from './format.ts';
import {isAsExpected, type ModelResult} from './runModel.ts';

const row = (label: string, probability: number): HTMLTableRowElement => {
  const percent = `${(probability * 100).toFixed(1)} %`;
  const bar = element('span', {className: 'bar', ariaHidden: 'true'});
  bar.style.setProperty('--share', String(probability));
  return element('tr', {}, element('th', {scope: 'row'}, label), element('td', {}, bar, percent));
};

/** Draws a model's result, the most probable label first, and whether it is the expected one. */
export const showModelResult = (release: Release, {output, seconds}: ModelResult): void => {
  const {labels, output: expected} = release.model;
  const probabilities = labels
    .map((label, index) => ({label, probability: output[index] ?? 0}))
    .sort((a, b) => b.probability - a.probability);

  const isRight = isAsExpected(output, expected);
  const verdict = byId('model-verdict', HTMLElement);
  verdict.textContent = isRight
    ? '✓ As expected: the release’s own result for this input.'
    : '✗ Not as expected: the release has another result for this input.';
  verdict.dataset.state = isRight ? 'good' : 'bad';

  byId('model-caption', HTMLElement).textContent =
    `${nameOf(release)}, on its own example: which part of an address is this? ` +
    `Computed in this page in ${formatSeconds(seconds)}.`;
  byId('model-probabilities', HTMLTableSectionElement).replaceChildren(
    ...probabilities.map(({label, probability}) => row(label, probability)),
  );
  byId('model-result', HTMLElement).hidden = false;
};

export const hideModelResult = (): void => {
  byId('model-result', HTMLElement).hidden = true;
};
