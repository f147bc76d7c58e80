// Runs in a thread of its own, so that sampling does not slow down what is measured.
import {readdirSync, readFileSync} from 'node:fs';
import {workerData} from 'node:worker_threads';
import {LATEST, PEAK, type Watched} from './Watched.ts';

const EVERY_MS = 50;

const {root, bytes}: Watched = workerData;

/** Reads a file. The process may have ended before. */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/**
 * Returns all processes below the root, by their parents.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
const descendants = (): number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    // After the program's name, which is in parentheses and may contain anything: the state, then the parent.
    const [, parent] = /^.*\) \S (\d+)/s.exec(/^\d/.test(name) ? read(`/proc/${name}/stat`) : '') ?? [];
    if (parent) {
      children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)]);
    }
  }
  const found = [...(children.get(root) ?? [])];
  for (const each of found) {
    found.push(...(children.get(each) ?? []));
  }
  return found;
};

/**
 * Returns a process's part of memory, in bytes. A page that several processes share counts once in the sum.
 * Mapped files do not count: a process's part of the browser's program grows when another browser ends.
 */
const proportionalBytes = (pid: number): number => {
  const kilobytes = read(`/proc/${pid}/smaps_rollup`).matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+) kB/gm);
  return [...kilobytes].reduce((sum, [, one]) => sum + Number(one), 0) * 1024;
};

setInterval(() => {
  const sum = descendants().reduce((total, pid) => total + proportionalBytes(pid), 0);
  bytes[LATEST] = sum;
  bytes[PEAK] = Math.max(bytes[PEAK] ?? 0, sum);
}, EVERY_MS);
