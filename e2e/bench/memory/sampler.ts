// Runs in a thread of its own, so that looking at the processes holds up nobody who is measured.
import {readdirSync, readFileSync} from 'node:fs';
import {workerData} from 'node:worker_threads';
import {LATEST, PEAK, type Watched} from './Watched.ts';

const EVERY_MS = 50;

const {root, bytes}: Watched = workerData;

/** A process may be gone before its file is read. */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** All processes below one, by the parents that they name. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const descendants = (): number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    // Behind the program's name, which is in brackets and may hold anything: the state, then the parent.
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
 * A page of memory that several processes share counts once in the sum of these, not once for each. What is mapped from
 * files does not count: a process's part of the browser's program grows whenever some other browser ends.
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
