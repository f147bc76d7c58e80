import {byId} from './byId.ts';
import type {Release, ReleaseFile} from './content.ts';
import {sizeOf} from './content.ts';
import {element} from './element.ts';
import {fileName, formatProgress} from './format.ts';

interface Bar {
  progress: HTMLProgressElement;
  text: HTMLElement;
}

const draw = ({progress, text}: Bar, read: number, size: number): void => {
  progress.max = size;
  progress.value = read;
  text.textContent = formatProgress(read, size);
};

const fileBar = ({path, size}: ReleaseFile): Bar => {
  const name = fileName(`file:///${path}`);
  const progress = element('progress', {id: `load-${name}`});
  const text = element('span', {className: 'amount'});
  const label = element('label', {htmlFor: progress.id}, name);
  byId('load-files', HTMLElement).append(element('div', {className: 'progress'}, label, progress, text));
  const bar = {progress, text};
  draw(bar, 0, size);
  return bar;
};

/** Draws a bar in bytes for each file of a release and one for all; the returned function moves them. */
export const showLoadProgress = (release: Release): ((file: ReleaseFile, read: number) => void) => {
  byId('load-files', HTMLElement).replaceChildren();
  byId('load-progress', HTMLElement).hidden = false;
  const total: Bar = {
    progress: byId('load-total', HTMLProgressElement),
    text: byId('load-total-text', HTMLElement),
  };
  const size = sizeOf(release);
  const bars = new Map(release.files.map((file) => [file, fileBar(file)]));
  const read = new Map<ReleaseFile, number>();
  draw(total, 0, size);

  return (file, bytes) => {
    read.set(file, bytes);
    const bar = bars.get(file);
    if (bar) {
      draw(bar, bytes, file.size);
    }
    draw(
      total,
      [...read.values()].reduce((sum, each) => sum + each, 0),
      size,
    );
  };
};
