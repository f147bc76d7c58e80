const UNITS = [
  {unit: 'GB', bytes: 1e9},
  {unit: 'MB', bytes: 1e6},
  {unit: 'kB', bytes: 1e3},
];

const unitFor = (bytes: number) =>
  UNITS.find((each) => bytes >= each.bytes) ?? {unit: bytes === 1 ? 'byte' : 'bytes', bytes: 1};

const inUnits = (bytes: number, unit: number): string =>
  (bytes / unit).toLocaleString('en', {maximumFractionDigits: unit === 1 ? 0 : 1});

/** `61.2 MB` */
export const formatBytes = (bytes: number): string => {
  const {unit, bytes: size} = unitFor(bytes);
  return `${inUnits(bytes, size)} ${unit}`;
};

/** `12.3 of 61.2 MB` */
export const formatProgress = (done: number, all: number): string =>
  `${inUnits(done, unitFor(all).bytes)} of ${formatBytes(all)}`;

/** `2.31 s`, and `45 ms` for less than a second. */
export const formatSeconds = (seconds: number): string =>
  seconds >= 1 ? `${seconds.toFixed(2)} s` : `${Math.round(seconds * 1000)} ms`;

/** `3 files`, `1 file` */
export const formatCount = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `09:41:07` */
export const formatTime = (at: number): string => new Date(at).toLocaleTimeString('en-GB');

/** `09:41:07` for a time of today, `29 Nov` for another day. */
export const formatWhen = (at: number): string => {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString()
    ? formatTime(at)
    : date.toLocaleDateString('en-GB', {day: 'numeric', month: 'short'});
};

/** Returns the last segment of the path of a URL, also of a relative one. */
export const fileName = (url: string): string => new URL(url, location.href).pathname.split('/').pop() ?? url;
