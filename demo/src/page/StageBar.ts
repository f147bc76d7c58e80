import type {StageProgress} from '@holdfast/window';
import {element} from './element.ts';
import {formatCount, formatProgress} from './format.ts';
import {inSources} from './inSources.ts';

const STATES: Readonly<Record<StageProgress['state'], string>> = {
  running: '',
  done: 'Done',
  failed: 'Failed',
  aborted: 'Stopped',
};

/** A bar with the progress of a stage: the bytes of all files, and where they come from. */
export class StageBar {
  readonly element: HTMLElement;
  readonly #progress = element('progress', {id: `stage-${crypto.randomUUID()}`});
  readonly #amount = element('span', {className: 'amount'});
  readonly #details = element('p', {className: 'note'});

  constructor(name: string) {
    const label = element('label', {htmlFor: this.#progress.id}, name);
    const bar = element('div', {className: 'progress'}, label, this.#progress, this.#amount);
    this.element = element('div', {className: 'stage'}, bar, this.#details);
    this.element.dataset.stage = name;
  }

  get isOver(): boolean {
    return this.element.dataset.state !== 'running';
  }

  draw({state, assets, verified, totalBytes, bytes}: StageProgress): void {
    const done = Object.values(bytes).reduce((sum, each) => sum + each, 0);
    const count = `${verified} of ${formatCount(assets, 'file')} verified`;
    this.element.dataset.state = state;
    this.#progress.max = totalBytes;
    this.#progress.value = done;
    this.#amount.textContent = formatProgress(done, totalBytes);
    this.#details.textContent = [STATES[state], count, inSources(bytes)].filter(Boolean).join(' · ');
  }
}
