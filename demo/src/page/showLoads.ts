import {byId} from './byId.ts';
import {element} from './element.ts';
import {fileName, formatBytes, formatSeconds, formatTime} from './format.ts';
import {type FileSource, type Load, sourceOf} from './LoadHistory.ts';

const SOURCE: Readonly<Record<FileSource, string>> = {
  cache: 'Cache',
  'other-release': 'Other release',
  network: 'Network',
};

const HEAD = [
  {text: 'File', className: ''},
  {text: 'Size', className: 'number'},
  {text: 'From', className: ''},
  {text: 'Time', className: 'number'},
];

const fileRow = ({url, bytes, from, seconds}: Load['files'][number]): HTMLTableRowElement => {
  const row = element(
    'tr',
    {},
    element('td', {}, fileName(url)),
    element('td', {className: 'number'}, formatBytes(bytes)),
    element('td', {}, element('span', {className: `from from-${from}`}, SOURCE[from])),
    element('td', {className: 'number'}, formatSeconds(seconds)),
  );
  Object.assign(row.dataset, {file: fileName(url), from});
  return row;
};

const filesTable = ({files}: Load): HTMLTableElement => {
  const heads = HEAD.map(({text, className}) => element('th', {scope: 'col', className}, text));
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...files.map(fileRow)),
  );
};

const loadDetails = (load: Load, index: number): HTMLDetailsElement => {
  const bytes = load.files.reduce((sum, file) => sum + file.bytes, 0);
  const {text, isCache} = sourceOf(load);
  const summary = element(
    'summary',
    {},
    element('strong', {}, load.title),
    ` ${formatBytes(bytes)} in ${formatSeconds(load.seconds)} `,
    element('span', {className: `from ${isCache ? 'from-cache' : ''}`}, text),
    ' ',
    element('time', {}, formatTime(load.at)),
  );
  const made = element('details', {open: index === 0}, summary, filesTable(load));
  made.dataset.load = load.title;
  return made;
};

/** Draws where each file came from. The newest load is open. */
export const showLoads = (loads: readonly Load[]): void => {
  byId('loads', HTMLElement).replaceChildren(...loads.map(loadDetails));
  byId('sources-empty', HTMLElement).hidden = loads.length > 0;
};
